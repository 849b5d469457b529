"""What explorers are for, with a kernel, in each front end: JupyterLab, and Notebook 7."""

import pytest
from explorer_on_page import ExplorerOnPage
from notebook_page import FRONT_ENDS
from playwright.sync_api import expect

CELLS = (
    """
import nbgrad as tf
x, y = tf.Variable(3.0, name="x"), tf.Variable(4.0, name="y")
p, r = tf.multiply(x, x, name="p"), tf.add(y, 2.0, name="r")
explorer = tf.explore(tf.add(tf.multiply(p, y, name="q"), r, name="f"), [x, y])
explorer""",
    """
def dense(x, units, name):
    with tf.name_scope(name):
        w = tf.Variable(tf.ones([x.shape[1], units]) / 2, name="W")
        b = tf.Variable(tf.zeros([units]), name="b")
        return tf.sigmoid(tf.matmul(x, w) + b)

out = dense(dense(tf.constant([[0.0, 1.0], [1.0, 1.0]]), 2, "hidden"), 1, "out")
with tf.name_scope("loss"):
    loss = tf.reduce_mean(tf.square(out - 1.0))
tf.explore(loss)""",
    """
v, w = tf.Variable(0.5, name="v"), tf.Variable(0.5, name="w")
a = v
for n in range(29):
    a = tf.tanh(tf.add(a, w, name=f"s{n}"), name=f"t{n}")
tf.explore(a, [v, w])""",
)
X, Y, F = "n0", "n1", "n6"


TOLD = (
    "[*map(float, explorer.value.values())], explorer.seeds, len(explorer.stopped), explorer.step"
)


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_a_learner_drags_types_stops_weighs_steps_folds_and_zooms(run_cells, front_end):
    notebook = run_cells(f"everything_in_{front_end}", *CELLS)
    neuron = ExplorerOnPage(notebook.page, 0)
    drag_and_type(neuron)
    stop_two_and_weigh(neuron)
    step(neuron)
    notebook.wait_until_python_says("([5.0, 4.0], {'f': [2]}, 1, 1)", TOLD)
    fold(ExplorerOnPage(notebook.page, 1))
    zoom(ExplorerOnPage(notebook.page, 2))


def adjoints(explorer, x, y):
    expect(explorer.number(X, "adjoint")).to_have_text(x)
    expect(explorer.number(Y, "adjoint")).to_have_text(y)


def drag_and_type(explorer):
    adjoints(explorer, "24", "10")
    explorer.drag("x", -320)  # 80 steps of a tenth
    adjoints(explorer, "−40", "26")
    explorer.type("x", "5")
    adjoints(explorer, "40", "26")
    expect(explorer.number(F, "value")).to_have_text("106")


def stop_two_and_weigh(explorer):
    explorer.valve("p").click()
    adjoints(explorer, "None ‖", "26")
    explorer.card("r").focus()
    explorer.page.keyboard.press("s")
    adjoints(explorer, "None ‖", "25")
    explorer.valve("p").click()
    explorer.type("seed of f", "2")
    adjoints(explorer, "80", "50")
    explorer.shows("80.0", "50.0")


def step(explorer):
    explorer.press("first step")
    expect(explorer.number(X, "adjoint")).to_be_hidden()
    explorer.press("one step forward")
    expect(explorer.step_line).to_contain_text("p = x · x = 5 · 5 = 25")


def fold(explorer):
    explorer.unfold("hidden").click()
    explorer.type("b₂[0]", "2")
    explorer.fold("hidden").click()
    explorer.has({"b₂[0]": 2})
    expect(explorer.unfold("hidden")).to_be_visible()


def zoom(explorer):
    percent = explorer.root.locator(".zoom-percent")
    explorer.press("zoom in")
    expect(percent).to_contain_text("%")
    while int(percent.inner_text().split()[0]) < 100:
        explorer.press("zoom in")
    explorer.root.get_by_role("searchbox", name="find a node").fill("v")
    explorer.page.keyboard.press("Enter")
    explorer.type("v", "0.25")
    expect(explorer.root.locator("[data-id='n2.value'] > text")).to_have_text("0.75")
    explorer.press("show all of it")
    expect(percent).to_have_text("all")
