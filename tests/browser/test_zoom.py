"""A large graph is searched, zoomed and moved; a cell is looked at through the microscope."""

import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

import nbgrad as ng


def perceptron():
    """Sixty nodes in seven scopes, as in the mock-up."""
    random = np.random.default_rng(1)

    def variable(name):
        return ng.Variable(round(float(random.normal()), 2), name=name)

    xs, hidden = [variable("x1"), variable("x2")], []
    for n in range(1, 6):
        with ng.name_scope(f"neuron{n}"):
            p = ng.multiply(variable(f"w{n}1"), xs[0], name=f"p{n}")
            q = ng.multiply(variable(f"w{n}2"), xs[1], name=f"q{n}")
            z = ng.add(ng.add(p, q, name=f"s{n}"), variable(f"b{n}"), name=f"z{n}")
            hidden.append(ng.tanh(z, name=f"h{n}"))
    with ng.name_scope("output"):
        terms = [ng.multiply(variable(f"v{n}"), h, name=f"m{n}") for n, h in enumerate(hidden)]
        first = ng.add(ng.add(terms[0], terms[1], name="o1"), terms[2], name="o3")
        whole = ng.add(first, ng.add(terms[3], terms[4], name="o2"), name="o4")
        y = ng.add(whole, variable("b6"), name="y")
    with ng.name_scope("loss"):
        return ng.square(ng.subtract(y, 1.0, name="e"), name="loss")


def network():
    """Two matrices and what leads to a loss."""
    random = np.random.default_rng(0)
    x = ng.constant(random.normal(size=(8, 3)).astype("float32"), name="X")
    w = ng.Variable(random.normal(size=(3, 5)).astype("float32"), name="W1")
    a = ng.matmul(x, w, name="a")
    return ng.reduce_sum(ng.square(a, name="s"), name="loss")


#: What was found lies in the middle of what is seen, when it has glided there.
IN_THE_MIDDLE = """() => {
  const [frame, card] = ["svg.nbgrad-picture", "[data-found]"].map((selector) =>
    document.querySelector(selector).getBoundingClientRect());
  return Math.abs(card.x + card.width / 2 - frame.x - frame.width / 2) < 60;
}"""


@pytest.fixture
def opened(browser, tmp_path):
    """Open an explorer from the disk; the console stays empty."""
    contexts, errors = [], []

    def opened(build, **options):
        path = tmp_path / "explorer.html"
        with ng.Graph().as_default():
            ng.explore(build()).save(path)
        size = {"width": 902, "height": 760}
        contexts.append(browser.new_context(viewport=size, offline=True, **options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path.as_uri())
        return ExplorerOnPage(page).page

    yield opened
    for context in contexts:
        context.close()
    assert not errors


def percent(page):
    return page.locator(".zoom-percent")


def test_an_overview_says_how_many_nodes_there_are_and_shows_them_all(opened):
    page = opened(perceptron)
    expect(page.locator(".search-count")).to_have_text("60 nodes")
    for name in ("w11", "h5", "loss"):
        expect(page.locator(f".nbgrad-picture text:text-is('{name}')").first).to_be_visible()
    assert Axe().run(page).violations_count == 0


def test_zooming_in_leads_to_blocks_then_numbers_then_cards_and_fit_leads_back(opened):
    page = opened(perceptron)
    into = page.get_by_role("button", name="zoom in")
    into.click()
    expect(percent(page)).to_have_text("38 %")
    expect(page.locator(".blocks")).to_be_visible()
    expect(page.locator(".blocks .block-number").first).to_be_hidden()
    expect(page.locator(".blocks .scope", has_text="neuron3")).to_be_visible()
    while int(percent(page).inner_text().split()[0]) < 70:
        into.click()
    expect(page.locator(".blocks .block-number").first).to_be_attached()
    while int(percent(page).inner_text().split()[0]) < 100:
        into.click()
    expect(page.locator(".blocks")).to_be_hidden()
    expect(page.locator("[data-id$='.value'] > text").first).to_be_attached()
    expect(page.locator(".minimap")).to_be_visible()
    page.get_by_role("button", name="show all of it").click()
    expect(percent(page)).to_have_text("all")
    expect(page.locator(".minimap")).to_be_hidden()


def test_the_row_of_a_large_graph_has_room_on_a_telephone(opened):
    page = opened(perceptron)
    page.set_viewport_size({"width": 360, "height": 800})
    expect(page.locator(".zoom-hint")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".search-row").bounding_box()["height"] < 50


def test_a_search_marks_what_it_finds_and_enter_brings_it_into_the_middle(opened):
    page = opened(perceptron)
    box = page.get_by_role("searchbox", name="find a node")
    box.fill("h3")
    expect(page.locator(".search-count")).to_have_text("1 found")
    expect(page.locator("[data-found]")).to_have_count(1)
    box.press("Enter")
    expect(percent(page)).to_have_text("100 %")
    page.wait_for_function(IN_THE_MIDDLE)
    box.press("Escape")
    expect(page.locator("[data-found]")).to_have_count(0)
    expect(page.locator("[data-node]:focus")).to_have_count(1)


def test_the_wheel_scrolls_the_page_until_the_picture_has_the_focus(opened):
    page = opened(perceptron)
    picture = page.locator(".picture")
    picture.hover()
    page.mouse.wheel(0, -100)
    expect(percent(page)).to_have_text("all")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(percent(page)).to_have_text(re.compile(r"\d+ %"))


def test_the_ground_is_dragged_and_the_minimap_follows(opened):
    page = opened(perceptron)
    for _ in range(3):  # until more is there than can be seen
        page.get_by_role("button", name="zoom in").click()
    expect(page.locator(".minimap")).to_be_visible()
    frame = page.locator(".minimap-frame")
    before = frame.get_attribute("x")
    box = page.locator("svg.nbgrad-picture").bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 124, box["y"] + 24, steps=3)
    page.mouse.up()
    expect(frame).not_to_have_attribute("x", before)
    assert float(frame.get_attribute("x")) < float(before)


def test_a_double_click_on_a_block_opens_its_card(opened):
    page = opened(perceptron)
    page.locator("[data-node] .block-name, [data-node] text", has_text="h3").first.dblclick()
    expect(percent(page)).to_have_text("100 %")
    expect(page.locator("svg text:text-is('h3')").first).to_be_in_viewport()


def test_a_cell_that_is_clicked_is_explained_as_the_sum_of_its_products(opened):
    page = opened(network)
    cells = page.locator("[data-id='n1.adjoint.map']").bounding_box()
    page.mouse.click(cells["x"] + cells["width"] * 0.5, cells["y"] + cells["height"] * 0.5)
    strip = page.get_by_role("region", name="cell microscope")
    expect(strip).to_contain_text("dloss/dW1[1, 2]")
    expect(strip.get_by_role("columnheader")).to_have_count(8)
    products = [
        float(text.replace("−", "-")) for text in strip.locator(".product span").all_inner_texts()
    ]
    total = float(strip.locator(".sum").inner_text().removeprefix("= ").replace("−", "-"))
    assert sum(products) == pytest.approx(total, rel=1e-2)
    expect(page.locator(".lens.this")).to_have_count(1)
    expect(page.locator(".lens.local")).to_have_count(1)
    strip.get_by_role("button", name="close").click()
    expect(strip).to_be_hidden()
    expect(page.locator(".lens")).to_have_count(0)


def tangle():
    """A node that sixty others read: its inbox would be as high as three screens."""
    x = y = ng.Variable(0.5, name="x")
    for n in range(60):
        y = ng.add(ng.tanh(y), x, name=f"a{n}")
    return y


def test_a_graph_that_is_too_large_to_be_entered_says_so(opened):
    page = opened(tangle)
    page.get_by_role("button", name="zoom in").click()
    expect(page.get_by_text("too large to be zoomed into")).to_be_visible()
    expect(percent(page)).to_have_text("all")
