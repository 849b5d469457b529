"""The words leave nothing out: read back, they are the graph and its numbers."""

import numpy as np
import pytest
import traces
from hypothesis import given
from hypothesis import strategies as st
from twin_reader import printed, read

import nbgrad as ng
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.words import full_description, node_table, unique_names
from nbgrad.trace.model import Numbers
from nbgrad.trace.numbers import one_line

GRAPHS = {
    "textbook": traces.textbook,
    "stopped": lambda: traces.textbook(stop="a"),
    "weighed": lambda: traces.textbook(seed=-2.5),
    "two outputs": traces.two_outputs,
    "matrices": traces.matrices,
    "large": traces.large,
    "states": traces.states,
    "chain": lambda: traces.chain(40),
    "huge": lambda: traces.extreme(1e12),
    "no xs": traces.no_xs,
}


@pytest.fixture(params=GRAPHS)
def trace(request):
    return GRAPHS[request.param]()


def as_printed(numbers):
    return None if numbers is None else printed(one_line(numbers))


def told(trace, labels):
    """What a twin has to tell of a trace's nodes."""
    for node in trace.nodes:
        adjoint = node.adjoint
        at = labels[adjoint.at] if adjoint.at else ""
        seed = node.seed if node.id in trace.ys else None
        yield (
            *(labels[node.id], node.shape, as_printed(node.value)),
            *(adjoint.state, adjoint.cause, at, as_printed(adjoint.value), as_printed(seed)),
        )


def test_the_nodes_are_read_back_with_values_adjoints_and_causes(trace):
    labels = unique_names(trace)
    found = [
        (n.name, n.shape, n.value, n.state, n.cause, n.at, n.adjoint, n.seed)
        for n in read(full_description(trace)).nodes
    ]
    assert found == list(told(trace, labels))


def test_the_edges_are_read_back_operand_by_operand(trace):
    labels = unique_names(trace)
    expected = [
        (
            *(labels[e.source], labels[e.target], e.position, as_printed(e.contribution)),
            e.local.formula if e.contribution is not None else "",
        )
        for node in trace.nodes
        for e in trace.incoming(node)
    ]
    found = [
        (e.source, e.target, e.position, e.contribution, e.formula)
        for e in read(full_description(trace)).edges
    ]
    assert found == expected


def test_the_local_derivatives_are_read_back(trace):
    factors = [
        as_printed(edge.local.value)
        for node in trace.nodes
        for edge in trace.incoming(node)
        if edge.contribution is not None and edge.local.is_factor
    ]
    assert [e.local for e in read(full_description(trace)).edges if e.local is not None] == factors


def test_the_steps_are_read_back_in_their_order(trace):
    expected = [(step.kind, trace.node(step.node).label) for step in trace.steps]
    assert list(read(full_description(trace)).steps) == expected


def test_several_equal_constants_stay_apart():
    with ng.Graph().as_default():
        x = ng.constant(3.0, name="x")
        trace = ng.trace(ng.add(x * 2.0, x + 2.0, name="f"), x)
    names = [node.name for node in read(node_table(trace)).nodes]
    assert len(set(names)) == len(names) == 6
    assert {"2 (1)", "2 (2)"} < set(names)


def test_the_engine_s_traces_are_read_back_too():
    with ng.Graph().as_default():
        x = ng.constant([[1.0, -2.0]], name="x")
        w = ng.Variable([[0.5], [0.25]], name="w")
        trace = ng.trace(ng.reduce_sum(ng.nn.relu(x @ w), name="L"), w)
    found = read(full_description(trace))
    assert [n.name for n in found.nodes] == [n.label for n in trace.nodes]
    assert [(e.source, e.target) for e in found.edges] == [
        (trace.node(e.source).label, trace.node(e.target).label) for e in trace.edges
    ]


@given(st.floats(-1e300, 1e300) | st.sampled_from([np.inf, -np.inf, np.nan]))
def test_a_number_is_read_back_to_the_precision_it_is_printed_with(value):
    found = printed(one_line(Numbers(np.asarray(value))))
    if np.isfinite(value):
        # A long exponent leaves less room for digits.
        assert found == pytest.approx(value, rel=6e-4 if 1e-3 <= abs(value) < 1e5 else 6e-2)
    else:
        assert found == value or np.isnan([found, value]).all()


@given(st.lists(st.lists(st.integers(-9999, 9999), min_size=2, max_size=2), min_size=1, max_size=5))
def test_arrays_are_read_back_with_their_nesting(rows):
    assert printed(one_line(Numbers(np.array(rows)))) == rows


def test_a_text_without_a_table_is_refused():
    with pytest.raises(ValueError, match="no table of a graph"):
        read("f = 42")


def test_a_drawing_shows_and_saves_its_twin(trace, tmp_path):
    drawing = Drawing.of(trace)
    text = drawing.save(tmp_path / "picture.txt").read_text("utf-8")
    assert text == f"{drawing._repr_mimebundle_()['text/plain']}\n"
    assert read(text) == read(full_description(trace))
