"""Subscripts of operations: from which cells of the operands a cell of the result is made.

Subscripts are those of `np.einsum`: in the product of matrices "ik,kj->ij", the cell [i, j] is made
of the cells [i, k] and [k, j], for every k. A "1" stands for an axis of size 1.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any, Literal

from nbgrad.core.graph import Operation
from nbgrad.core.operands import holds_tensor
from nbgrad.core.shapes import normal_axes

LETTERS = string.ascii_lowercase

Cells = Literal["", "sum", "mean", "difference", "product", "quotient"]

#: What a cell of the result is of those cells; of several products, the sum.
KINDS: dict[str, Cells] = {
    "Add": "sum",
    "AddV2": "sum",
    "AddN": "sum",
    "BiasAdd": "sum",
    "Sum": "sum",
    "SumTo": "sum",
    "Mul": "product",
    "MatMul": "product",
    "Transpose": "product",
    "Sub": "difference",
    "RealDiv": "quotient",
    "Mean": "mean",
}


def kind_of_cells(op: Operation) -> Cells:
    """How a cell of the result is computed from cells of the operands; "" if not in `KINDS`."""
    return KINDS.get(op.type, "")


def subscripts_of(op: Operation) -> str:
    """The subscripts of one operation; "" where it has none, or a rank is not known."""
    rule = RULES.get(op.type, broadcast_cells if op.definition.elementwise else None)
    shapes = [x.static_shape for x in op.inputs]
    if rule is None or any(map(holds_tensor, op.attributes.values())):
        return ""
    ranks = [len(shape) for shape in shapes if shape is not None]
    return rule(*ranks, **op.attributes) if len(ranks) == len(shapes) else ""


def broadcast_cells(*ranks: int, **_attributes: Any) -> str:
    """The subscripts of an element-wise operation; the last axes coincide."""
    most = max(ranks)
    return f"{','.join(LETTERS[most - rank : most] for rank in ranks)}->{LETTERS[:most]}"


def reduced_cells(rank: int, *, axis: Any, keepdims: Any) -> str:
    """The subscripts of a reduction along some axes."""
    operand, gone = LETTERS[:rank], normal_axes(axis, rank)
    without = "1" if keepdims else ""
    return f"{operand}->{''.join(without if i in gone else operand[i] for i in range(rank))}"


def summed_cells(rank: int, *, shape: Any) -> str:
    """The subscripts of the sum over axes along which a tensor of this shape was repeated."""
    operand = LETTERS[:rank]
    kept = operand[rank - len(shape) :]
    ends = ("1" if size == 1 else letter for letter, size in zip(kept, shape, strict=True))
    return f"{operand}->{''.join(ends)}"


def matrix_product(a: int, b: int, *, transpose_a: Any, transpose_b: Any) -> str:
    """The subscripts of a matrix product, for each place of the leading axes."""
    most = max(a, b) - 2
    i, j, k = tuple(LETTERS[most : most + 3])
    rows, columns = f"{k}{i}" if transpose_a else f"{i}{k}", f"{j}{k}" if transpose_b else f"{k}{j}"
    left, right = LETTERS[most - a + 2 : most], LETTERS[most - b + 2 : most]
    return f"{left}{rows},{right}{columns}->{LETTERS[:most]}{i}{j}"


def permuted(rank: int, *, perm: Any) -> str:
    """The subscripts of a transposition."""
    order = reversed(range(rank)) if perm is None else perm
    return f"{LETTERS[:rank]}->{''.join(LETTERS[axis] for axis in order)}"


RULES: dict[str, Callable[..., str]] = {
    "AddN": broadcast_cells,
    "SumTo": summed_cells,
    "MatMul": matrix_product,
    "Transpose": permuted,
    **dict.fromkeys(["Sum", "Mean", "Prod", "Max", "Min", "EuclideanNorm"], reduced_cells),
    **dict.fromkeys(["All", "Any"], reduced_cells),
}
