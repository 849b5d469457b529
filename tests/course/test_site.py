"""The site: lessons that live without a server, every public name, no link that is dead."""

import importlib.util
import json
import re
from importlib.metadata import requires

import pytest
from explorer_on_page import FRAMES, ExplorerOnPage
from playwright.sync_api import expect

import nbgrad as tf
from course import site
from course.lessons import find_lessons

NEEDED = ("sphinx", "myst_nb", "numpydoc", "furo")
LESSON = "03_total_and_partial"


@pytest.fixture(scope="module")
def pages(missing, tmp_path_factory):
    """A site with one lesson and one module beside `tf`."""
    if not all(map(importlib.util.find_spec, NEEDED)):
        missing("the site needs Sphinx: python -m pip install -e '.[site]'")
    folder = tmp_path_factory.mktemp("built") / "site"
    site.build(folder, find_lessons(["03"]), modules=["losses"])
    return folder


def test_no_link_leads_nowhere(pages):
    assert [*site.dead_links(pages)] == []


def test_nothing_is_left_beside_it_but_its_source(pages):
    assert {each.name for each in pages.parent.iterdir()} == {"site", "site-source"}


def test_nothing_is_loaded_from_a_network(pages):
    assert [*site.loaded_from_afar(pages)] == []


def test_a_lesson_is_alive_and_says_nothing_that_is_for_the_speaker(pages):
    page = (pages / f"{LESSON}.html").read_text("utf-8")
    assert page.count('class="nbgrad-picture"') >= 2
    assert "<script" in page
    assert "For a talk." not in page
    assert "<math" in page
    assert not re.search(r">[^<]*\$[a-z][^<$]*\$", page.split("<article", 1)[1].split("<script")[0])


def test_every_public_function_and_class_is_in_the_reference(pages):
    page = (pages / "reference-tf.html").read_text("utf-8")
    wanted = {name for name in dir(tf) if site.entry(tf, name)}
    assert {"gradients", "explore", "draw", "Session"} <= wanted
    assert [name for name in sorted(wanted) if f"nbgrad.{name}" not in page] == []


def test_the_page_on_teaching_and_the_page_on_the_program_are_there(pages):
    index = (pages / "index.html").read_text("utf-8")
    assert 'href="teaching.html"' in index
    assert 'href="program.html"' in index


def test_the_contents_and_the_gallery_are_there_and_lead_to_each_other(pages):
    index = (pages / "index.html").read_text("utf-8")
    assert 'href="contents.html"' in index
    assert 'href="gallery.html"' in index
    assert f'href="{LESSON}.html"' in (pages / "contents.html").read_text("utf-8")
    assert 'href="contents.html' in (pages / "gallery.html").read_text("utf-8")


# In a browser, without a network -------------------------------------------------------------


@pytest.fixture
def open_page(offline, pages):
    def open_from_disk(name, width, scheme="light"):
        page = offline(width, 900, scheme).new_page()
        page.goto((pages / name).as_uri())
        return page

    return open_from_disk


def test_an_explorer_of_a_lesson_computes_where_nothing_answers(open_page):
    page = open_page(f"{LESSON}.html", 1280)
    page.locator(".nbgrad-page").nth(1).scroll_into_view_if_needed()
    explorer = ExplorerOnPage(page, 1)
    explorer.has({"x": 3})
    explorer.shows("108.0", "9.0")
    explorer.type("x", "2")
    explorer.shows("32.0", "4.0")
    explorer.valve("m").click()
    explorer.shows("16.0", "4.0")


@pytest.mark.parametrize("name", ["gallery.html", "contents.html"])
def test_every_explorer_of_a_page_awakes_and_no_page_is_wider_than_its_window(open_page, name):
    page = open_page(name, 1280, "dark")
    for place in page.locator(".nbgrad-page").all():
        place.scroll_into_view_if_needed()
        expect(place.locator(".nbgrad-explorer .step-line")).not_to_be_empty()
    for width in (1280, 1366, 1100, 390):  # laptops, a tablet, a telephone
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(FRAMES)
        assert page.evaluate("document.documentElement.scrollWidth") == width


# Without Sphinx ----------------------------------------------------------------------------------


def test_a_link_to_a_page_that_is_not_there_is_found(tmp_path):
    (tmp_path / "a.html").write_text('<a href="b.html#x">b</a><a href="c.html">c</a><p id="y">')
    (tmp_path / "b.html").write_text('<p id="z"></p><a href="a.html#y">a</a><a href="#z">z</a>')
    assert [*site.dead_links(tmp_path)] == ["a.html: b.html#x", "a.html: c.html"]


def test_what_is_no_page_of_the_site_is_linked_in_the_repository():
    words = (
        "[a](../notebooks/03.ipynb) [b](04.ipynb) [c](../README.md) [d](#here) [e](https://x.org)"
    )
    assert site.with_whole_links(words, {"03.ipynb"}) == (
        f"[a](03.ipynb) [b]({site.REPOSITORY}/notebooks/04.ipynb) [c]({site.REPOSITORY}/README.md)"
        " [d](#here) [e](https://x.org)"
    )


def test_jupyterlite_gets_the_lessons_and_the_wheel_of_this_version():
    folder = site.ROOT / "course" / "lite"
    settings = json.loads((folder / "jupyter_lite_config.json").read_text("utf-8"))
    [lessons] = settings["LiteBuildConfig"]["contents"]
    assert (folder / lessons / "contents.ipynb").is_file()
    [wheel] = settings["PipliteAddon"]["piplite_urls"]
    assert wheel == f"../../dist/nbgrad-{tf.__version__}-py3-none-any.whl"


def test_jupyterlite_is_told_of_every_pure_wheel_that_nbgrad_needs():
    words = (site.ROOT / "docs" / "teaching.md").read_text("utf-8")
    [line] = re.findall("pip download --no-deps -d course/lite/pypi (.+)", words)
    needed = (re.split("[>=;]", each)[0] for each in requires("nbgrad") if "extra ==" not in each)
    compiled = {"numpy", "matplotlib"}  # Pyodide has its own
    assert {each.replace("-", "_") for each in needed} - compiled <= set(line.split())
