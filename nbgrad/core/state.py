"""What a session keeps from one run to the next: the values of variables, and random generators.

Calls of a plan reach it through these functions.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from nbgrad.core.errors import InvalidArgumentError
from nbgrad.core.graph import Operation
from nbgrad.core.shapes import brackets, compatible

Variables = dict[Operation, Any]


def write(variables: Variables, ref: Operation, value: Any, validate_shape: bool = True) -> Any:
    """Make `value` the value of a variable, as a copy that nobody can change."""
    shape = ref.outputs[0].static_shape
    if validate_shape and not compatible(shape, np.shape(value)):
        raise InvalidArgumentError(
            None,
            None,
            "Assign requires shapes of both tensors to match. "
            f"lhs shape= {brackets(shape)} rhs shape= {brackets(np.shape(value))}",
        )
    return keep(variables, ref, np.array(value))


def update(variables: Variables, ref: Operation, kernel: Any, *values: Any, **settings: Any) -> Any:
    """Make what a kernel computes from a variable's value the variable's value."""
    before = variables[ref]
    return keep(variables, ref, checked(before, kernel(before, *values, **settings)))


def update_all(
    variables: Variables,
    refs: tuple[Operation, ...],
    kernel: Any,
    *values: Any,
    **settings: Any,
) -> list[Any]:
    """The same for several variables that change together, such as a weight and its momentum."""
    before = [variables[ref] for ref in refs]
    after = kernel(*before, *values, **settings)
    return [
        keep(variables, ref, checked(old, new))
        for ref, old, new in zip(refs, before, after, strict=True)
    ]


def keep(variables: Variables, ref: Operation, value: Any) -> Any:
    """Store a value that is the session's own from now on: nobody may change it in place."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
        value = value if value.ndim else value[()]
    variables[ref] = value
    return value


def checked(before: Any, after: Any) -> Any:
    """A variable's new value, which has the shape of the old one."""
    if np.shape(after) != np.shape(before):
        raise InvalidArgumentError(
            None,
            None,
            f"var and delta do not have the same shape{brackets(np.shape(before))} "
            f"{brackets(np.shape(after))}",
        )
    return after


class Generators(dict[Operation, Any]):  # NumPy loads its generators when they are first named
    """One random generator for each random operation, made when it is first drawn from."""

    def __missing__(self, op: Operation) -> np.random.Generator:
        graph_seed, op_seed = op.graph.seed, op.attributes["seed"]
        if graph_seed is None and op_seed is None:
            generator = np.random.default_rng()
        else:
            # As TensorFlow pairs its two seeds: either alone makes the sequence repeat, and
            # under the graph's seed every operation has a sequence of its own.
            of_graph = 0 if graph_seed is None else graph_seed
            of_op = zlib.crc32(op.name.encode()) if op_seed is None else op_seed
            generator = np.random.default_rng([abs(of_graph), abs(of_op)])
        self[op] = generator
        return generator
