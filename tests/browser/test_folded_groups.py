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


def test_a_click_on_a_card_opens_it_and_one_on_its_name_closes_it(explorer):
    expect(explorer.unfold("hidden")).to_have_attribute("aria-expanded", "false")
    explorer.unfold("hidden").click()
    expect(explorer.fold("hidden")).to_have_attribute("aria-expanded", "true")
    expect(explorer.unfold("hidden")).to_have_count(0)
    expect(explorer.unfold("out")).to_be_visible()
    explorer.fold("hidden").click()
    expect(explorer.unfold("hidden")).to_be_visible()


def test_the_keyboard_opens_and_closes_and_keeps_the_focus(explorer):
    explorer.unfold("out").focus()
    explorer.page.keyboard.press("Enter")
    expect(explorer.fold("out")).to_be_visible()
    focused = explorer.root.locator("[data-node]:focus")
    expect(focused).to_have_count(1)
    explorer.page.keyboard.press("Alt+ArrowLeft")
    explorer.page.keyboard.press("f")
    expect(explorer.unfold("out")).to_be_visible()
    expect(focused).to_have_count(1)


def test_a_folded_card_is_stopped_by_key_and_by_its_valves(explorer):
    explorer.unfold("hidden").focus()
    explorer.page.keyboard.press("s")
    stopped = explorer.root.locator("[data-stopped]")
    expect(stopped).to_have_count(1)
    expect(explorer.unfold("hidden")).to_be_visible()
    explorer.root.get_by_role("switch", checked=True).click()
    expect(stopped).to_have_count(0)


def test_inputs_move_the_picture_whether_it_was_opened_before_or_after(explorer):
    explorer.unfold("hidden").click()
    expect(explorer.fold("hidden")).to_be_visible()
    explorer.type("b₂[0]", "1")
    explorer.has({"b₂[0]": 1})
    opened = explorer.code.text_content()
    explorer.fold("hidden").click()
    expect(explorer.unfold("hidden")).to_be_visible()
    explorer.has({"b₂[0]": 1})
    assert explorer.code.text_content() == opened


def test_python_opens_and_closes_what_is_on_the_page(network, explorer):
    run = """code => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
        .requestExecute({ code }).done.then((reply) => reply.content.status)"""
    assert network.page.evaluate(run, "explorer.unfold()") == "ok"
    expect(explorer.fold("hidden")).to_be_visible()
    expect(explorer.fold("out")).to_be_visible()
    assert network.page.evaluate(run, "explorer.fold('out')") == "ok"
    expect(explorer.unfold("out")).to_be_visible()
    check = "assert len(loss.graph.get_operations()) == operations"
    assert network.page.evaluate(run, check) == "ok"


def test_a_step_in_a_tall_picture_is_scrolled_to(explorer):
    explorer.unfold("out").click()
    expect(explorer.fold("out")).to_be_visible()
    explorer.press("first step")
    halo = explorer.root.locator(".halo:not([data-away], .off)").first
    for _ in range(8):
        explorer.press("one step forward")
        expect(halo).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_while_one_group_is_open(run_cells, theme):
    notebook = run_cells("network", NETWORK, "tf.explore(loss, open=['out'])", theme=theme)
    expect(ExplorerOnPage(notebook.page, 0).fold("out")).to_be_visible()
    results = Axe().run(notebook.page, context=".nbgrad-explorer")
    assert results.violations_count == 0, results.generate_report()
