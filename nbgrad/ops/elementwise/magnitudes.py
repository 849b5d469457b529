"""Absolute values, of real or complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.define import elementwise
from nbgrad.ops.elementwise.arithmetic import multiply
from nbgrad.ops.elementwise.complex_numbers import as_complex
from nbgrad.ops.elementwise.guarded import div_no_nan
from nbgrad.ops.elementwise.piecewise import abs
from nbgrad.registry import RegisterGradient


@elementwise(
    "ComplexAbs", node="(x) T=x Tout=Tout", dtypes="T->Tout", name="Abs", symbol="|x|", text="|{x}|"
)
def _complex_abs(x, *, Tout):  # noqa: N803
    """z = |x|, the distance from 0"""
    return np.abs(x)


@RegisterGradient("ComplexAbs")
def _complex_abs_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    return multiply(as_complex(dz), div_no_nan(x, as_complex(z)))


def magnitude(x: Any, name: str | None = None) -> Tensor:
    """The absolute value of every element, z = |x|, of real or complex numbers.

    The slope at 0 is 0. Of a complex x, the gradient points away from 0 in the plane, x / |x|.

    Parameters
    ----------
    x : tensor_like of numbers (float, complex, integer)
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of a real dtype. The shape of `x`.

    References
    ----------
    Brandwood, "A Complex Gradient Operator and its Application in Adaptive Array Theory", 1983.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.abs([-2.0, 3.0])))
    ...     print(session.run(tf.abs([3.0 + 4.0j])))
    [2. 3.]
    [5.]
    """
    tensor = as_tensor(x, graph_of(x), name="x")
    if tensor.dtype.is_complex:
        return _complex_abs(tensor, tensor.dtype.real_dtype, name)
    return abs(tensor, name)
