"""Handouts: a lesson on A4, in which what is to be predicted is blank, and its key.

`python -m course.handout [lesson …]` writes `handouts/`. Explorers stand still, and have an empty
field in the place of each number that they ask for; a cell tagged `film` is on paper every step
back of what it shows. Cells tagged `exercise` have room to write below them, and so has the heading
of what is tagged `reveal`. That, what is tagged `answer`, and what a cell tagged `predict` shows is
in the key alone; what is tagged `screen` on no paper. A browser, which sets the pages, prints them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from html import escape
from itertools import zip_longest
from pathlib import Path

from nbformat import NotebookNode

from course.html import code_colours, code_html, markdown_html, outputs_html
from course.lessons import ROOT, Lesson, executed, fail, find_lessons, has_tag, say, slide_type

STYLE = (Path(__file__).parent / "static/handout.css").read_text("utf-8")
FOLDER = ROOT / "handouts"
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
#: How long a browser may take for a handout, in seconds.
PATIENCE = 120

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>{colours}
{style}
@page {{ @bottom-left {{ content: "{footer}" }} }}</style>
</head>
<body data-jp-theme-light="true">
<p class="who">{who}</p>
{inside}
</body>
</html>
"""
NAME_AND_DATE = "Name: <span></span> Date: <span></span>"
KEY = "Key, for whoever teaches"
#: Where a lesson ends, links lead to the next one: not from paper.
NEXT = re.compile("<p>Next: .*?</p>", re.DOTALL)
#: What a box for notes asks where no heading stands above it.
ASKED = "*What came back, and why?*"
RULED = '<div class="room">' + "<hr>" * 6 + "</div>"
NOTES = '<div class="room">' + "<hr>" * 3 + "</div>"


def main(*wanted: str) -> None:
    """Print the handouts of some lessons, or of all, and their keys."""
    browser = find_browser()
    FOLDER.mkdir(exist_ok=True)
    for path in find_lessons(wanted):
        for is_key in (False, True):
            lesson = executed(path, static=True, answers=is_key)
            target = FOLDER / f"{lesson.name}{'-key' * is_key}.pdf"
            print_page(browser, page_of(lesson, is_key), target)
            say(f"{'its key' if is_key else 'the handout'} is {target.relative_to(ROOT)}")


def find_browser() -> str:
    """The path of a Chromium or its kin; NBGRAD_BROWSER names another one."""
    named = os.environ.get("NBGRAD_BROWSER")
    found = next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)
    return found or fail(
        "a handout is printed by Chromium, Chrome or Edge, and there is none: "
        "apt-get install chromium, or set NBGRAD_BROWSER to its path"
    )


def print_page(browser: str, html: str, target: Path) -> None:
    """A page as a PDF, printed by a browser without a window."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source = Path(folder) / "handout.html"
        source.write_text(html, "utf-8")
        flags = ["--headless", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run"]
        flags += [f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            flags.append("--no-sandbox")
        target.unlink(missing_ok=True)
        command = [browser, *flags, source.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    if not target.exists():
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        fail(f"{browser} has not printed {target.name}; it said: {said}")


# The page -----------------------------------------------------------------------------------


def page_of(lesson: Lesson, is_key: bool) -> str:
    """The whole of a handout, or of its key."""
    kind = "key" if is_key else "handout"
    return PAGE.format(
        title=escape(lesson.title),
        style=STYLE,
        colours=code_colours(),
        footer=f"{lesson.title} ({kind})".replace("\\", "").replace('"', "'"),
        who=KEY if is_key else NAME_AND_DATE,
        inside="\n".join(parts_of(on_paper(lesson.cells, is_key), is_key)),
    )


def on_paper(cells: Sequence[NotebookNode], is_key: bool) -> list[NotebookNode]:
    """The cells that are printed."""
    tags = ("screen",) if is_key else ("screen", "answer")
    return [
        cell
        for cell in cells
        if slide_type(cell) != "notes" and not any(has_tag(cell, tag) for tag in tags)
    ]


def parts_of(cells: Sequence[NotebookNode], is_key: bool) -> Iterator[str]:
    """The HTML of each cell; below an exercise, room for what is to be written."""
    has_room = False  # for notes, once for cells that are revealed together
    for cell, following in zip_longest(cells, cells[1:]):
        if has_tag(cell, "reveal") and not is_key:
            if cell.cell_type == "markdown" and not has_room:
                has_room = True
                yield notes_html(cell)
            continue
        has_room = False
        is_exercise = has_tag(cell, "exercise")
        classes = "cell" + " exercise" * is_exercise + " answer" * has_tag(cell, "answer")
        is_asked = is_exercise or (has_tag(cell, "predict") and not is_key)
        inside = cell_html(cell, with_outputs=not is_asked)
        if is_key:
            inside = inside.replace("<details>", "<details open>")
        room = RULED * (is_exercise and not is_key and ends_exercise(following))
        yield f'<div class="{classes}">{inside}</div>{room}'


def notes_html(cell: NotebookNode) -> str:
    """The heading of what is revealed, and room for a learner's own words."""
    heading = re.match("#+ .+", cell.source)
    words = markdown_html(heading[0] if heading else ASKED)
    return f'<div class="cell notes">{words}{NOTES}</div>'


def ends_exercise(following: NotebookNode | None) -> bool:
    """Whether an exercise ends before this cell; its words begin another one."""
    if following is None or not has_tag(following, "exercise"):
        return True
    return bool(following.cell_type == "markdown")


def cell_html(cell: NotebookNode, with_outputs: bool) -> str:
    """What a cell says; or its code, and what it has shown."""
    if cell.cell_type == "markdown":
        return NEXT.sub("", markdown_html(cell.source))
    source = cell.metadata.get("shown_source", cell.source)
    return code_html(source) + outputs_html(cell) * with_outputs


if __name__ == "__main__":
    main(*sys.argv[1:])
