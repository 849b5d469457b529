"""What a person calls each tensor."""

import sys

import pytest

import nbgrad as ng


@pytest.fixture(autouse=True)
def graph():
    with ng.Graph().as_default() as graph:
        yield graph


def labels(z):
    return [node.label for node in ng.trace(z, []).nodes]


def test_the_python_variable_is_the_label():
    width = ng.Variable(3.0)
    area = width * width
    assert labels(area) == ["width", "area"]


def test_a_name_that_was_given_wins():
    w = ng.Variable(3.0, name="weight")
    assert labels(w * w)[0] == "weight"


def test_what_has_no_name_gets_a_letter_that_is_free():
    a = ng.constant(3.0)
    result = ng.sin(ng.exp(a))
    assert labels(result) == ["a", "b", "result"]


def test_only_the_last_operation_of_a_line_has_the_line_s_name():
    x = ng.constant(3.0)
    f = x * x * x
    assert labels(f) == ["x", "a", "f"]


def test_a_statement_over_several_lines_is_one_statement():
    x = ng.constant(3.0)
    total = ng.add(
        ng.sin(x),
        ng.cos(x),
    )
    assert labels(total) == ["x", "a", "b", "total"]


def test_each_round_of_a_loop_makes_its_own():
    h = ng.constant(0.5)
    for _ in range(3):
        h = ng.tanh(h * 2.0)
    assert labels(h) == ["h₁", "2", "a", "h₂", "2", "b", "h₃", "2", "c", "h₄"]


def test_a_number_is_called_by_its_value():
    x = ng.constant(3.0)
    y = x + 2.5
    assert labels(y) == ["x", "2.5", "y"]


def test_no_two_tensors_share_a_label():
    with ng.name_scope("left"):
        p = ng.Variable(1.0, name="w")
    with ng.name_scope("right"):
        q = ng.Variable(2.0, name="w")
    assert labels(p * q)[:2] == ["w₁", "w₂"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python knows columns since 3.11")
def test_two_statements_in_one_line_keep_their_names():
    x = ng.Variable(3.0); y = ng.Variable(4.0)  # fmt: skip  # noqa: E702
    a = x * x; b = a * y  # fmt: skip  # noqa: E702
    assert labels(b) == ["x", "y", "a", "b"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python knows columns since 3.11")
def test_a_pair_of_names_is_told_apart():
    x = ng.constant(3.0)
    p, q = x * x, x + x
    assert labels(p + q)[:3] == ["x", "p", "q"]


def test_several_results_of_one_call_have_their_names():
    left, right = ng.split(ng.placeholder(ng.float32, [4], name="whole"), 2)
    trace = ng.trace(left * right, [], feed_dict={"whole:0": [1.0, 2.0, 3.0, 4.0]})
    assert [node.label for node in trace.nodes][:3] == ["whole", "left", "right"]


def test_an_attribute_gives_its_name():
    class Model:
        pass

    model = Model()
    model.w = ng.Variable(3.0)
    assert labels(model.w * 2.0)[0] == "w"


def test_no_letter_is_given_that_the_program_uses_for_something_else():
    g = ng.constant(3.0)
    h = ng.constant(2.0)
    assert g is not h
    result = ng.sin(ng.exp(g))
    assert "h" not in labels(result)


def test_a_quotient_is_called_as_it_is_assigned():
    x = ng.Variable(2.0, name="x")
    half = x / 2.0
    rest = half % 3.0
    assert [node.label for node in ng.trace(rest, [x]).nodes if node.expression] == ["half", "rest"]


def test_what_a_function_is_called_with_is_not_what_it_returns():
    def squared(u):
        return u * u

    x = ng.Variable(2.0, name="x")
    y = squared(x + 1.0)
    labels = {node.expression: node.label for node in ng.trace(y, [x]).nodes}
    if sys.version_info >= (3, 11):  # which knows the columns of an expression
        assert labels["x + 1"] != "y"
