"""Each control of an explorer, by its own name, in a real JupyterLab: the numbers on the page."""

import re

import pytest
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import expect

TWO_OF_EACH = """
import nbgrad as tf
x, y = tf.Variable(3.0, name="x"), tf.Variable(4.0, name="y")
p, r = tf.multiply(x, x, name="p"), tf.add(y, 2.0, name="r")
f = tf.add(tf.multiply(p, y, name="q"), r, name="f")
g = tf.add(p, r, name="g")
tf.explore([f, g], [x, y])
"""
WHOLE = """
n = tf.Variable(3, name="n")
w = tf.Variable(10.0, name="w")
tf.explore(tf.multiply(tf.cast(n, tf.float32, name="m"), w, name="h"), [n, w])
"""
LAYER = """
def asked(x, w, **question):
    with tf.Graph().as_default():
        W, x = tf.Variable(w, name="W"), tf.Variable(x, name="x")
        u = tf.multiply(tf.matmul([[2.0, -1.0]], W, name="u"), x, name="z")
        s = tf.reduce_sum(u, name="s")
        return tf.explore([s, tf.multiply(x, x, name="q")], [W, x], **question)

asked(3.0, [[1.0, 0.0], [0.5, -2.0]])
"""
THERE = "asked(-0.25, [[1.0, 0.0], [-80.0, -2.0]], grad_ys=[-2.0, 0.0])"
X, Y, N = "n0", "n1", "n0"

# Of every element that is to be seen: what it is, what it says, how wide and how strong it is.
PAINTED = """root => [...root.querySelectorAll(".picture [data-id]")]
    .filter((part) => getComputedStyle(part).visibility === "visible")
    .map((part) => {
        const [rect, text, title] = ["rect", "text", "title"]
            .map((tag) => part.querySelector(`:scope > ${tag}`));
        const size = ["x", "width"].map((name) => rect && Number(rect.getAttribute(name)));
        const strength = rect && getComputedStyle(rect).fillOpacity;
        const words = (part.tagName === "text" ? part : text)?.textContent;
        const width = getComputedStyle(part).strokeWidth;
        const { id } = part.dataset;
        return [id, part.getAttribute("class"), words, size, width, strength, title?.textContent];
    })"""


@pytest.fixture
def notebook(run_cells):
    return run_cells("controls", TWO_OF_EACH, WHOLE)


@pytest.fixture
def explorer(notebook):
    return ExplorerOnPage(notebook.page, 0)


def of(y):
    """The name of the field of y's element of grad_ys."""
    return re.compile(rf"^\w+ of {y}$")


def adjoints(explorer, **expected):
    for node, number in expected.items():
        expect(explorer.number(node, "adjoint")).to_have_text(number)


def test_two_stops_count_both_in_whichever_order_they_are_made_and_lifted(explorer):
    adjoints(explorer, n0="30", n1="11", n2="5")
    for first, second in (("p", "r"), ("r", "p")):
        explorer.card(first).click()
        explorer.box(second).check()
        adjoints(explorer, n0="None ‖", n1="9", n2="5", n4="2")
        explorer.shows("None", "9.0")
        for name in (first, second):
            expect(explorer.card(name)).to_have_attribute("aria-pressed", "true")
            expect(explorer.box(name)).to_be_checked()
        explorer.card("p").click()
        adjoints(explorer, n0="30", n1="9")
        explorer.card("r").click()
        adjoints(explorer, n0="30", n1="11")


def test_every_field_moves_what_it_is_named_after_and_nothing_else(explorer):
    of_f, of_g = of("f"), of("g")
    entries = {"x": "3", "y": "4", of_f: "1", of_g: "1"}
    # df/dx = 2xy·f + 2x·g and df/dy = (x² + 1)·f + g, with the seeds f and g.
    steps = [
        ("y", "−2", "−6", "11"),  # typed as it is printed
        ("x", "5", "−10", "27"),
        (of_g, "3", "10", "29"),
        (of_f, "0.4", "22", "13.4"),
    ]
    for name, typed, dx, dy in steps:
        explorer.entry(name).fill(typed)
        entries[name] = typed.replace("−", "-")
        adjoints(explorer, n0=dx, n1=dy)
        for other, text in entries.items():
            expect(explorer.slider(other)).to_have_value(text)
            if other != name:
                expect(explorer.entry(other)).to_have_value(text)
    expect(explorer.number(X, "value")).to_have_text("5")
    expect(explorer.number(Y, "value")).to_have_text("−2")


def test_a_slider_has_room_on_both_sides_and_that_of_an_integer_meets_whole_numbers(notebook):
    explorer = ExplorerOnPage(notebook.page, 1)
    for name, typed in (("w", "10"), ("w", "1000"), ("n", "3")):
        slider = explorer.slider(name)
        explorer.entry(name).fill(typed)
        expect(slider).to_have_value(typed)
        low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
        assert low == -high <= -1.2 * int(typed)
    for key, value in (("ArrowRight", "4"), ("ArrowRight", "5"), ("ArrowLeft", "4")):
        slider.press(key)
        expect(explorer.number(N, "value")).to_have_text(value)
        expect(explorer.entry("n")).to_have_value(value)
        expect(explorer.message).to_be_hidden()
    adjoints(explorer, n1="4")


def test_a_slider_of_whole_numbers_stays_one_when_it_is_widened(notebook):
    explorer = ExplorerOnPage(notebook.page, 1)
    explorer.entry("n").fill("7")
    expect(explorer.number(N, "value")).to_have_text("7")
    explorer.slider("n").press("ArrowRight")
    expect(explorer.number(N, "value")).to_have_text("8")


def test_a_picture_that_was_changed_is_the_one_that_is_painted_there_at_once(run_cells):
    page = run_cells("there", TWO_OF_EACH, LAYER, THERE).page
    changed, painted = (ExplorerOnPage(page, number) for number in (1, 2))
    for name, typed in {"x": "-0.25", "W[1, 0]": "-80", of("s"): "-2", of("q"): "0"}.items():
        changed.entry(name).fill(typed)
    expect(changed.code).to_have_text(painted.code.text_content())
    for explorer in (changed, painted):
        explorer.press("first step")
        expect(explorer.readout).to_contain_text("step 0 / ")
    for step in range(int(painted.readout.text_content().rpartition("/")[2]) + 1):
        assert changed.root.evaluate(PAINTED) == painted.root.evaluate(PAINTED), step
        for explorer in (changed, painted):
            explorer.press("one step forward")
        expect(changed.readout).to_have_text(painted.readout.text_content())
    for explorer in (changed, painted):
        explorer.box("z").check()  # on a card the pointer would thicken its border
        expect(explorer.card("z")).to_have_attribute("aria-pressed", "true")
    assert changed.root.evaluate(PAINTED) == painted.root.evaluate(PAINTED), "stopped"
