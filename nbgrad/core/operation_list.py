"""The elements of a graph: operations in the order of creation, found by position or by name."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Iterator
from typing import Any

from nbgrad.core.errors import did_you_mean
from nbgrad.core.tensor import Operand, Operation, Tensor

TENSOR_NAMES = 'Tensor names must be of the form "<op_name>:<output_index>".'


class OperationList:
    """A list of operations that grows at its end, with a register of their names."""

    def __init__(self) -> None:
        self._operations: list[Operation] = []
        self._by_name: dict[str, Operation] = {}
        self._created = 0  # also counts what was forgotten: no two operations share an index

    def apply(self, op_type: str, *values: Any, name: str | None = None, **attributes: Any) -> Any:
        """Build an operation here."""
        raise NotImplementedError

    def _append(self, op: Operation) -> None:
        op.index = self._created
        self._created += 1
        for tensor in op.inputs:
            tensor._consumers.append(op)
        self._operations.append(op)
        self._by_name[op.name] = op

    def _forget_from(self, position: int) -> None:
        """Undo every `_append` since the list had that length."""
        for op in reversed(self._operations[position:]):
            del self._by_name[op.name]
            for tensor in op.inputs:
                tensor._consumers.pop()
        del self._operations[position:]

    @property
    def version(self) -> int:
        """A number that grows with the graph."""
        return len(self._operations)

    @property
    def next_index(self) -> int:
        """The index of the next operation; larger than `version` once something was forgotten."""
        return self._created

    def get_operations(self) -> list[Operation]:
        """All operations, in the order of creation.

        Returns
        -------
        list of Operation
            A new list.
        """
        return list(self._operations)

    def get_operation_by_name(self, name: str) -> Operation:
        """The operation of this name.

        Parameters
        ----------
        name
            Such as "mul".

        Returns
        -------
        Operation
            There is at most one.

        Raises
        ------
        KeyError
            If there is none.
        ValueError
            If the name is a tensor's.
        TypeError
            If it is no text.
        """
        if not isinstance(name, str):
            kind = type(name).__name__
            raise TypeError(f"Operation names are strings (or similar), not {kind}.")
        if name not in self._by_name:
            if ":" in name:
                raise ValueError(f"Name {name!r} appears to refer to a Tensor, not a Operation.")
            raise KeyError(
                f"The name {name!r} refers to an Operation not in the graph.{self._alike(name)}"
            )
        return self._by_name[name]

    def get_tensor_by_name(self, name: str) -> Tensor:
        """The tensor of this name.

        Parameters
        ----------
        name
            That of the operation, a colon, and which of its results it is: "mul:0".

        Returns
        -------
        Tensor
            There is at most one.

        Raises
        ------
        KeyError
            If there is none.
        ValueError
            If the name is an operation's.
        TypeError
            If it is no text.
        """
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
        op_name, colon, index = name.rpartition(":")
        if not (colon and index.isdigit() and ":" not in op_name):
            kind = "looks like an (invalid) Operation name"
            if ":" in name:
                raise ValueError(
                    f"The name {name!r} looks a like a Tensor name, but is not a valid one. "
                    f"{TENSOR_NAMES}"
                )
            if name in self._by_name:
                kind = "refers to an Operation"
            raise ValueError(f"The name {name!r} {kind}, not a Tensor. {TENSOR_NAMES}")
        problem = f"The name {name!r} refers to a Tensor which does not exist. The operation, "
        if op_name not in self._by_name:
            raise KeyError(
                f"{problem}{op_name!r}, does not exist in the graph.{self._alike(op_name)}"
            )
        outputs = self._by_name[op_name].outputs
        if int(index) >= len(outputs):
            raise KeyError(f"{problem}{op_name!r}, exists but only has {len(outputs)} outputs.")
        return outputs[int(index)]

    def as_graph_element(
        self,
        obj: Operand | Operation | str | bytes,
        allow_tensor: bool = True,
        allow_operation: bool = True,
    ) -> Tensor | Operation:
        """The tensor or operation of this graph that something is, stands for or names.

        Parameters
        ----------
        obj
            A tensor, a variable, an operation, or the name of one.
        allow_tensor, allow_operation
            What it may turn out to be.

        Returns
        -------
        Tensor or Operation
            For a variable, the tensor that a session feeds.

        Raises
        ------
        TypeError, ValueError, KeyError
            If it is nothing of the kind, belongs to another graph, or does not exist.
        """
        if isinstance(obj, str | bytes):
            name = obj.decode() if isinstance(obj, bytes) else obj
            if allow_tensor and (":" in name or not allow_operation):
                return self.get_tensor_by_name(name)
            return self.get_operation_by_name(name)
        element: Any = obj.as_graph_element() if isinstance(obj, Operand) else obj
        kinds = {"Tensor": allow_tensor, "Operation": allow_operation}
        fits = isinstance(element, Tensor) and allow_tensor
        if not (fits or (isinstance(element, Operation) and allow_operation)):
            wanted = " or ".join(kind for kind, allowed in kinds.items() if allowed)
            raise TypeError(f"Can not convert a {type(obj).__name__} into a {wanted}.")
        if element.graph is not self:
            kind = type(element).__name__
            raise ValueError(f"{kind} {element} is not an element of this graph.")
        return element

    def _alike(self, name: str) -> str:
        question = did_you_mean(name, self._by_name)
        return f" {question}" if question else ""


VALID_NAME = r"^[A-Za-z0-9.][A-Za-z0-9_.\\\-/]*$"


VALID_INNER_SCOPE = r"^[A-Za-z0-9_.\\\-/]*$"


class Names:
    """The names taken in one graph, and the scope that new names go to."""

    def __init__(self) -> None:
        self.scope = ""
        self._taken: dict[str, int] = {}

    def unique(self, name: str) -> str:
        """`name` within the current scope, with `_1`, `_2`, … where it is taken.

        Names that differ only in case count as equal: some file systems cannot tell the
        files apart that tools write for them.

        Raises
        ------
        ValueError
            If the name is not valid.
        """
        if name.endswith("/"):
            return name[:-1]  # a scope's own name, to be used as it stands
        if not fits(VALID_NAME, name):
            raise ValueError(
                f"'{name}' is not a valid node name\nA name starts with a letter, a digit or a "
                "dot, and goes on with these and with _ - / \\."
            )
        full = f"{self.scope}/{name}" if self.scope else name
        return self._claim(full)

    def _claim(self, name: str) -> str:
        taken = self._taken
        key = name.lower()
        count = taken.get(key, 0)
        taken[key] = count + 1
        if not count:
            return name
        candidate = f"{key}_{count}"
        while candidate in taken:
            count += 1
            candidate = f"{key}_{count}"
        taken[candidate] = 1
        # Where it stood, the search may start again: counting from one each time would make
        # the ten-thousandth "mul" ten thousand times slower to name than the first.
        taken[key] = count + 1
        return candidate if name == key else f"{name}_{count}"

    @contextlib.contextmanager
    def within(self, name: str | None) -> Iterator[str]:
        """A scope for the names given inside; yields its prefix, such as "layer/".

        A name that ends in "/" re-enters that very scope; None or "" leads to the top.
        """
        outer = self.scope
        if not name:
            self.scope = ""
        elif name.endswith("/"):
            self.scope = name[:-1]
        else:
            if not fits(VALID_INNER_SCOPE if outer else VALID_NAME, name):
                raise ValueError(f"'{name}' is not a valid scope name")
            self.scope = self._claim(f"{outer}/{name}" if outer else name)
        try:
            yield f"{self.scope}/" if self.scope else ""
        finally:
            self.scope = outer

    def copy(self) -> dict[str, int]:
        """The names taken so far, to be given back with `restore`."""
        return dict(self._taken)

    def restore(self, taken: dict[str, int]) -> None:
        """Forget every name taken since `copy`."""
        self._taken = taken


@functools.lru_cache(maxsize=4096)
def fits(pattern: str, name: str) -> bool:
    return re.match(pattern, name) is not None
