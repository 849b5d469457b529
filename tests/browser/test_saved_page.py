"""A saved explorer opens from the disk, without a kernel and without a network."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import nbgrad as ng


@pytest.fixture
def page(browser, tmp_path):
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        f = ng.multiply(ng.multiply(x, x, name="a"), 2.0, name="f")
        path = ng.explore(f, x).save(tmp_path / "lesson.html")
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page, errors = context.new_page(), []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert not errors


def test_its_steps_can_be_walked_through(page):
    expect(page.locator("code")).to_have_text("nbgrad.gradients(f, x)  →  [12.0]")
    adjoint = page.locator('[data-id="n0.adjoint"] > text')
    expect(adjoint).to_have_text("12")
    page.get_by_role("button", name="first step").click()
    expect(adjoint).to_be_hidden()
    page.get_by_role("button", name="one step forward").click()
    expect(page.locator(".panel")).to_contain_text("a = x · x = 3 · 3 = 9")
    page.get_by_role("button", name="last step").click()
    expect(adjoint).to_be_visible()


def test_it_offers_no_control_that_would_need_a_kernel(page):
    expect(page.locator(".panel")).to_contain_text("Both passes are done")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_axe_finds_nothing(page):
    expect(page.locator(".panel")).to_contain_text("Both passes are done")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_a_window_that_was_narrow_leaves_no_empty_room_behind(page):
    height = "document.querySelector('code').offsetHeight"
    before = page.evaluate(height)
    page.set_viewport_size({"width": 200, "height": 800})
    page.wait_for_function(f"{height} > {before}")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_function(f"{height} === {before}")
