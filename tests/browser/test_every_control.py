"""Each control of an explorer, by its own name, in a real JupyterLab: the numbers on the page."""

from contextlib import suppress

import pytest
from explorer_on_page import ExplorerOnPage
from playwright.sync_api import TimeoutError, expect

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
        const isPill = rect && getComputedStyle(rect).fill !== "none";
        const size = ["x", "width"].map((name) => isPill && Number(rect.getAttribute(name)));
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


def adjoints(explorer, **expected):
    for node, number in expected.items():
        expect(explorer.number(node, "adjoint")).to_have_text(number)


def pictures_once_equal(explorers):
    """What is painted in each, once that is the same; if it never is, what differs in the end."""
    both = f"roots => roots.map({PAINTED})"
    equal = f"roots => new Set(({both})(roots).map(JSON.stringify)).size === 1"
    roots = [explorer.root.element_handle() for explorer in explorers]
    page = explorers[0].page
    with suppress(TimeoutError):  # what differs is said by an assertion
        page.wait_for_function(equal, arg=roots)
    return page.evaluate(both, roots)


def test_two_stops_count_both_in_whichever_order_they_are_made_and_lifted(explorer):
    adjoints(explorer, n0="30", n1="11", n2="5")
    for first, second in (("p", "r"), ("r", "p")):
        explorer.valve(first).click()
        explorer.card(second).focus()
        explorer.page.keyboard.press("s")
        adjoints(explorer, n0="None ‖", n1="9", n2="5", n4="2")
        explorer.shows("9.0")
        for name in (first, second):
            expect(explorer.valve(name)).to_have_attribute("aria-checked", "true")
            explorer.is_stopped(name)
        explorer.valve("p").click()
        adjoints(explorer, n0="30", n1="9")
        explorer.valve("r").click()
        adjoints(explorer, n0="30", n1="11")


def test_every_number_moves_what_it_is_named_after_and_nothing_else(explorer):
    numbers = {"x": 3, "y": 4, "seed of f": 1, "seed of g": 1}
    # df/dx = 2xy·f + 2x·g and df/dy = (x² + 1)·f + g, with the seeds f and g.
    steps = [
        ("y", "-2", "−6", "11"),
        ("x", "5", "−10", "27"),
        ("seed of g", "3", "10", "29"),
        ("seed of f", "0.4", "22", "13.4"),
    ]
    for name, typed, dx, dy in steps:
        explorer.type(name, typed)
        numbers[name] = float(typed)
        adjoints(explorer, n0=dx, n1=dy)
        explorer.has(numbers)
    expect(explorer.number(X, "value")).to_have_text("5")
    expect(explorer.number(Y, "value")).to_have_text("−2")


def test_a_whole_number_steps_by_whole_numbers(notebook):
    explorer = ExplorerOnPage(notebook.page, 1)
    explorer.input("n").focus()
    for key, value in (("ArrowUp", "4"), ("Alt+ArrowUp", "5"), ("ArrowDown", "4")):
        explorer.page.keyboard.press(key)
        expect(explorer.number(N, "value")).to_have_text(value)
    explorer.page.keyboard.press("Shift+ArrowUp")
    expect(explorer.number(N, "value")).to_have_text("14")
    adjoints(explorer, n1="14")


def test_a_picture_that_was_changed_is_the_one_that_is_painted_there_at_once(run_cells):
    page = run_cells("there", TWO_OF_EACH, LAYER, THERE).page
    page.emulate_media(reduced_motion="reduce")  # else a step is on its way while it is compared
    changed, painted = (ExplorerOnPage(page, number) for number in (1, 2))
    moves = {"x": "-0.25", "W[1, 0]": "-80", "seed of s": "-2", "seed of q": "0"}
    for name, typed in moves.items():
        changed.type(name, typed)
    for explorer in (changed, painted):
        explorer.press("first step")
        expect(explorer.readout).to_contain_text("step 0 of ")
        explorer.readout.hover()  # where no card is
        explorer.root.evaluate("() => document.activeElement.blur()")
    for _ in range(int(painted.readout.text_content().rpartition(" ")[2]) + 1):
        # Titles follow when numbers rest.
        one, other = pictures_once_equal([changed, painted])
        assert one == other
        for explorer in (changed, painted):
            explorer.press("one step forward")
        expect(changed.readout).to_have_text(painted.readout.text_content())
