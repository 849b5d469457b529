"""A talk runs what is typed on a slide, in the kernel that has run the lesson, for nobody else."""

import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

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
        yield next(found)[0]
        process.send_signal(signal.SIGINT)
        assert "the talk is over" in process.stdout.read()


def test_code_on_a_slide_can_be_changed_and_run(address, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    wrong = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    page.wait_for_function("window.Reveal?.isReady()")
    page.evaluate("Reveal.slide(4)")
    slide = page.locator("section.present")
    slide.locator("pre.code").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("g = x * y\ntf.explore(g, [x, y])")
    page.keyboard.press("Shift+Enter")
    expect(slide.locator(".step-line")).to_contain_text("g = x · y = 12; dg/dx = 4, dg/dy = 3")
    assert page.evaluate("Reveal.getIndices().h") == 4
    page.close()
    assert wrong == []


def test_an_error_is_shown_and_the_kernel_goes_on(address):
    def run(source):
        body = f'{{"cell": 7, "source": "{source}"}}'.encode()
        return urlopen(Request(f"{address}run", body)).read().decode()

    assert "ZeroDivisionError" in run("1 / 0")
    assert ">9<" in run("3 * 3")


def test_who_does_not_know_the_address_gets_nothing(address):
    root = address.rsplit("/", 2)[0]
    for path in ("/", "/run", "/wrong/", f"/{address.rsplit('/', 2)[1]}/../talk.py"):
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{root}{path}")
