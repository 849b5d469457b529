"""A derivation written out three times from the same sections: as text, as LaTeX, as HTML.

HTML has its mathematics in MathML, which every browser sets by itself: a derivation needs no
MathJax and no network, and is the same in JupyterLab, in a converted page and on a slide. No line
is longer than its place: it breaks before `=`, `+` and `·`. Of a long section the middle is folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from itertools import chain, groupby
from xml.etree import ElementTree

from nbgrad.picture import needed_by
from nbgrad.picture.derivations import (
    CutPath,
    Equation,
    Line,
    Remark,
    Section,
    Side,
    holds_array,
    latex_of,
    latex_sign,
    text_of,
)
from nbgrad.picture.output.tikz import tex
from nbgrad.picture.result import fragment
from nbgrad.picture.theme import Theme
from nbgrad.picture.words import aligned
from nbgrad.trace.numbers import short

ENDS = 12  # of a section of more than twice so many lines, the first and last are seen at once
MOST_HIDDEN = 100  # more lines would make a page heavy, even where they are not seen
TEXT_LENGTH, LATEX_LENGTH = 96, 90
MOST_WRITTEN = 36  # the most elements of an array that the answer writes out as rows of numbers
INDENT = "      "


@dataclass(frozen=True)
class Folded:
    """The middle of a long section."""

    lines: Sequence[Line]

    def __str__(self) -> str:
        return f"… {len(self.lines)} more lines …"


def shortened(lines: Sequence[Line]) -> Sequence[Line | Folded]:
    """The lines of a section; of a long one, the middle is folded."""
    if len(lines) <= 2 * ENDS + 1:
        return lines
    return (*lines[:ENDS], Folded(lines[ENDS:-ENDS]), *lines[-ENDS:])


# Text ---------------------------------------------------------------------------------------


def as_text(sections: Sequence[Section]) -> str:
    """Every section with its title, its lines indented; the answer's array row by row."""
    parts = ([each.title, *chain(*map(text_rows_of, shortened(each.lines)))] for each in sections)
    numbers = rows_of_numbers(sections[-1].lines[-1])
    return "\n".join(["\n\n".join(map("\n".join, parts)), *numbers])


def text_rows_of(line: Line | Folded) -> Iterator[str]:
    """One line, or several where it would be too long: a side on its own, or broken at + and ·."""
    parts = re.findall(r"\s*\S+", str(line))
    if isinstance(line, Equation):
        first, *sides = line.text_sides
        parts = [f"{line.path}:", f" {first}", *sides] if line.path else [first, *sides]
    text = ""
    for part in parts:
        too_long = len(part) + len(INDENT) > TEXT_LENGTH
        for piece in re.split(r"(?= [+·→] )", part) if too_long else [part]:
            if text and len(text) + len(piece) > TEXT_LENGTH:
                yield text
                text = ""
            start = INDENT if piece[0] == " " else "  "
            text = f"{text}{piece}" if text else f"{start}{piece.lstrip()}"
    yield text


def rows_of_numbers(line: Line) -> Iterator[str]:
    """The array that an equation ends with, if it is small."""
    array = line.sides[-1][-1].array if isinstance(line, Equation) else None
    if array is not None and array.array.ndim <= 2 and 0 < array.array.size <= MOST_WRITTEN:
        matrix = array.array.reshape(-1, array.array.shape[-1])
        rows = [list(map(short, row)) for row in matrix.tolist()]
        yield from (f"    {row}" for row in aligned(rows, ">" * len(rows[0])))


# LaTeX --------------------------------------------------------------------------------------

DOCUMENT = r"""\documentclass{article}
\usepackage[margin=2cm]{geometry}
\usepackage{amsmath}
\usepackage{iftex}
\ifpdftex\usepackage[utf8]{inputenc}\fi
\allowdisplaybreaks
\begin{document}
\section*{%s}
%s
\end{document}
"""


def as_document(sections: Sequence[Section], title: str) -> str:
    """A document that compiles alone."""
    return DOCUMENT % (tex(title), as_latex(sections))


def as_latex(sections: Sequence[Section]) -> str:
    """The equations of every section aligned at their equals signs."""
    return "\n\n".join("\n".join(latex_blocks(section)) for section in sections)


def latex_blocks(section: Section) -> Iterator[str]:
    """A title, equations in a row as one block, and words between the blocks."""
    yield rf"\paragraph{{{tex(section.title)}}}"
    written = ((line, [*latex_rows(line)]) for line in shortened(section.lines))
    for are_equations, lines in groupby(written, lambda each: bool(each[1])):
        if are_equations:
            rows = " \\\\\n".join(f"  {row}" for _, rows in lines for row in rows)
            yield f"\\begin{{align*}}\n{rows}\n\\end{{align*}}"
        else:
            yield from (tex(str(line)) + r"\par" for line, _ in lines)


def latex_rows(line: Line | Folded) -> Iterator[str]:
    """One row, or a row for each side of an equation that would be too long, and for its parts."""
    if not isinstance(line, Equation):
        return
    left, *sides = line.sides
    # A matrix is as wide as a line of words.
    longest = LATEX_LENGTH * (0.3 if any(map(holds_array, sides)) else 1)
    if line.path:
        yield rf"&\text{{{tex(line.path)}:}}"
        yield from rows_of_side(left)
    elif len(str(line)) <= longest:
        yield f"{latex_side(left)} &= {' = '.join(map(latex_side, sides))}"
        return
    else:
        yield f"{latex_side(left)} &"
    for side in sides:
        yield from rows_of_side(side, "= ")


def rows_of_side(side: Side, sign: str = "") -> Iterator[str]:
    """A side of an equation in rows, the first of which begins with its sign."""
    first, *others = map(latex_side, split_side(side))
    yield f"&{sign}{first}"
    yield from (rf"&\quad {part}" for part in others)


def split_side(side: Side) -> list[Side]:
    """A side in parts that are short enough, each broken off before + or ·."""
    parts: list[Side] = []
    for atom in atoms(side):
        if parts and len(text_of((*parts[-1], *atom))) <= LATEX_LENGTH - 10:
            parts[-1] = (*parts[-1], *atom)
        else:
            parts.append(atom)
    return parts


def latex_side(side: Side) -> str:
    """One side of an equation; words in it are escaped here, as MathML takes them as they are."""
    latex = latex_of(side)
    return re.sub(r"\\text\{([^{}]*)\}", lambda words: rf"\text{{{tex(words[1])}}}", latex)


def atoms(side: Side) -> list[Side]:
    """The parts of a side that stay together: a line may break before each + and ·."""
    found: list[Side] = []
    for part in side:
        if part.before.startswith((" + ", " · ")) or not found:
            found.append((part,))
        else:
            found[-1] = (*found[-1], part)
    return found


# HTML ---------------------------------------------------------------------------------------

CSS = """
.nb-derivation h4{margin:1em 0 .3em;font-size:13px;font-weight:650;color:var(--nb-mute)}
.nb-derivation h4:first-of-type{margin-top:0}
.nb-derivation .lines{display:grid;grid-template-columns:max-content minmax(0,1fr);
  gap:.1em .4em;align-items:baseline;margin:0}
.nb-derivation p,.nb-derivation details,.nb-derivation .path{grid-column:1/-1;margin:0}
.nb-derivation summary{cursor:pointer;color:var(--nb-mute)}
.nb-derivation .left{justify-self:end}
.nb-derivation .path{color:var(--nb-mute);font-size:13px;margin-top:.5em}
.nb-derivation .path+.sides{grid-column:1/-1;padding-left:1em}
.nb-derivation .result math{font-weight:700}
.nb-derivation{container-type:inline-size}
@container (max-width:420px){
  .nb-derivation .matrix{font-size:12px}
  .nb-derivation .matrix mtd{padding:.5ex .25em}
}
"""


def as_html(sections: Sequence[Section], title: str, theme: Theme) -> str:
    """Every section with its title; equations wrap."""
    label = escape(f"Derivation: {title}")
    body = "".join(
        f"<h4>{escape(section.title)}</h4>{html_lines(shortened(section.lines))}"
        for section in sections
    )
    return fragment("nb-derivation", body, theme, CSS, f' role="region" aria-label="{label}"')


def html_lines(lines: Sequence[Line | Folded]) -> str:
    """Lines below each other, aligned at their equals signs."""
    return f'<div class="lines">{"".join(map(html_line, lines))}</div>'


def html_line(line: Line | Folded) -> str:
    match line:
        case Folded(lines) if len(lines) > MOST_HIDDEN:
            return f"<p>{line}</p>"
        case Folded(lines):
            summary = f"<summary>… {len(lines)} more lines</summary>"
            return f"<details>{summary}{html_lines(lines)}</details>"
        case Remark(text, strong):
            return f"<p><b>{escape(text)}</b></p>" if strong else f"<p>{escape(text)}</p>"
        case CutPath(path, reason):
            return f'<p class="cut"><s>{escape(path)}</s> <em>‖ {escape(reason)}</em></p>'
        case Equation((left, *right), ""):
            rest = html_sides(right, "=", strong=True)
            return f'<div class="left">{html_side(left)}</div>{rest}'
        case Equation(sides, path):
            return f'<div class="path">{escape(path)}</div>{html_sides(sides)}'


def html_sides(sides: Sequence[Side], sign: str = "", *, strong: bool = False) -> str:
    """Sides that may wrap, with a sign before the first."""
    inside = [
        html_side(side, "=" if i else sign, strong=strong and i == len(sides) - 1)
        for i, side in enumerate(sides)
    ]
    return f'<div class="sides">{" ".join(inside)}</div>'


def html_side(side: Side, sign: str = "", *, strong: bool = False) -> str:
    """One side of an equation, each piece in the colour of its role; it may break at + and ·."""
    of_arrays = "matrix " * holds_array(side)
    label = escape(f"{sign} {of_arrays}{text_of(side)}".strip())
    parts = [html_atom(atom, sign * (i == 0)) for i, atom in enumerate(atoms(side))]
    style = "side result" if strong else "side"
    return f'<span class="{style}" role="math" aria-label="{label}">{"".join(parts)}</span>'


def html_atom(atom: Side, sign: str) -> str:
    """A part of a side that stays together."""
    inside = "".join(
        f"{''.join(map(mathml, latex_sign(part.before).split()))}{mathml(part.latex, part.role)}"
        for part in atom
    )
    operator = f'<mo form="infix">{sign}</mo>' if sign else ""
    # Browsers give the first sign of an element less room than one between two numbers.
    inside = re.sub(r"^<mrow><mo>([+·])</mo>", r'<mrow><mo form="infix">\1</mo>', inside)
    return f'<math displaystyle="true" aria-hidden="true">{operator}{inside}</math>'


@lru_cache(maxsize=1 << 12)
def mathml(latex: str, role: str = "") -> str:
    r"""LaTeX as a row of MathML, in the colour of a role."""
    with needed_by("Mathematics in a notebook or as .html (explain, compare)"):
        from latex2mathml.converter import convert_to_element  # reads a table of 3,000 symbols

    try:
        # It would set a function's name with an operator's space, and a label letter by letter.
        (row,) = convert_to_element(WORD.sub(r"\\text{\1}", latex))
    except Exception:  # LaTeX that is not finished stands there as it is
        row = ElementTree.Element("mi")
        row.text = latex
    for element in row.iter():
        # It writes signs as entities, and does not escape: a label may hold a <.
        element.text = unescape(element.text or "") or None
        if element.tag == "mtext":  # counts as space, and none would stand around ∧ beside it
            element.tag, element.text = "mi", re.sub(r"\\(.)", r"\1", element.text or "")
    for element in row.iter():
        set_signs(element)
    if role:
        row.set("class", f"say-{role}")
    return ElementTree.tostring(row, encoding="unicode")


# What brackets grow with; and after what a minus belongs to what follows.
TALL = {"mfrac", "mtable", "msup", "msubsup", "mover", "munderover", "mroot", "msqrt"}
OPENING = ("", "(", "[", "=", "·", "+", "−", ",")
WORD = re.compile(r"\\(?:operatorname|mathrm)\{((?:[^{}\\]|\\.)*)\}")


def set_signs(row: ElementTree.Element) -> None:
    """Brackets as high as what they hold; a minus close to its number; a matrix with its brackets.

    The brackets of a matrix are drawn by the style sheet: not every font has high ones.
    """
    children = list(row)
    if [child.tag for child in children] == ["mo", "mtable", "mo"]:
        row.remove(children[0])
        row.remove(children[2])
        children[1].set("class", "matrix")
    is_tall = any(element.tag in TALL for element in row.iter() if element is not row)
    before = ""
    for child in children:
        if child.tag == "mo" and child.get("fence") and not is_tall:
            child.set("stretchy", "false")
        if child.text in ("−", "-") and child.tag == "mo" and before in OPENING:
            child.set("form", "prefix")
        before = (child.text or "x") if child.tag == "mo" else "x"
