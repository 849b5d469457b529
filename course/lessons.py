"""Lessons: which there are, and what they show once they have run."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"

#: A kernel says nothing of itself among what is said here.
QUIET = ["--log-level=ERROR"]

#: What the kernel runs first: pictures are placed for a page of A4, in pixels, and stay large.
ON_PAPER = """
import nbgrad as _nbgrad
from nbgrad.picture.drawing import Drawing as _Drawing
for _each in (_nbgrad.draw, _Drawing.of.__func__):
    _each.__kwdefaults__["width"] = 686.0
def _film(shown, asks):
    drawing = getattr(shown, "drawing", shown)
    steps = drawing.trace.steps
    drawing = drawing.asking() if asks else drawing
    back = [k for k, step in enumerate(steps, start=1) if step.kind != "forward"]
    return [drawing.film([k]) for k in back]
"""
#: And an explorer asks nothing on paper that has the answers.
WITH_ANSWERS = """
import nbgrad as _nbgrad
def _with_answers(*arguments, _explore=_nbgrad.explore, hide="", **named):
    return _explore(*arguments, **named)
_nbgrad.explore = _with_answers
"""


@dataclass(frozen=True)
class Lesson:
    """A notebook, and where it is from."""

    path: Path
    notebook: NotebookNode

    @property
    def name(self) -> str:
        """The name of files that are made from it: "00-start-here"."""
        return self.path.stem.replace("_", "-")

    @property
    def title(self) -> str:
        """Its first heading."""
        found = re.search(r"^# (.+)$", self.notebook.cells[0].source, re.MULTILINE)
        return found[1] if found else self.path.stem

    @property
    def cells(self) -> list[NotebookNode]:
        return list(self.notebook.cells)


def slide_type(cell: NotebookNode) -> str:
    """What a cell is in a talk: a "slide", … , "skip" or "notes"; "" where it goes on."""
    kind = cell.metadata.get("slideshow", {}).get("slide_type", "")
    return "" if kind == "-" else str(kind)


def has_tag(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", ())


def find_lessons(wanted: Iterable[str] = ()) -> list[Path]:
    """The notebooks of these numbers, names or paths; without any, all that have slides."""
    names = [*wanted]
    if not names:
        return [path for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")) if has_slides(path)]
    return [find_lesson(name) for name in names]


def find_lesson(wanted: str) -> Path:
    """The notebook with a number ("0", "00"), a name ("start_here") or a path."""
    if wanted.endswith(".ipynb") and Path(wanted).exists():
        return Path(wanted).resolve()
    known = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
    name = Path(wanted).stem.replace("-", "_").lower()
    for path in known:
        number, _, words = path.stem.lower().partition("_")
        if name in (path.stem.lower(), words, number) or name.zfill(2) == number:
            return path
    fail(f"there is no lesson {wanted!r}; there are: {', '.join(path.stem for path in known)}")


def has_slides(path: Path) -> bool:
    """Whether some cell says that a slide begins."""
    return any(slide_type(cell) == "slide" for cell in nbformat.read(path, as_version=4).cells)


def read(path: Path) -> Lesson:
    """A lesson as it is stored, before its cells have run."""
    return Lesson(path, nbformat.read(path, as_version=4))


def executed(path: Path, *, static: bool = False, answers: bool = False) -> Lesson:
    """A lesson after its cells have run, in a kernel of its own.

    Parameters
    ----------
    static
        Whether explorers stand still, as on paper.
    answers
        Whether explorers show what a learner is to predict.
    """
    lesson = read(path)
    if static:
        for cell in lesson.cells:
            if has_tag(cell, "film"):
                made = as_film(cell.source, asks=not answers)
                cell.metadata["shown_source"], cell.source = cell.source, made
    first = ON_PAPER * static + WITH_ANSWERS * answers
    lesson.notebook.cells.insert(0, nbformat.v4.new_code_cell(first))
    say(f"running {path.stem}")
    with environment(NBGRAD_STATIC="1" if static else "0"):
        try:
            client_of(lesson).execute()
        except CellExecutionError as error:
            fail(f"{path.name} stops with an error: {error.ename}: {error.evalue}")
    del lesson.notebook.cells[0]
    return lesson


def client_of(lesson: Lesson, *, allow_errors: bool = False) -> NotebookClient:
    """What runs the cells of a lesson, in its own folder."""
    return NotebookClient(
        lesson.notebook,
        resources={"metadata": {"path": lesson.path.parent}},
        timeout=600,
        extra_arguments=QUIET,
        allow_errors=allow_errors,
    )


def as_film(source: str, *, asks: bool) -> str:
    """The code of a cell whose last line shows an explorer or a drawing, to show its film."""
    last = ast.parse(source).body[-1]
    shown = ast.get_source_segment(source, last)
    if not isinstance(last, ast.Expr) or shown is None or not source.endswith(shown):
        return source
    return f"{source[: -len(shown)]}for _each in _film({shown}, asks={asks}):\n    display(_each)"


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Environment variables for the kernels that are started meanwhile."""
    before: Mapping[str, str] = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def say(sentence: str) -> None:
    """Print a line at once."""
    print(f"go.py: {sentence}", flush=True)


def fail(sentence: str) -> NoReturn:
    """End with a sentence."""
    sys.exit(f"go.py: {sentence}")
