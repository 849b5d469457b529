"""A derivation written out: as plain text, as LaTeX, as HTML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape

from nbgrad.picture.output.mathml import mathml
from nbgrad.picture.output.svg import fragment
from nbgrad.picture.output.tikz import tex
from nbgrad.picture.terms import Equation, Line, Section, Sentence, Side, Walk, text_of
from nbgrad.picture.theme import Theme

TEXT_LENGTH = 96


# Text ---------------------------------------------------------------------------------------


def as_text(sections: Sequence[Section]) -> str:
    """Every section with its title, its lines indented."""
    return "\n\n".join(
        "\n".join([section.title, *(f"  {text_line(line)}" for line in section.lines)])
        for section in sections
    )


def text_line(line: Line) -> str:
    """One line, or one for each side where it would be too long."""
    text = str(line)
    if isinstance(line, Sentence) or len(text) <= TEXT_LENGTH:
        return text
    if isinstance(line, Walk):
        sides = line.equation.sides if line.equation else ()
        return f"{line.path}:\n        " + "\n      = ".join(map(text_of, sides))
    left, *right = map(text_of, line.sides)
    indent = " " * (2 + sum(not unicodedata.combining(character) for character in left))
    return f"{left} = " + f"\n{indent} = ".join(right)


# LaTeX --------------------------------------------------------------------------------------

LATEX_LENGTH = 70


def as_latex(sections: Sequence[Section]) -> str:
    """The equations of every section aligned at their equals signs."""
    return "\n\n".join(latex_section(section) for section in sections)


def latex_section(section: Section) -> str:
    parts = [rf"\paragraph{{{tex(section.title)}}}"]
    rows: list[str] = []
    for line in section.lines:
        if isinstance(line, Sentence) or (isinstance(line, Walk) and line.equation is None):
            parts += [*aligned(rows), tex(str(line)) + r"\par"]
            rows = []
        elif isinstance(line, Walk):
            assert line.equation is not None
            rows.append(rf"\text{{{tex(line.path)}:}}\quad & {latex_walk(line.equation)}")
        else:
            rows += latex_rows(line)
    return "\n".join([*parts, *aligned(rows)])


def aligned(rows: Sequence[str]) -> list[str]:
    body = " \\\\\n".join(f"  {row}" for row in rows)
    return [f"\\begin{{align*}}\n{body}\n\\end{{align*}}"] if rows else []


def latex_rows(equation: Equation) -> Iterator[str]:
    """One row, or a row for each side where one would be too long."""
    left, *sides = (latex_of(side) for side in equation.sides)
    if len(str(equation)) <= LATEX_LENGTH:
        yield f"{left} &= {' = '.join(sides)}"
        return
    for i, side in enumerate(sides):
        yield f"{left if i == 0 else ''} &= {side}".lstrip()


def latex_walk(equation: Equation) -> str:
    return " = ".join(map(latex_of, equation.sides))


def latex_of(side: Side) -> str:
    """Mathematics for TeX; the words in it, which MathML takes as they are, are escaped."""
    return TEXT.sub(escaped, "".join(piece.latex for piece in side))


TEXT = re.compile(r"\\text\{([^{}]*)\}")


def escaped(found: re.Match[str]) -> str:
    """Words inside mathematics."""
    return rf"\text{{{tex(found[1])}}}"


def as_document(sections: Sequence[Section], title: str) -> str:
    """A document that compiles alone."""
    head = "\\documentclass{article}\n\\usepackage{amsmath}\n\\usepackage{iftex}\n"
    head += "\\ifpdftex\\usepackage[utf8]{inputenc}\\fi\n\\begin{document}\n"
    return f"{head}\\section*{{{tex(title)}}}\n{as_latex(sections)}\n\\end{{document}}\n"


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
    body = "".join(map(html_section, sections))
    return fragment("nb-derivation", body, theme, CSS, f' role="region" aria-label="{label}"')


def html_section(section: Section) -> str:
    lines = "".join(map(html_line, section.lines))
    return f'<h4>{escape(section.title)}</h4><div class="lines">{lines}</div>'


def html_line(line: Line) -> str:
    match line:
        case Sentence(text, strong):
            inside = f"<b>{escape(text)}</b>" if strong else escape(text)
            return f"<p>{inside}</p>"
        case Walk(path, None, cut):
            return f'<p class="cut"><s>{escape(path)}</s> <em>‖ {escape(cut)}</em></p>'
        case Walk(path, Equation(sides), _):
            left = f'<div class="left path">{escape(path)}</div>'
            return left + html_sides([math(side, "=" if i else "") for i, side in enumerate(sides)])
        case Equation(sides):
            last = len(sides) - 1
            rest = [math(s, "=", strong=i == last) for i, s in enumerate(sides) if i]
            return f'<div class="left">{math(sides[0])}</div>{html_sides(rest)}'
    raise TypeError(line)


def html_sides(sides: Sequence[str]) -> str:
    return f'<div class="sides">{"".join(sides)}</div>'


def math(side: Side, sign: str = "", *, strong: bool = False) -> str:
    """One side of an equation, each piece in the colour of its role."""
    inside = "".join(
        f'<mrow class="say-{piece.role}">{mathml(piece.latex)}</mrow>'
        if piece.role
        else f"<mrow>{mathml(piece.latex)}</mrow>"
        for piece in side
    )
    before = f"<mo>{sign}</mo>" if sign else ""
    style = ' class="result"' if strong else ""
    return (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML" displaystyle="true"{style}'
        f' aria-label="{escape(f"{sign} {text_of(side)}".strip())}">{before}{inside}</math>'
    )
