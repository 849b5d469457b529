"""Matrices with two outputs in a real JupyterLab: their cells, a wrong entry, quiet rows."""

import pytest
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

LAYER = """
import nbgrad as tf
X = tf.constant([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]])
W = tf.Variable([[1.0, -2.0], [0.5, 1.0], [2.0, 0.0]])
b = tf.Variable([0.5, -0.5])
h = tf.nn.relu(X @ W + b)
s = tf.reduce_sum(h)
m = tf.reduce_mean(h * h)
tf.explore([s, m], [W, b], grad_ys=[1.0, 0.5])
"""


@pytest.fixture
def explorer(run_cells):
    return ExplorerOnPage(run_cells("matrices", LAYER).page, 0)


def test_a_slider_moves_the_cell_that_has_the_focus(explorer):
    explorer.input("W[1, 0]").focus()
    box = explorer.root.locator(".slider").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    explorer.page.mouse.click(*middle)  # where zero is
    explorer.has({"W[1, 0]": 0, "W[0, 0]": 1})
    expect(explorer.input("W[1, 0]")).to_be_focused()
    expect(explorer.root.locator('[data-id="n1.value.2"] text')).to_have_text("0")


def test_a_wrong_entry_is_marked_and_named_and_everything_else_stays(explorer):
    explorer.input("W[1, 0]").focus()
    before, code = explorer.places(), explorer.code.text_content()
    explorer.type("W[1, 0]", "three")
    expect(explorer.complaints).to_have_text("“three” is no number; W[1, 0] stays 0.5")
    expect(explorer.field("W[1, 0]")).to_have_attribute("aria-invalid", "true")
    expect(explorer.root.locator("[aria-invalid=true]")).to_have_count(1)
    assert explorer.places() == before
    assert explorer.code.text_content() == code
    explorer.press("first step")
    expect(explorer.readout).to_have_text("step 0 of 17")
    explorer.field("W[1, 0]").fill("0.5")
    explorer.field("W[1, 0]").press("Enter")
    expect(explorer.complaints).to_have_count(0)
    expect(explorer.root.locator("[aria-invalid=true]")).to_have_count(0)


def test_nothing_outside_the_picture_moves_from_the_first_step_to_the_last(explorer):
    explorer.press("first step")
    expect(explorer.readout).to_have_text("step 0 of 17")
    before = explorer.places()
    for k in range(1, 18):
        explorer.press("one step forward")
        expect(explorer.readout).to_have_text(f"step {k} of 17")
        assert explorer.places() == before
    explorer.press("one step forward")
    forward = explorer.root.get_by_role("button", name="one step forward")
    expect(forward).to_have_attribute("aria-disabled", "true")
    expect(forward).to_be_focused()


def test_playing_moves_no_control_and_a_step_by_hand_ends_it(explorer):
    explorer.press("first step")
    expect(explorer.readout).to_have_text("step 0 of 17")
    before = explorer.places()
    explorer.press("play")
    pause = explorer.root.get_by_role("button", name="pause")
    expect(pause).to_be_visible()
    assert explorer.places() == before
    explorer.card("W").focus()
    explorer.page.keyboard.press("End")
    expect(explorer.readout).to_have_text("all 17 steps")
    expect(pause).to_have_count(0)
