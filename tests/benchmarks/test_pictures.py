"""How long a picture takes: 50 nodes under 0.1 s, 300 under 1 s, 2,000 under 5 s.

Run by name: `python3 go.py test tests/benchmarks`. The ratios are to Graphviz, which draws plain
boxes for the same nodes and edges. Nothing here fails for being slow.
"""

import sys
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "picture"))
import generated
import named
import traces

import nbgrad as ng
from nbgrad.picture.drawing import LAYOUTS, Drawing

SIZES = (50, 300)
WIDTHS = (878, 640, 360)


def of_size(count):
    return named.traced(named.of_size(count))


@pytest.fixture
def timed(benchmark, table):
    """Time a step, and write it into the table."""

    def timed(workload, contender, step, rounds=0):
        if rounds:
            benchmark.pedantic(step, rounds=rounds)
        else:
            benchmark(step)
        table.add(workload, contender, benchmark.stats.stats.min)

    return timed


@pytest.mark.parametrize("count", SIZES)
def test_graphviz(timed, count):
    pygraphviz = pytest.importorskip("pygraphviz")
    trace = of_size(count)
    edges = [(edge.source, edge.target) for edge in trace.edges]

    def plain_boxes():
        graph = pygraphviz.AGraph(directed=True, strict=False, rankdir="LR")
        graph.add_nodes_from(node.id for node in trace.nodes)
        graph.add_edges_from(edges)
        return graph.draw(format="svg", prog="dot")

    timed(f"{count} nodes", "Graphviz, plain boxes", plain_boxes)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", SIZES)
def test_drawing_within_a_width(timed, count, width):
    trace = of_size(count)
    timed(f"{count} nodes", f"drawn {width} wide", lambda: Drawing.of(trace, width=width).svg())


@pytest.mark.parametrize("count", SIZES)
def test_the_parts_of_drawing(timed, count):
    trace = of_size(count)
    drawing = Drawing.of(trace)
    timed(f"{count} nodes", "of it, placing", lambda: Drawing.of(trace))
    assert drawing.styled


@pytest.mark.parametrize("count", SIZES)
def test_styling(timed, count):
    trace = of_size(count)
    template = Drawing.of(trace).template
    timed(f"{count} nodes", "of it, styling", lambda: template.styled(trace))


@pytest.mark.parametrize("count", SIZES)
def test_writing(timed, count):
    drawing = Drawing.of(of_size(count))
    assert drawing.styled
    timed(f"{count} nodes", "of it, writing SVG", drawing.svg)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("cards", SIZES)
def test_a_chain_with_layout(timed, cards, layout):
    trace = traces.chain(cards)
    step = lambda: Drawing.of(trace, layout=layout).svg()  # noqa: E731
    timed(f"a chain of {cards}", f"drawn as {layout}", step, rounds=3)


@pytest.mark.parametrize("cards", SIZES)
def test_a_move(timed, cards):
    first = Drawing.of(traces.chain(cards))
    moved = cycle([traces.chain(cards, start) for start in (0.4, 0.6, 0.7)])
    step = lambda: replace(first, trace=next(moved)).styled  # noqa: E731
    timed(f"a chain of {cards}", "other numbers: their styles", step)


@pytest.mark.parametrize("seed", range(len(generated.KINDS)))
def test_graphs_of_every_kind(timed, seed):
    trace = generated.traced(seed)
    kind = generated.kind_of(seed).replace("_", " ")
    timed("every kind", f"{kind}, {len(trace.nodes)} nodes", lambda: Drawing.of(trace).svg())


def test_a_folded_chain_of_300(timed):
    with ng.Graph().as_default():
        x = y = ng.Variable(0.5, name="x")
        for n in range(300):
            y = ng.tanh(y, name=f"h{n}")
        trace = ng.trace(y, x)
    timed("300 nodes", "one chain, folded", lambda: Drawing.of(trace).svg())


@pytest.mark.parametrize("width", WIDTHS)
def test_2000_nodes(timed, width):
    trace = of_size(2000)
    step = lambda: Drawing.of(trace, width=width).svg()  # noqa: E731
    timed("2,000 nodes", f"drawn {width} wide", step, rounds=1)


def test_2000_nodes_without_scopes(timed):
    trace = traces.chain(2000)
    timed("2,000 nodes", "a chain of them", lambda: Drawing.of(trace).svg(), rounds=1)


def test_an_unrolled_lstm_and_its_page(timed, tmp_path):
    with ng.Graph().as_default():
        cell = ng.nn.rnn_cell.BasicLSTMCell(4)
        _, state = ng.nn.dynamic_rnn(cell, ng.ones([2, 5, 3]), dtype=ng.float32)
        loss, xs = ng.reduce_mean(state.h**2), ng.trainable_variables()
        save = lambda: ng.explore(loss, xs).save(tmp_path / "page.html")  # noqa: E731
        timed("an unrolled LSTM", "a live page, saved", save, rounds=1)
