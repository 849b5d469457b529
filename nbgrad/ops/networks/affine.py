"""Products with weights, and the biases that are added to them."""

from __future__ import annotations

from typing import Any

from nbgrad.errors import ShapeError
from nbgrad.graph import Tensor
from nbgrad.ops.define import elementwise
from nbgrad.ops.linear_algebra.matrix_product import matmul
from nbgrad.ops.networks.windows import only_nhwc
from nbgrad.registry import RegisterGradient


def _biased(value, bias):
    if bias is not None and len(bias) != 1:
        raise ShapeError(f"Shape must be rank 1 but is rank {len(bias)}")
    if (
        value is not None
        and bias is not None
        and None not in (value[-1], bias[0])
        and value[-1] != bias[0]
    ):
        raise ShapeError(f"Dimensions must be equal, but are {value[-1]} and {bias[0]}")
    return value


@elementwise(
    "BiasAdd", dtypes="N,N->N", shape=_biased, symbol="+", text="{value} + {bias}", cells="sum"
)
def _bias_add(value, bias):
    """z = x + b, the same b at every place of the last axis"""
    return value + bias


@RegisterGradient("BiasAdd")
def _bias_add_grad(op, dz):
    return dz, dz


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """A vector added along the last axis, z = x + b.

    Parameters
    ----------
    value : tensor_like of numbers (float, complex, integer)
    bias : tensor_like of numbers (float, complex, integer)
        A vector as long as the last axis of `value`.
    data_format : str, optional
        Only "NHWC".
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `value`.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If `bias` is no vector or has another length, or the format is another one.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.bias_add([[1.0, 2.0], [3.0, 4.0]], [10.0, 20.0])))
    [[11. 22.]
     [13. 24.]]
    """
    only_nhwc(data_format)
    return _bias_add(value, bias, name)


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """A layer of neurons before its activation, z = x w + b.

    Parameters
    ----------
    x : tensor_like of numbers (float, complex, integer)
        Of shape [example, input].
    weights : tensor_like of numbers (float, complex, integer)
        Of shape [input, result].
    biases : tensor_like of numbers (float, complex, integer)
        Of shape [result].
    name : str, optional
        What the addition is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape [example, result].

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.xw_plus_b([[1.0, 2.0]], [[3.0], [4.0]], [100.0])))
    [[111.]]
    """
    return _bias_add(matmul(x, weights), biases, name or "xw_plus_b")
