"""Fetch structures: what `Session.run` is asked for, taken apart and put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nbgrad.errors import advise
from nbgrad.graph import Graph, Operation, Tensor
from nbgrad.reverse_mode.absence import recent_absences

Rebuild = Callable[[Iterator[Any]], Any]


def take_apart(fetches: Any, graph: Graph) -> tuple[list[Tensor | Operation], Rebuild | None]:
    """The tensors and operations in a fetch structure, and how to give it back with values.

    For a list of them there is nothing to be done, and None to do it.

    Raises
    ------
    TypeError
        If something in it is neither a tensor nor an operation nor the name of one.
    ValueError
        If it names or is something that is not in this graph.
    """
    elements: list[Tensor | Operation] = []

    def visit(item: Any) -> Rebuild:
        if not nested(item):
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
    flat = type(fetches) is list and not any(map(nested, fetches))
    return elements, None if flat else rebuild


def nested(item: Any) -> bool:
    return isinstance(item, list | tuple | Mapping)


def as_fetch(item: Any, graph: Graph) -> Tensor | Operation:
    """One fetch as an element of the graph."""
    if item is None:
        raise TypeError(
            advise(
                "Fetch argument None has invalid type <class 'NoneType'>",
                advice="\n".join(map(str, recent_absences(graph)))
                or "None is no tensor. Was it returned by a function that forgot its `return`?",
            )
        )
    try:
        element = graph.as_graph_element(item)
    except TypeError as error:
        raise TypeError(
            f"Fetch argument {item!r} has invalid type {type(item)}, must be a string or "
            f"Tensor. ({error})"
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
