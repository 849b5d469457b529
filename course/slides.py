"""Slides: a folder that opens from the disk, without a network and without a kernel.

`python -m course.slides [lesson …]` writes `slides/`. A slide is what stands between two cells
whose metadata say "slide" or "subslide"; explorers are alive in it, for their page computes.
reveal.js, which turns the slides, is copied from the wheel of sphinx-revealjs, which bundles it.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.util import find_spec
from pathlib import Path

from nbformat import NotebookNode

from course.html import code_colours, code_html, markdown_html, outputs_html
from course.lessons import ROOT, Lesson, executed, fail, find_lessons, say, slide_type

STATIC = Path(__file__).parent / "static"
FOLDER = ROOT / "slides"

#: Of reveal.js, what a talk needs; its themes would bring fonts.
REVEAL = ("dist/reveal.js", "dist/reveal.css", "dist/reset.css", "plugin/notes/notes.js", "LICENSE")
OWN = ("slides.js", "slides.css", "talk.js")

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="reveal/reset.css">
<link rel="stylesheet" href="reveal/reveal.css">
<link rel="stylesheet" href="slides.css">
<style>{colours}</style>
</head>
<body data-jp-theme-light="true">
<div class="reveal"><div class="slides">
{slides}
</div></div>
<script src="reveal/reveal.js"></script>
<script src="reveal/notes.js"></script>
<script src="slides.js"></script>
{more}</body>
</html>
"""

CONTENTS = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Slides</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="slides.css">
<body class="contents">
<h1>Slides</h1>
<ul>
{items}
</ul>
<p><kbd>→</kbd> or <kbd>Space</kbd> turns the slide; in an explorer that you have clicked on, it
takes a step, until you press <kbd>Esc</kbd>. <kbd>Page Down</kbd>, which a clicker sends, always
turns the slide. <kbd>s</kbd> opens the speaker's notes, <kbd>f</kbd> fills the screen, <kbd>o</kbd>
shows all slides.</p>
</body>
</html>
"""


@dataclass
class Slide:
    """What is on the screen at once.

    Attributes
    ----------
    heading
        What the slide is about: its first heading, or that of a slide before it.
    parts
        The HTML of its cells.
    notes
        What only the speaker sees, as HTML.
    """

    heading: str = ""
    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def main(*wanted: str) -> None:
    """Write the slides of some lessons, or of all."""
    make_folder(FOLDER)
    for path in find_lessons(wanted):
        lesson = executed(path)
        target = FOLDER / f"{lesson.name}.html"
        target.write_text(page_of(lesson), "utf-8")
        say(f"the slides are in {target.relative_to(ROOT)}")
    say(f"contents: {write_contents(FOLDER)} (open it in a browser; no network is needed)")


def make_folder(folder: Path) -> None:
    """The folder with what all talks share."""
    (folder / "reveal").mkdir(parents=True, exist_ok=True)
    for name in REVEAL:
        shutil.copy(reveal_js() / name, folder / "reveal")
    for name in OWN:
        shutil.copy(STATIC / name, folder)


def reveal_js() -> Path:
    """Where reveal.js is, in the wheel that bundles it."""
    found = find_spec("sphinx_revealjs")  # it need not be imported
    if found is None or not found.submodule_search_locations:
        fail("reveal.js is not there: pip install sphinx-revealjs, which bundles it")
    return Path(found.submodule_search_locations[0]) / "_static/revealjs"


def write_contents(folder: Path) -> Path:
    """A page that leads to every talk in the folder."""
    items = []
    for path in sorted(folder.glob("[0-9]*.html")):
        title = re.search("<title>(.*?)</title>", path.read_text("utf-8"))
        items.append(f'<li><a href="{path.name}">{title[1] if title else path.stem}</a></li>')
    target = folder / "index.html"
    target.write_text(CONTENTS.format(items="\n".join(items)), "utf-8")
    return target


# Slides -------------------------------------------------------------------------------------

CellHtml = Callable[[NotebookNode], str]


def page_of(lesson: Lesson, cell_html: CellHtml | None = None, more: str = "") -> str:
    """The page of a talk.

    Parameters
    ----------
    cell_html
        How a cell of code is written; by default its code and what it has shown.
    more
        What stands at the end of the page.
    """
    slides = slides_of(lesson.cells, cell_html or code_cell_html)
    return PAGE.format(
        title=escape(lesson.title),
        colours=code_colours(),
        slides=with_links("\n".join(map(slide_html, slides))),
        more=more,
    )


def slides_of(cells: Sequence[NotebookNode], cell_html: CellHtml) -> list[Slide]:
    """The slides of a lesson; a cell that says nothing goes on where the last one was."""
    slides: list[Slide] = []
    heading = ""
    for cell in cells:
        kind = slide_type(cell)
        if kind == "skip":
            continue
        if not slides or kind in ("slide", "subslide"):
            slides.append(Slide())
        if kind == "notes":
            slides[-1].notes.append(markdown_html(unfolded(cell.source)))
            continue
        heading = heading_of(cell) or heading
        slides[-1].heading = slides[-1].heading or heading
        inside = markdown_html(cell.source) if cell.cell_type == "markdown" else cell_html(cell)
        names = f"part{' fragment' * (kind == 'fragment')}"
        slides[-1].parts.append(f'<div class="{names}">{inside}</div>')
    return slides


def with_links(html: str) -> str:
    """Links from lesson to lesson lead from talk to talk, those to the contents to theirs."""

    def link(found: re.Match[str]) -> str:
        name = found[1].replace("_", "-")
        return f'href="{"index" if name == "contents" else name}.html"'

    return re.sub(r'href="([\w-]+)\.ipynb"', link, html)


def unfolded(source: str) -> str:
    """What a notebook folds away from learners, for whoever speaks."""
    return re.sub(r"<summary>.*?</summary>|</?details>", "", source).strip()


def heading_of(cell: NotebookNode) -> str:
    """The words of a cell's first heading."""
    found = re.match(r"#+ (.+)", cell.source) if cell.cell_type == "markdown" else None
    return found[1] if found else ""


def code_cell_html(cell: NotebookNode) -> str:
    """The code of a cell, and what it has shown."""
    return code_html(cell.source) + outputs_html(cell)


def slide_html(slide: Slide) -> str:
    """One slide; `slides.js` makes several of it where it is too long."""
    heading = re.sub("</?(p|div)[^>]*>", "", markdown_html(slide.heading)).strip()
    notes = f'<aside class="notes">{"".join(slide.notes)}</aside>' if slide.notes else ""
    inside = f'<p class="running">{heading}</p>{"".join(slide.parts)}'
    return f'<section><div class="content">{inside}</div>{notes}</section>'


if __name__ == "__main__":
    main(*sys.argv[1:])
