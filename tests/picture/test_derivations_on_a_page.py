"""Derivations and comparisons in a browser: nothing is cut off, nothing lies on anything."""

import pytest
import traces

import nbgrad as ng
from nbgrad.picture.derivations.comparison import Comparison
from nbgrad.picture.derivations.derivation import Derivation

MEASURE = """() => {
  const boxes = [...document.querySelectorAll("math")].map((each) => each.getBoundingClientRect());
  const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const close = boxes.flatMap((a, i) => boxes.slice(i + 1, i + 40).filter((b) => overlap(a, b)));
  const bars = [...document.querySelectorAll("mfrac")].map((each) => each.getBoundingClientRect());
  const beside = (a, b) => a !== b && Math.abs((a.top + a.bottom) - (b.top + b.bottom)) < 2
    && b.left > a.left && b.left - a.right < 1;
  const sizes = [...document.querySelectorAll("math, p, h4, td, th, div")]
    .filter((each) => each.textContent.trim())
    .map((each) => parseFloat(getComputedStyle(each).fontSize));
  return {
    wide: document.documentElement.scrollWidth,
    right: Math.max(...boxes.map((box) => box.right)),
    overlaps: close.length,
    touching: bars.filter((a, i) => bars.slice(i, i + 5).some((b) => beside(a, b))).length,
    smallest: Math.min(...sizes),
  };
}"""


def several_paths():
    """A comparison with a path that is cut, in scalars with long numbers."""
    with ng.Graph().as_default():
        a = ng.Variable(2.1234, name="a")
        b = ng.multiply(a, a, name="b")
        c = ng.sin(a / (b + 0.123), name="c")
        f = ng.divide(b * c, a, name="f")
        return ng.compare(f, [a, b, c]), ng.explain(f, a)


RESULTS = {
    "textbook": lambda: Derivation(traces.textbook(x=-1 / 3), "x"),
    "matrices": lambda: Derivation(traces.matrices(), "W"),
    "repeated": lambda: Derivation(traces.matrices(), "b"),
    "large": lambda: Derivation(traces.large(), "x"),
    "network": lambda: Derivation(traces.network(), "u1"),
    "chain": lambda: Derivation(traces.chain(60), "w"),
    "fractions": lambda: several_paths()[1],
    "compared": lambda: several_paths()[0],
    "compared matrices": lambda: Comparison(traces.matrices(), traces.matrices()),
}


@pytest.mark.parametrize("width", [878, 640, 360])
@pytest.mark.parametrize("result", RESULTS)
def test_no_line_is_longer_than_the_cell_and_no_mathematics_touches_other(browser, result, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(f"<!doctype html><body style='margin:0'>{RESULTS[result]().html}</body>")
    found = page.evaluate(MEASURE)
    page.close()
    assert found["wide"] <= width
    assert found["right"] <= width
    assert found["overlaps"] == found["touching"] == 0
    assert found["smallest"] >= 12
