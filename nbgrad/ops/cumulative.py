"""Running sums and products along an axis, and the recurrences that are their gradients."""

from __future__ import annotations

import numpy as np

from nbgrad.core.registry import RegisterGradient
from nbgrad.ops.arithmetic import add, multiply
from nbgrad.ops.define import operation


def _running(combine, first, x, axis, exclusive, reverse):
    """The results of a NumPy ufunc along an axis so far, with or without the element itself."""
    rows = np.moveaxis(x, axis, 0)
    rows = rows[::-1] if reverse else rows
    if exclusive:
        rows = np.concatenate([np.full_like(rows[:1], first), rows[:-1]])
    running = combine.accumulate(rows, axis=0, dtype=x.dtype)
    return np.moveaxis(running[::-1] if reverse else running, 0, axis)


@operation("Cumsum", dtypes="N->N", symbol="Σ", text="cumsum({x})")
def cumsum(x, *, axis=0, exclusive=False, reverse=False):
    """The running sum along an axis, zₖ = x₁ + … + xₖ.

    >>> print(tf.Session().run(tf.cumsum([1.0, 2.0, 3.0])))
    [1. 3. 6.]
    """
    return _running(np.add, 0, x, axis, exclusive, reverse)


@RegisterGradient("Cumsum")
def _cumsum_grad(op, dz):
    at = op.attributes
    return cumsum(dz, at["axis"], at["exclusive"], not at["reverse"])


@operation("Cumprod", dtypes="N->N", symbol="∏", text="cumprod({x})")
def cumprod(x, *, axis=0, exclusive=False, reverse=False):
    """The running product along an axis, zₖ = x₁ · … · xₖ; its gradient is exact also where x is 0.

    >>> print(tf.Session().run(tf.cumprod([2.0, 3.0, 4.0], exclusive=True)))
    [1. 2. 6.]
    """
    return _running(np.multiply, 1, x, axis, exclusive, reverse)


@RegisterGradient("Cumprod")
def _cumprod_grad(op, dz):
    # xᵢ stands in every later product. Its share is the product of all before it, times the
    # gradients that come back from there, each multiplied by what it passes on the way. (The
    # quotient z / x would be shorter, and NaN wherever x is 0.)
    x, at = op.inputs[0], op.attributes
    axis, exclusive, reverse = at["axis"], at["exclusive"], at["reverse"]
    before = cumprod(x, axis, True, reverse)
    return multiply(before, recurrence(dz, x, axis, not reverse, exclusive))


@operation("Recurrence", dtypes="N,N->N", symbol="h", text="recur({b}, {a})")
def recurrence(b, a, *, axis=0, reverse=False, delayed=False):
    """hₜ = bₜ + aₜ₋₁ · hₜ₋₁ along an axis, from 0; delayed, hₜ = bₜ₋₁ + aₜ₋₁ · hₜ₋₁"""
    b, a = (np.moveaxis(t, axis, 0) for t in (b, a))
    b, a = (b[::-1], a[::-1]) if reverse else (b, a)
    h = np.zeros_like(b)
    carried = 0
    for t in range(len(b)):
        h[t] = carried if delayed else b[t] + carried
        carried = a[t] * h[t] + b[t] if delayed else a[t] * h[t]
    return np.moveaxis(h[::-1] if reverse else h, 0, axis)


@RegisterGradient("Recurrence")
def _recurrence_grad(op, dz):
    (_, a), h, at = op.inputs, op.outputs[0], op.attributes
    # What comes back to step t from step t + 1: a recurrence the other way.
    later = recurrence(dz, a, at["axis"], not at["reverse"], True)
    db = later if at["delayed"] else add(dz, multiply(a, later))
    return db, multiply(later, h)
