"""What a cell says, does and shows, as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
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


def with_mathml(markdown: mistune.Markdown) -> None:
    """Formulas between dollars, written as MathML."""
    math(markdown)
    renderer = markdown.renderer
    if isinstance(renderer, mistune.HTMLRenderer):
        renderer.register("inline_math", lambda _, latex: inline_math(latex))
        renderer.register("block_math", lambda _, latex: block_math(latex))


_markdown = mistune.create_markdown(escape=False, plugins=[with_mathml, table])


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
    """What a cell has shown; lines that were printed one after the other are one block."""
    return "".join(filter(None, map(output_html, joined(cell.get("outputs", [])))))


def joined(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Outputs, with the pieces of what was printed put together."""
    text: list[str] = []
    for output in outputs:
        if output.output_type == "stream":
            text.append(output.text)
            continue
        if text:
            yield NotebookNode(output_type="stream", text="".join(text))
            text = []
        yield output
    if text:
        yield NotebookNode(output_type="stream", text="".join(text))


def output_html(output: NotebookNode) -> str:
    """One output, in the form that says most."""
    if output.output_type == "stream":
        return printed_html(output.text)
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
