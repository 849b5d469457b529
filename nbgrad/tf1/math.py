"""`tf.math`: element by element, over axes and in order, with TensorFlow's names and arguments.

Most of it is `nbgrad.ops`, imported here under the names that TensorFlow gives it; below stand the
functions that are made of several operations, or that choose one by dtype. A reduction runs over
`axis` (one or several; all where it is None), and `keepdims` keeps these axes with size 1.
"""

from __future__ import annotations

# fmt: off
# isort: off
from typing import NamedTuple

from nbgrad.core.dtypes import as_dtype, float32, int32, int64
from nbgrad.core.errors import advise
from nbgrad.core.graph import Operand, Tensor, graph_of, shape_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.operators import real_operands
from nbgrad.core.shapes import normal_axes
from nbgrad.ops.activations import sigmoid, softplus, softsign
from nbgrad.ops.arithmetic import (
    _add_n, add, divide as _divide, multiply, negative, reciprocal, square, squared_difference,
    subtract,
)
from nbgrad.ops.functions import _angle, _complex_abs, conj, imag, real
from nbgrad.ops.sources import ones_like
from nbgrad.ops.shaping import cast
from nbgrad.ops.control import stop_gradient
from nbgrad.core.attributes import attribute
from nbgrad.ops.functions import (
    acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, erf, erfc, exp, expm1, log, log1p, pow,
    rsqrt, sin, sinh, sqrt, tan, tanh,
)
from nbgrad.ops.indexing import (
    scatter_nd, segment_max, segment_mean, segment_min, segment_sum, unsorted_segment_max,
    unsorted_segment_min, unsorted_segment_sum,
)
from nbgrad.ops.logic import (
    equal, greater, greater_equal, is_finite, is_inf, is_nan, less, less_equal, logical_and,
    logical_not, logical_or, logical_xor, not_equal, where,
)
from nbgrad.ops.parts import stack
from nbgrad.ops.piecewise import (
    _round, abs as _real_abs, ceil, div_no_nan as divide_no_nan, floor, floor_div, floormod,
    maximum, minimum, multiply_no_nan, rint, sign, xdivy, xlogy,
)
from nbgrad.ops.reductions import _top_k, cumprod, cumsum, in_top_k
from nbgrad.ops.shaping import invert_permutation, rank_of, reshape, size_along, transpose
from nbgrad.tf1.left_out import absent
from nbgrad.tf1.signatures import (
    argmax, argmin, composite, log_softmax, reduce_all, reduce_any, reduce_euclidean_norm,
    reduce_max, reduce_mean, reduce_min, reduce_prod, reduce_sum, softmax, squeeze, takes,
    zeros_like,
)
# isort: on

__all__ = [
    "abs", "accumulate_n", "acos", "acosh", "add", "add_n", "angle", "argmax", "argmin", "asin",
    "asinh", "atan", "atan2", "atanh", "ceil", "confusion_matrix", "conj", "cos", "cosh",
    "count_nonzero", "cumprod", "cumsum", "divide", "divide_no_nan", "equal", "erf", "erfc", "exp",
    "expm1", "floor", "floordiv", "floormod", "greater", "greater_equal", "imag", "in_top_k",
    "invert_permutation", "is_finite", "is_inf", "is_nan", "l2_normalize", "less", "less_equal",
    "log", "log1p", "log_sigmoid", "log_softmax", "logical_and", "logical_not", "logical_or",
    "logical_xor", "maximum", "minimum", "mod", "multiply", "multiply_no_nan", "negative",
    "not_equal", "pow", "real", "reciprocal", "reduce_all", "reduce_any", "reduce_euclidean_norm",
    "reduce_logsumexp", "reduce_max", "reduce_mean", "reduce_min", "reduce_prod", "reduce_std",
    "reduce_sum", "reduce_variance", "rint", "round", "rsqrt", "scalar_mul", "segment_max",
    "segment_mean", "segment_min", "segment_sum", "sigmoid", "sign", "sin", "sinh", "softmax",
    "softplus", "softsign", "sqrt", "square", "squared_difference", "subtract", "tan", "tanh",
    "top_k", "truediv", "unsorted_segment_max", "unsorted_segment_min", "unsorted_segment_sum",
    "xdivy", "xlogy", "zero_fraction",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("math", __all__)

mod = floormod


def add_n(inputs, name=None) -> Tensor:
    """The sum of a list of tensors of one shape, z = x₀ + x₁ + …

    A single tensor is returned as it is.

    >>> print(tf.Session().run(tf.add_n([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])))
    [ 9. 12.]
    """
    if isinstance(inputs, list | tuple) and len(inputs) == 1 and name is None:
        return as_tensor(inputs[0], graph_of(inputs[0]), name="inputs")
    return _add_n(inputs, name)


accumulate_n = add_n


def scalar_mul(scalar, x, name=None) -> Tensor:
    """The product of a number and every element of a tensor, z = scalar · x.

    >>> print(tf.Session().run(tf.scalar_mul(2.0, [1.0, 3.0])))
    [2. 6.]
    """
    graph = graph_of(scalar, x)
    number = as_tensor(scalar, graph, getattr(x, "dtype", None), "scalar")
    if number.static_shape:
        problem = f"Only scalar multiply works, got shape {number.shape}"
        raise ValueError(advise(problem, number.op, "Use tf.multiply."))
    return multiply(number, x, name=name)


def abs(x, name=None) -> Tensor:
    """The absolute value of every element, z = |x|, of real or complex numbers.

    The slope at 0 is 0. Of a complex x the gradient is x / |x|, away from 0: see Brandwood, "A
    Complex Gradient Operator and its Application in Adaptive Array Theory", 1983.

    >>> print(tf.Session().run(tf.abs([-2.0, 3.0])), tf.Session().run(tf.abs(3.0 + 4.0j)))
    [2. 3.] 5.0
    """
    tensor = as_tensor(x, graph_of(x), name="x")
    if tensor.dtype.is_complex:
        return _complex_abs(tensor, tensor.dtype.real_dtype, name)
    return _real_abs(tensor, name)


def angle(input, name=None) -> Tensor:
    """The angle of every element, z = arg x, in radians between −π and π; no gradient passes.

    >>> print(tf.Session().run(tf.angle(1.0j)))
    1.5708
    """
    x = as_tensor(input, graph_of(input), name="input")
    return _angle(x, x.dtype.real_dtype, name)


def round(x, name=None) -> Tensor:
    """The nearest integer, the even one where two are as near; no gradient passes.

    A tensor of integers is returned as it is.

    >>> print(tf.Session().run(tf.round([0.5, 1.5, 1.6])))
    [0. 2. 2.]
    """
    tensor = as_tensor(x, graph_of(x), name="x")
    return tensor if tensor.dtype.is_integer else _round(tensor, name)


def truediv(x, y, name=None) -> Tensor:
    """The quotient of two tensors, z = x / y; tensors of integers become floats first.

    >>> print(tf.Session().run(tf.truediv(tf.constant([1, 2]), tf.constant(4))))
    [0.25 0.5 ]
    """
    return _divide(*real_operands(x, y), name=name or "truediv")


divide = truediv


def div(x, y, name=None) -> Tensor:
    """The quotient of two tensors as in Python 2, z = x / y, of integers ⌊x / y⌋.

    >>> print(tf.Session().run(tf.div(tf.constant([7, -7]), tf.constant(2))))
    [ 3 -4]
    """
    graph = graph_of(x, y)
    x = as_tensor(x, graph, name="x") if not isinstance(y, Operand) else x
    if isinstance(x, Operand) and isinstance(y, Operand):
        y = as_tensor(y, graph, x.as_tensor().dtype)
    integers = any(isinstance(v, Operand) and v.as_tensor().dtype.is_integer for v in (x, y))
    return graph.apply("FloorDiv" if integers else "RealDiv", x, y, name=name or "div")


def floordiv(x, y, name=None) -> Tensor:
    """The quotient rounded down, z = ⌊x / y⌋; no gradient passes.

    >>> print(tf.Session().run(tf.floordiv([7, -7], 2)))
    [ 3 -4]
    """
    return floor_div(x, y, name=name or "floordiv")


@composite("LogSigmoid")
def log_sigmoid(x, name=None) -> Tensor:
    """The logarithm of the logistic function, z = log σ(x) = −log(1 + e⁻ˣ).

    Exact also where σ(x) is too small to be told from 0.

    >>> print(tf.Session().run(tf.log_sigmoid(-200.0)))
    -200.0
    """
    return negative(softplus(negative(x)), name=name)


@takes("input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None, keep_dims=None")
@composite("ReduceLogSumExp", "input_tensor")
def reduce_logsumexp(input_tensor, axis=None, keepdims=None, name=None) -> Tensor:
    """The logarithm of a sum of exponentials, z = log Σ eˣ, in which no eˣ can overflow.

    The gradient is the softmax of x.

    >>> print(tf.Session().run(tf.reduce_logsumexp([1000.0, 1000.0])))
    1000.6932
    """
    largest = reduce_max(input_tensor, axis, True)
    offset = stop_gradient(where(is_finite(largest), largest, zeros_like(largest)))
    total = log(reduce_sum(exp(subtract(input_tensor, offset)), axis, bool(keepdims)))
    return add(total, offset if keepdims else reshape(offset, shape_of(total)))


@composite("reduce_variance")
def reduce_variance(input_tensor, axis=None, keepdims=False, name=None) -> Tensor:
    """The variance over some axes or over all, z = Σ(x − m)² / n, where m is the mean.

    >>> print(tf.Session().run(tf.math.reduce_variance([1.0, 3.0])))
    1.0
    """
    mean = reduce_mean(input_tensor, axis, True)
    return reduce_mean(square(subtract(input_tensor, mean)), axis, keepdims)


@composite("reduce_std")
def reduce_std(input_tensor, axis=None, keepdims=False, name=None) -> Tensor:
    """The standard deviation over some axes or over all, z = √(Σ(x − m)² / n), where m is the mean.

    >>> print(tf.Session().run(tf.math.reduce_std([[1.0, 3.0], [0.0, 10.0]], axis=1)))
    [1. 5.]
    """
    return sqrt(reduce_variance(input_tensor, axis, keepdims))


@composite("count_nonzero", "input_tensor")
def count_nonzero(input_tensor, axis=None, keepdims=False, dtype=int64, name=None) -> Tensor:
    """The number of elements that are not 0, over some axes or over all; no gradient passes.

    >>> print(tf.Session().run(tf.count_nonzero([[1.0, 0.0], [2.0, 3.0]], axis=1)))
    [1 2]
    """
    nonzero = cast(not_equal(input_tensor, zeros_like(input_tensor)), as_dtype(dtype))
    return reduce_sum(nonzero, axis, keepdims, name=name)


@composite("zero_fraction", "value")
def zero_fraction(value, name=None) -> Tensor:
    """The share of the elements that are 0, a float32 between 0 and 1; no gradient passes.

    >>> print(tf.Session().run(tf.nn.zero_fraction([0.0, 1.0, 0.0, 2.0])))
    0.5
    """
    return reduce_mean(cast(equal(value, zeros_like(value)), float32), name=name)


@takes("x, axis=None, epsilon=1e-12, name=None, dim=None")
@composite("l2_normalize")
def l2_normalize(x, axis=None, epsilon=1e-12, name=None) -> Tensor:
    """Vectors scaled to length 1, z = x / √max(Σx², ε), so that a zero vector stays zero.

    >>> print(tf.Session().run(tf.nn.l2_normalize([3.0, 4.0], axis=0)))
    [0.6 0.8]
    """
    squares = reduce_sum(square(x), axis, True)
    return multiply(x, rsqrt(maximum(squares, epsilon)), name=name)


def without_axes(kept: Tensor, axis, keepdims) -> Tensor:
    """A reduction that kept its axes, without them unless `keepdims` wants them."""
    return kept if keepdims else squeeze(kept, axis)


class TopKV2(NamedTuple):
    """The result of `top_k`: values and positions."""

    values: Tensor
    indices: Tensor


def top_k(input, k=1, sorted=True, name=None) -> TopKV2:
    """The k largest elements along the last axis, largest first, and their positions.

    Gradients reach the elements that were chosen. Where several tie, the first comes first.

    >>> print(*tf.Session().run(tf.nn.top_k([1.0, 7.0, 3.0], k=2)))
    [7. 3.] [1 2]
    """
    return TopKV2(*_top_k(input, k, name))


def sort(values, axis=-1, direction="ASCENDING", name=None) -> Tensor:
    """The elements in order along an axis, "ASCENDING" or "DESCENDING".

    >>> print(tf.Session().run(tf.sort([2.0, 9.0, 5.0], direction="DESCENDING")))
    [9. 5. 2.]
    """
    return _ordered(values, axis, direction, name or "sort")[0]


@takes("values, axis=-1, direction='ASCENDING', stable=False, name=None")
def argsort(values, axis=-1, direction="ASCENDING", name=None) -> Tensor:
    """The positions of the elements in order along an axis, as int32; no gradient passes.

    Of several that tie, the first comes first.

    >>> print(tf.Session().run(tf.argsort([2.0, 9.0, 5.0])))
    [0 2 1]
    """
    return _ordered(values, axis, direction, name or "argsort")[1]


def _ordered(values, axis: int, direction: str, name: str) -> list[Tensor]:
    """The elements in order, and their positions: the `top_k` of them all."""
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    x = as_tensor(values, graph_of(values), name="values")
    if x.static_shape == ():
        raise ValueError(f"Shape must be at least rank 1 but is rank 0: {x}")
    swapped = None
    if axis != -1:
        rank = rank_of(x)
        [axis] = normal_axes(axis, rank)
        swapped = [rank - 1 if i == axis else axis if i == rank - 1 else i for i in range(rank)]
    with x.graph.name_scope(name):
        moved = x if swapped is None else transpose(x, swapped)
        rising = direction == "ASCENDING"
        found, places = top_k(negative(moved) if rising else moved, size_along(moved, -1))
        found = negative(found) if rising else found
        return [t if swapped is None else transpose(t, swapped) for t in (found, places)]


@composite("confusion_matrix")
def confusion_matrix(
    labels, predictions, num_classes=None, dtype=int32, name=None, weights=None
) -> Tensor:
    """The number of examples of each class (the row) that were taken for each class (the column).

    Labels and predictions are vectors of classes, counted from 0; there are as many classes as
    occur, unless `num_classes` says. `weights` say how often each example counts.

    >>> print(tf.Session().run(tf.math.confusion_matrix([0, 1, 1], [0, 0, 1])))
    [[1 0]
     [1 1]]
    """
    graph = graph_of(labels, predictions)
    true, guess = (as_tensor(v, graph, name="x") for v in (labels, predictions))
    true, guess = (v if v.dtype.is_integer else cast(v, int64) for v in (true, guess))
    if num_classes is None:
        num_classes = maximum(reduce_max(guess), reduce_max(true)) + 1
    wanted = as_dtype(dtype)
    each = ones_like(true, wanted) if weights is None else cast(weights, wanted)
    shape = attribute("shape", [num_classes, num_classes])
    return scatter_nd(stack([true, cast(guess, true.dtype)], 1), each, shape)
