"""Each lesson runs from a clean kernel, and keeps to the form that makes it readable."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def lesson(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture
def code(lesson):
    return [cell for cell in lesson.cells if cell.cell_type == "code"]


def test_there_is_a_first_lesson():
    assert LESSONS[0].name == "00_start_here.ipynb"


def test_it_runs_from_a_clean_kernel_without_a_complaint(lesson, code):
    NotebookClient(lesson, resources={"metadata": {"path": ROOT / "notebooks"}}).execute()
    complaints = [out.text for cell in code for out in cell.outputs if out.get("name") == "stderr"]
    assert not complaints, "".join(complaints)


def test_it_is_valid_and_asks_for_any_python_3(lesson):
    nbformat.validate(lesson)
    assert lesson.metadata.kernelspec.name == "python3"


def test_it_is_stored_without_outputs(lesson, code):
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert "widgets" not in lesson.metadata


def test_it_opens_with_a_title_and_then_imports(lesson, code):
    assert lesson.cells[0].cell_type == "markdown"
    assert lesson.cells[0].source.startswith("# ")
    assert code[0].source.startswith(("import ", "from "))


def test_it_ends_with_words(lesson):
    assert lesson.cells[-1].cell_type == "markdown"


def test_a_cell_of_code_fits_a_glance(code):
    assert [cell.source for cell in code if len(cell.source.splitlines()) > 8] == []


def test_it_defines_nothing_that_belongs_in_the_package(code):
    assert [cell.source for cell in code if cell.source.startswith(("def ", "class "))] == []
