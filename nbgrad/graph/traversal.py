"""Walks through a graph, which never recurse: a chain may be as long as it likes."""

from __future__ import annotations

from collections.abc import Iterable

from nbgrad.graph.operation import Operation
from nbgrad.graph.tensor import Tensor


def ancestors(
    tensors: Iterable[Tensor | Operation], stop: Iterable[Tensor] = ()
) -> list[Operation]:
    """Every operation that `tensors` depend on, in the order of creation.

    Nothing is looked for behind a tensor of `stop`.
    """
    seen: set[Operation] = set()
    cut = set(stop)
    waiting = [t.op if isinstance(t, Tensor) else t for t in tensors if t not in cut]
    while waiting:
        op = waiting.pop()
        if op not in seen:
            seen.add(op)
            waiting += [t.op for t in op.inputs if t not in cut]
            waiting += op.control_inputs
    return sorted(seen, key=lambda op: op.index)
