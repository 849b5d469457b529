"""A derivation written out three times from the same sections: as text, as LaTeX, as HTML.

HTML has its mathematics in MathML, which every browser sets by itself: a derivation needs no
MathJax and no network, and is the same in JupyterLab, in a converted page and on a slide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape, unescape
from itertools import groupby
from xml.etree import ElementTree

from nbgrad.picture.output.css import fragment
from nbgrad.picture.output.tikz import tex
from nbgrad.picture.packages import needed_by
from nbgrad.picture.terms import Equation, Line, PathTerm, Remark, Section, Side, text_of
from nbgrad.picture.theme import Theme

# Text ---------------------------------------------------------------------------------------

TEXT_LENGTH = 96


def as_text(sections: Sequence[Section]) -> str:
    """Every section with its title, its lines indented."""
    return "\n\n".join(
        "\n".join([section.title, *(f"  {text_line(line)}" for line in section.lines)])
        for section in sections
    )


def text_line(line: Line) -> str:
    """One line, or one for each side where it would be too long."""
    text = str(line)
    if len(text) <= TEXT_LENGTH:
        return text
    match line:
        case PathTerm(path, Equation(sides)):
            return f"{path}:\n        " + "\n      = ".join(map(text_of, sides))
        case Equation(sides):
            left, *right = map(text_of, sides)
            indent = " " * (2 + sum(not unicodedata.combining(letter) for letter in left))
            return f"{left} = " + f"\n{indent} = ".join(right)
    return text


# LaTeX --------------------------------------------------------------------------------------

LATEX_LENGTH = 70

DOCUMENT = r"""\documentclass{article}
\usepackage{amsmath}
\usepackage{iftex}
\ifpdftex\usepackage[utf8]{inputenc}\fi
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
    for are_equations, lines in groupby(section.lines, has_equation):
        if are_equations:
            rows = " \\\\\n".join(f"  {row}" for line in lines for row in latex_rows(line))
            yield f"\\begin{{align*}}\n{rows}\n\\end{{align*}}"
        else:
            yield from (tex(str(line)) + r"\par" for line in lines)


def has_equation(line: Line) -> bool:
    return isinstance(line, Equation) or (isinstance(line, PathTerm) and line.equation is not None)


def latex_rows(line: Line) -> Iterator[str]:
    """One row, or a row for each side of an equation that would be too long."""
    match line:
        case PathTerm(path, Equation(sides)):
            yield rf"\text{{{tex(path)}:}}\quad & {' = '.join(map(latex_side, sides))}"
        case Equation((left, *right)) if len(str(line)) <= LATEX_LENGTH:
            yield f"{latex_side(left)} &= {' = '.join(map(latex_side, right))}"
        case Equation((left, *right)):
            for i, side in enumerate(right):
                yield f"{'' if i else latex_side(left)} &= {latex_side(side)}".lstrip()


def latex_side(side: Side) -> str:
    """One side of an equation; words in it are escaped here, as MathML takes them as they are."""
    latex = "".join(piece.latex for piece in side)
    return re.sub(r"\\text\{([^{}]*)\}", lambda words: rf"\text{{{tex(words[1])}}}", latex)


# HTML ---------------------------------------------------------------------------------------

CSS = """
.nb-derivation h4{margin:.9em 0 .2em;font-size:13px;font-weight:650;color:var(--nb-mute)}
.nb-derivation h4:first-of-type{margin-top:0}
.nb-derivation .lines{display:grid;grid-template-columns:max-content 1fr;gap:.35em .5em;
  align-items:center;margin:0}
.nb-derivation p{grid-column:1/-1;margin:0}
.nb-derivation .left{justify-self:end}
.nb-derivation .left.path{justify-self:start;color:var(--nb-mute);font-size:13px}
.nb-derivation math{font-size:16px}
.nb-derivation .result{font-weight:700}
"""


def as_html(sections: Sequence[Section], title: str, theme: Theme) -> str:
    """Every section with its title; equations wrap between their sides."""
    label = escape(f"Derivation: {title}")
    body = "".join(
        f'<h4>{escape(section.title)}</h4><div class="lines">'
        f"{''.join(map(html_line, section.lines))}</div>"
        for section in sections
    )
    return fragment("nb-derivation", body, theme, CSS, f' role="region" aria-label="{label}"')


def html_line(line: Line) -> str:
    match line:
        case Remark(text, strong):
            return f"<p><b>{escape(text)}</b></p>" if strong else f"<p>{escape(text)}</p>"
        case PathTerm(path, None, cut):
            return f'<p class="cut"><s>{escape(path)}</s> <em>‖ {escape(cut)}</em></p>'
        case PathTerm(path, Equation() as equation):
            return f'<div class="left path">{escape(path)}</div>{html_sides(equation)}'
        case Equation((left, *right)):
            rest = "".join(html_side(side, "=", strong=side is right[-1]) for side in right)
            return f'<div class="left">{html_side(left)}</div><div class="sides">{rest}</div>'
    raise TypeError(line)


def html_sides(equation: Equation | None) -> str:
    """An equation whose sides may wrap."""
    sides = equation.sides if equation else ()
    inside = "".join(html_side(side, "=" if i else "") for i, side in enumerate(sides))
    return f'<div class="sides">{inside}</div>'


def html_side(side: Side, sign: str = "", *, strong: bool = False) -> str:
    """One side of an equation, each piece in the colour of its role."""
    label = escape(f"{sign} {text_of(side)}".strip())
    inside = "".join(mathml(piece.latex, piece.role) for piece in side)
    operator = f"<mo>{sign}</mo>" if sign else ""
    style = ' class="result"' if strong else ""
    return (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML" displaystyle="true"{style}'
        f' aria-label="{label}">{operator}{inside}</math>'
    )


@lru_cache(maxsize=1 << 12)
def mathml(latex: str, role: str = "") -> str:
    r"""LaTeX as a row of MathML, in the colour of a role.

    Examples
    --------
    >>> mathml(r"\operatorname{relu} x", "local")
    '<mrow class="say-local"><mi>relu</mi><mi>x</mi></mrow>'
    """
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
    if role:
        row.set("class", f"say-{role}")
    return ElementTree.tostring(row, encoding="unicode")


WORD = re.compile(r"\\(?:operatorname|mathrm)\{((?:[^{}\\]|\\.)*)\}")
