"""A cell is the sum of its terms, the products that a trace tells."""

import numpy as np
import pytest

import nbgrad as ng


def layer():
    rng = np.random.default_rng(1)
    with ng.Graph().as_default():
        x = ng.Variable(rng.normal(size=(2, 3)), name="x")
        w = ng.Variable(rng.normal(size=(4, 3)), name="w")
        b = ng.Variable(rng.normal(size=4), name="b")
        u = ng.matmul(x, w, transpose_b=True, name="u")
        z = ng.add(u, b, name="z")
        s = ng.multiply(z, z, name="s")
        m = ng.reduce_mean(s, axis=0, name="m")
        return ng.trace(ng.reduce_sum(m, name="f"), [x, w, b])


@pytest.mark.parametrize("label", ["u", "z", "s", "m", "f"])
def test_every_cell_of_a_value_is_the_sum_of_its_products(label):
    trace = layer()
    node = trace.node(label)
    for index in np.ndindex(node.shape):
        cell = trace.cell(label, index)
        assert cell.terms
        assert cell.total == pytest.approx(node.value.array[index])


@pytest.mark.parametrize("label", ["x", "w", "b", "u", "z", "s", "m", "f"])
def test_every_cell_of_an_adjoint_is_the_sum_of_its_products(label):
    trace = layer()
    node = trace.node(label)
    for index in np.ndindex(node.shape):
        cell = trace.cell(label, index, "adjoint")
        assert cell.terms
        assert cell.total == pytest.approx(node.adjoint.value.array[index])


def test_a_matrix_product_multiplies_a_row_by_a_column():
    factors = [str(term) for term in layer().cell("u", (1, 2)).terms]
    assert factors == ["x[1, 0]·w[2, 0]", "x[1, 1]·w[2, 1]", "x[1, 2]·w[2, 2]"]


def test_a_repeated_operand_gets_the_sum_over_its_repetitions():
    terms = layer().cell("b", 2, "adjoint").terms
    assert [term.factors[0].index for term in terms] == [(0, 2), (1, 2)]


def test_the_cells_that_are_named_hold_the_numbers_that_are_multiplied():
    trace = layer()
    for term in trace.cell("w", (3, 1), "adjoint").terms:
        for factor in term.factors:
            node = trace.node(factor.node)
            array = node.value if factor.lane == "value" else node.adjoint.value
            assert array.array[factor.index] == factor.value


def test_a_leaf_has_no_products():
    assert layer().cell("x", (0, 0)).terms == ()


def test_cells_that_there_are_not_are_refused():
    with pytest.raises(IndexError, match=r"shape \[2, 4\]; there is no cell \[2, 0\]"):
        layer().cell("u", (2, 0))
    with pytest.raises(IndexError, match="no cell"):
        layer().cell("u", 0)


EYE, TWICE = np.eye(2), 2 * np.eye(2)


@pytest.mark.parametrize(
    ("make", "numbers", "at", "products"),
    [
        (ng.add, (2.0, 2.0), (), ["a", "b"]),
        (ng.multiply, (2.0, 2.0), (), ["a·b"]),
        (ng.subtract, (0.0, 0.0), (), ["a", "(−1)·b"]),
        (ng.divide, (1.0, 1.0), (), ["a·(1/b)"]),
        (ng.pow, (4.0, 1.0), (), []),
        (ng.maximum, (2.0, 0.0), (), []),
        (ng.multiply, (EYE, TWICE), (0, 0), ["a[0, 0]·b[0, 0]"]),
        (ng.matmul, (EYE, TWICE), (0, 0), ["a[0, 0]·b[0, 0]", "a[0, 1]·b[1, 0]"]),
        (lambda a: ng.reduce_sum(a, 0), (EYE,), (1,), ["a[0, 1]", "a[1, 1]"]),
        (lambda a: ng.reduce_mean(a, 1), (EYE,), (1,), ["1/2·a[1, 0]", "1/2·a[1, 1]"]),
        (lambda a: ng.reduce_max(a, 1), (EYE,), (1,), []),
        (ng.transpose, (EYE,), (0, 1), ["a[1, 0]"]),
    ],
)
def test_an_operation_is_known_by_its_declaration_not_by_its_numbers(make, numbers, at, products):
    with ng.Graph().as_default():
        operands = [ng.constant(n, name=name) for n, name in zip(numbers, "ab", strict=False)]
        trace = ng.trace(make(*operands), operands)
    assert [str(term) for term in trace.cell(trace.ys[0], at).terms] == products


def test_a_rule_of_ones_own_is_not_taken_for_the_operations():
    with ng.Graph().as_default() as graph:
        ng.RegisterGradient("Tripled")(lambda op, dz: (3 * dz, None))
        a, b = ng.constant(TWICE, name="a"), ng.constant(EYE, name="b")
        with graph.gradient_override_map({"MatMul": "Tripled"}):
            z = ng.matmul(a, b, name="z")
        trace = ng.trace(ng.reduce_sum(z, name="f"), [a, b])
    cell = trace.cell("a", (0, 0), "adjoint")
    assert cell.total == trace.node("a").adjoint.value.array[0, 0] == 3
    assert [str(term) for term in cell.terms] == ["through z"]
