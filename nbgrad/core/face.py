"""Attributes and methods that TensorFlow has on graphs, operations and tensors, for its users.

`graph` has the classes themselves. Nothing here is needed to build, run or differentiate a graph.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from nbgrad.core import shapes
from nbgrad.core.errors import ShapeError, SourceLine, advise, did_you_mean
from nbgrad.core.operators import Operators, T
from nbgrad.core.scopes import session_for
from nbgrad.core.shapes import ShapeLike, TensorShape, as_shape
from nbgrad.core.traits import Effect

Op = TypeVar("Op")
Feeds = Mapping[Any, Any]


class TensorFace:
    """A tensor as TensorFlow shows it."""

    op: Any
    value_index: int
    dtype: Any
    static_shape: Any

    @property
    def name(self) -> str:
        """Its name in the graph: the operation's, a colon, the index."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def shape(self) -> TensorShape:
        """Its shape as far as that is known; `set_shape` adds to it."""
        return TensorShape(self.static_shape)

    def get_shape(self) -> TensorShape:
        """Its shape as far as that is known, which is also `shape`."""
        return self.shape

    def set_shape(self, shape: ShapeLike) -> None:
        """Add what is known about the shape; it must not contradict what is known already."""
        try:
            known = as_shape(shape)
            shapes.assigned(self.static_shape, known)
            self.static_shape = shapes.merge_shapes(self.static_shape, known)
        except ShapeError as error:
            raise ValueError(advise(str(error), self.op)) from None

    @property
    def device(self) -> str:
        """The device of its operation: "", NumPy computes where Python runs."""
        return self.op.device

    def consumers(self) -> list[Any]:
        """The operations that read it, in the order of creation; one that does so twice, twice."""
        return list(self.op.graph.lookup.readers.get(self, ()))

    def __str__(self) -> str:
        shape = "" if self.static_shape is None else f", shape={shapes.show(self.static_shape)}"
        return f'Tensor("{self.name}"{shape}, dtype={self._dtype_name})'

    def __repr__(self) -> str:
        shape = shapes.show(self.static_shape)
        return f"<tf.Tensor '{self.name}' shape={shape} dtype={self._dtype_name}>"

    @property
    def _dtype_name(self) -> str:
        """Its dtype; as in TensorFlow, that of a variable and of its assignments says so."""
        place = self.op.effect in (Effect.HOLDS, Effect.SETS, Effect.CHANGES)
        return f"{self.dtype.name}_ref" if place else self.dtype.name


class OperationFace(Generic[T]):
    """An operation as TensorFlow shows it."""

    __slots__ = ()
    if TYPE_CHECKING:
        name: str
        type: Any
        gradient_type: str
        attributes: dict[str, Any]
        outputs: list[T]
        source: SourceLine

    @property
    def device(self) -> str:
        """Always "": NumPy computes where Python runs."""
        return ""

    @property
    def node_def(self) -> Any:
        """Its node in TensorFlow's own description of graphs, where TensorFlow has such a one."""
        return _export([self]).node[-1]

    def get_attr(self, name: str) -> Any:
        """An attribute by the name that nbgrad or TensorFlow has for it."""
        if name in self.attributes:
            return self.attributes[name]
        if name == "_gradient_op_type" and self.gradient_type != self.type:
            return self.gradient_type.encode()
        with contextlib.suppress(NotImplementedError, KeyError):
            return self.node_def.attr[name]
        raise ValueError(f"Operation {self.name!r} has no attr named {name!r}.")

    @property
    def line(self) -> str:
        """Where it was created, in words such as "in cell [4]: y = x * x"."""
        return str(self.source)

    def values(self) -> tuple[T, ...]:
        """The tensors it makes, as a tuple."""
        return tuple(self.outputs)

    def run(self, feed_dict: Feeds | None = None, session: Any = None) -> None:
        """Run this operation in a session; by default in the default session."""
        session = session_for(session, "Cannot execute operation using `run()`", "run", ":")
        session.run(self, feed_dict)

    def __str__(self) -> str:
        try:
            return str(self.node_def)
        except NotImplementedError:
            return repr(self)

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"


class GraphFace(Generic[T, Op]):
    """A graph as TensorFlow shows it: its elements by name, its collections, its description.

    A collection is a list of anything under a name, often one of `GraphKeys`.
    """

    building_function = False  # functions are not built as graphs here
    _operations: list[Op]
    _collections: dict[Any, list[Any]]
    finalized: bool
    lookup: Any

    def get_operations(self) -> list[Op]:
        """All operations, in the order of creation."""
        return list(self._operations)

    def finalize(self) -> None:
        """Refuse every new operation from now on."""
        self.finalized = True

    @property
    def version(self) -> int:
        """A number that grows with the graph."""
        return len(self._operations)

    def get_operation_by_name(self, name: str) -> Op:
        """The operation of this name, such as "mul"."""
        if not isinstance(name, str):
            kind = type(name).__name__
            raise TypeError(f"Operation names are strings (or similar), not {kind}.")
        if name not in self.lookup.by_name:
            if ":" in name:
                raise ValueError(f"Name {name!r} appears to refer to a Tensor, not a Operation.")
            problem = f"The name {name!r} refers to an Operation not in the graph."
            raise KeyError(f"{problem} {did_you_mean(name, self.lookup.by_name)}".rstrip())
        return self.lookup.by_name[name]

    def get_tensor_by_name(self, name: str) -> T:
        """The tensor of this name, "mul:0": its operation, a colon, which of its results it is."""
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
        op_name, colon, index = name.rpartition(":")
        if not (colon and index.isdigit() and ":" not in op_name):
            problem = "looks like an (invalid) Operation name, not a Tensor."
            if ":" in name:
                problem = "looks a like a Tensor name, but is not a valid one."
            elif name in self.lookup.by_name:
                problem = "refers to an Operation, not a Tensor."
            form = 'Tensor names must be of the form "<op_name>:<output_index>".'
            raise ValueError(f"The name {name!r} {problem} {form}")
        problem = f"The name {name!r} refers to a Tensor which does not exist. The operation,"
        if op_name not in self.lookup.by_name:
            problem = f"{problem} {op_name!r}, does not exist in the graph."
            raise KeyError(f"{problem} {did_you_mean(op_name, self.lookup.by_name)}".rstrip())
        outputs = self.lookup.by_name[op_name].outputs
        if int(index) >= len(outputs):
            raise KeyError(f"{problem} {op_name!r}, exists but only has {len(outputs)} outputs.")
        return outputs[int(index)]

    def as_graph_element(
        self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True
    ) -> T | Op:
        """The tensor or operation of this graph that an object is, stands for or names."""
        if isinstance(obj, str | bytes):
            name = obj.decode() if isinstance(obj, bytes) else obj
            if allow_tensor and (":" in name or not allow_operation):
                return self.get_tensor_by_name(name)
            return self.get_operation_by_name(name)
        element: Any = obj.as_graph_element() if isinstance(obj, Operators) else obj
        kind = type(element)
        allowed = (TensorFace,) * allow_tensor + (OperationFace,) * allow_operation
        if not issubclass(kind, allowed):
            wanted = " or ".join(["Tensor"] * allow_tensor + ["Operation"] * allow_operation)
            raise TypeError(f"Can not convert a {type(obj).__name__} into a {wanted}.")
        if element.graph is not self:
            raise ValueError(f"{kind.__name__} {element} is not an element of this graph.")
        return element

    @property
    def collections(self) -> list[Any]:
        """The names of all collections."""
        return list(self._collections)

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Append a value to a collection of this graph."""
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Append a value to one or several collections of this graph, once to each."""
        several = [names] if isinstance(names, str) or not isinstance(names, Iterable) else names
        for name in dict.fromkeys(several):
            self.add_to_collection(name, value)

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """A copy of a collection of this graph, empty where there is none.

        `scope` is a regular expression that the names of the items must begin with.
        """
        items = self._collections.get(name, [])
        if scope is None:
            return list(items)
        return [item for item in items if re.match(scope, getattr(item, "name", None) or "\0")]

    def get_collection_ref(self, name: Any) -> list[Any]:
        """A collection of this graph itself: what is done to it is done to the graph's."""
        return self._collections.setdefault(name, [])

    def clear_collection(self, name: Any) -> None:
        """Empty a collection of this graph."""
        self._collections.pop(name, None)

    def get_all_collection_keys(self) -> list[Any]:
        """The names of all collections that hold something, in the order of their making."""
        return [name for name, items in self._collections.items() if items]

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> Any:
        """The graph in TensorFlow's own description, whose text form TensorFlow can run.

        Both arguments are accepted for TensorFlow's sake and ignored.
        """
        return _export(self._operations)


_export: Callable[[Sequence[Any]], Any]


def export_with(write: Callable[[Sequence[Any]], Any]) -> None:
    """Set the function that writes operations as TensorFlow's GraphDef; `nbgrad.tf1` does."""
    global _export
    _export = write
