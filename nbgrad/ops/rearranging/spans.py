"""Parts of a tensor that are told by where they begin and how long they are, or where they end."""

from __future__ import annotations

from typing import Any

from nbgrad.errors import InvalidArgumentError
from nbgrad.graph import Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.calling import attribute
from nbgrad.ops.rearranging.slicing import part_of
from nbgrad.shapes import brackets


def slice_(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """The part of a tensor that begins at a position and has a size.

    Parameters
    ----------
    input_ : tensor_like of any dtype
    begin : sequence of int, or tensor of integers
        The position of the first element, one number for each axis.
    size : sequence of int, or tensor of integers
        How many elements along each axis; −1 takes what is left.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape `size`.

    Raises
    ------
    InvalidArgumentError
        If the part is larger than what is left.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.slice([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [0, 1], [2, -1])))
    [[2. 3.]
     [5. 6.]]
    """
    x = as_tensor(input_, graph_of(input_, begin, size), name="input")
    begins, sizes = attribute("begin", begin), attribute("size", size)
    count = len(x.static_shape) if x.static_shape is not None else len(begins)
    if begins == ():
        raise TypeError(
            "Value passed to parameter 'begin' has DataType float32 not in list of allowed values: "
            "int32, int64\nAn empty list has no integers in it: a single number has no slices."
        )
    if isinstance(begins, tuple) and len(begins) != count:
        raise ValueError(
            f"Shape must be rank {len(begins)} but is rank {count} for 'Slice' (op: 'Slice') with "
            f"input shapes: {brackets(x.static_shape)}, [{len(begins)}], [{len(sizes)}]."
        )
    index, known = [], []
    for i in range(count):
        start, length = begins[i], sizes[i]
        whole = x.static_shape[i] if x.static_shape is not None else None
        if all(isinstance(number, int) for number in (whole, start, length)):
            check_fits(i, whole - start, length)
        index.append(slice(start, None if length == -1 else start + length))
        known.append(length if isinstance(length, int) and length != -1 else None)
    result: Tensor = part_of(x, tuple(index), name or "Slice")
    result.set_shape(known)
    return result


def check_fits(axis: int, left: int, length: int) -> None:
    """Refuse a slice that is longer than what is left; Python would cut it short."""
    if length > left:
        raise InvalidArgumentError(
            None, None, f"Expected size[{axis}] in [0, {left}], but got {length}"
        )


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Tensor:
    """The part of a tensor that a slice takes, z = x[begin:end:strides] along each axis.

    Parameters
    ----------
    input_ : tensor_like of any dtype
    begin, end : sequence of int, or tensor of integers
        From where to where, excluded; one number for each axis.
    strides : sequence of int, optional
        The steps; 1 by default.
    begin_mask, end_mask : int, default 0
        A bit at a position takes from the beginning, or up to the end, of that axis.
    ellipsis_mask : int, default 0
        A bit at a position puts `...` there.
    new_axis_mask : int, default 0
        A bit at a position puts a new axis of size 1 there.
    shrink_axis_mask : int, default 0
        A bit at a position takes the single element `begin` there, and no axis.
    var : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The shape of x[begin:end:strides] in NumPy.

    Raises
    ------
    ValueError
        If the numbers do not fit each other or the shape, as far as it is known.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.strided_slice([1.0, 2.0, 3.0, 4.0], [0], [4], [2])))
    [1. 3.]
    """
    begins, ends = attribute("begin", begin), attribute("end", end)
    steps = attribute("strides", strides) if strides is not None else (1,) * len(begins)
    index: list[Any] = []
    for i, (first, last, stride) in enumerate(zip(begins, ends, steps, strict=True)):
        bit = 1 << i
        if ellipsis_mask & bit:
            index.append(...)
        elif new_axis_mask & bit:
            index.append(None)
        elif shrink_axis_mask & bit:
            index.append(first)
        else:
            first, last = (None if begin_mask & bit else first), (None if end_mask & bit else last)
            index.append(slice(first, last, stride))
    return part_of(input_, tuple(index), name or "StridedSlice")
