"""Every gradient rule is measured against finite differences, and so is its own gradient.

A case is what an operation is called with: its operands, then its attributes in a dictionary.
Floats are varied, integers and truth values are not.
"""

from functools import partial

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.check import assert_gradient
from nbgrad.registry import differentiable_types

ROW, MATRIX = [0.5, 2.0, 1.5], [[1.0, 0.3, 2.0], [0.7, 1.1, 0.4]]
COLUMN, EMPTY = [[0.6], [1.4]], np.zeros((0, 3))
SIGNED = [[-1.2, 0.4], [0.9, -0.3]]
one_number = [(0.7,), (MATRIX,), (EMPTY,)]
any_sign = [(-0.7,), (SIGNED,), (EMPTY,)]
pairs = [(0.7, 2.5), (MATRIX, MATRIX), (MATRIX, ROW), (COLUMN, ROW), (2.5, EMPTY)]

CASES = {
    "Identity": any_sign,
    "Cast": [(SIGNED, {"dtype": ng.float64})],
    "AddV2": pairs,
    "Sub": pairs,
    "Mul": pairs,
}
every_case = pytest.mark.parametrize(
    ("op_type", "case"),
    [
        pytest.param(op_type, case, id=f"{op_type}-{i}")
        for op_type, cases in CASES.items()
        for i, case in enumerate(cases)
    ],
)


def called(op_type, case):
    """The operation as a function of its operands, and these."""
    *operands, attributes = case if isinstance(case[-1], dict) else (*case, {})
    return partial(ng.apply, op_type, **attributes), operands


def test_no_rule_goes_unmeasured():
    assert set(differentiable_types()) - CASES.keys() == set()


@every_case
def test_a_rule_and_its_own_gradient_agree_with_finite_differences(op_type, case):
    function, operands = called(op_type, case)
    assert_gradient(function, *operands, order=2)
