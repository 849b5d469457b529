r"""A scene as TikZ, for papers and slides: the same places, paints and numbers as in SVG.

The file is a document of its own. Where it is `\input` into another one, such as a frame of
beamer, it draws only the picture, no wider than the line, and no higher than `\nbgradheight` or,
where nobody has defined that, 80 % of the text; that document needs `\usepackage{tikz}`.
"""

from __future__ import annotations

import re
import unicodedata

from nbgrad.picture.output import (
    Bezier,
    Lines,
    Rectangle,
    Shape,
    Words,
    decimal,
    shown_shapes,
)
from nbgrad.picture.scene import Point, StyledScene
from nbgrad.picture.theme import THEMES, Paint
from nbgrad.trace.formulas import SUBSCRIPTS

FONT = 10  # the size in which TeX sets every text before it is scaled: it has such fonts
ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}
HEAD = r"""%% Alone: pdflatex. In a document that uses tikz, beamer for one: \input this file.
\makeatletter
\ifx\documentclass\@notprerr
  \def\nbgradbegin{\begingroup\setbox0\hbox\bgroup}%%
  \providecommand\nbgradheight{.8\textheight}%%
  \def\nbgradend{\egroup
    \ifdim\wd0>\linewidth \setbox0\hbox{\resizebox{\linewidth}{!}{\box0}}\fi
    \ifdim\ht0>\nbgradheight \setbox0\hbox{\resizebox{!}{\nbgradheight}{\box0}}\fi
    \leavevmode\box0\endgroup}%%
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
\def\nbgradline#1#2{\leavevmode\setbox0\hbox{#2}\rlap{\rule[#1]{\wd0}{.6bp}}\box0}%%
\nbgradbegin%%
"""


def tikz(styled: StyledScene, *, k: int | None = None, theme: str = "light") -> str:
    """A styled scene as a LaTeX file, after `k` steps or after all of them."""
    k = styled.steps + 1 if k is None else k
    colours = THEMES[theme]
    width, height = decimal(styled.scene.width), decimal(styled.scene.height)
    lines = [
        *(rf"\definecolor{{nb{name}}}{{HTML}}{{{c[1:].upper()}}}%" for name, c in colours.items()),
        r"\begin{tikzpicture}[x=1bp,y=-1bp,line cap=butt,every node/.style="
        r"{inner sep=0bp,outer sep=0bp,font=\sffamily\fontsize{10}{10}\selectfont}]",
        rf"\fill[nbpage] (0,0) rectangle ({width},{height});",
        *map(shape_tikz, shown_shapes(styled, k)),
        r"\end{tikzpicture}%",
        r"\nbgradend",
    ]
    return HEAD % {"width": width, "height": height} + "\n".join(lines) + "\n"


def shape_tikz(shape: Shape) -> str:
    match shape:
        case Rectangle(x, y, width, height, radius, paint):
            radius = min(radius, width / 2, height / 2)
            rounding = f",rounded corners={decimal(radius)}bp" if radius else ""
            ends = f"{coordinate((x, y))} rectangle {coordinate((x + width, y + height))}"
            return rf"\path[{path_options(paint)}{rounding}] {ends};"
        case Bezier(points, paint):
            pieces = [
                f".. controls {coordinate(a)} and {coordinate(b)} .. {coordinate(end)}"
                for a, b, end in zip(points[1::3], points[2::3], points[3::3], strict=True)
            ]
            return rf"\path[{path_options(paint)}] {coordinate(points[0])} {' '.join(pieces)};"
        case Lines(lines, paint):
            cycle = " -- cycle" if paint.is_filled else ""
            drawn = (f"{' -- '.join(map(coordinate, line))}{cycle}" for line in lines)
            return rf"\path[{path_options(paint)}] {' '.join(drawn)};"
        case Words():
            return words_tikz(shape)


def path_options(paint: Paint) -> str:
    parts = []
    if paint.is_drawn:
        parts += [f"draw=nb{paint.stroke}", f"line width={decimal(paint.width or 1)}bp"]
    if paint.is_filled:
        parts.append(f"fill=nb{paint.fill}")
    if paint.dash and any(paint.dash):
        on, off = map(decimal, paint.dash)
        parts.append(f"dash pattern=on {on}bp off {off}bp")
    if paint.opacity is not None:
        parts.append(f"opacity={decimal(paint.opacity)}")
    return ",".join(parts)


def words_tikz(words: Words) -> str:
    """A line of text with its tail; TeX itself knows where the tail begins."""
    paint, text = words.paint, tex(words.text)
    text = rf"\textbf{{{text}}}" if paint.is_bold and text else text
    for _, height in paint.lines:
        text = rf"\nbgradline{{{decimal(height * FONT)}bp}}{{{text}}}"
    if words.tail:
        text += rf"{{\color{{nbmute}}{{}}{tex(words.tail)}}}"
    scale = decimal((paint.size or FONT) / FONT)
    colour = paint.fill if paint.is_filled else "ink"
    shape = f"anchor={ANCHORS[words.anchor]},text=nb{colour},scale={scale}"
    shape += ",rotate=90" if words.turned else ""
    shape += f",opacity={decimal(paint.opacity)}" if paint.opacity is not None else ""
    return rf"\node[{shape}] at {coordinate((words.x, words.y))} {{{text}}};"


def coordinate(at: Point) -> str:
    return f"({decimal(at[0])},{decimal(at[1])})"


# Texts ------------------------------------------------------------------------------------------

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
# What TeX has a command for in mathematics.
COMMANDS = """
∂ partial  × times  · cdot  ∞ infty  Σ Sigma  ∑ Sigma  ∏ Pi  Π Pi  σ sigma  √ surd  → to
← leftarrow  ↑ uparrow  ↓ downarrow  ↵ hookleftarrow  ▶ triangleright  ⊞ oplus  ⌀ emptyset
‖ Vert  ≥ geq  ≤ leq  ≠ neq  ≈ approx  ∧ wedge  ∨ vee  ¬ neg  ⌊ lfloor  ⌋ rfloor  ⌈ lceil
⌉ rceil  ∘ circ  ⊙ odot
"""
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho tau phi chi"
    " psi omega"
)
MATH = {sign: rf"\{name} " for sign, name in re.findall(r"(\S) (\w+)", COMMANDS)}
for name in GREEK.split():
    spelled = name.upper().replace("LAMBDA", "LAMDA")  # as Unicode has it
    MATH[unicodedata.lookup(f"GREEK SMALL LETTER {spelled}")] = rf"\{name} "
MATH |= {sign: f"^{{{digit}}}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
MATH |= {sign: f"_{{{digit}}}" for digit, sign in enumerate(SUBSCRIPTS)}
MATH |= {"−": "-", "′": "'", "ᵀ": "^{T}", "ᴴ": "^{H}", "⁻": "^{-}", "∄": r"\not\exists "}
MATH["ℤ"] = r"\mathsf{Z\mkern-9mu Z}"  # TeX alone has no \mathbb


def tex(text: str) -> str:
    r"""A text for pdflatex."""
    return "".join(map(tex_sign, re.findall(r".[\u0304\u0305]|.", text, re.DOTALL)))


def tex_sign(letter: str) -> str:
    """One character; of two, the second is a bar over the first."""
    if len(letter) == 2:
        below = letter[0] if letter[0].isascii() and letter[0].isalnum() else ""
        return rf"$\mathsf{{\bar{{{below or MATH.get(letter[0], '?')}}}}}$"
    if letter in SPECIAL:
        return SPECIAL[letter]
    if letter in MATH:
        return f"${MATH[letter]}$"
    if letter.isascii():
        return letter
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return "".join(SPECIAL.get(each, each) for each in plain) or "?"
