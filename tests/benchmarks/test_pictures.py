"""How long a picture takes: 50 cards under 0.1 s and 300 under 1 s, a patch twenty times less.

Run by name: `python3 go.py test tests/benchmarks`. Nothing here fails for being slow.
"""

import sys
from itertools import cycle
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "picture"))
import traces

import nbgrad as ng
from nbgrad.picture.drawing import LAYOUTS, Drawing
from nbgrad.picture.style import difference

SIZES = (50, 300)


@pytest.mark.parametrize("cards", SIZES)
def test_patching(benchmark, table, cards):
    first = Drawing.of(traces.chain(cards))
    picture = first.styled
    moved = cycle([traces.chain(cards, start) for start in (0.4, 0.6, 0.7)])
    benchmark(lambda: difference(picture, first.restyled(next(moved)).styled))
    table.add(f"{cards} cards", "patched", benchmark.stats.stats.min)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("cards", SIZES)
def test_painting_with_layout(benchmark, table, cards, layout):
    trace = traces.chain(cards)
    benchmark(lambda: Drawing.of(trace, layout=layout).svg())
    table.add(f"{cards} cards", f"painted as {layout}", benchmark.stats.stats.min)


def test_a_folded_chain_of_300(benchmark, table):
    with ng.Graph().as_default():
        x = y = ng.Variable(0.5, name="x")
        for n in range(300):
            y = ng.tanh(y, name=f"h{n}")
        trace = ng.trace(y, x)
    benchmark(lambda: Drawing.of(trace).svg())
    table.add("300 cards", "folded into one", benchmark.stats.stats.min)
