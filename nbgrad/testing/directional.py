"""Reverse mode against finite differences: two ways to a derivative that share no code.

The whole Jacobian J of a function is measured with one number. With a random direction v
among the inputs and a random weight u on the outputs,

    reverse mode gives      ⟨v, Jᵀu⟩, by one backward pass,
    differences give        ⟨Jv, u⟩ ≈ ⟨f(x + hv) − f(x − hv), u⟩ / 2h,

and these are equal; an error anywhere in J would have to be orthogonal to both to hide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nbgrad.dtypes import float64
from nbgrad.errors import GradientMismatch
from nbgrad.finite_differences import central_difference, weighed
from nbgrad.graph import Graph, Tensor
from nbgrad.graph.typing import ArrayLike
from nbgrad.ops.sources.constants import constant, placeholder
from nbgrad.reverse_mode import gradients
from nbgrad.reverse_mode.endpoints import as_list
from nbgrad.session import Session

Function = Callable[..., Any]


def assert_gradient(
    function: Function,
    *inputs: ArrayLike,
    order: int = 1,
    h: float = 1e-5,
    tolerance: float = 1e-6,
) -> None:
    """Hold the gradient of a function against finite differences, along random directions.

    For each input, reverse mode's ⟨v, Jᵀu⟩ must equal the differences' ⟨Jv, u⟩, for a random
    direction v of the input and random weights u of the outputs.

    Parameters
    ----------
    function
        From tensors to a tensor or a list of them, written in nbgrad operations.
    *inputs
        The point: numbers or arrays. Floats are varied, as float64; integers, truth values
        and text stay as they are.
    order
        2 also checks the gradient of the gradient, and so on.
    h
        How far to step aside.
    tolerance
        The error allowed, relative to the size of the derivative where that is above 1; ten times
        as much for each further order.

    Raises
    ------
    GradientMismatch
        Where they disagree; the message has both numbers and the point.

    References
    ----------
    J. F. Claerbout (1992), "Earth soundings analysis: Processing versus inversion", whose
    dot-product test holds Jᵀ against J; the differences stand in for J here.

    Examples
    --------
    >>> import nbgrad as ng
    >>> ng.test.assert_gradient(lambda x, y: ng.sin(x) * y, 0.7, [1.0, 2.0], order=2)
    """
    point = [np.asarray(each) for each in inputs]
    rng = np.random.default_rng(len(point))
    with Graph().as_default(), Session() as session:
        xs = [varied(each) for each in point]
        zs = differentiable(function(*xs))
        feed = {x: value for x, value in zip(xs, point, strict=True) if x.op.type == "Placeholder"}
        weights = [rng.normal(size=np.shape(z)) for z in session.run(zs, feed)]
        dxs = gradients(zs, list(feed), weights)

        def moved(x: Tensor) -> Callable[[Any], list[Any]]:
            return lambda value: session.run(zs, {**feed, x: value})

        for i, (x, dx) in enumerate(zip(feed, dxs, strict=True)):
            v = rng.normal(size=feed[x].shape)
            derived = 0.0 if dx is None else float(np.vdot(v, session.run(dx, feed)))
            measured = weighed(weights, central_difference(moved(x), feed[x], v, h))
            if not abs(derived - measured) <= tolerance * max(1.0, abs(measured)):
                raise disagreement(derived, measured, i, point)
    if order > 1 and any(dx is not None for dx in dxs):
        backward = vector_jacobian(function, len(point))
        assert_gradient(backward, *point, *weights, order=order - 1, h=h, tolerance=tolerance * 10)


def vector_jacobian(function: Function, count: int) -> Function:
    """The function that takes `count` inputs and the weights of the outputs to Jᵀu."""

    def backward(*arguments: Tensor) -> list[Tensor]:
        xs, us = arguments[:count], arguments[count:]
        dxs = gradients(differentiable(function(*xs)), differentiable(xs), list(us))
        return [dx for dx in dxs if dx is not None]

    return backward


def varied(value: np.ndarray) -> Tensor:
    """A tensor to be fed, for an array of floats; a constant for any other."""
    if value.dtype.kind == "f":
        return placeholder(float64, value.shape)
    return constant(value)


def differentiable(tensors: Any) -> list[Tensor]:
    """Those of some tensors that carry a gradient."""
    return [t for t in as_list(tensors) if t.dtype.is_trainable]


def disagreement(derived: float, measured: float, i: int, point: Sequence[Any]) -> GradientMismatch:
    where = "\n".join(f"  input {k}: {np.array2string(x)}" for k, x in enumerate(point))
    return GradientMismatch(
        f"The derivative along a random direction of input {i} is\n"
        f"  {derived:.9g} by reverse mode,\n  {measured:.9g} by finite differences, at\n{where}"
    )
