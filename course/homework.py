"""The exercises of a lesson as homework: the source of an nbgrader and of an otter assignment.

    python -m course.homework 03     writes both into course/assignments/

Both tools take a notebook with answers and hand out one without. What a student writes is the line
`answer = …`; what checks it is the lesson's own line, `tf.check_answer`, with an `assert`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.lessons import ROOT, Lesson, find_lesson, has_tag, read, say

FOLDER = ROOT / "course" / "assignments"
POINTS = 2
BLANK = re.compile(r"^answer = .+$", re.MULTILINE)
KEY = re.compile(r"`(answer = [^`]+)`")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Exercise:
    """What is asked, the line that answers it, and the lines that check an answer.

    Attributes
    ----------
    blank, key
        The line `answer = …` as a student finds it, and as it should be.
    checks
        Code that ends with an assertion, whose message says what differs.
    """

    words: str
    blank: str
    key: str
    checks: str

    @property
    def order(self) -> str:
        """A line that says in which order the answers go, if the blank does."""
        _, sign, order = self.blank.partition("  # ")
        return f"# {order}\n" if sign else ""


def main(*wanted: str) -> int:
    """Write both assignments of each lesson."""
    for name in wanted or ("03",):
        lesson = read(find_lesson(name))
        for path, notebook in assignments(lesson).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, path)
            say(f"wrote {path.relative_to(ROOT)}")
    return 0


def assignments(lesson: Lesson) -> dict[Path, NotebookNode]:
    """The notebooks that are made of a lesson, by where they are kept."""
    name = lesson.path.stem[3:]
    return {
        FOLDER / "nbgrader" / "source" / name / f"{name}.ipynb": nbgrader_source(lesson),
        FOLDER / "otter" / f"{name}.ipynb": otter_source(lesson),
    }


def exercises(lesson: Lesson) -> Iterator[Exercise]:
    """The exercises of a lesson, found by the tags that also make its handout."""
    asked = [cell for cell in lesson.cells if has_tag(cell, "exercise")]
    words = [cell.source for cell in asked if cell.cell_type == "markdown"]
    codes = [cell.source for cell in asked if cell.cell_type == "code"]
    keys = [KEY.search(cell.source) for cell in lesson.cells if has_tag(cell, "answer")]
    for question, code, key in zip(words, codes, keys, strict=True):
        blank = BLANK.search(code)
        assert blank is not None, "an exercise has a line for the answer"
        assert key is not None, "an exercise has a key"
        yield Exercise(question, blank[0], key[1], asserting(BLANK.sub("", code, count=1)))


def asserting(code: str) -> str:
    """The code of an exercise, whose last line is `tf.check_answer(…)`, as a test."""
    lines = code.strip().splitlines()
    lines[-1:] = [f"checked = {lines[-1]}", "assert checked, checked"]
    return "\n".join(lines)


def opening(lesson: Lesson) -> tuple[str, str]:
    """The first words of the homework, and the lesson's own imports."""
    words = (
        f"# Homework: {lesson.title.partition(' · ')[2]}\n\n"
        "Write what you expect in the place of the dots, by hand. "
        "The cell below each answer checks it."
    )
    imports = next(cell.source for cell in lesson.cells if cell.cell_type == "code")
    return words, imports


def nbgrader_source(lesson: Lesson) -> NotebookNode:
    """The notebook that `nbgrader generate_assignment` makes a student's version of."""
    words, imports = opening(lesson)
    cells = [markdown("words", words), code("imports", imports, nbgrader("imports"))]
    for n, each in enumerate(exercises(lesson), start=1):
        solution = f"{each.order}### BEGIN SOLUTION\n{each.key}\n### END SOLUTION"
        cells += [
            markdown(f"exercise-{n}", each.words),
            code(f"answer-{n}", solution, nbgrader(f"answer-{n}", solution=True)),
            code(f"check-{n}", each.checks, nbgrader(f"check-{n}", points=POINTS)),
        ]
    return notebook(cells)


def nbgrader(name: str, *, solution: bool = False, points: int = 0) -> dict[str, Any]:
    """What nbgrader keeps of a cell; one that a student does not answer is locked."""
    fields = {"grade_id": name, "schema_version": 3, "task": False}
    fields |= {"solution": solution, "grade": points > 0, "locked": not solution}
    return {"nbgrader": fields | ({"points": points} if points else {})}


def otter_source(lesson: Lesson) -> NotebookNode:
    """The notebook that `otter assign` makes a student's version of."""
    words, imports = opening(lesson)
    cells = [
        raw("config", "# ASSIGNMENT CONFIG\ninit_cell: true\nexport_cell: false\ngenerate: true"),
        markdown("words", words),
        code("imports", imports),
    ]
    for n, each in enumerate(exercises(lesson), start=1):
        cells += [
            raw(f"begin-{n}", f"# BEGIN QUESTION\nname: q{n}\npoints: {POINTS}"),
            markdown(f"exercise-{n}", each.words),
            raw(f"begin-solution-{n}", "# BEGIN SOLUTION"),
            code(f"answer-{n}", f"{each.order}{named(each.key, n)}  # SOLUTION"),
            raw(f"end-solution-{n}", "# END SOLUTION"),
            raw(f"begin-tests-{n}", "# BEGIN TESTS"),
            code(f"check-{n}", named(each.checks, n)),
            raw(f"end-tests-{n}", "# END TESTS"),
            raw(f"end-{n}", "# END QUESTION"),
        ]
    return notebook(cells)


def named(source: str, n: int) -> str:
    """Code whose answer has a name of its own: otter looks at all answers when all is done."""
    return re.sub(r"\banswer\b", f"answer_{n}", source)


def notebook(cells: list[NotebookNode]) -> NotebookNode:
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def markdown(name: str, source: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(source, id=name)


def code(name: str, source: str, metadata: dict[str, Any] | None = None) -> NotebookNode:
    return nbformat.v4.new_code_cell(source, id=name, metadata=metadata or {})


def raw(name: str, source: str) -> NotebookNode:
    return nbformat.v4.new_raw_cell(source, id=name)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
