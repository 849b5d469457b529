"""Python inside a graph: functions of one's own with `py_func`, and `Print`."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nbgrad.constant_arrays import text_as_bytes
from nbgrad.dtypes import as_dtype, string
from nbgrad.errors import InvalidArgumentError, UnknownError
from nbgrad.graph import graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.define import operation
from nbgrad.registry import Effect, NotDifferentiable, RegisterGradient


def _unknown(*_shapes, func, Tout):  # noqa: N803 - TensorFlow's name of the attribute
    return [None] * len(Tout)


@operation(
    "PyFunc",
    dtypes="A->Tout",
    shape=_unknown,
    many=True,
    effect=Effect.CALLS_PYTHON,
    symbol="py",
    text="py({input})",
)
def _py_func(*input, func, Tout):  # noqa: N803
    try:
        returned = func(*map(np.asarray, input))
    except Exception as error:
        kind = InvalidArgumentError if isinstance(error, ValueError | TypeError) else UnknownError
        raise kind(None, None, f"{type(error).__name__}: {error}") from error
    values = list(returned) if isinstance(returned, list | tuple) else [returned]
    if len(values) != len(Tout):
        raise InvalidArgumentError(
            None,
            None,
            f"{func.__name__} returns {len(values)} values, but expects to see {len(Tout)} values.",
        )
    return [
        _checked(i, v, dtype, func) for i, (v, dtype) in enumerate(zip(values, Tout, strict=True))
    ]


def _checked(position, value, dtype, func):
    array = np.asarray(value)
    if dtype is string:
        return text_as_bytes(array)
    if array.dtype != np.dtype(dtype.as_numpy_dtype):
        raise InvalidArgumentError(
            None,
            None,
            f"{position}-th value returned by {func.__name__} is {as_dtype(array.dtype).name}, but "
            f"expects {dtype.name}\nReturn np.{dtype.name}(…), or change Tout.",
        )
    return array


NotDifferentiable("PyFunc")


def py_func(
    func: Callable[..., Any],
    inp: Sequence[Any],
    Tout: Any,  # noqa: N803 - TensorFlow's name
    stateful: bool = True,
    name: str | None = None,
) -> Any:
    """The result of a Python function of NumPy arrays, called in every run.

    No gradient passes it, unless `gradient_override_map({"PyFunc": …})` gives it a rule.

    Parameters
    ----------
    func : callable
        From NumPy arrays to one, or to a list of them.
    inp : list of tensor_like of any dtype
        The tensors to call it with.
    Tout : DType, or list of them
        The dtype of its result; a list where it returns a list.
    stateful : bool, default True
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor, or list of them
        Of dtype `Tout`, and of a shape that shows in a run.

    Raises
    ------
    InvalidArgumentError
        In a run, if the function returns other dtypes or another number of arrays, or raises a
        ValueError or TypeError.
    UnknownError
        In a run, if the function raises another error.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     y = ng.py_func(lambda x: x + 1, [ng.constant(2.0)], ng.float32)
    ...     print(ng.Session().run(y))
    3.0
    """
    graph = graph_of(*inp)
    tensors = [as_tensor(item, graph, name="input") for item in inp]
    listed = isinstance(Tout, list | tuple)
    dtypes = tuple(as_dtype(dtype) for dtype in (Tout if listed else [Tout]))
    results = graph.apply("PyFunc", *tensors, func=func, Tout=dtypes, name=name)
    return results if listed else results[0]


@operation("Print", dtypes="T,A->T", effect=Effect.CALLS_PYTHON, symbol="print", text="{input}")
def _print(input, *data, message, first_n, summarize, counter):
    if first_n < 0 or next(counter) < first_n:
        shown = "".join(f"[{_summary(np.ravel(each), summarize)}]" for each in data)
        sys.stderr.write(f"{message}{shown}\n")
    return input


def _summary(elements, count):
    shown = " ".join(map(str, elements[:count].tolist()))
    return shown + "..." if elements.size > count else shown


@RegisterGradient("Print")
def _print_grad(op, dz):
    return [dz] + [None] * (len(op.inputs) - 1)


def Print(  # noqa: N802 - TensorFlow's spelling
    input_: Any,
    data: Sequence[Any],
    message: str | None = None,
    first_n: int | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Any:
    """A tensor as it is, that prints other tensors each time it is computed.

    Gradients pass it. Fetch the result or use it: a `Print` that nothing needs prints nothing.

    Parameters
    ----------
    input_ : tensor_like of any dtype
    data : list of tensor_like of any dtype
        The tensors to print, on the standard error stream.
    message : str, optional
        What stands before them.
    first_n : int, optional
        How often to print; always by default.
    summarize : int, optional
        How many elements of each tensor to print; 3 by default.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of `input_`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> x = tf.constant([1.0, 2.0])
    >>> with tf.Session() as session:  # and on the error stream: x is [1.0 2.0]
    ...     print(session.run(tf.Print(x, [x], "x is ")))
    [1. 2.]
    """
    return graph_of(input_, *data).apply(
        "Print",
        input_,
        *data,
        message=message or "",
        first_n=-1 if first_n is None else first_n,
        summarize=summarize or 3,
        counter=itertools.count(),
        name=name,
    )
