"""Ladders: chains of operations on one operand each, and the numbers that have no card."""

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.trace.folding import folded, folds_of, is_absorbed, ladders


@pytest.fixture(autouse=True)
def graph():
    with ng.Graph().as_default() as graph:
        yield graph


def neuron():
    w, x = ng.Variable(2.0, name="w"), ng.Variable(-1.0, name="x")
    g = w * x
    h = -g
    k = ng.exp(h)
    m = k + 1.0
    out = 1 / m
    return ng.trace(out, [w, x])


def rungs(trace):
    return [[n.label for n in trace.nodes if n.id in fold.members] for fold in ladders(trace)]


def of(function):
    """The title and the words of the ladder that a function of one array makes."""
    v = ng.Variable([1.0, 2.0], name="v")
    trace = ng.trace(ng.identity(function(v), name="y"), [v])
    [fold] = ladders(trace)
    return fold.title, fold.words


def test_the_sigmoid_by_hand_is_a_ladder_with_its_closed_form():
    trace = neuron()
    [fold] = ladders(trace)
    assert rungs(trace) == [["h", "k", "1", "m", "1", "out"]]
    assert (fold.title, fold.words, fold.operations) == ("out = σ(g)", "σ(g)", 4)


def test_numbers_have_no_card_and_stand_in_the_expressions():
    trace = neuron()
    assert [n.label for n in trace.nodes if is_absorbed(trace, n)] == ["1", "1"]
    assert trace.node("m").expression == "k + 1"
    assert trace.node("out").expression == "1 / m"


def test_a_constant_with_a_name_and_an_array_of_numbers_have_cards():
    half, ones = ng.constant(0.5, name="half"), ng.constant([1.0, 1.0])
    x = ng.Variable(2.0, name="x")
    trace = ng.trace(x * half + ones, [x])
    assert not any(is_absorbed(trace, node) for node in trace.nodes)


def test_a_number_that_is_an_x_or_alone_has_a_card():
    c = ng.constant(2.0)
    trace = ng.trace(ng.square(c), [c])
    assert not is_absorbed(trace, trace.nodes[0])
    lonely = ng.trace(ng.constant(3.0), [])
    assert not is_absorbed(lonely, lonely.nodes[0])


def test_a_folded_ladder_has_the_product_along_it_as_its_local_derivative():
    trace = neuron()
    seen, _ = folded(trace, (ladders(trace),))
    [edge] = seen.incoming(seen.node("out"))
    product = np.prod([trace.edge(f"e{i}").local.value.array for i in ("3.0", "4.0", "6.0", "8.1")])
    assert edge.local.symbol == edge.local.formula == "∂out/∂g"
    np.testing.assert_allclose(edge.local.value.array, product, rtol=1e-6)
    np.testing.assert_allclose(edge.local.value.array, 0.1049936, rtol=1e-6)


def test_the_product_along_a_ladder_to_a_scalar_is_known_for_each_element():
    v = ng.Variable([3.0, 4.0], name="v")
    trace = ng.trace(ng.sqrt(ng.reduce_sum(ng.square(v)), name="y"), [v])
    seen, _ = folded(trace, (ladders(trace),))
    assert seen.node("y").expression == "‖v‖"
    np.testing.assert_allclose(seen.edges[0].local.value.array, [0.6, 0.8], rtol=1e-6)


def test_what_is_read_twice_or_is_an_end_is_no_rung_before_another():
    x = ng.Variable(2.0, name="x")
    a = ng.exp(x)
    b = ng.sin(a)
    assert rungs(ng.trace(b * b + a, [x])) == []
    c = ng.sqrt(ng.exp(ng.cos(b)))
    assert [len(each) for each in rungs(ng.trace([b, c], [x]))] == [3]


@pytest.mark.parametrize(
    ("function", "form"),
    [
        (lambda v: ng.log(1.0 + ng.exp(v)), "softplus(v)"),
        (lambda v: -ng.log(1.0 + ng.exp(-1.0 * v)), "−softplus(−v)"),
        (lambda v: 2.0 * ng.sigmoid(v * 2.0) - 1.0, "tanh(v)"),
        (lambda v: ng.sqrt(ng.reduce_mean(ng.square(v))), "rms(v)"),
        (lambda v: ng.reduce_mean((v - 3.0) ** 2), "mean((v − 3)²)"),
        (lambda v: ng.exp(-ng.square(v)), "exp(−v²)"),
    ],
)
def test_closed_forms_are_found_by_structure(function, form):
    assert of(function) == (f"y = {form}", form)


def test_a_long_ladder_says_from_where_to_where_and_how_long_it_is():
    title, words = of(lambda v: ng.tanh(2.0 * (ng.sin(3.0 - v) - 1.0) ** 2))
    assert (title, words) == ("v → y", "7 operations")


def test_a_setting_has_no_card_while_all_that_reads_it_is_folded():
    keep = ng.placeholder(ng.float32, [], name="keep_prob")
    data = ng.constant(np.ones((2, 3), np.float32), name="X")
    w = ng.Variable(np.eye(3, dtype=np.float32), name="w")
    h = data
    for _ in range(2):
        h = ng.nn.dropout(ng.nn.relu(ng.matmul(h, w)), keep)
    trace = ng.trace(ng.reduce_mean(h, name="y"), [w], feed_dict={keep: 0.5})
    seen, _ = folded(trace, folds_of(trace))
    assert not is_absorbed(trace, trace.node("keep_prob"))
    assert is_absorbed(seen, seen.node("keep_prob"))
    assert not is_absorbed(seen, seen.node("X"))
