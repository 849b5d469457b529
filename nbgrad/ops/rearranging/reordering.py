"""The same elements in another order: reversed, moved on, shuffled."""

from __future__ import annotations

import numpy as np

from nbgrad.errors import ShapeError
from nbgrad.graph import Tensor
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import negative
from nbgrad.registry import Effect, RegisterGradient


@operation(
    "ReverseV2", node="(tensor, axis) T=tensor Tidx=axis", symbol="↔", text="reverse({tensor})"
)
def reverse(tensor, *, axis):
    """The tensor with its elements in reverse order along some axes.

    >>> tf.reverse([[1.0, 2.0], [3.0, 4.0]], axis=[1])
    [[2. 1.]
     [4. 3.]]
    """
    return np.flip(tensor, axis)


@RegisterGradient("ReverseV2")
def _reverse_grad(op, dz):
    return reverse(dz, op.attributes["axis"])


def _rolled(shape, **_attributes):
    """The shape of `input`."""
    if shape == ():
        raise ShapeError("Shape must be at least rank 1 but is rank 0")
    return shape


@operation(
    "Roll",
    node="(input, shift, axis) T=input Tshift=shift Taxis=axis",
    shape=_rolled,
    symbol="roll",
    text="roll({input})",
)
def roll(input, *, shift, axis):
    """The tensor with its elements moved on along some axes; what falls off the end comes first.

    >>> tf.roll([1.0, 2.0, 3.0], shift=1, axis=0)
    [3. 1. 2.]
    """
    return np.roll(input, shift, axis)


@RegisterGradient("Roll")
def _roll_grad(op, dz):
    shift = op.attributes["shift"]
    back = negative(shift) if isinstance(shift, Tensor) else np.negative(shift)
    return roll(dz, back, op.attributes["axis"])


@operation("RandomShuffle", effect=Effect.RANDOM, symbol="🎲")
def random_shuffle(value, *, seed=None, generator):
    """The tensor with its rows in random order, drawn anew in every run; it has no gradient rule.

    >>> tf.reduce_sum(tf.random_shuffle([1.0, 2.0, 3.0]))
    6.0
    """
    return generator.permutation(value)
