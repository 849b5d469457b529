"""The graph: operations in the order of their creation, and nothing else.

A graph only grows at its end. Whatever an operation reads was created before it, so the
order of creation is a topological order: nothing here, in a session or in the reverse pass
ever sorts or recurses, however long a chain gets.
"""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nbgrad import operands
from nbgrad.defaults import DefaultStack
from nbgrad.dtypes import BY_NAME, DType, as_dtype, constant_array
from nbgrad.errors import ShapeError, advise
from nbgrad.naming import Names
from nbgrad.registry import definition_of
from nbgrad.shapes import Shape, brackets, is_known
from nbgrad.source import user_line
from nbgrad.tensor import Operand, Operation, Tensor

default_graphs: DefaultStack[Graph] = DefaultStack()


def apply(op_type: str, *operands: Any, name: str | None = None, **attributes: Any) -> Any:
    """Build an operation by the name of its type, in the graph of its operands.

    Returns
    -------
    Tensor, list of Tensor or Operation
        Its result; a list where there are several, the operation itself where there is none.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.apply("Mul", ng.constant(3.0), 2.0))
    Tensor("Mul:0", shape=(), dtype=float32)
    """
    return graph_of(*operands, *attributes.values()).apply(
        op_type, *operands, name=name, **attributes
    )


def graph_of(*values: Any) -> Graph:
    """The graph of the first tensor among `values`, or the default graph."""
    for value in values:
        if isinstance(value, Operand):
            return value.graph
        for tensor in operands.tensors_in(value):
            return tensor.graph
    return get_default_graph()


class Graph:
    """Operations and tensors, waiting for a session to run them.

    Examples
    --------
    >>> import nbgrad as ng
    >>> graph = ng.Graph()
    >>> with graph.as_default():
    ...     y = ng.constant(2.0) * 3.0
    >>> print([op.name for op in graph.get_operations()])
    ['Const', 'mul/y', 'mul']
    """

    def __init__(self) -> None:
        self._operations: list[Operation] = []
        self._by_name: dict[str, Operation] = {}
        self._names = Names()
        self._controllers: list[Controller] = []
        self._overrides: dict[str, str] = {}
        self._collections: dict[str, list[Any]] = {}
        self.finalized = False
        self.seed: int | None = None

    # Building -----------------------------------------------------------------------------

    def apply(self, op_type: str, *values: Any, name: str | None = None, **attributes: Any) -> Any:
        """Build an operation in this graph; see `nbgrad.apply`."""
        definition = definition_of(op_type)
        if self.finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")
        name = self._names.unique(name or definition.default_name)
        tensors, dtypes = operands.typed_operands(definition, values, self, name)
        op = Operation(
            self,
            definition,
            name,
            (*tensors, *operands.tensors_in(tuple(attributes.values()))),
            len(tensors),
            attributes,
            user_line(),
        )
        shapes = self._output_shapes(op)
        if shapes:
            kinds = definition.dtypes[1]
            kinds += kinds[-1:] * (len(shapes) - len(kinds))
            op.outputs = [
                Tensor(op, i, output_dtype(kind, dtypes, attributes), shape)
                for i, (kind, shape) in enumerate(zip(kinds, shapes, strict=True))
            ]
        self._append(op)
        return result_of(op)

    def constant(self, value: Any, dtype: DType | None = None, name: str = "Const") -> Tensor:
        """A constant of this graph, read-only: what is shared must not change."""
        array = constant_array(value, dtype).view()
        array.flags.writeable = False
        result: Tensor = self.apply("Const", value=array, dtype=as_dtype(array.dtype), name=name)
        return result

    def _output_shapes(self, op: Operation) -> list[Shape]:
        definition = op.definition
        if not definition.dtypes[1]:
            return []
        attributes = {}
        for key, value in op.attributes.items():
            attributes[key], known = operands.static_attribute(key, value)
            if not known:
                return [None]
        in_shapes = [t.static_shape for t in op.inputs[: op.operand_count]]
        try:
            shape = definition.shape(*in_shapes, **attributes)
        except ShapeError as error:
            given = ", ".join(brackets(s) for s in in_shapes)
            raise ValueError(
                advise(f"{error} for '{op.name}' (op: '{op.type}') with input shapes: {given}.", op)
            ) from None
        return shape if isinstance(shape, list) else [shape]

    def _append(self, op: Operation) -> None:
        op.index = len(self._operations)
        for controller in self._controllers:
            controller.govern(op)
        if self._overrides:
            op.gradient_type = self._overrides.get(op.type, op.type)
        for tensor in op.inputs:
            tensor._consumers.append(op)
        self._operations.append(op)
        self._by_name[op.name] = op

    @contextlib.contextmanager
    def scratch(self) -> Iterator[None]:
        """Operations built inside are forgotten by the graph when the `with` ends.

        They stay alive, and can be run, for as long as somebody holds them. Tracing and
        exploring build their reverse passes here, so that looking at a graph never changes
        it, and a finalized graph can be looked at too.
        """
        mark, names, finalized = len(self._operations), self._names.copy(), self.finalized
        self.finalized = False
        try:
            yield
        finally:
            self.finalized = finalized
            self._names.restore(names)
            for op in reversed(self._operations[mark:]):
                del self._by_name[op.name]
                for tensor in op.inputs:
                    tensor._consumers.pop()
            del self._operations[mark:]

    # Looking up ---------------------------------------------------------------------------

    def get_operations(self) -> list[Operation]:
        """All operations, in the order of creation."""
        return list(self._operations)

    def get_operation_by_name(self, name: str) -> Operation:
        """The operation of this name.

        Raises
        ------
        KeyError
            If there is none.
        ValueError
            If the name is a tensor's.
        """
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings (or similar), not {type(name)}.")
        found = self.as_graph_element(name, allow_tensor=False)
        assert isinstance(found, Operation)
        return found

    def get_tensor_by_name(self, name: str) -> Tensor:
        """The tensor of this name, such as "mul:0".

        Raises
        ------
        KeyError
            If there is none.
        ValueError
            If the name is an operation's.
        """
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name)}.")
        found = self.as_graph_element(name, allow_operation=False)
        assert isinstance(found, Tensor)
        return found

    def as_graph_element(
        self, item: Any, allow_tensor: bool = True, allow_operation: bool = True
    ) -> Tensor | Operation:
        """The tensor or operation of this graph that `item` is or names.

        Raises
        ------
        TypeError, ValueError, KeyError
            If it is nothing of the kind, belongs to another graph, or does not exist.
        """
        kinds = " or ".join(
            kind for kind, ok in (("Tensor", allow_tensor), ("Operation", allow_operation)) if ok
        )
        if isinstance(item, str):
            return self._named(item, allow_tensor, allow_operation)
        reference = getattr(item, "as_graph_element", None)
        element = reference() if reference and not isinstance(item, Graph) else item
        allowed = (allow_tensor and isinstance(element, Tensor)) or (
            allow_operation and isinstance(element, Operation)
        )
        if not allowed:
            raise TypeError(f"Can not convert a {type(item).__name__} into a {kinds}.")
        if element.graph is not self:
            kind = type(element).__name__
            raise ValueError(f"{kind} {element} is not an element of this graph.")
        return element

    def _named(self, name: str, allow_tensor: bool, allow_operation: bool) -> Tensor | Operation:
        op_name, colon, index = name.rpartition(":")
        if colon and index.isdigit():
            if not allow_tensor:
                raise ValueError(f"Name {name!r} appears to refer to a Tensor, not a Operation.")
            problem = f"The name {name!r} refers to a Tensor which does not exist. The operation, "
            if op_name not in self._by_name:
                raise KeyError(
                    f"{problem}{op_name!r}, does not exist in the graph.{self._near(op_name)}"
                )
            outputs = self._by_name[op_name].outputs
            if int(index) >= len(outputs):
                raise KeyError(f"{problem}{op_name!r}, exists but only has {len(outputs)} outputs.")
            return outputs[int(index)]
        if not allow_operation:
            if name in self._by_name:
                raise ValueError(
                    f"The name {name!r} refers to an Operation, not a Tensor. Tensor names must be "
                    'of the form "<op_name>:<output_index>".'
                )
            raise ValueError(
                f"The name {name!r} looks like an (invalid) Operation name, not a Tensor. Tensor "
                'names must be of the form "<op_name>:<output_index>".'
            )
        if name not in self._by_name:
            raise KeyError(
                f"The name {name!r} refers to an Operation not in the graph.{self._near(name)}"
            )
        return self._by_name[name]

    def _near(self, name: str) -> str:
        near = difflib.get_close_matches(name, self._by_name)
        return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""

    # Scopes and settings ------------------------------------------------------------------

    def as_default(self) -> contextlib.AbstractContextManager[Graph]:
        """Operations without a tensor among their operands go to this graph inside the `with`."""
        return default_graphs.holding(self)

    def name_scope(self, name: str | None) -> contextlib.AbstractContextManager[str]:
        """Names given inside begin with "name/"."""
        return self._names.within(name)

    def unique_name(self, name: str) -> str:
        """The name that an operation called `name` would get now; it is taken from then on."""
        return self._names.unique(name)

    @contextlib.contextmanager
    def control_dependencies(self, control_inputs: Iterable[Any] | None) -> Iterator[None]:
        """Operations created inside run after all of `control_inputs`; None lifts every such rule.

        An operation created before is not affected, even if it is used inside.
        """
        outer = self._controllers
        if control_inputs is None:
            self._controllers = []
        else:
            elements = [self.as_graph_element(item) for item in control_inputs]
            ops = [e.op if isinstance(e, Tensor) else e for e in elements]
            self._controllers = [*outer, Controller(list(dict.fromkeys(ops)))]
        try:
            yield
        finally:
            self._controllers = outer

    @contextlib.contextmanager
    def gradient_override_map(self, op_type_map: Mapping[str, str]) -> Iterator[None]:
        """Operations created inside get their gradient from the rule of another name.

        Parameters
        ----------
        op_type_map
            From the type of an operation to the name given to `RegisterGradient`.

        Raises
        ------
        TypeError
            If it does not map strings to strings.
        """
        pairs = op_type_map.items() if isinstance(op_type_map, Mapping) else [(None, None)]
        if not all(isinstance(text, str) for pair in pairs for text in pair):
            raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        outer = self._overrides
        self._overrides = {**outer, **op_type_map}
        try:
            yield
        finally:
            self._overrides = outer

    def add_to_collection(self, name: str, value: Any) -> None:
        """Append `value` to a named list of this graph."""
        self._collections.setdefault(name, []).append(value)

    def get_collection(self, name: str, scope: str | None = None) -> list[Any]:
        """A copy of a named list; with `scope`, of those whose name begins so."""
        items = self._collections.get(name, [])
        return [item for item in items if not scope or item.name.startswith(scope)]

    def finalize(self) -> None:
        """Refuse every new operation from now on."""
        self.finalized = True


class Controller:
    """The operations named in one `control_dependencies`, and who came after them already."""

    def __init__(self, ops: list[Operation]) -> None:
        self.ops = ops
        self._after = set(ops)

    def govern(self, op: Operation) -> None:
        """Let `op` run after this controller's operations, if its inputs do not see to it."""
        sources = {tensor.op for tensor in op.inputs}
        if not sources & self._after:
            op.control_inputs += [c for c in self.ops if c not in op.control_inputs]
        self._after.add(op)


def output_dtype(kind: str, dtypes: dict[str, DType], attributes: dict[str, Any]) -> DType:
    """What a letter, a dtype's name or an attribute's name on the right of "->" stands for."""
    return dtypes.get(kind) or attributes.get(kind) or BY_NAME[kind]


def result_of(op: Operation) -> Any:
    """What building an operation returns: its tensor, its tensors, or itself."""
    if op.definition.many:
        return op.outputs
    return op.outputs[0] if op.outputs else op


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


def shape_of(tensor: Tensor) -> Any:
    """The shape of a tensor for use as an attribute: known numbers, or a tensor of them."""
    if is_known(tensor.static_shape):
        return tensor.static_shape
    return tensor.graph.apply("Shape", tensor)


_first_graph = Graph()


def get_default_graph() -> Graph:
    """The graph that new operations go to."""
    return default_graphs.top or _first_graph


def reset_default_graph() -> None:
    """Start over with an empty default graph.

    Raises
    ------
    AssertionError
        Inside `with graph.as_default():`.
    """
    global _first_graph
    if default_graphs.items:
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared "
            "graph, exit the nesting and create a new graph."
        )
    _first_graph = Graph()
