"""Python functions in a graph: `custom_gradient`, `py_func` and `Print`."""

from __future__ import annotations

import sys

import numpy as np

from nbgrad.core.dtypes import as_dtype, string, text_as_bytes
from nbgrad.core.errors import (
    InvalidArgumentError,
    OpError,
    OutOfRangeError,
    ResourceExhaustedError,
    UnimplementedError,
    UnknownError,
    invalid,
)
from nbgrad.core.registry import Effect, RegisterGradient
from nbgrad.ops.define import operation


@operation(
    "IdentityN",
    dtypes="A->T*",
    shape=lambda *shapes, **_attributes: list(shapes),
    symbol="=",
    text="({inputs})",
)
def _identity_n(*inputs, T, gradient=None, stands_for=None):  # noqa: N803
    """z₀, z₁, … = x₀, x₁, …, with a gradient of the learner's own"""
    return list(inputs)


@RegisterGradient("IdentityN")
def _identity_n_grad(op, *dzs):
    rule = op.attributes["gradient"]
    return list(dzs) if rule is None else rule(op, *dzs)


#: How TensorFlow reports an error of the function, by Python's class of it.
KINDS: dict[type[Exception] | tuple[type[Exception], ...], type[OpError]] = {
    (ValueError, TypeError): InvalidArgumentError,
    StopIteration: OutOfRangeError,
    MemoryError: ResourceExhaustedError,
    NotImplementedError: UnimplementedError,
    Exception: UnknownError,
}


@operation(
    "PyFunc",
    dtypes="A->Tout*",
    shape=lambda *_shapes, func, Tout: [None] * len(Tout),  # noqa: N803
    effect=Effect.CALLS_PYTHON,
    symbol="py",
    text="py({input})",
    differentiable=False,
)
def _py_func(*input, func, Tout):  # noqa: N803
    """z₀, z₁, … = what a Python function makes of the arrays x₀, x₁, …"""
    try:
        # Copies, which it may change; a text alone is bytes, which many functions `decode`.
        returned = func(*(x if isinstance(x, bytes) else np.array(x) for x in input))
    except Exception as error:
        kind = next(kind for python, kind in KINDS.items() if isinstance(error, python))
        raise kind(None, None, f"{type(error).__name__}: {error}") from error
    values = list(returned) if isinstance(returned, list | tuple) else [returned]
    if returned is None:
        values = []  # did it forget its return?
    if len(values) != len(Tout):
        raise invalid(
            f"{python_name(func)} returns {len(values)} values, but expects to see {len(Tout)} "
            "values."
        )
    pairs = enumerate(zip(values, Tout, strict=True))
    return [_checked(i, value, dtype, func) for i, (value, dtype) in pairs]


def python_name(function):
    """The name of a function, of the one inside where it is a partial, or of its class."""
    inner = getattr(function, "func", function)
    return getattr(inner, "__name__", type(inner).__name__)


def _checked(position, value, dtype, func):
    if dtype is string:
        return text_as_bytes(np.array(value, dtype=object))
    array = np.array(value)  # what the function keeps, it may change later
    if array.dtype != np.dtype(dtype.as_numpy_dtype):
        raise invalid(
            f"{position}-th value returned by {python_name(func)} is "
            f"{as_dtype(array.dtype).name}, but expects {dtype.name}\n"
            f"Return np.{dtype.name}(…), or change Tout."
        )
    return array


@operation("Print", dtypes="T,A->T", effect=Effect.CALLS_PYTHON, symbol="print", text="{input}")
def _print(input, *data, message, first_n, summarize, counter):
    """z = x, and the values of other tensors are printed"""
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
