"""From a key to the painted frame in JupyterLab: the explorer, and what `interact` does.

With `interact` every move travels to the kernel, which draws a new picture. The explorer's page
computes; its kernel hears of the move later. Each is measured beside the kernel and at a distance
of 200 ms there and back, as over Binder; the explorer also when its kernel has ended, where the
others stand still. How long it takes to make one of 300 nodes is told too. Nothing here fails for
being slow.
"""

import asyncio
import statistics
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from notebook_page import SESSION, NotebookPage

import nbgrad as tf
from tests.benchmarks.test_page import scalars

ROOT = Path(__file__).parents[2]
SIZES = (10, 60, 300)
MOVES = {"beside the kernel": 12, "200 ms away": 8, "without a kernel": 12}
SETUP = f"""
import sys
from dataclasses import replace
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests" / "page")!r}]
import ipywidgets
from IPython.display import SVG, Image, display
import nbgrad as tf
from nbgrad.picture.output.matplotlib import figure_bytes
from tests.benchmarks.test_page import scalars

f = scalars(COUNT)
xs = tf.trainable_variables()
slider = ipywidgets.FloatSlider(0.5, min=-2, max=2, step=0.01)
drawing = tf.draw(f)
"""
CONTENDERS = {
    "explorer": ("[role=spinbutton]", ".nbgrad-picture", "tf.explore(f)"),
    "interact and Graphviz": (
        ".noUi-handle",
        ".jp-OutputArea-output img",
        """
import pygraphviz

def picture(value):
    trace = tf.trace(f, xs, feed_dict={xs[0]: value})
    lines = [f'{n.id} [shape=record label="{n.label}|{n.value.array:.4g}"]' for n in trace.nodes]
    lines += [f"{e.source} -> {e.target}" for e in trace.edges]
    text = "digraph { rankdir=LR; " + "; ".join(lines) + "}"
    display(SVG(pygraphviz.AGraph(text).draw(format="svg", prog="dot").decode()))

ipywidgets.interact(picture, value=slider);""",
    ),
    "interact and matplotlib": (
        ".noUi-handle",
        ".jp-OutputArea-output img",
        """
def picture(value):
    moved = replace(drawing, trace=tf.trace(f, xs, feed_dict={xs[0]: value}))
    display(Image(figure_bytes([moved.figure()], "png")))

ipywidgets.interact(picture, value=slider);""",
    ),
}
TIMES = """async ([moves, control, shown]) => {
  const last = (selector) => [...document.querySelectorAll(selector)].at(-1);
  const seen = () => last(shown)?.src ?? last(shown)?.textContent;
  const changed = (before) => new Promise((done) => {
    const look = () => seen() && seen() !== before && (observer.disconnect(), done());
    const observer = new MutationObserver(look);
    const what = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(document.body, what);
    look();
  });
  const painted = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    requestAnimationFrame(() => port2.postMessage(null));
  });
  const found = [];
  last(control).focus();
  for (let i = 0; i < moves; i++) {
    await new Promise((later) => setTimeout(later, 300));
    const before = seen(), began = performance.now();
    last(control).dispatchEvent(new KeyboardEvent("keydown", {
      key: i % 2 ? "ArrowUp" : "ArrowDown", bubbles: true }));
    await changed(before);
    await last(shown).decode?.();
    found.push(await painted() - began);
  }
  return found.slice(2);
}"""


class DelayLine:
    """Passes on what goes to a port and comes back, each byte `delay` seconds later."""

    def __init__(self, port):
        self.delay, self.target = 0.0, port
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        serving = asyncio.start_server(self.connect, "127.0.0.1", 0)
        server = asyncio.run_coroutine_threadsafe(serving, self.loop).result()
        self.port = server.sockets[0].getsockname()[1]

    async def connect(self, reader, writer):
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self.pass_on(reader, other_writer), self.pass_on(other_reader, writer))

    async def pass_on(self, reader, writer):
        while data := await reader.read(1 << 16):
            self.loop.call_later(self.delay, writer.write, data)
        self.loop.call_later(self.delay, writer.close)


@pytest.fixture(scope="module")
def line(lab):
    return DelayLine(int(lab.url.rstrip("/").rpartition(":")[2]))


@pytest.fixture
def page(browser, lab, line):
    page = NotebookPage(browser, replace(lab, url=f"http://127.0.0.1:{line.port}/"))
    yield page
    line.delay = 0
    page.close()


@pytest.mark.parametrize("contender", CONTENDERS)
@pytest.mark.parametrize("count", SIZES)
def test_a_move_in_jupyterlab(count, contender, page, line, write_notebook, table):
    if "Graphviz" in contender:
        pytest.importorskip("pygraphviz")
        if count == 300:
            pytest.skip("dot draws these 300 nodes for more than 100 seconds")
    control, shown, code = CONTENDERS[contender]
    write_notebook("round_trip.ipynb", SETUP.replace("COUNT", str(count)) + code)
    page.open("round_trip.ipynb").run_all()
    page.page.locator(shown).last.wait_for()
    for place, moves in MOVES.items():
        line.delay = 0.1 if place == "200 ms away" else 0
        if place == "without a kernel":
            if contender != "explorer":
                break
            page.page.evaluate(f"() => {SESSION}.shutdown()")
            page.page.wait_for_function(f"() => !{SESSION}?.session?.kernel")
        times = page.page.evaluate(TIMES, [moves, control, shown])
        table.add(f"{count} nodes, {place}", contender, statistics.median(times) / 1e3)
    page.errors.clear()  # JupyterLab regrets the kernel with each move


@pytest.mark.parametrize("count", SIZES)
def test_an_explorer_is_made(count, table):
    times = []
    for _ in range(5):
        with tf.Graph().as_default():
            y = scalars(count)
            start = time.process_time()  # what else a machine does is no matter here
            tf.explore(y)
            times.append(time.process_time() - start)
    table.add("tf.explore", f"{count} nodes, the first time", times[0])
    table.add("tf.explore", f"{count} nodes, the median", statistics.median(times))
