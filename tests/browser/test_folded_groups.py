"""A network whose layers are cards: opened and closed by mouse and by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

NETWORK = """
import nbgrad as tf

def dense(x, units, name):
    with tf.name_scope(name):
        w = tf.Variable(tf.ones([x.shape[1], units]) / 2, name="W")
        b = tf.Variable(tf.zeros([units]), name="b")
        return tf.sigmoid(tf.matmul(x, w) + b)

x = tf.constant([[0.0, 1.0], [1.0, 1.0]])
out = dense(dense(x, 2, "hidden"), 1, "out")
with tf.name_scope("loss"):
    loss = tf.reduce_mean(tf.square(out - 1.0))
operations = len(loss.graph.get_operations())
"""


@pytest.fixture
def network(run_cells):
    return run_cells("network", NETWORK, "explorer = tf.explore(loss)\nexplorer")


@pytest.fixture
def explorer(network):
    return ExplorerOnPage(network.page, 0)


def folded_card(explorer, name):
    return explorer.root.locator("[data-node]").and_(
        explorer.root.get_by_role("button", name=f"unfold {name}")
    )


def is_open(button):
    expect(button).to_have_attribute("aria-expanded", "true")


def is_closed(button):
    expect(button).to_have_attribute("aria-expanded", "false")


def test_a_click_on_a_card_opens_it_and_a_button_closes_it(explorer):
    is_closed(explorer.group("hidden"))
    folded_card(explorer, "hidden").click()
    is_open(explorer.group("hidden"))
    is_closed(explorer.group("out"))
    expect(folded_card(explorer, "hidden")).to_have_count(0)
    explorer.group("hidden").click()
    is_closed(explorer.group("hidden"))
    expect(explorer.group("hidden")).to_be_focused()
    expect(folded_card(explorer, "hidden")).to_be_visible()


def test_the_keyboard_opens_and_closes_and_keeps_the_focus(explorer):
    focused = explorer.root.locator("[data-node]:focus")
    folded_card(explorer, "out").focus()
    explorer.page.keyboard.press("Enter")
    is_open(explorer.group("out"))
    expect(focused).to_have_attribute("aria-pressed", "false")
    explorer.page.keyboard.press("ArrowLeft")
    explorer.page.keyboard.press("f")
    is_closed(explorer.group("out"))
    expect(folded_card(explorer, "out")).to_be_focused()


def test_a_folded_card_is_stopped_by_key_and_by_check_box(explorer):
    card = folded_card(explorer, "hidden")
    card.focus()
    explorer.page.keyboard.press("s")
    expect(explorer.panel).to_contain_text("is stopped")
    expect(explorer.code).to_contain_text("→  [None, None, ")
    is_closed(explorer.group("hidden"))
    explorer.root.locator("fieldset").get_by_role("checkbox", checked=True).uncheck()
    expect(explorer.code).not_to_contain_text("None")


def test_inputs_move_the_picture_whether_it_was_opened_before_or_after(explorer):
    explorer.group("hidden").click()
    is_open(explorer.group("hidden"))
    explorer.entry("b₂[0]").fill("1")
    b2 = explorer.root.locator(".card").filter(has=explorer.page.locator("text=/^b₂/"))
    expect(b2.locator(".cell-number text").first).to_have_text("1")
    opened = explorer.code.text_content()
    explorer.group("hidden").click()
    is_closed(explorer.group("hidden"))
    expect(b2.locator(".cell-number text").first).to_have_text("1")
    assert explorer.code.text_content() == opened


def test_nothing_outside_the_picture_moves_when_a_group_opens(explorer):
    groups = explorer.root.locator(".groups button")
    before = [button.bounding_box() for button in groups.all()]
    explorer.group("out").click()
    is_open(explorer.group("out"))
    assert [button.bounding_box() for button in groups.all()] == before


def test_python_opens_and_closes_what_is_on_the_page(network, explorer):
    run = """code => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
        .requestExecute({ code }).done.then((reply) => reply.content.status)"""
    assert network.page.evaluate(run, "explorer.unfold()") == "ok"
    is_open(explorer.group("hidden"))
    is_open(explorer.group("out"))
    assert network.page.evaluate(run, "explorer.fold('out')") == "ok"
    is_closed(explorer.group("out"))
    check = "assert len(loss.graph.get_operations()) == operations"
    assert network.page.evaluate(run, check) == "ok"


def test_a_step_in_a_tall_picture_is_scrolled_to(explorer):
    explorer.group("out").click()
    is_open(explorer.group("out"))
    explorer.press("first step")
    halo = explorer.root.locator(".halo:not([data-away], .off)").first
    for _ in range(8):
        explorer.press("one step forward")
        expect(halo).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_while_one_group_is_open(run_cells, theme):
    notebook = run_cells("network", NETWORK, "tf.explore(loss, open=['out'])", theme=theme)
    is_open(ExplorerOnPage(notebook.page, 0).group("out"))
    results = Axe().run(notebook.page, context=".nbgrad-explorer")
    assert results.violations_count == 0, results.generate_report()
