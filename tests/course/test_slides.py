"""Slides open from the disk with the network refused; everything on them fits, and is alive."""

from contextlib import suppress
from pathlib import Path

import pytest
from a_lesson import write_lesson
from explorer_on_page import FRAMES, middle_of
from playwright.sync_api import TimeoutError, expect

from course import slides
from course.lessons import executed, find_lessons

OUTSIDE = """() => {
  const content = Reveal.getCurrentSlide().querySelector(".content");
  const outside = [content, ...content.querySelectorAll("*")].filter((element) => {
    const { width, left, right, bottom } = element.getBoundingClientRect();
    const seen = element.checkVisibility({ visibilityProperty: true });
    return seen && width && (left < -1 || right > 1281 || bottom > 721);
  });
  return outside.map((element) => element.outerHTML.slice(0, 200));
}"""
WORDS = """() => {
  const copy = Reveal.getCurrentSlide().cloneNode(true);
  for (const each of copy.querySelectorAll("pre, code, style, script")) each.remove();
  return copy.textContent;
}"""
#: Text that everybody in the room can read, in pixels of a screen of 1280.
LEAST_ZOOM = 0.75


def page_name(path):
    return f"{path.stem.replace('_', '-')}.html"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    pytest.importorskip("sphinx_revealjs", reason="NOT run: pip install sphinx-revealjs")
    folder = tmp_path_factory.mktemp("slides")
    slides.make_folder(folder)
    own = write_lesson(tmp_path_factory.mktemp("notebooks") / "42_a_lesson.ipynb")
    for path in (*find_lessons(), own):
        lesson = executed(path)
        (folder / f"{lesson.name}.html").write_text(slides.page_of(lesson), "utf-8")
    slides.write_contents(folder)
    return folder


@pytest.fixture
def open_talk(offline, folder):
    window = offline()

    def open_at(name, slide=0):
        page = window.new_page()
        page.goto((folder / name).as_uri())
        page.wait_for_function("window.Reveal?.isReady()")
        page.evaluate(f"Reveal.slide({slide})")
        return page

    return open_at


def wait_until_alive(page):
    """Until every explorer of the slide computes."""
    places = page.locator("section.present .nbgrad-page")
    for n in range(places.count()):
        places.nth(n).locator(".nbgrad-explorer .step-line").wait_for()
    page.evaluate(FRAMES)


def outside(page):
    """What is seen outside the slide, once what has changed its size has been measured again."""
    with suppress(TimeoutError):  # what it is, is said by an assertion
        page.wait_for_function(f"({OUTSIDE})().length === 0")
    return page.evaluate(OUTSIDE)


@pytest.mark.parametrize("name", [*map(page_name, find_lessons()), "42-a-lesson.html"])
def test_everything_fits_every_slide_and_no_formula_is_raw(name, open_talk):
    page = open_talk(name)
    for n in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(f"Reveal.slide({n}, 0, 99)")
        wait_until_alive(page)
        assert outside(page) == [], n
        words = page.evaluate(WORDS)
        assert "$" not in words, words
        assert "\\" not in words, words
        zoom = page.evaluate("Reveal.getCurrentSlide().querySelector('.content').style.zoom")
        assert float(zoom or 1) > LEAST_ZOOM, n


def test_the_contents_lead_to_every_talk(open_talk, folder):
    page = open_talk("42-a-lesson.html")
    page.goto((folder / "index.html").as_uri())
    expect(page.get_by_role("link")).to_have_count(14)
    page.get_by_role("link", name="42 · A lesson").click()
    page.wait_for_function("window.Reveal?.isReady()")
    expect(page.locator("a[href='43-b.html']")).to_have_count(1)


def test_an_explorer_answers_a_drag(open_talk):
    page = open_talk("42-a-lesson.html", 5)
    number = page.locator("section.present").get_by_role("spinbutton", name="x", exact=True)
    expect(number).to_have_attribute("aria-valuenow", "3")
    x, y = middle_of(number)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y, steps=4)
    page.mouse.up()
    expect(number).not_to_have_attribute("aria-valuenow", "3")
    assert outside(page) == []


def test_a_prediction_is_typed_and_then_revealed_by_a_fragment(open_talk):
    page = open_talk("42-a-lesson.html", 2)
    slide = page.locator("section.present")
    field = slide.get_by_role("textbox", name="predict df/dx", exact=True)
    field.fill("23")
    field.press("Enter")
    expect(slide.locator(".step-line")).to_contain_text("0 of 3 right")
    field.fill("24")
    field.press("Enter")
    expect(slide.locator(".step-line")).to_contain_text("1 of 3 right")
    page.keyboard.press("PageDown")  # what a clicker sends, though a field has the focus
    expect(slide.locator(".step-line")).to_contain_text("df/dx = 24, df/dy = 9")
    assert page.evaluate("Reveal.getIndices().h") == 2
    page.keyboard.press("PageUp")
    expect(slide.get_by_role("textbox", name="predict df/dy", exact=True)).to_be_visible()


def test_an_arrow_steps_the_explorer_that_has_the_focus_and_else_turns_the_slide(open_talk):
    page = open_talk("42-a-lesson.html", 5)
    slide = page.locator("section.present")
    slide.get_by_role("button", name="first step").click()
    page.keyboard.press("ArrowRight")
    expect(slide.locator(".step-line")).to_contain_text("a = x · x = 3 · 3 = 9")
    assert page.evaluate("Reveal.getIndices().h") == 5
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices().h") == 6


def test_the_speaker_has_notes(open_talk):
    page = open_talk("42-a-lesson.html")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes")
    expect(notes).to_contain_text("Ask who knows a derivative.")
    expect(page.locator("section.present")).not_to_contain_text(
        "Ask who knows", use_inner_text=True
    )


def test_without_reveal_js_a_sentence_says_what_is_missing(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(slides, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="pip install sphinx-revealjs"):
        slides.make_folder(tmp_path)
