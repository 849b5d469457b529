"""Operations that make one number of many, along some axes or all."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from nbgrad.dtypes import int32
from nbgrad.errors import InvalidArgumentError
from nbgrad.graph import Tensor, graph_of, name_of, shape_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops import subscripts
from nbgrad.ops.copying.repetition import cast
from nbgrad.ops.define import operation
from nbgrad.ops.elementwise.arithmetic import divide
from nbgrad.ops.elementwise.piecewise import maximum
from nbgrad.ops.rearranging.joining import all_equal
from nbgrad.ops.rearranging.sizes import size
from nbgrad.ops.shape_rules import as_given, reduced
from nbgrad.registry import Binds, RegisterGradient
from nbgrad.shapes import element_count, normal_axes

#: A reduction; older programs call its parameters `keep_dims` and `reduction_indices`.
reduction = functools.partial(
    operation,
    shape=reduced,
    subscripts=subscripts.reduced,
    order="input_tensor axis keepdims name reduction_indices keep_dims",
    aliases={"keep_dims": "keepdims", "reduction_indices": "axis"},
)


def axes(axis, x):
    """The axes of x to reduce, as NumPy takes them: a number, a tuple or None."""
    rank = x.ndim
    if axis is None or (type(axis) is int and -rank <= axis < rank):
        return axis
    wanted = tuple(np.ravel(axis).tolist())
    for each in wanted:
        if not -rank <= each < rank:
            sentence = f"Invalid reduction dimension ({each} for input with {rank} dimension(s)"
            raise InvalidArgumentError(None, None, sentence)
    return wanted


@reduction(
    "Sum",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="N->N",
    symbol="Σ",
    text="Σ {input_tensor}",
    latex=r"\sum {input_tensor}",
    binds=Binds.SIGN,
    cells="sum",
)
def reduce_sum(input_tensor, *, axis=None, keepdims=False):
    """The sum over some axes or over all, z = Σ x.

    >>> tf.reduce_sum([[1.0, 2.0], [3.0, 4.0]], axis=0)
    [4. 6.]
    """
    dtype = input_tensor.dtype
    # What np.sum calls: its preamble takes longer than a small sum.
    return np.add.reduce(input_tensor, axes(axis, input_tensor), dtype, keepdims=keepdims or False)


@RegisterGradient("Sum")
def _reduce_sum_grad(op, dz):
    return spread_back(op, dz)


def spread_back(op, tensor):
    """What a reduction made, or what came back to it, in the shape of what was reduced."""
    return spread(tensor, shape_of(op.inputs[0]), **op.attributes)


@reduction(
    "Mean",
    node="(input_tensor, axis or all) T=input_tensor Tidx=axis keep_dims=keepdims",
    dtypes="N->N",
    symbol="mean",
    cells="mean",
)
def reduce_mean(input_tensor, *, axis=None, keepdims=False):
    """The mean over some axes or over all, z = Σ x / n; of integers, rounded down.

    >>> tf.reduce_mean([[1.0, 2.0], [3.0, 4.0]], axis=1)
    [1.5 3.5]
    """
    total = np.add.reduce(input_tensor, axes(axis, input_tensor), keepdims=keepdims or False)
    count = input_tensor.size // max(total.size, 1)
    return np.divide(total, count).astype(input_tensor.dtype, copy=False)


@RegisterGradient("Mean")
def _reduce_mean_grad(op, dz):
    x, z = op.inputs[0], op.outputs[0]
    many, one = element_count(x.static_shape), element_count(z.static_shape)
    shared_by: Any
    if many is None or one is None:
        shared_by = cast(size(x) // maximum(size(z), 1), dz.dtype)
    else:
        shared_by = many // max(one, 1)
    return spread_back(op, divide(dz, shared_by))


# What undoes a reduction --------------------------------------------------------------------


def _spread_node(op, write):
    """Reshape to axes of size 1, unless there is nothing to be reshaped, then BroadcastTo."""
    x, shape, axis = op.inputs[0], op.attributes["shape"], op.attributes["axis"]
    dtype, name = x.dtype, name_of(x)
    if x.static_shape is None or (x.static_shape and isinstance(shape, Tensor)):
        write.refuse(op)
    if x.static_shape and len(x.static_shape) < len(shape):
        gone = normal_axes(axis, len(shape))
        kept = [1 if i in gone else size for i, size in enumerate(shape)]
        kept_name = write.constant(op, "kept", kept, int32)
        name = write.helper(op, "Reshape", "Reshape", [name, kept_name], T=dtype, Tshape=int32)
    write.node(op, "BroadcastTo", [name, write.setting(op, "shape")], T=dtype, Tidx=int32)


@operation("Spread", node=_spread_node, shape=as_given, symbol="⇉", text="{x}")
def spread(x, *, shape, axis=None, keepdims=False):
    """z = x repeated along the axes over which a tensor of `shape` was reduced"""
    if not keepdims:
        given = axis.ravel().tolist() if isinstance(axis, np.ndarray) else axis
        x = np.expand_dims(x, normal_axes(given, len(shape)))
    return np.broadcast_to(x, shape)


@RegisterGradient("Spread")
def _spread_grad(op, dz):
    return reduce_sum(dz, op.attributes["axis"], op.attributes["keepdims"])


def _the_common_shape(*shapes):
    return all_equal(shapes)


@operation(
    "AddN",
    node="(*inputs) N=#inputs T=inputs",
    dtypes="N->N",
    shape=_the_common_shape,
    symbol="Σ",
    text=" + ",
    binds=Binds.SUM,
    inline=" + ",
    cells="sum",
    subscripts=subscripts.broadcast,
)
def _add_n(*inputs):
    """z = the sum of all tensors in a list, which have one shape"""
    total = inputs[0]
    for term in inputs[1:]:
        total = total + term
    return total


@RegisterGradient("AddN")
def _add_n_grad(op, dz):
    return [dz] * len(op.inputs)


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
