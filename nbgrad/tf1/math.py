"""Element-wise operations, each followed by the rule that sends its gradient back.

In a rule, `dz` is the gradient that has reached the output z. The rule returns one gradient
per input, built from nbgrad operations, so a gradient is itself a graph: it can be drawn,
evaluated, and differentiated again. Rules ignore broadcasting; `gradients` sums each result
back to the shape of its input.
"""

from __future__ import annotations

from typing import Any

from nbgrad.core.default_graph import graph_of
from nbgrad.core.dtypes import as_dtype, float32, float64, int64
from nbgrad.core.graph import Operand, Tensor, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.ops.arithmetic import add, divide, multiply, square, subtract
from nbgrad.ops.complex_numbers import _angle, _complex_abs
from nbgrad.ops.copying import cast, stop_gradient, zeros_like
from nbgrad.ops.define import composite
from nbgrad.ops.division import floor_div
from nbgrad.ops.functions import exp, log, sqrt
from nbgrad.ops.logic import equal, is_finite, not_equal, where
from nbgrad.ops.reductions import _add_n, reduce_max, reduce_mean, reduce_sum
from nbgrad.ops.rounding import _round, abs
from nbgrad.ops.shaping import reshape, squeeze


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Tensor:
    """A number times every element of a tensor, z = scalar · x.

    Parameters
    ----------
    scalar : tensor_like of numbers (float, complex, integer)
        A tensor of no axes.
    x : tensor_like of numbers (float, complex, integer)
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `x`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.scalar_mul(2.0, [1.0, 3.0])))
    [2. 6.]
    """
    return multiply(scalar, x, name=name)


def angle(input: Any, name: str | None = None) -> Tensor:
    """The angle of every element, z = arg x, in radians between −π and π; no gradient passes.

    Parameters
    ----------
    input : tensor_like of float or complex
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of a real dtype. The shape of `input`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.angle(1.0j)))
    1.5708
    """
    x = as_tensor(input, graph_of(input), name="input")
    return _angle(x, x.dtype.real_dtype, name)


def truediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The quotient of two tensors, element by element, z = x / y, also of integers.

    Parameters
    ----------
    x, y : tensor_like of numbers (float, complex, integer)
        Tensors of integers become float64 first.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype, or float64. The shape to which the operands broadcast.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If the shapes of the operands do not broadcast.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.truediv(tf.constant([1, 2]), tf.constant(4))))
    [0.25 0.5 ]
    """
    types = [v.as_tensor().dtype for v in (x, y) if isinstance(v, Operand)]
    if types[0:1] != types[1:2] and len(types) == 2:
        raise TypeError(
            f"x and y must have the same dtype, got {types[0]!r} != {types[1]!r}\nUse tf.cast."
        )
    return divide(as_real(x), as_real(y), name=name or "truediv")


def as_real(x: Any) -> Any:
    """A tensor of integers as float64, anything else as it is."""
    return cast(x, float64) if isinstance(x, Operand) and x.as_tensor().dtype.is_integer else x


def div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The quotient of two tensors as in Python 2, z = x / y, of integers ⌊x / y⌋.

    Parameters
    ----------
    x, y : tensor_like of numbers (float, complex, integer)
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape to which the operands broadcast.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If the shapes of the operands do not broadcast.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.div(tf.constant([7, -7]), tf.constant(2))))
    [ 3 -4]
    """
    graph = graph_of(x, y)
    x = as_tensor(x, graph, name="x") if not isinstance(y, Operand) else x
    if isinstance(x, Operand) and isinstance(y, Operand):
        y = as_tensor(y, graph, x.as_tensor().dtype)
    integers = any(isinstance(v, Operand) and v.as_tensor().dtype.is_integer for v in (x, y))
    result: Tensor = graph.apply("FloorDiv" if integers else "RealDiv", x, y, name=name or "div")
    return result


def round(x: Any, name: str | None = None) -> Tensor:
    """The nearest integer, the even one where two are as near; no gradient passes.

    Parameters
    ----------
    x : tensor_like of numbers (float, complex, integer)
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of `x`; a tensor of integers is returned as it is.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.round([0.5, 1.5, 1.6])))
    [0. 2. 2.]
    """
    tensor = as_tensor(x, graph_of(x), name="x")
    return tensor if tensor.dtype.is_integer else _round(tensor, name)


def add_n(inputs: Any, name: str | None = None) -> Tensor:
    """The sum of the tensors of a list, z = x₀ + x₁ + …, which all have one shape.

    Parameters
    ----------
    inputs : list of tensor_like of numbers (float, complex, integer)
        A single one is returned as it is.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape that all operands have.

    Raises
    ------
    TypeError
        If `inputs` is no list, or the dtypes differ.
    ValueError
        If the list is empty, or the shapes differ.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.add_n([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])))
    [ 9. 12.]
    """
    if isinstance(inputs, list | tuple) and len(inputs) == 1 and name is None:
        return as_tensor(inputs[0], graph_of(inputs[0]), name="inputs")
    return _add_n(inputs, name)


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


def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The quotient rounded down, element by element, z = ⌊x / y⌋; no gradient passes.

    Parameters
    ----------
    x, y : tensor_like of real numbers (float or integer)
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape to which the operands broadcast.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ, or are not these.
    ValueError
        If the shapes of the operands do not broadcast.
    InvalidArgumentError
        In a run, if an integer is divided by 0.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.floordiv([7, -7], 2)))
    [ 3 -4]
    """
    return floor_div(x, y, name=name or "floordiv")


@composite("ReduceLogSumExp")
def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Tensor:
    """The logarithm of a sum of exponentials, z = log Σ eˣ, in which no eˣ can overflow.

    The gradient is the softmax of x.

    Parameters
    ----------
    input_tensor : tensor_like of float
    axis : int or sequence of int, optional
        Along which axis or axes; all of them where None.
    keepdims : bool, optional
        Whether the reduced axes stay, with size 1.
    name : str, optional
        What the operations are called in the graph.
    reduction_indices : optional
        Another name for `axis`.
    keep_dims : optional
        Another name for `keepdims`.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of the operand without the reduced axes.

    Raises
    ------
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.reduce_logsumexp([1000.0, 1000.0])))
    1000.6932
    """
    axis = reduction_indices if axis is None else axis
    x = as_tensor(input_tensor, graph_of(input_tensor), name="input_tensor")
    largest = reduce_max(x, axis, True)
    offset = stop_gradient(where(is_finite(largest), largest, zeros_like(largest)))
    kept = bool(keepdims or keep_dims)
    total = log(reduce_sum(exp(subtract(x, offset)), axis, kept))
    return add(total, offset if kept else reshape(offset, shape_of(total)))


def without(kept: Tensor, axis: Any, keepdims: Any) -> Tensor:
    """A reduction that kept its axes, without them unless they were asked for."""
    return kept if keepdims else squeeze(kept, axis)


@composite("reduce_variance")
def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """The variance over some axes or over all, z = Σ(x − m)² / n, where m is the mean.

    Parameters
    ----------
    input_tensor : tensor_like of float or complex
    axis : int or sequence of int, optional
        Along which axis or axes; all of them where None.
    keepdims : bool, default False
        Whether the reduced axes stay, with size 1.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of the operand without the reduced axes.

    Raises
    ------
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.math.reduce_variance([1.0, 3.0])))
    1.0
    """
    mean = reduce_mean(input_tensor, axis, True)
    return reduce_mean(square(subtract(input_tensor, mean)), axis, keepdims)


@composite("reduce_std")
def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """The standard deviation over some axes or over all, z = √(Σ(x − m)² / n), where m is the mean.

    Parameters
    ----------
    input_tensor : tensor_like of float or complex
    axis : int or sequence of int, optional
        Along which axis or axes; all of them where None.
    keepdims : bool, default False
        Whether the reduced axes stay, with size 1.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of the operand without the reduced axes.

    Raises
    ------
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.math.reduce_std([[1.0, 3.0], [0.0, 10.0]], axis=1)))
    [1. 5.]
    """
    return sqrt(reduce_variance(input_tensor, axis, keepdims))


@composite("count_nonzero")
def count_nonzero(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool = False,
    dtype: Any = int64,
    name: str | None = None,
) -> Tensor:
    """The number of elements that are not 0, over some axes or over all; no gradient passes.

    Parameters
    ----------
    input_tensor : tensor_like of numbers (float, complex, integer)
    axis : int or sequence of int, optional
        Along which axis or axes; all of them where None.
    keepdims : bool, default False
        Whether the reduced axes stay, with size 1.
    dtype : DType, default int64
        The dtype of the result.
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of dtype `dtype`. The shape of the operand without the reduced axes.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.count_nonzero([[1.0, 0.0], [2.0, 3.0]], axis=1)))
    [1 2]
    """
    x = as_tensor(input_tensor, graph_of(input_tensor), name="input_tensor")
    return reduce_sum(cast(not_equal(x, zeros_like(x)), as_dtype(dtype)), axis, keepdims, name=name)


@composite("zero_fraction")
def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """The part of all elements that are 0, between 0 and 1; no gradient passes.

    Parameters
    ----------
    value : tensor_like of numbers (float, complex, integer)
    name : str, optional
        What the operations are called in the graph.

    Returns
    -------
    Tensor
        Of dtype float32, a scalar.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.zero_fraction([0.0, 1.0, 0.0, 2.0])))
    0.5
    """
    x = as_tensor(value, graph_of(value), name="value")
    return reduce_mean(cast(equal(x, zeros_like(x)), float32), name=name)
