"""Which cells of its operands one cell of a result is made of, in the letters of `np.einsum`.

"ik,kj->ij": cell [i, j] of a product of matrices is made of row i of one and column j of the
other. Every function here takes the ranks of the operands and the attributes of an operation.
Where a tensor has size 1 along a letter of more, its only cell serves all (broadcasting); a 1
stands for an axis without a letter.
"""

from __future__ import annotations

import string
from typing import Any

from nbgrad.graph import Operation
from nbgrad.graph.operands import holds_tensor
from nbgrad.shapes import normal_axes

LETTERS = string.ascii_lowercase


def subscripts_of(op: Operation) -> str:
    """The subscripts of one operation; "" where it has none, or a rank is not known."""
    rule, shapes = op.definition.subscripts, [x.static_shape for x in op.inputs]
    if rule is None or any(map(holds_tensor, op.attributes.values())):
        return ""
    ranks = [len(shape) for shape in shapes if shape is not None]
    return rule(*ranks, **op.attributes) if len(ranks) == len(shapes) else ""


def broadcast(*ranks: int, **_attributes: Any) -> str:
    """Element by element, the last axes together."""
    most = max(ranks)
    return f"{','.join(LETTERS[most - rank : most] for rank in ranks)}->{LETTERS[:most]}"


def reduced(rank: int, *, axis: Any, keepdims: Any) -> str:
    """Everything along some axes."""
    operand, gone = LETTERS[:rank], normal_axes(axis, rank)
    without = "1" if keepdims else ""
    return f"{operand}->{''.join(without if i in gone else operand[i] for i in range(rank))}"


def summed_to(rank: int, *, shape: Any) -> str:
    """Everything that was repeated from a tensor of this shape."""
    operand = LETTERS[:rank]
    kept = operand[rank - len(shape) :]
    ends = ("1" if size == 1 else letter for letter, size in zip(kept, shape, strict=True))
    return f"{operand}->{''.join(ends)}"


def matrix_product(a: int, b: int, *, transpose_a: Any, transpose_b: Any) -> str:
    """A row of one matrix and a column of the other, for each place of the leading axes."""
    most = max(a, b) - 2
    i, j, k = tuple(LETTERS[most : most + 3])
    rows, columns = f"{k}{i}" if transpose_a else f"{i}{k}", f"{j}{k}" if transpose_b else f"{k}{j}"
    left, right = LETTERS[most - a + 2 : most], LETTERS[most - b + 2 : most]
    return f"{left}{rows},{right}{columns}->{LETTERS[:most]}{i}{j}"


def permuted(rank: int, *, perm: Any) -> str:
    """The one cell that was moved there."""
    order = reversed(range(rank)) if perm is None else perm
    return f"{LETTERS[:rank]}->{''.join(LETTERS[axis] for axis in order)}"
