"""The chain rule at its plainest: multiply along each path, add over the paths."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nbgrad as ng

UNARY = [ng.sin, ng.tanh, ng.negative, ng.square, ng.sigmoid]
BINARY = [ng.add, ng.multiply, ng.subtract]


@st.composite
def programs(draw):
    """A graph as instructions: which function of which earlier tensors each tensor is."""
    lines = []
    for made in range(2, 2 + draw(st.integers(1, 9))):
        operand = st.integers(0, made - 1)
        if draw(st.booleans()):
            lines.append((draw(st.sampled_from(UNARY)), draw(operand)))
        else:
            lines.append((draw(st.sampled_from(BINARY)), draw(operand), draw(operand)))
    stops = draw(st.sets(st.integers(2, 1 + len(lines)), max_size=2))
    return lines, stops, draw(st.integers(2, 1 + len(lines))), draw(st.floats(-3, 3))


def traced(program, point=(0.75, -1.25)):
    lines, stops, other, seed = program
    with ng.Graph().as_default():
        made = [ng.constant(value, ng.float64) for value in point]
        for function, *operands in lines:
            made.append(function(*(made[i] for i in operands)))
        stopped = [made[i] for i in stops]
        return ng.trace(
            [made[-1], made[other]], made[:2], [np.float64(1), np.float64(seed)], stopped
        )


@given(programs())
def test_the_sum_over_the_paths_is_the_adjoint(program):
    trace = traced(program)
    for node in map(trace.node, trace.xs):
        paths = trace.paths(node.id, most=10**6)
        if node.adjoint.value is None:
            assert (paths.count, paths.total) == (0, None)
        else:
            assert np.isclose(paths.total, node.adjoint.value.array)


@given(programs())
def test_the_paths_of_several_ys_are_those_of_each_together(program):
    trace = traced(program)
    for x in trace.xs:
        assert trace.paths(x).count == sum(trace.paths(x, y).count for y in trace.ys)


@given(programs())
def test_as_many_paths_are_listed_as_are_counted_and_no_two_are_alike(program):
    trace = traced(program)
    paths = trace.paths(trace.xs[0], most=10**6, cut=True)
    assert len({tuple(edge.id for edge in path.edges) for path in paths}) == paths.count


def test_each_path_multiplies_its_local_derivatives():
    with ng.Graph().as_default():
        x, y = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="y")
        a = ng.multiply(x, x, name="a")
        b = ng.multiply(a, y, name="b")
        trace = ng.trace(ng.add(b, y, name="f"), [x, y])
    found = [(str(p), [float(f) for f in p.factors], float(p.product)) for p in trace.paths("x")]
    assert found == [("x → a → b → f", [1, 4, 3], 12)] * 2
    assert [(str(p), float(p.product)) for p in trace.paths("y")] == [
        ("y → b → f", 9),
        ("y → f", 1),
    ]


def test_a_path_may_end_where_another_only_passes_through():
    with ng.Graph().as_default():
        x = ng.constant(3.0, name="x")
        a = ng.multiply(x, 2.0, name="a")
        trace = ng.trace([a, ng.square(a, name="b")], x, [10.0, 1.0])
    assert [(str(p), float(p.product)) for p in trace.paths("x")] == [
        ("x → a", 20),
        ("x → a → b", 24),
    ]


def test_a_y_leads_to_itself():
    with ng.Graph().as_default():
        x = ng.constant(3.0, name="x")
        trace = ng.trace(x, x, 5.0)
    assert [(str(p), p.edges, float(p.product)) for p in trace.paths("x")] == [("x", (), 5)]


def test_arrays_go_element_by_element_and_a_repeated_operand_is_summed():
    with ng.Graph().as_default():
        x = ng.constant([1.0, 2.0, 3.0], name="x")
        y = ng.constant([[4.0], [5.0]], name="y")
        z = ng.multiply(ng.sin(x), y) + y
        trace = ng.trace(z, [x, y])
    for label in "xy":
        assert np.allclose(trace.paths(label).total, trace.node(label).adjoint.value.array)


@pytest.mark.parametrize("axis", [0, 1, -1, (0, 2), None])
@pytest.mark.parametrize("reduce", [ng.reduce_sum, ng.reduce_mean])
def test_what_comes_back_to_a_sum_along_axes_spreads_along_these(reduce, axis):
    with ng.Graph().as_default():
        x = ng.constant(np.arange(27.0).reshape(3, 3, 3), name="x")
        z = reduce(2.0 * x, axis)
        weights = np.arange(1.0, 1.0 + z.shape.num_elements()).reshape(z.shape.as_list())
        trace = ng.trace(ng.square(z) + z * weights, [x])
    assert trace.paths("x").count == 2
    assert all(path.product.shape == (3, 3, 3) for path in trace.paths("x"))
    assert np.allclose(trace.paths("x").total, trace.node("x").adjoint.value.array)


def test_through_a_matrix_product_a_path_is_known_as_long_as_it_is_the_only_one():
    with ng.Graph().as_default():
        x = ng.constant([[1.0, 2.0]], name="x")
        w = ng.constant([[3.0], [4.0]], name="w")
        once = ng.trace(ng.reduce_sum(ng.tanh(x @ w)), [w])
        u = ng.matmul(x, w, name="u")
        twice = ng.trace(ng.reduce_sum(ng.sin(u) * u), [w])
    assert np.allclose(once.paths("w").total, once.node("w").adjoint.value.array)
    assert twice.paths("w").count == 2
    assert [path.product for path in twice.paths("w")] == [None, None]


def test_a_cut_path_is_listed_on_request_with_the_place_of_the_cut():
    with ng.Graph().as_default():
        x = ng.constant(3.0, name="x")
        a = ng.multiply(x, 2.0, name="a")
        n = ng.cast(x, ng.int32, name="n")
        b = ng.add(ng.cast(n, ng.float32, name="b"), x, name="c")
        trace = ng.trace(ng.add(a, b, name="f"), x, stop_gradients=[a])
    assert list(map(str, trace.paths("x"))) == ["x → c → f"]
    cuts = {str(p): p.cut and trace.node(p.cut.target).label for p in trace.paths("x", cut=True)}
    assert cuts == {"x → a → f": "a", "x → n → b → c → f": "c", "x → c → f": None}


def test_too_many_paths_are_counted_even_in_a_thousand_nodes():
    with ng.Graph().as_default():
        x = h = ng.constant(1.0, name="x")
        for _ in range(1000):
            h = h + h
        paths = ng.trace(h, x).paths("x")
    assert paths.count == 2**1000
    assert (len(paths), paths.total) == (0, None)
    assert str(paths).endswith("paths, too many to list")


def test_a_path_may_be_a_thousand_operations_long():
    with ng.Graph().as_default():
        x = h = ng.constant(0.5, name="x")
        for _ in range(1000):
            h = -h
        [path] = ng.trace(h, x).paths("x")
    assert (len(path.edges), float(path.product)) == (1000, 1.0)
