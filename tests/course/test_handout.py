"""A handout is A4 with blanks; its key, from the same cells, has the numbers and the answers."""

import re
from copy import deepcopy

import pytest
from a_lesson import write_lesson
from nbformat.v4 import new_code_cell, new_markdown_cell

from course import handout, lessons
from course.handout import NOTES, RULED, page_of, parts_of, print_page
from course.lessons import as_film, executed, find_lesson, find_lessons


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The handout and its key, as pages for a browser."""
    path = write_lesson(tmp_path_factory.mktemp("notebooks") / "42_a_lesson.ipynb")
    return [page_of(executed(path, static=True, answers=key), key) for key in (False, True)]


def first_picture(page):
    return set(re.findall(r">([^<>]+)</text>", page.partition("</svg>")[0]))


def test_what_is_to_be_predicted_is_blank_and_in_the_key(pages):
    sheet, key = map(first_picture, pages)
    assert {"3", "9", "36"} <= sheet
    assert not {"24", "+12"} & sheet
    assert {"24", "+12"} <= key
    assert 'number adjoint asked"' in pages[0]
    assert 'number adjoint asked"' not in pages[1]


def test_an_exercise_has_room_and_its_answer_is_in_the_key(pages):
    sheet, key = pages
    assert sheet.count(RULED) == 1
    assert RULED not in key
    assert "It is <" not in sheet
    assert "It is <" in key
    assert "no answer yet" not in sheet


def test_what_is_for_the_screen_or_the_speaker_is_on_no_paper(pages):
    for page in pages:
        assert "tf.explain" not in re.sub("<[^>]*>", "", page)
        assert "Ask who knows" not in page
        assert "Next: " not in page


def test_what_came_back_is_in_the_key_and_has_room_for_notes_on_the_sheet(pages):
    sheet, key = pages
    for page, there in ((sheet, 0), (key, 1)):
        assert page.count("<h2>What came back</h2>") == 1
        assert page.count("together 24") == there
        assert page.count(NOTES) == 1 - there
        assert page.count(">assert<") == there


def test_what_is_revealed_together_has_room_once_also_where_it_begins_with_code():
    code, words = new_code_cell("session.run(dx)"), new_markdown_cell("It is 24.")
    for cell in (code, words):
        cell.metadata["tags"] = ["reveal"]
    asked, *others = parts_of([code, words, deepcopy(words)], is_key=False)
    assert "What came back, and why?" in asked
    assert NOTES in asked
    assert "24" not in asked
    assert not others


def test_what_a_cell_prints_that_is_to_be_predicted_is_in_the_key(pages):
    sheet, key = pages
    assert ">[4.0]<" not in sheet
    assert ">[4.0]<" in key


def test_a_film_has_every_step_back_to_be_filled_in_and_the_code_that_was_written(pages):
    sheet, key = pages
    assert "8. df/dx gets 4 · 3 = 12, so 12 + 12 = 24" in films(key)
    assert "8. df/dx gets ______" in films(sheet)
    assert len(films(key)) == len(films(sheet)) == 6
    for page in pages:
        assert "film" not in re.sub("<[^>]*>", "", page.partition("<body")[2])


def films(page):
    """The lines below the pictures of a film."""
    return re.findall(r'<g role="graphics-object" aria-label="([^"]*)"', page)


def test_no_picture_is_wider_than_the_paper_so_that_its_letters_stay_large(pages):
    for page in pages:
        widths = [float(width) for width in re.findall(r'<svg[^>]* viewBox="0 0 ([\d.]+) ', page)]
        assert widths
        assert max(widths) <= 688  # 182 mm, in pixels of which 96 are an inch


def test_it_is_printed_on_a4(pages, tmp_path, missing):
    found = next(filter(None, map(handout.shutil.which, handout.BROWSERS)), None)
    browser = found or missing("there is no Chromium to print with: apt-get install chromium")
    target = tmp_path / "sheet.pdf"
    print_page(browser, pages[0], target)
    content = target.read_bytes()
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert len(sizes) == len(re.findall(rb"/Type\s*/Page\b", content)) >= 2
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(595, 842)}


def test_without_a_browser_a_sentence_says_what_is_missing(monkeypatch):
    monkeypatch.setenv("NBGRAD_BROWSER", "no-such-browser")
    with pytest.raises(SystemExit, match="and there is none: apt-get install chromium"):
        handout.find_browser()


def test_a_lesson_is_found_by_its_number_its_name_and_its_file():
    for name in ("0", "00", "start_here", "00-start-here", "00_start_here.ipynb"):
        assert find_lesson(name).name == "00_start_here.ipynb"
    assert find_lesson("0") in find_lessons()
    with pytest.raises(SystemExit, match="there is no lesson 'none'; there are: 00_start_here"):
        find_lesson("none")


def test_a_lesson_that_fails_says_so_in_a_sentence(tmp_path):
    notebook = lessons.nbformat.v4.new_notebook()
    notebook.cells = [lessons.nbformat.v4.new_code_cell("1 / 0")]
    lessons.nbformat.write(notebook, tmp_path / "13_bad.ipynb")
    with pytest.raises(SystemExit, match=r"13_bad\.ipynb stops with an error: ZeroDivisionError"):
        executed(tmp_path / "13_bad.ipynb")


def test_only_what_a_cell_shows_last_becomes_a_film():
    assert as_film("a = 1", asks=True) == "a = 1"
    film = as_film("e = explore(f)\ne", asks=True)
    assert film == "e = explore(f)\nfor _each in _film(e, asks=True):\n    display(_each)"
