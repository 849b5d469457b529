r"""A picture as TikZ, for papers and slides: the same places, rules and numbers as in SVG.

The file is a document of its own. Where it is `\input` into another one, such as a frame of
beamer, it draws only the picture, as wide as the line; that document needs `\usepackage{tikz}`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from nbgrad.picture.geometry import MIDDLE, arrow, bar_lines, hatching, number, pill
from nbgrad.picture.scene import (
    Bar,
    Box,
    Cell,
    Chip,
    Curve,
    Element,
    Group,
    Point,
    Style,
    StyledScene,
    Text,
)
from nbgrad.picture.theme import THEMES, Paint, paint_of
from nbgrad.trace.symbols import SUBSCRIPTS

FONT = 10


"""The size in which TeX sets every text before it is scaled: it has fonts of this size."""


ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}


HEAD = r"""%% Alone: pdflatex. In a document that uses tikz, beamer for one: \input this file.
\makeatletter
\ifx\documentclass\@notprerr
  \def\nbgradbegin{\begingroup\setbox0\hbox\bgroup}
  \def\nbgradend{\egroup\resizebox{\linewidth}{!}{\box0}\endgroup}
\else
  \documentclass{article}
  \usepackage[paperwidth=%(width)sbp,paperheight=%(height)sbp,margin=0bp]{geometry}
  \usepackage{tikz}
  \pagestyle{empty}
  \parindent0bp \topskip0bp
  \def\nbgradbegin{\begin{document}}
  \def\nbgradend{\end{document}}
\fi
\makeatother
\nbgradbegin%%
"""


def tikz(picture: StyledScene, *, k: int | None = None, theme: str = "light") -> str:
    """A picture as a LaTeX file, after `k` steps or after all of them."""
    k = picture.steps + 1 if k is None else k
    scene, colours = picture.scene, THEMES[theme]
    width, height = number(scene.width), number(scene.height)
    lines = [
        *(rf"\definecolor{{nb{name}}}{{HTML}}{{{c[1:].upper()}}}%" for name, c in colours.items()),
        r"\begin{tikzpicture}[x=1bp,y=-1bp,line cap=butt,every node/.style="
        r"{inner sep=0bp,outer sep=0bp,font=\sffamily\fontsize{10}{10}\selectfont}]",
        rf"\fill[nbpage] (0,0) rectangle ({width},{height});",
        *shown(picture, k),
        r"\end{tikzpicture}%",
        r"\nbgradend",
    ]
    return HEAD % {"width": width, "height": height} + "\n".join(lines) + "\n"


def shown(picture: StyledScene, k: int) -> Iterator[str]:
    """Everything that shows after `k` steps; each piece in a line of its own."""
    for element in picture.scene.elements():
        style = picture.style(element)
        if style.shows(k) and not isinstance(element, Group):
            yield from drawn(element, style)


def drawn(element: Element, style: Style) -> Iterator[str]:
    """One element."""
    rules = paint_of(style.classes)
    match element:
        case Box():
            yield rectangle(
                (element.x, element.y, element.width, element.height), element.radius, rules
            )
        case Text():
            yield from heading(element, style, rules)
        case Curve():
            yield from curve(element, style, rules)
        case Bar():
            strokes, slants = bar_lines(element)
            yield from polylines(strokes, rules)
            hatch = paint_of(style.classes, ".hatch")
            yield from polylines(slants, Paint(stroke=rules.stroke, width=hatch.width))
        case Chip():
            if style.width:
                outline = paint_of(style.classes, "rect")
                yield rectangle(pill(element, style), element.height / 2, outline)
            inside = paint_of(style.classes, "text")
            base = element.y + MIDDLE * (inside.size or 0)
            yield words(element.x, base, style.text, inside, element.anchor)
        case Cell():
            yield from cell(element, style)


def options(rules: Paint, width: float = 0, *, fills: bool = True) -> str:
    """What TikZ is told about an outline and its inside."""
    parts = []
    if rules.stroke and rules.stroke != "none":
        parts += [f"draw=nb{rules.stroke}", f"line width={number(width or rules.width or 1)}bp"]
    if fills and rules.fill and rules.fill != "none":
        parts.append(f"fill=nb{rules.fill}")
    if rules.dash and any(rules.dash):
        on, off = map(number, rules.dash)
        parts.append(f"dash pattern=on {on}bp off {off}bp")
    if rules.opacity is not None:
        parts.append(f"opacity={number(rules.opacity)}")
    return ",".join(parts)


def rectangle(size: tuple[float, float, float, float], radius: float, rules: Paint) -> str:
    """A rectangle with round corners."""
    x, y, width, height = size
    radius = min(radius, width / 2, height / 2)
    rounding = f",rounded corners={number(radius)}bp" if radius else ""
    ends = f"{point((x, y))} rectangle {point((x + width, y + height))}"
    return rf"\path[{options(rules)}{rounding}] {ends};"


def curve(element: Curve, style: Style, rules: Paint) -> Iterator[str]:
    """A Bézier curve with its arrow head."""
    line, tip = arrow(element) if element.head else (element.points, ())
    pieces = [
        f".. controls {point(line[n])} and {point(line[n + 1])} .. {point(line[n + 2])}"
        for n in range(1, len(line) - 1, 3)
    ]
    yield rf"\path[{options(rules, style.width)}] {point(line[0])} {' '.join(pieces)};"
    if not tip:
        return
    head = paint_of(style.classes, ".head")
    if element.head == "filled":
        faint = f",opacity={number(rules.opacity)}" if rules.opacity is not None else ""
        yield rf"\fill[nb{head.fill}{faint}] {' -- '.join(map(point, tip))} -- cycle;"
    else:
        yield from polylines([tip], Paint(stroke=rules.stroke, width=head.width))


def polylines(lines: Iterable[Iterable[Point]], rules: Paint) -> Iterator[str]:
    """Straight lines."""
    for line in lines:
        yield rf"\path[{options(rules, fills=False)}] {' -- '.join(map(point, line))};"


def heading(element: Text, style: Style, rules: Paint) -> Iterator[str]:
    """A line of text with its tail; TeX itself knows where the tail begins."""
    text = weighted(style.text, rules)
    text = rf"\underline{{{text}}}" if rules.underline else text
    if element.tail:
        text += rf"{{\color{{nbmute}}{{}}{tex(element.tail)}}}"
    yield node(element.x, element.y, text, rules, element.anchor)


def words(x: float, y: float, text: str, rules: Paint, anchor: str) -> str:
    """A text on its base line."""
    return node(x, y, weighted(text, rules), rules, anchor)


def weighted(text: str, rules: Paint) -> str:
    """A text in TeX, bold where the rules say so."""
    bold = rules.is_bold
    return rf"\textbf{{{tex(text)}}}" if bold and text else tex(text)


def node(x: float, y: float, text: str, rules: Paint, anchor: str) -> str:
    """A node that holds nothing but text."""
    scale = number((rules.size or FONT) / FONT)
    shape = f"anchor={ANCHORS[anchor]},text=nb{rules.fill or 'ink'},scale={scale}"
    return rf"\node[{shape}] at {point((x, y))} {{{text}}};"


def cell(element: Cell, style: Style) -> Iterator[str]:
    """A tinted cell: hatched where negative, with its number where it has one."""
    fill = paint_of(style.classes, "rect").fill
    ends = f"{point((element.x, element.y))} rectangle ++({number(element.width)}"
    yield rf"\fill[nb{fill},opacity={number(style.tint)}] {ends},{number(element.height)});"
    if "negative" in style.classes.split():
        yield from polylines(hatching(element), paint_of(style.classes, "path"))
    if style.text:
        inside = paint_of(style.classes, "text")
        base = element.y + element.height / 2 + MIDDLE * (inside.size or 0)
        yield words(element.x + element.width - 3, base, style.text, inside, "end")


def point(at: Point) -> str:
    """A coordinate."""
    return f"({number(at[0])},{number(at[1])})"


SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
    '"': "''",
    "\u200a": r"\hskip.1em ",
    "…": r"\dots{}",
    "—": "---",
    "–": "--",
}


SIGNS = {
    "∂": r"\partial ",
    "×": r"\times ",
    "·": r"\cdot ",
    "−": "-",
    "∞": r"\infty ",
    "Σ": r"\Sigma ",
    "∑": r"\Sigma ",
    "∏": r"\Pi ",
    "Π": r"\Pi ",
    "σ": r"\sigma ",
    "√": r"\surd ",
    "→": r"\to ",
    "←": r"\leftarrow ",
    "↑": r"\uparrow ",
    "↓": r"\downarrow ",
    "↵": r"\hookleftarrow ",
    "▶": r"\triangleright ",
    "⊞": r"\oplus ",
    "⌀": r"\emptyset ",
    "∄": r"\not\exists ",
    "‖": r"\Vert ",
    "≥": r"\geq ",
    "≤": r"\leq ",
    "≠": r"\neq ",
    "≈": r"\approx ",
    "∧": r"\wedge ",
    "∨": r"\vee ",
    "¬": r"\neg ",
    "⌊": r"\lfloor ",
    "⌋": r"\rfloor ",
    "⌈": r"\lceil ",
    "⌉": r"\rceil ",
    "∘": r"\circ ",
    "⊙": r"\odot ",
    "′": "'",
    "ᵀ": "^{T}",
    "ᴴ": "^{H}",
    "⁻": "^{-}",
}


GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho tau phi"


GREEK += " chi psi omega"


SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def signs() -> dict[str, str]:
    """Every sign with what TeX calls it in mathematics."""
    greek = {
        unicodedata.lookup(f"GREEK SMALL LETTER {n.upper().replace('LAMBDA', 'LAMDA')}"): n
        for n in GREEK.split()
    }
    found = {letter: rf"\{name} " for letter, name in greek.items()}
    found |= {sign: f"^{{{digit}}}" for digit, sign in enumerate(SUPERSCRIPTS)}
    return found | {sign: f"_{{{digit}}}" for digit, sign in enumerate(SUBSCRIPTS)} | SIGNS


MATHS = signs()


def tex(text: str) -> str:
    r"""A text for pdflatex.

    Examples
    --------
    >>> print(tex("∂a₁/∂x = 3·10²"))
    $\partial $a$_{1}$/$\partial $x = 3$\cdot $10$^{2}$
    >>> print(tex("x\u0304_1 & 50%"))
    $\mathsf{\bar{x}}$\_1 \& 50\%
    """
    pieces = re.findall(r".[\u0304\u0305]|.", text, re.DOTALL)
    return "".join(barred(piece) if len(piece) == 2 else sign(piece) for piece in pieces)


def barred(piece: str) -> str:
    """A letter with a bar over it."""
    letter = piece[0] if piece[0].isascii() and piece[0].isalnum() else MATHS.get(piece[0], "?")
    return rf"$\mathsf{{\bar{{{letter}}}}}$"


def sign(letter: str) -> str:
    """One character."""
    if letter in SPECIAL:
        return SPECIAL[letter]
    if letter in MATHS:
        return f"${MATHS[letter]}$"
    if letter.isascii():
        return letter
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return "".join(SPECIAL.get(each, each) for each in plain) or "?"
