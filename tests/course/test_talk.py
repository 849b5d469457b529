"""A talk runs what is typed on a slide, in the kernel that has run the lesson, for nobody else."""

import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from a_lesson import write_lesson
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    pytest.importorskip("sphinx_revealjs", reason="NOT run: pip install sphinx-revealjs")
    lesson = write_lesson(tmp_path_factory.mktemp("notebooks") / "42_a_lesson.ipynb")
    command = [sys.executable, "-m", "course.talk", lesson, "--no-browser"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        found = filter(None, (re.search(r"http://\S+", line) for line in process.stdout))
        address = next(found, None)
        assert address, f"the talk ended with {process.wait()} before it had an address"
        yield address[0]
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        finally:
            process.kill()  # else a talk that goes on would be waited for without an end
        assert "the talk is over" in process.stdout.read()


@pytest.fixture
def page(address, browser):
    """The talk in a window; fail at the end if something went wrong in it."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    wrong = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    page.wait_for_function("window.Reveal?.isReady()")
    yield page
    page.close()
    assert wrong == []


def run_on_slide(page, n, code):
    """Turn to a slide, type code into it, and run that; return the slide."""
    page.evaluate(f"Reveal.slide({n})")
    slide = page.locator("section.present")
    slide.locator("pre.code").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")
    return slide


def test_code_on_a_slide_can_be_changed_and_run(page):
    slide = run_on_slide(page, 5, "g = x * y\ntf.explore(g, [x, y])")
    expect(slide.locator(".step-line")).to_contain_text("g = x · y = 12; dg/dx = 4, dg/dy = 3")
    assert page.evaluate("Reveal.getIndices().h") == 5


def test_what_code_sets_in_an_explorer_is_in_its_picture_on_another_slide(page):
    slide = run_on_slide(page, 5, "explorer = tf.explore(f, [x, y])\nexplorer")
    expect(slide.locator(".step-line")).to_contain_text("df/dx = 24, df/dy = 9")
    run_on_slide(page, 6, "explorer.value[x] = 2.0")
    expect(page.locator("[data-running]")).to_have_count(0)
    page.evaluate("Reveal.slide(5)")
    expect(slide.locator(".step-line")).to_contain_text("df/dx = 16, df/dy = 4")


def test_what_a_cell_shows_here_and_elsewhere_is_seen_while_it_runs(page, tmp_path):
    gate = tmp_path / "gate"
    shown = run_on_slide(page, 5, "board = display('at first', display_id=True)")
    expect(shown.locator(".outputs")).to_contain_text("at first")
    waits = f"import os, time\nboard.update('half way')\nwhile not os.path.exists({str(gate)!r}):"
    run_on_slide(page, 6, f"{waits}\n    time.sleep(0.05)\nboard.update('done')")
    page.evaluate("Reveal.slide(5)")
    expect(shown.locator(".outputs")).to_contain_text("half way")
    expect(page.locator("[data-running]")).to_have_count(1)
    gate.touch()
    expect(shown.locator(".outputs")).to_contain_text("done")


def test_a_cell_that_is_asked_for_while_it_runs_runs_again(page, tmp_path):
    gate = tmp_path / "gate"
    waits = f"import os, time\nprint('at first')\nwhile not os.path.exists({str(gate)!r}):"
    slide = run_on_slide(page, 6, f"{waits}\n    time.sleep(0.05)")
    expect(slide.locator(".outputs").first).to_contain_text("at first")
    run_on_slide(page, 6, "6 * 7")
    gate.touch()
    expect(slide.locator(".outputs").first).to_have_text("42")


def test_an_error_is_shown_and_the_kernel_goes_on(page):
    slide = run_on_slide(page, 6, "1 / 0")
    expect(slide.locator(".outputs").first).to_contain_text("ZeroDivisionError")
    run_on_slide(page, 6, "3 * 3")
    expect(slide.locator(".outputs").first).to_have_text("9")
    run_on_slide(page, 6, "nothing = 0")
    expect(slide.locator(".outputs").first).to_have_text("")


def test_who_does_not_know_the_address_gets_nothing(address):
    root = address.rsplit("/", 2)[0]
    for path in ("/", "/run", "/changes", "/wrong/", f"/{address.rsplit('/', 2)[1]}/../talk.py"):
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{root}{path}")
