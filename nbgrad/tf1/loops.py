"""Loops over the first axis of a tensor, unrolled: the graph holds the operations of every turn.

`elems` are one tensor or a nested list or tuple of tensors, whose first sizes are equal and known;
the function finds the same structure in each turn. `parallel_iterations`, `back_prop`,
`swap_memory` and `infer_shape` have no effect.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from nbgrad.core.errors import advise
from nbgrad.core.graph import Operand, Tensor, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.ops.parts import stack, unstack
from nbgrad.tf1.signatures import takes


@takes(
    "fn elems initializer parallel_iterations back_prop=True swap_memory=False infer_shape=True "
    "reverse name"
)
def scan(fn, elems, initializer=None, reverse=False, name=None) -> Any:
    """Every value of zᵢ = f(zᵢ₋₁, xᵢ), stacked; from the first element on, or from `initializer`.

    With `reverse` it begins at the last element.

    >>> print(tf.Session().run(tf.scan(lambda total, x: total + x, [1.0, 2.0, 3.0])))
    [1. 3. 6.]
    """
    with scope_of(elems, initializer, name=name or "scan"):
        turns = slices(elems, "scan")[:: -1 if reverse else 1]
        values = accumulated(fn, turns, initializer)[:: -1 if reverse else 1]
        return for_each(lambda *each: stack(list(each)), *values)


@takes("fn elems initializer parallel_iterations back_prop=True swap_memory=False name")
def foldl(fn, elems, initializer=None, name=None) -> Any:
    """The last value of z = f(z, x), from the first element to the last.

    >>> print(tf.Session().run(tf.foldl(lambda total, x: total - x, [1.0, 2.0, 3.0])))
    -4.0
    """
    with scope_of(elems, initializer, name=name or "foldl"):
        return accumulated(fn, slices(elems, "foldl"), initializer)[-1]


@takes("fn elems initializer parallel_iterations back_prop=True swap_memory=False name")
def foldr(fn, elems, initializer=None, name=None) -> Any:
    """The last value of z = f(z, x), from the last element to the first.

    >>> print(tf.Session().run(tf.foldr(lambda total, x: total - x, [1.0, 2.0, 3.0])))
    0.0
    """
    with scope_of(elems, initializer, name=name or "foldr"):
        return accumulated(fn, slices(elems, "foldr")[::-1], initializer)[-1]


@takes("fn elems dtype parallel_iterations back_prop=True swap_memory=False infer_shape=True name")
def map_fn(fn, elems, name=None) -> Any:
    """A function of each element, zᵢ = f(xᵢ), stacked.

    `dtype` is needed, and otherwise without effect, where the function returns another structure
    than it finds.

    >>> print(tf.Session().run(tf.map_fn(lambda x: x * x, [1.0, 2.0, 3.0])))
    [1. 4. 9.]
    """
    if not callable(fn):
        raise TypeError("fn must be callable.")
    with scope_of(elems, name=name or "map"):
        values = [fn(each) for each in slices(elems, "map_fn")]
        return for_each(lambda *each: stack(list(each)), *values)


def while_loop(*_args, **_options) -> NoReturn:
    """An error: unroll the loop in Python, and see each of its turns.

    >>> x = tf.constant(2.0)
    >>> for _ in range(3):
    ...     x = x * x
    >>> print(tf.Session().run(x))
    256.0
    """
    raise NotImplementedError(
        "nbgrad has no tf.while_loop: unroll the loop in Python.\nA `for` loop that builds the "
        "operations of each turn gives the same gradients, and a picture of every step."
    )


def for_each(function: Callable[..., Any], *trees) -> Any:
    """A function of the leaves of nested tuples and lists, in the same structure."""
    first = trees[0]
    if not isinstance(first, list | tuple):
        return function(*trees)
    items = [for_each(function, *each) for each in zip(*trees, strict=True)]
    return type(first)(*items) if hasattr(first, "_fields") else type(first)(items)


def accumulated(fn, turns: list[Any], value) -> list[Any]:
    """Every value of z = f(z, x); without a first value, the first element is it."""
    if not callable(fn):
        raise TypeError("fn must be callable.")
    if value is None:
        return [*itertools.accumulate(turns, fn)]
    graph = graph_of(*nest_leaves(turns))
    value = for_each(lambda each: as_tensor(each, graph, name="initializer"), value)
    return [*itertools.accumulate(turns, fn, initial=value)][1:]


def slices(elems, function: str) -> list[Any]:
    """The elements along the first axis, each in the structure of the whole."""
    # A list of numbers is a tensor; a list of tensors or arrays is a structure of several.
    several = any(isinstance(leaf, Operand | np.ndarray) for leaf in nest_leaves(elems))
    graph = graph_of(*nest_leaves(elems))
    whole = elems if several else as_tensor(elems, graph, name="elems")
    tensors = [as_tensor(leaf, graph, name="elems") for leaf in nest_leaves(whole)]
    columns = [unstack(x, known_steps(x, 0, function)) for x in tensors]
    if len({len(column) for column in columns}) > 1:
        raise ValueError(f"The elems of tf.{function} have different first sizes: {tensors}")
    turns = [iter(row) for row in zip(*columns, strict=True)]
    return [for_each(lambda _, row=row: next(row), whole) for row in turns]


def nest_leaves(tree) -> list[Any]:
    """The items of nested lists and tuples, in order."""
    if isinstance(tree, list | tuple):
        return [leaf for each in tree for leaf in nest_leaves(each)]
    return [tree]


def scope_of(*values, name: str) -> Any:
    return graph_of(*nest_leaves(values)).name_scope(name)


def known_steps(x: Tensor, axis: int, function: str) -> int:
    """The number of elements along an axis, which must be known to unroll a loop."""
    shape = x.static_shape
    steps = None if shape is None or len(shape) <= axis else shape[axis]
    if steps is None:
        problem = f"nbgrad unrolls tf.{function}, and the number of steps is unknown: {x}"
        advice = (
            "Say it where the placeholder is made, as in [None, 28, 28]; or unroll the loop in "
            "Python: `for` each step, build its operations."
        )
        raise NotImplementedError(advise(problem, x.op, advice))
    return steps
