"""The words say what the picture shows."""

import re

import numpy as np
import pytest
import traces
from hypothesis import given
from hypothesis import strategies as st
from page_lines import step_line
from printed import equations, holds

import nbgrad as ng
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.step_line import sentence, template
from nbgrad.picture.words import describe, headline, why
from nbgrad.trace.numbers import in_words


def test_a_step_goes_from_symbols_to_numbers_to_the_result():
    trace = traces.textbook()
    said = [sentence(trace, step) for step in trace.steps]
    assert "a = x · x = 3 · 3 = 9" in said
    assert "df/da = df/db · ∂b/∂a = 1 · 4 = 4" in said
    assert said[-1] == "df/dx gets 4 · 3 = 12, so 12 + 12 = 24"


def test_an_array_is_its_formula_and_its_shape():
    trace = traces.matrices()
    said = [sentence(trace, step) for step in trace.steps]
    assert "u = X W, 2×2 = 2×3 · 3×2" in said
    assert "dL/dW = Xᵀ · dL/du, 3×2 = 3×2 · 2×2" in said
    assert "dL/db = Σ dL/dz · ∂z/∂b, [2] = Σ 2×2" in said
    assert headline(trace) == "L = Σ h = −0.6754; dL/dW is 3×2, dL/db is [2]"


@pytest.mark.parametrize("graph", [traces.matrices, traces.large, traces.network])
def test_no_sentence_holds_a_list_of_numbers(graph):
    trace = graph()
    said = [describe(trace), *(why(trace, node) for node in trace.nodes)]
    assert not re.search(r"\[[^\]]*[, \[]", " ".join(said))


def test_a_line_is_made_of_parts_that_name_their_numbers():
    trace, other = traces.textbook(), traces.textbook(x=-0.5, y=1e-7)
    for step in trace.steps:
        parts = [*template(trace, step)]
        assert parts == [*template(other, step)], "which numbers, and where, does not hang on them"
        numbers = [part for part in parts if part.form]
        assert not any(part.text for part in numbers)
    assert "".join(map(str, step_line(trace, 1))) == "a = x · x = 3 · 3 = 9"


def test_an_operation_says_what_it_does_with_the_gradient():
    trace = traces.textbook()
    hints = {step_line(trace, k)[-1].text for k in range(6, len(trace.steps) + 1)}
    assert "multiply: passes on the gradient × the other input" in hints
    assert "2 gradients meet at x, and add up" in hints


@given(st.lists(st.integers(-4, 4), min_size=2, max_size=2), st.integers(-3, 3))
def test_every_equation_in_the_lines_is_true(point, seed):
    trace = traces.textbook(*map(float, point), seed=float(seed))
    said = "\n".join(sentence(trace, step) for step in trace.steps)
    assert all(map(holds, equations(said)))
    assert len(equations(said)) > 12


def test_a_negative_number_stands_in_brackets():
    trace = traces.textbook(x=-3.0)
    said = [sentence(trace, step) for step in trace.steps]
    assert "a = x · x = (−3) · (−3) = 9" in said
    assert "b = relu(y) = relu(−2) = 0" in describe(traces.states())


@pytest.mark.parametrize(
    ("graph", "label", "words"),
    [
        (
            lambda: traces.textbook(stop="a"),
            "x",
            "a is stopped: its own gradient arrives (df/da = 4)",
        ),
        (traces.states, "z", "cancel"),
        (traces.states, "x", "not finite"),
        (traces.states, "k", "integers"),
        (traces.no_xs, "x", "no reverse pass has run"),
    ],
)
def test_an_unusual_adjoint_has_a_reason(graph, label, words):
    trace = graph()
    assert words in why(trace, trace.node(label))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1e39, "x itself is ∞, as is whatever lies beyond 3.403e38 in float32"),
        (-np.inf, "x itself is −∞, as is whatever lies beyond −3.403e38 in float32"),
        ([1.0, np.nan], "x itself holds NaN"),
    ],
)
def test_a_value_that_is_not_finite_is_named_with_where_its_dtype_ends(value, words):
    with ng.Graph().as_default():
        x = ng.placeholder(ng.float32, name="x")
        trace = ng.trace(x * x, [x], feed_dict={x: value})
    assert why(trace, trace.node("x")).endswith(f" is not finite: {words}.")


def test_an_ordinary_number_needs_no_reason():
    trace = traces.textbook()
    assert why(trace, trace.node("x")) == ""


@pytest.mark.parametrize(
    "graph", [traces.textbook, traces.two_outputs, traces.matrices, traces.chain]
)
def test_every_number_of_the_trace_is_said(graph):
    trace = graph()
    words = describe(trace)
    for node in trace.nodes:
        assert in_words(node.value) in words
        if node.adjoint.value is not None:
            assert in_words(node.adjoint.value) in words
    for edge in trace.edges:
        if edge.contribution is not None:
            assert in_words(edge.contribution) in words


def test_every_number_in_a_card_is_said():
    drawing = Drawing.of(traces.textbook(x=-1.5, y=0.25))
    for node in drawing.trace.nodes:
        for lane in ("value", "adjoint"):
            style = drawing.styled.styles.get(f"{node.id}.{lane}")
            if style is not None and style.strength(99):
                assert style.text in drawing.description


def test_zero_times_nan_is_not_said_to_be_zero():
    with ng.Graph().as_default():
        z = ng.Variable(0.0, name="z")
        root = ng.sqrt(z - 2.0, name="h")
        g = ng.where(ng.greater(z, 1.0), root, z * 2.0, name="g")
        words = ng.draw(g, z).description
    assert "= 0, because nothing arrived" in words
    assert "0 · NaN" not in words


def test_truth_values_are_not_called_integers():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        positive = ng.greater(x, 0.0, name="positive")
        f = ng.cast(positive, ng.float32, name="f")
        drawing = ng.draw(f, [x])
        derivation = str(ng.explain(f, x))
    assert "positive holds truth values, which have no derivative" in why(
        drawing.trace, drawing.trace.node("x")
    )
    assert "holds integers" not in drawing.description + derivation


def test_a_choice_between_two_operands_has_no_threshold():
    with ng.Graph().as_default():
        x = ng.Variable(0.0, name="x")
        drawing = ng.draw(ng.where(x > 0.0, ng.exp(x), 0.0, name="f"), [x])
    said = why(drawing.trace, drawing.trace.node("x"))
    assert "f passes the gradient on to the operand that it took alone" in said


def test_a_condition_is_cut_off_as_true_or_false():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        f = ng.where(ng.greater(x, 0.0, name="positive"), x * x, x, name="f")
        styles = ng.draw(f, [x]).styled.styles
    assert "true/false" in {style.text for style in styles.values()}


def test_integers_are_called_integers():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        f = ng.cast(ng.cast(x, ng.int32, name="n"), ng.float32, name="f")
        drawing = ng.draw(f, [x])
    assert "n holds integers" in why(drawing.trace, drawing.trace.node("x"))


def test_a_sum_of_what_arrives_is_no_product_with_a_sigma():
    with ng.Graph().as_default():
        k = ng.Variable(np.ones((3, 2)), name="k")
        rows = ng.gather(k, [0, 1, 0], name="rows")
        words = describe(ng.trace(ng.reduce_sum(rows * 2.0, name="f"), k))
    assert "df/dk = Σ df/drows, 3×2" in words
