"""How long it takes from a key to the painted frame: a whole move in a browser, without a kernel.

The floor is the browser's own: a frame in which as many texts of the same picture are written anew,
and nothing is computed. With a kernel, and beside `interact`: test_round_trip. Nothing here fails
for being slow.
"""

import statistics

import pytest

import nbgrad as tf
from tests.benchmarks.test_page import scalars

SIZES = (10, 60, 300)
MOVES = 60

# A task that is posted in a frame runs after that frame has been painted.
PAINTED = """() => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(performance.now());
  requestAnimationFrame(() => port2.postMessage(null));
})"""
TIMES = f"""async ([moves, what]) => {{
  const painted = {PAINTED};
  const picture = document.querySelector(".nbgrad-picture");
  const texts = [...picture.querySelectorAll("text")].filter((text) => text.checkVisibility());
  const number = document.querySelector("[role=spinbutton]");
  const acts = {{
    move: (i) => number.dispatchEvent(new KeyboardEvent("keydown", {{
      key: i % 2 ? "ArrowUp" : "ArrowDown", bubbles: true }})),
    texts: (i) => texts.forEach((text) => (text.firstChild ?? text).nodeValue = `${{i / 7}}`),
    nothing: () => {{}},
  }};
  const found = [];
  for (let i = 0; i < moves; i++) {{
    await new Promise((later) => setTimeout(later, 40));
    const began = performance.now();
    acts[what](i);
    found.push(await painted() - began);
  }}
  return found.slice(5);
}}"""


@pytest.fixture(params=SIZES)
def opened(request, browser, tmp_path):
    """The page of an explorer of so many nodes, zoomed in as far as its numbers can be moved."""
    path = tmp_path / "explorer.html"
    with tf.Graph().as_default():
        tf.explore(scalars(request.param)).save(path)
    context = browser.new_context(viewport={"width": 902, "height": 760}, offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.locator(".nbgrad-explorer .nbgrad-picture").wait_for()
    yield request.param, page
    context.close()


@pytest.mark.parametrize("what", ["nothing", "texts", "move"])
def test_a_move_in_the_page(what, opened, table):
    count, page = opened
    page.locator("[role=spinbutton]").first.focus()
    times = page.evaluate(TIMES, [MOVES, what])
    name = {"nothing": "an empty frame", "texts": "all texts anew", "move": "a move"}[what]
    workload = f"painting {count} nodes"
    table.add(workload, f"{name}, median", statistics.median(times) / 1e3)
    if what == "move":
        late = sorted(times)[int(0.95 * len(times))]
        table.add(workload, f"{name}, one in twenty", late / 1e3)
