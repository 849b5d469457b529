"""A run: feeds and fetches understood, a plan run on them without NumPy's warnings, errors told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import Context
from textwrap import TextWrapper
from typing import Any, NoReturn

import numpy as np
from numpy import asarray, ndarray

from nbgrad.core import shapes
from nbgrad.core.dtypes import string, text_as_bytes
from nbgrad.core.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    OpError,
    ResourceExhaustedError,
    UnfedPlaceholderError,
    advise,
)
from nbgrad.core.graph import Graph, Operand, Operation, Tensor
from nbgrad.core.plan import Call, Plan
from nbgrad.core.shapes import brackets

#: Notebooks break longer lines of plain text inside of words.
PRINTED = TextWrapper(width=96, break_long_words=False, break_on_hyphens=False)


def feeds_of(feed_dict: Any, graph: Graph) -> dict[Tensor, Any]:
    """A feed dictionary as tensors with their values, which are as they were given."""
    if not feed_dict:
        return {}
    if not isinstance(feed_dict, Mapping):
        raise TypeError("input must be a dictionary")
    pairs = (pair for key, value in feed_dict.items() for pair in matched(key, value))
    return {as_feed(key, graph): value for key, value in pairs}


def matched(key: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    """Pairs of one tensor and its value; a key may be a nested tuple of tensors."""
    if isinstance(key, tuple | list):
        if not isinstance(value, tuple | list) or len(key) != len(value):
            count = len(value) if isinstance(value, tuple | list) else 1
            raise ValueError(
                f"Could not flatten dictionary. Key had {len(key)} elements, but value had {count} "
                f"elements. Key: {key}, value: {value}."
            )
        for inner, inner_value in zip(key, value, strict=True):
            yield from matched(inner, inner_value)
    else:
        yield key, value


def as_feed(key: Any, graph: Graph) -> Tensor:
    """The tensor that a key of a feed dictionary stands for."""
    try:
        tensor = graph.as_graph_element(key, allow_operation=False)
    except (TypeError, ValueError, KeyError) as error:
        raise TypeError(f"Cannot interpret feed_dict key as Tensor: {error.args[0]}") from None
    assert isinstance(tensor, Tensor)
    if tensor.op.branch is not None:
        raise ValueError(f"Tensor {tensor} may not be fed.\nIt is inside a branch of tf.cond.")
    return tensor


def fed_value(tensor: Tensor, value: Any) -> Any:
    """A fed value as a plan takes it: an array, or one of NumPy's scalars."""
    if not tensor.static_shape:
        dtype = tensor.dtype
        if type(value) is float and dtype.is_floating:
            return value * dtype.one  # what as_numpy_dtype(value) is, in a quarter of the time
        if type(value) is dtype.as_numpy_dtype:
            return value
    array = fed_array(tensor, value)
    return array if array.ndim else array[()]


def fed_array(tensor: Tensor, value: Any) -> np.ndarray:
    """A fed value as an array of the tensor's dtype, checked against its shape."""
    if isinstance(value, Operand):
        raise TypeError(
            "The value of a feed cannot be a tf.Tensor object. Acceptable feed values include "
            "Python scalars, strings, lists, numpy ndarrays, or TensorHandles. For reference, the "
            f"tensor object was {value} which was passed to the feed with key {tensor}."
        )
    if tensor.dtype is string:
        array = text_as_bytes(np.asarray(value, dtype=object))
    else:
        if isinstance(value, int):
            check_holds(tensor, value)
        try:
            array = converted(value, tensor.dtype.as_numpy_dtype)
        except (ValueError, TypeError) as error:
            raise type(error)(f"{error}\nThis was fed to Tensor '{tensor.name}'.") from None
    if not shapes.compatible(tensor.static_shape, array.shape):
        raise ValueError(
            f"Cannot feed value of shape {array.shape} for Tensor '{tensor.name}', which has shape "
            f"'{shapes.show(tensor.static_shape)}'"
        )
    # A view that cannot be written: what a session hands out must not be the caller's array.
    array = array.view()
    array.setflags(write=False)
    return array


def converted(value: Any, numpy_type: Any) -> np.ndarray:
    """A fed value as an array of a type; integers that are too large wrap around."""
    try:
        return np.asarray(value, dtype=numpy_type)
    except OverflowError:
        return np.asarray(value).astype(numpy_type)


def check_holds(tensor: Tensor, value: int) -> None:
    """Refuse an integer outside the range of the tensor's type; inside an array it is allowed."""
    numpy_type = tensor.dtype.as_numpy_dtype
    if np.asarray(value).astype(numpy_type).item() != value:
        raise TypeError(
            f"Type of feed value {value} with type {type(value)} is not compatible with Tensor "
            f"type {numpy_type}. Try explicitly setting the type of the feed tensor to a larger "
            f"type (e.g. int64).\nThis was fed to Tensor '{tensor.name}'."
        )


# Fetches -------------------------------------------------------------------------------------

Rebuild = Callable[[Iterator[Any]], Any]


def flatten_fetches(fetches: Any, graph: Graph) -> tuple[list[Tensor | Operation], Rebuild | None]:
    """The tensors and operations in a fetch structure, and a function that fills it with values.

    For a list of them there is nothing to be done, and None to do it.
    """
    elements: list[Tensor | Operation] = []

    def visit(item: Any) -> Rebuild:
        if not is_nested(item):
            elements.append(as_fetch(item, graph))
            return next
        if isinstance(item, list | tuple):
            parts = [visit(part) for part in item]
            make: Any = getattr(type(item), "_make", type(item))  # a namedtuple has one
            return lambda values: make([part(values) for part in parts])
        entries = {key: visit(part) for key, part in item.items()}
        kind: Any = type(item)
        return lambda values: kind((key, part(values)) for key, part in entries.items())

    rebuild = visit(fetches)
    flat = type(fetches) is list and not any(map(is_nested, fetches))
    return elements, None if flat else rebuild


def is_nested(item: Any) -> bool:
    return isinstance(item, list | tuple | Mapping)


def as_fetch(item: Any, graph: Graph) -> Tensor | Operation:
    """One fetch as an element of the graph."""
    if item is None:
        reasons = [reason for reasons in reversed(graph.reasons_for_none) for reason in reasons()]
        advice = "\n".join(map(PRINTED.fill, map(str, dict.fromkeys(reasons))))
        raise TypeError(
            advise(
                "Fetch argument None has invalid type <class 'NoneType'>",
                advice=advice
                or "None is no tensor. Was it returned by a function that forgot its `return`?",
            )
        )
    try:
        element = graph.as_graph_element(item)
    except TypeError as error:
        name = getattr(item, "__name__", "")
        raise TypeError(
            advise(
                f"Fetch argument {item!r} has invalid type {type(item)}, must be a string or "
                f"Tensor. ({error})",
                advice=f"It is a function: did you mean {name}()?" if callable(item) else "",
            )
        ) from None
    except (ValueError, KeyError) as error:
        reason = error.args[0] if isinstance(error, ValueError) else f'"{error.args[0]}"'
        raise ValueError(
            f"Fetch argument {item!r} cannot be interpreted as a Tensor. ({reason})"
        ) from None
    op = element.op if isinstance(element, Tensor) else element
    if op.branch is not None:
        raise ValueError(
            advise(
                f"Operation {op.name!r} has been marked as not fetchable.",
                op,
                "It is inside a branch of tf.cond, which may not run. Fetch what cond returns.",
            )
        )
    return element


# Running a plan ------------------------------------------------------------------------------

#: From a value for each feed to what was fetched.
Runner = Callable[..., Any]


def runner(
    plan: Plan,
    elements: Sequence[Tensor | Operation],
    feeds: Sequence[Tensor],
    rebuild: Rebuild | None,
    variables: Any,
    generators: Any,
) -> Runner:
    """The run of a plan as a function of the fed values, without NumPy's warnings.

    `rebuild` makes of the results the structure of the fetches; None for a list.
    """
    compute, count = plan.run, len(feeds)
    echoes = [i for i, element in enumerate(elements) if element in feeds]
    # What `fed_value` makes of the float of a scalar, without calling it.
    ones = [t.dtype.one if t.dtype.is_floating and t.static_shape == () else None for t in feeds]

    def run(values: tuple[Any, ...]) -> Any:
        if len(values) != count:
            raise TypeError(f"This takes {count} values, one for each fed tensor.")
        given = list(values)
        for i, one in enumerate(ones):
            if type(values[i]) is float and one is not None:
                given[i] *= one
            else:
                given[i] = fed_value(feeds[i], values[i])
        try:
            fetched = compute(variables, generators, *given)
        except Exception as error:
            failed = plan.failed_call(error.__traceback__)
            if failed is None:
                raise
            raise_with_operation(error, *failed)
        for i, value in enumerate(fetched):
            if type(value) is ndarray:
                fetched[i] = owned_by_caller(value)
        for i in echoes:  # what was fed comes back as an array, also a number
            value = fetched[i]
            fetched[i] = asarray(value, object) if type(value) is bytes else asarray(value)
        return fetched if rebuild is None else rebuild(iter(fetched))

    return (without_warnings_here if plan.calls_python else without_warnings)(run)


def owned_by_caller(array: np.ndarray) -> Any:
    """A fetched value that belongs to the caller: a scalar, or a copy of a shared array."""
    if array.ndim == 0:
        return array[()]
    return array if array.flags.writeable else array.copy()


# An array that comes and goes, untouched: from now on C's allocator keeps the memory of a run for
# the next one. A third of the time of a convolution network went into getting it back.
np.empty(31 * 2**20, np.uint8)

#: Contexts that nobody is in. A run takes one out, as two threads cannot be in the same.
_free: list[Context] = []


def without_warnings(function: Callable[[tuple[Any, ...]], Any]) -> Runner:
    """A function called in an empty context, in which NumPy does not warn."""

    def quiet(*values: Any) -> Any:
        try:
            context = _free.pop()
        except IndexError:
            context = Context()
            context.run(np.seterr, all="ignore")
        result = context.run(function, values)
        _free.append(context)
        return result

    return quiet


def without_warnings_here(function: Callable[[tuple[Any, ...]], Any]) -> Runner:
    """A function called in the caller's context, without NumPy's warnings."""

    def quiet(*values: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(values)

    return quiet


def raise_with_operation(error: Exception, call: Call, values: list[Any]) -> NoReturn:
    """Raise an error of a kernel again, with the operation and the user's line."""
    op = call.op
    if isinstance(error, UnfedPlaceholderError):
        missing = f"You must feed a value for placeholder tensor '{op.name}' {error.message}"
        raise InvalidArgumentError(None, op, advise(missing, op)) from None
    if isinstance(error, OpError):
        raise type(error)(None, op, advise(error.message, op)) from None
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], Operation):
        name = error.args[0].name
        raise FailedPreconditionError(
            None,
            op,
            advise(
                f"Attempting to use uninitialized value {name}",
                op,
                "Run tf.global_variables_initializer() in this session first. It covers only "
                "variables that exist already: build the initializer last.",
            ),
        ) from None
    sentence = str(error)
    if isinstance(error, MemoryError):
        sentence = f"OOM when allocating tensor: {sentence}"
        raise ResourceExhaustedError(None, op, advise(sentence, op)) from error
    if op.definition.elementwise and isinstance(error, ValueError):
        given = " vs. ".join(brackets(np.shape(value)) for value in values)
        sentence = f"Incompatible shapes: {given}"
    if call.guard and "truth value of an array" in sentence:
        sentence = "The second input must be a scalar\ncond takes one branch for all: tf.where."
    raise InvalidArgumentError(None, op, advise(sentence, op)) from error


def are_elements(fetches: Any, feed_dict: Any) -> bool:
    """Whether these are tensors and operations themselves: a name may come to mean another one."""
    items = [*fetches] if type(fetches) in (list, tuple) else [fetches]
    return all(isinstance(item, Operand | Operation) for item in (*items, *(feed_dict or ())))
