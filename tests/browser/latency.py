"""Measure how long a moved slider takes to change the picture, in a real JupyterLab.

    python tests/browser/latency.py notebooks/00_start_here.ipynb [--slider CSS] [--picture CSS]

It presses an arrow key on the slider again and again, each time once the picture has answered,
and then drags the slider with the mouse, one move per frame. Printed as JSON, in milliseconds:

- steps: from the key to the changed DOM, and to the end of the frame that painted it;
- drag: how many pictures were drawn, and how long after the last move the last one came.
"""

import argparse
import json
import math
import statistics
import tempfile
from pathlib import Path

from labserver import lab_server
from notebook_page import NotebookPage, chromium, find_browser

# Notes when the person last moved, and, for each new text of the picture, when it stood in
# the DOM and when it was on screen: a task posted from a frame's start runs after its paint.
PROBE = """([slider, picture]) => {
  const probe = { moved: 0, changes: [] };
  const mark = (event) => { probe.moved = event.timeStamp; };
  document.querySelector(slider).addEventListener("keydown", mark, true);
  document.addEventListener("pointermove", (event) => event.buttons && mark(event), true);
  const target = document.querySelector(picture);
  let last = target.textContent;
  new MutationObserver(() => {
    if (target.textContent === last) return;
    last = target.textContent;
    const change = { moved: probe.moved, dom: performance.now() };
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => probe.changes.push({ ...change, painted: performance.now() });
    requestAnimationFrame(() => port2.postMessage(null));
  }).observe(target, { subtree: true, childList: true, characterData: true });
  window.probe = probe;
}"""
CHANGES = "() => window.probe.changes"
ANSWERED = "() => window.probe.changes.at(-1)?.moved === window.probe.moved"
FRAME = "() => new Promise(requestAnimationFrame)"
QUIET = """() => performance.now() - Math.max(
    window.probe.moved, ...window.probe.changes.map((change) => change.painted)) > 2000"""


def summary(milliseconds):
    """Median and 95th percentile, both as values that were measured or lie between two."""
    ordered = sorted(milliseconds)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return {"median": round(statistics.median(ordered), 1), "p95": round(p95, 1)}


def measure_steps(page, slider, moves):
    """Press an arrow key `moves` times, each time once the picture has answered the last."""
    slider.press("Home")  # room for as many moves as a slider has steps
    page.wait_for_function(ANSWERED, polling=20)
    page.evaluate("() => { window.probe.changes = []; }")
    for _ in range(moves):
        slider.press("ArrowRight")
        page.wait_for_function(ANSWERED, polling=20)
    # Should a move change the picture twice, the second change completes it.
    changes = {change["moved"]: change for change in page.evaluate(CHANGES)}.values()
    return {
        "moves": moves,
        "dom": summary([change["dom"] - change["moved"] for change in changes]),
        "painted": summary([change["painted"] - change["moved"] for change in changes]),
    }


def measure_drag(page, slider, moves):
    """Drag across half of the slider, one move per frame."""
    page.evaluate("() => { window.probe.changes = []; }")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 4, y)
    page.mouse.down()
    for move in range(1, moves + 1):
        page.mouse.move(box["x"] + box["width"] * (1 / 4 + move / moves / 2), y)
        page.evaluate(FRAME)
    last_move = page.evaluate("() => window.probe.moved")
    page.mouse.up()
    page.wait_for_function(QUIET)
    changes = page.evaluate(CHANGES)
    lag = max((change["painted"] for change in changes), default=math.nan) - last_move
    return {"moves": moves, "pictures": len(changes), "lag": round(max(lag, 0), 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--slider", default=".nbgrad input[type=range]", help="CSS selector")
    parser.add_argument("--picture", default=".nbgrad svg", help="CSS selector")
    parser.add_argument("--moves", type=int, default=50)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--screenshot", help="where to save the page afterwards")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        lab_server(options.notebook.parent, home) as server,
        chromium(find_browser()) as browser,
    ):
        notebook = NotebookPage(browser, server).open(options.notebook.name, options.theme)
        notebook.run_all()
        slider = notebook.page.locator(options.slider).first
        slider.scroll_into_view_if_needed()
        notebook.page.wait_for_selector(options.picture)
        notebook.page.evaluate(PROBE, [options.slider, options.picture])
        steps = measure_steps(notebook.page, slider, options.moves)
        drag = measure_drag(notebook.page, slider, options.moves)
        print(json.dumps({"steps": steps, "drag": drag}, indent=2))
        if options.screenshot:
            notebook.page.screenshot(path=options.screenshot)
        notebook.close()


if __name__ == "__main__":
    main()
