"""What a cell says, does and shows, as HTML."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby
from typing import Any

import mistune
from mistune.plugins.math import math
from mistune.plugins.table import table
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course.mathematics import block_math, inline_math, with_punctuation

#: The forms of an output, from the one that says most.
IMAGES = ("image/png", "image/jpeg")

COLOURS = re.compile(r"\x1b\[[\d;]*m")


def with_mathml(markdown: Any) -> None:
    """Formulas between dollars, written as MathML."""
    math(markdown)
    markdown.renderer.register("inline_math", lambda _, latex: inline_math(latex))
    markdown.renderer.register("block_math", lambda _, latex: block_math(latex))


PLUGINS: list[Any] = [with_mathml, table]
_markdown = mistune.create_markdown(escape=False, plugins=PLUGINS)


def markdown_html(source: str) -> str:
    """The words of a cell."""
    return f'<div class="words">{with_punctuation(str(_markdown(source)))}</div>'


def code_html(source: str) -> str:
    """The code of a cell."""
    inside = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip()
    return f'<pre class="code"><code>{inside}</code></pre>'


def code_colours() -> str:
    """The style sheet of code."""
    return str(HtmlFormatter(style="friendly").get_style_defs(".code"))


def outputs_html(cell: NotebookNode) -> str:
    """What a cell has shown; pieces that were printed one after the other are one block."""
    blocks = []
    for is_printed, outputs in groupby(cell.get("outputs", []), is_stream):
        if is_printed:
            blocks.append(printed_html("".join(output.text for output in outputs)))
        else:
            blocks += map(output_html, outputs)
    return "".join(blocks)


def is_stream(output: NotebookNode) -> bool:
    return bool(output.output_type == "stream")


def output_html(output: NotebookNode) -> str:
    """One output, in the form that says most."""
    if output.output_type == "error":
        lines = plain("\n".join(output.traceback))
        return f'<pre class="printed error">{escape(lines)}</pre>'
    return data_html(output.get("data", {}))


def data_html(data: Any) -> str:
    """A bundle of forms: a page, a picture, Markdown or text."""
    if "text/html" in data:
        inside = data["text/html"]
        return f'<div class="shown">{inside}</div>' if inside else ""
    for kind in IMAGES:
        if kind in data:
            return f'<div class="shown"><img alt="" src="data:{kind};base64,{data[kind]}"></div>'
    if "image/svg+xml" in data:
        return f'<div class="shown">{data["image/svg+xml"]}</div>'
    if "text/markdown" in data:
        return markdown_html(data["text/markdown"])
    if "text/latex" in data:
        return f'<div class="words">{block_math(data["text/latex"].strip("$"))}</div>'
    return printed_html(data.get("text/plain", ""))


def printed_html(text: str) -> str:
    return f'<pre class="printed">{escape(plain(text).rstrip())}</pre>' if text.strip() else ""


def plain(text: str) -> str:
    """A text without the colours of a terminal."""
    return COLOURS.sub("", text)
