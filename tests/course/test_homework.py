"""A lesson's exercises become homework: under nbgrader and otter, where they are installed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from course.homework import FOLDER, assignments, exercises, nbgrader_source
from course.lessons import ROOT, find_lesson, find_lessons, read

NAME = "total_and_partial"
NBGRADER = FOLDER / "nbgrader" / "source" / NAME / f"{NAME}.ipynb"
OTTER = FOLDER / "otter" / f"{NAME}.ipynb"
FIELDS = {"grade", "grade_id", "locked", "schema_version", "solution", "task"}


@pytest.fixture
def source():
    return nbformat.read(NBGRADER, as_version=4)


def graded(notebook):
    """What nbgrader keeps of each cell, where it keeps something."""
    kept = [cell.metadata.get("nbgrader") for cell in notebook.cells]
    return [each for each in kept if each]


def answered(notebook, *answers):
    """A notebook in which a student has written these answers, as nbgrader hands it out."""
    lines = iter(answers)
    for cell in notebook.cells:
        cell.source = re.sub(
            r"### BEGIN SOLUTION.*### END SOLUTION",
            lambda _: f"answer = {next(lines)}",
            cell.source,
            flags=re.DOTALL,
        )
    return notebook


def test_the_assignments_that_are_kept_are_made_of_their_lesson():
    made = assignments(read(find_lesson("03")))
    assert {NBGRADER, OTTER} == made.keys()
    for path, notebook in made.items():
        assert nbformat.read(path, as_version=4) == notebook, "python -m course.homework 03"


@pytest.mark.parametrize("path", find_lessons(), ids=lambda path: path.stem)
def test_the_exercises_of_every_lesson_can_be_homework(path):
    lesson = read(path)
    assert len([*exercises(lesson)]) == 2
    nbformat.validate(nbgrader_source(lesson))


def test_its_cells_have_what_nbgrader_asks_for(source):
    kept = graded(source)
    assert all(set(each) - {"points"} == FIELDS for each in kept)
    assert {each["schema_version"] for each in kept} == {3}
    names = [each["grade_id"] for each in kept]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[\w-]+", name) for name in names)
    assert [each["points"] for each in kept if each["grade"]] == [2, 2]
    assert [each["grade_id"] for each in kept if each["solution"]] == ["answer-1", "answer-2"]
    assert not any(each["solution"] and each["locked"] for each in kept)


def test_with_the_key_every_check_passes(source):
    NotebookClient(source).execute()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (("...", "..."), "There is no answer yet"),
        (("[16, 12]", "[1, 0.5]"), "Part 2: 12 is not right"),
        (("[16, 4]", "[-1, 0.5]"), "Part 1: −1 is not right, though only the sign is wrong"),
    ],
)
def test_a_check_that_fails_says_what_differs(source, answers, said):
    with pytest.raises(CellExecutionError) as error:
        NotebookClient(answered(source, *answers)).execute()
    assert error.value.ename == "AssertionError"
    assert error.value.evalue.startswith(said)


def test_otter_finds_questions_solutions_and_tests_in_their_order():
    cells = nbformat.read(OTTER, as_version=4).cells
    marks = [cell.source.partition("\n")[0] for cell in cells if cell.cell_type == "raw"]
    question = ("QUESTION", ("SOLUTION", "TESTS"))
    inside = [f"# {edge} {part}" for part in question[1] for edge in ("BEGIN", "END")]
    each = [f"# BEGIN {question[0]}", *inside, f"# END {question[0]}"]
    assert marks == ["# ASSIGNMENT CONFIG", *each, *each]


def test_each_answer_has_a_name_of_its_own_where_all_are_read_at_the_end():
    code = "\n".join(cell.source for cell in nbformat.read(OTTER, as_version=4).cells)
    assert re.findall(r"^(\w+) = .* # SOLUTION$", code, re.MULTILINE) == ["answer_1", "answer_2"]
    assert "check_answer(answer_1, " in code
    assert "check_answer(answer_2, " in code


@pytest.fixture
def run_tool(tmp_path):
    """Run a module of a Python that has nbgrader and otter: this one, or `.ci/run`'s."""
    python = os.environ.get("NBGRAD_HOMEWORK_PYTHON", sys.executable)
    found = subprocess.run([python, "-c", "import nbgrader, otter"], capture_output=True)
    if found.returncode:
        pytest.skip("NOT run: pip install nbgrader otter-grader, which are heavy and only for this")
    # nbgrader calls alembic by its name
    programs = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": programs, "PYTHONPATH": str(ROOT)}

    def run(*command):
        subprocess.run(
            [python, "-m", *command], cwd=tmp_path, env=environment, check=True, capture_output=True
        )

    return run


def test_nbgrader_hands_it_out_with_dots_and_without_answers(tmp_path, run_tool):
    shutil.copytree(FOLDER / "nbgrader", tmp_path, dirs_exist_ok=True)
    run_tool("nbgrader", "generate_assignment", NAME, "--create")
    released = (tmp_path / "release" / NAME / f"{NAME}.ipynb").read_text("utf-8")
    assert released.count("answer = ...") == 2
    assert "[16, 4]" not in released


def test_otter_hands_it_out_with_dots_and_its_own_answers_pass(tmp_path, run_tool):
    shutil.copy(OTTER, tmp_path)
    run_tool("otter", "assign", OTTER.name, "dist")
    student = (tmp_path / "dist" / "student" / OTTER.name).read_text("utf-8")
    assert student.count("answer_1 = ...") == student.count("answer_2 = ...") == 1
    assert "[16, 4]" not in student
