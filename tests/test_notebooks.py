"""Each lesson runs from a clean kernel, and keeps to the form that makes it readable."""

import re
from copy import deepcopy
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import nbgrad as tf

FOLDER = Path(__file__).parent.parent / "notebooks"
LESSONS = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
CONTENTS, GALLERY = FOLDER / "contents.ipynb", FOLDER / "gallery.ipynb"
BUILDS_AN_ENGINE = "11_build_a_reverse_pass"
SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}
LINK = re.compile(r"\]\(([^)\s]+)\)")
ANSWER = re.compile(r"^answer = .+$", re.MULTILINE)
KEY = re.compile(r"`(answer = [^`]+)`")
FOLDED = "<details><summary>For a talk</summary>\n\n"  # a learner is to predict first
PLOTS = [name for name in dir(tf) if name.startswith("plot_")]
NO_ANSWER = "There is no answer yet: write it in the place of the dots."


def read(path):
    return nbformat.read(path, as_version=4)


@pytest.fixture(params=[*LESSONS, CONTENTS, GALLERY], ids=lambda path: path.stem)
def notebook(request):
    return read(request.param)


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def lesson(path):
    return read(path)


@pytest.fixture
def code(lesson):
    return code_of(lesson)


@pytest.fixture
def words(lesson):
    """The cells of words that a learner reads."""
    return [cell for cell in lesson.cells if cell.cell_type == "markdown" and not is_notes(cell)]


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tagged(cells, tag):
    return [cell for cell in cells if tag in cell.metadata.get("tags", [])]


def slide_type(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type")


def is_notes(cell):
    return slide_type(cell) == "notes"


def run(notebook):
    NotebookClient(notebook, resources={"metadata": {"path": FOLDER}}).execute()


def result(cell):
    return cell.outputs[-1].data["text/plain"]


# What holds for all ------------------------------------------------------------------------------


def test_there_is_a_first_lesson():
    assert LESSONS[0].name == "00_start_here.ipynb"


def test_it_is_valid_and_asks_for_any_python_3(notebook):
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"


def test_it_is_stored_without_outputs(notebook):
    assert not any(cell.outputs or cell.execution_count for cell in code_of(notebook))
    assert "widgets" not in notebook.metadata


def test_its_links_to_other_notebooks_lead_there(notebook):
    links = [link for cell in notebook.cells for link in LINK.findall(cell.source)]
    here = [link.partition("#")[0] for link in links if "://" not in link]
    assert [link for link in here if link and not (FOLDER / link).is_file()] == []


def test_a_cell_of_code_fits_a_glance(notebook):
    cells = [cell.source for cell in code_of(notebook)]
    assert [source for source in cells if len(source.splitlines()) > 8] == []


def test_each_cell_says_what_it_is_in_a_talk(notebook):
    assert [cell.source for cell in notebook.cells if slide_type(cell) not in SLIDE_TYPES] == []
    assert slide_type(notebook.cells[0]) == "slide"


def test_what_is_said_at_once_fits_a_slide(notebook):
    words = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    prose = [source for source in words if "\n|" not in source]
    assert [source for source in prose if len(source.split()) > 100] == []


# A lesson ----------------------------------------------------------------------------------------


def test_it_runs_from_a_clean_kernel_and_its_key_is_right(lesson, code):
    keys = [KEY.search(cell.source)[1] for cell in tagged(lesson.cells, "answer")]
    blanks = tagged(code, "exercise")
    solved = [deepcopy(cell) for cell in blanks]
    for cell, key in zip(solved, keys, strict=True):
        cell.source = ANSWER.sub(lambda _, key=key: key, cell.source)
        cell.id += "-solved"
    # Before its blank, which then leaves everything as a learner has it.
    for blank, cell in zip(blanks, solved, strict=True):
        lesson.cells.insert(lesson.cells.index(blank), cell)
    run(lesson)
    complaints = [out.text for cell in code for out in cell.outputs if out.get("name") == "stderr"]
    assert not complaints, "".join(complaints)
    assert [result(cell) for cell in blanks] == [NO_ANSWER] * len(blanks)
    assert [result(cell)[:6] for cell in solved] == ["Right:"] * len(solved)


def test_it_opens_with_its_number_and_then_imports(path, lesson, code):
    assert lesson.cells[0].source.startswith(f"# {path.stem[:2]} · ")
    assert code[0].source.startswith(("import ", "from "))
    assert "\ntf.config(plain_numbers=True)" in code[0].source


def test_it_begins_with_a_question(words):
    assert words[1].source.startswith("## A question\n")


def test_something_is_predicted_before_it_is_shown(code):
    hidden = [n for n, cell in enumerate(code) if 'hide="adjoints"' in cell.source]
    shown = [n for n, cell in enumerate(code) if "tf.explore(" in cell.source and n not in hidden]
    assert hidden
    assert shown
    assert hidden[0] < shown[0]


def test_on_paper_nothing_below_a_prediction_gives_it_away(lesson):
    cells = [cell for cell in lesson.cells if not is_notes(cell)]
    below = [after for cell, after in pairwise(cells) if 'hide="adjoints"' in cell.source]
    printed = [cell for cell in below if not (tagged([cell], "reveal") or tagged([cell], "screen"))]
    assert [cell.source for cell in printed if re.search(r"\d|None|NaN", cell.source)] == []


def test_what_is_claimed_is_asserted(code):
    assert any("assert " in cell.source for cell in code)


def test_it_has_two_exercises_with_a_line_that_checks_and_a_key(lesson, words, code):
    asked = [cell.source.partition("\n")[0] for cell in tagged(words, "exercise")]
    assert [line[: len("## Exercise 1")] for line in asked] == ["## Exercise 1", "## Exercise 2"]
    blanks = tagged(code, "exercise")
    assert [len(ANSWER.findall(cell.source)) for cell in blanks] == [1, 1]
    lines = [cell.source.splitlines()[-1] for cell in blanks]
    assert [line for line in lines if not line.startswith("tf.check_answer(answer, ")] == []
    assert len(tagged(words, "answer")) == len(blanks)


def test_it_ends_with_what_the_learner_can_now_do(words):
    assert words[-1].source.startswith("## What you can now do\n")


def test_whoever_gives_it_as_a_talk_knows_how_long_and_what_to_ask(lesson):
    notes = [cell.source for cell in lesson.cells if is_notes(cell)]
    assert any("minute" in note for note in notes)
    assert any(re.search(r"\b[Aa]sk\b", note) for note in notes)
    assert [note for note in notes if not note.startswith(FOLDED)] == []


def test_an_explorer_has_a_slide_of_its_own(code):
    alive = [cell for cell in code if "tf.explore(" in cell.source]
    assert [cell.source for cell in alive if slide_type(cell) not in ("slide", "subslide")] == []


def test_it_defines_nothing_that_belongs_in_the_package(path, code):
    if path.stem != BUILDS_AN_ENGINE:
        # A rule that a learner writes stands below the decorator that takes it.
        sources = [re.sub(r"^@tf\..*\ndef ", "", cell.source, flags=re.M) for cell in code]
        assert [source for source in sources if re.search(r"^(def|class) ", source, re.M)] == []


# The contents, and the gallery --------------------------------------------------------------------


@pytest.mark.parametrize("path", [CONTENTS, GALLERY], ids=lambda path: path.stem)
def test_what_is_no_lesson_runs_as_well(path):
    run(read(path))


def test_the_gallery_has_a_picture_from_every_function_that_makes_one():
    source = "\n".join(cell.source for cell in code_of(read(GALLERY)))
    makers = ("explore", "draw", "compare", "explain", "why_none", *PLOTS)
    assert [name for name in makers if f"tf.{name}(" not in source] == []


def test_the_contents_lead_to_every_lesson_in_its_order_with_its_minutes():
    source = "\n".join(cell.source for cell in read(CONTENTS).cells)
    rows = re.findall(r"^\| .*?\]\((\d\d_\w+\.ipynb)\).*?\| (\d+) \|", source, re.MULTILINE)
    assert [path for path, _ in rows] == [path.name for path in LESSONS]
    assert all(10 <= int(minutes) <= 20 for _, minutes in rows)
