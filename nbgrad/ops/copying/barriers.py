"""Tensors as they are, behind which gradients stop, are refused or are watched."""

from __future__ import annotations

import numpy as np

from nbgrad.errors import InvalidArgumentError, advise
from nbgrad.ops.define import elementwise
from nbgrad.registry import NotDifferentiable, RegisterGradient


@elementwise("StopGradient", dtypes="T->T", symbol="‖", text="stop({input})", inline="{input}")
def stop_gradient(input):
    """The same tensor, z = x, through which no gradient passes back.

    >>> import nbgrad as tf
    >>> x = tf.constant(3.0)
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.gradients(tf.stop_gradient(x) * x, x)))
    3.0
    """
    return input


NotDifferentiable("StopGradient")


@elementwise(
    "PreventGradient",
    node="(input) T=input message=message",
    dtypes="T->T",
    symbol="✋",
    text="{input}",
    inline="{input}",
)
def prevent_gradient(input, *, message=""):
    """z = x, behind which asking for a gradient is an error"""
    return input


@RegisterGradient("PreventGradient")
def _prevent_gradient_grad(op, dz):
    reason = op.attributes["message"].encode()
    raise LookupError(advise(f"Gradient explicitly disabled. Reason: {reason}", op))


@elementwise(
    "CheckNumerics",
    node="(tensor) T=tensor message=message",
    dtypes="F->F",
    symbol="✓",
    text="{tensor}",
)
def check_numerics(tensor, *, message):
    """The same tensor, z = x, and an error in a run if an element is not a finite number.

    The gradient that comes back is checked in the same way.

    Raises
    ------
    InvalidArgumentError
        In a run, if `tensor` holds an infinity or a NaN.

    >>> tf.check_numerics([1.0, 2.0], "here")
    [1. 2.]
    """
    found = ["Inf"] * bool(np.isinf(tensor).any()) + ["NaN"] * bool(np.isnan(tensor).any())
    if found:
        raise InvalidArgumentError(
            None, None, f"{message} : Tensor had {' and '.join(found)} values"
        )
    return tensor


@RegisterGradient("CheckNumerics")
def _check_numerics_grad(op, dz):
    return check_numerics(dz, "Not a number (NaN) or infinity (Inf) values detected in gradient.")
