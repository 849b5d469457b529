"""A saved explorer opens from the disk, alive, without a kernel and without a network."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

import nbgrad as ng


@pytest.fixture
def saved(tmp_path):
    """The path of a saved explorer of f = 2x², and of g, which the page cannot compute."""

    def save(name="f", **options):
        with ng.Graph().as_default():
            x = ng.Variable(3.0, name="x")
            a = ng.multiply(x, x, name="a")
            f = ng.multiply(a, 2.0, name="f")
            g = ng.real(ng.complex(a, x), name="g")
            return ng.explore({"f": f, "g": g}[name], x, **options).save(tmp_path / f"{name}.html")

    return save


def test_every_number_follows_an_input_a_seed_and_a_stop(open_page, saved):
    explorer = ExplorerOnPage(open_page(saved()))
    adjoint = explorer.number("n0", "adjoint")
    expect(adjoint).to_have_text("12")
    explorer.type("x", "5")
    expect(adjoint).to_have_text("20")
    explorer.type("seed of f", "-2")
    expect(adjoint).to_have_text("−40")
    explorer.drag("x", 30)
    expect(adjoint).not_to_have_text("−40")
    explorer.valve("a").click()
    expect(adjoint).to_contain_text("None")


def test_its_steps_can_be_walked_through(open_page, saved):
    explorer = ExplorerOnPage(open_page(saved()))
    explorer.root.focus()
    adjoint = explorer.number("n0", "adjoint")
    explorer.press("first step")
    expect(adjoint).to_be_hidden()
    explorer.press("one step forward")
    expect(explorer.step_line).to_contain_text("a = x · x = 3 · 3 = 9")
    explorer.press("last step")
    expect(adjoint).to_be_visible()


@pytest.mark.parametrize("width", [1000, 700, 400])
def test_it_has_a_view_for_each_width_and_layout(open_page, saved, width):
    page = open_page(saved())
    page.set_viewport_size({"width": width, "height": 800})
    explorer = ExplorerOnPage(page)
    for layout in ("mirror", "tape", "paths", "overlay"):
        choose_layout(explorer.root, layout)
        expect(explorer.number("n0", "adjoint")).to_have_text("12")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def choose_layout(root, layout):
    button = root.get_by_role("button", name=layout, exact=True)
    if button.is_visible():
        button.click()
    else:
        root.get_by_role("combobox", name="layout").select_option(layout)


def test_axe_finds_nothing(open_page, saved):
    page = open_page(saved())
    expect(ExplorerOnPage(page).step_line).to_contain_text("Both passes are done")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_where_no_script_runs_the_picture_is_still_there(open_page, saved):
    page = open_page(saved(), java_script_enabled=False)
    expect(page.locator(".nbgrad-page svg")).to_be_visible()
    expect(page.locator(".nbgrad-page svg")).to_contain_text("df/dx")


def test_a_frame_that_may_run_scripts_is_alive(open_page, saved, tmp_path):
    around = tmp_path / "course.html"
    around.write_text(f'<iframe sandbox="allow-scripts" src="{saved().name}" width=900 height=600>')
    frame = open_page(around).frame_locator("iframe")
    frame.get_by_role("spinbutton", name="x", exact=True).press("ArrowUp")
    expect(frame.locator('[data-id="n0.adjoint"] > text')).to_have_text("12.4")


def test_what_only_python_computes_can_be_walked_through(open_page, saved):
    explorer = ExplorerOnPage(open_page(saved("g")))
    expect(explorer.message).to_contain_text("Read only: the kernel is not running")
    explorer.press("first step")
    explorer.press("one step forward")
    expect(explorer.step_line).to_contain_text("a = x · x = 3 · 3 = 9")


def test_what_is_hidden_is_not_told(open_page, saved):
    explorer = ExplorerOnPage(open_page(saved(hide="adjoints")))
    expect(explorer.number("n1", "value")).to_have_text("9")
    expect(explorer.number("n0", "adjoint")).not_to_have_text("12")
