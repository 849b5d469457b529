"""What a person calls each tensor."""

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
