"""Walks through a graph, which never recurse: a chain may be as long as it likes."""

from __future__ import annotations

import contextlib
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from nbgrad.core import operands
from nbgrad.core.arrays import constant_array
from nbgrad.core.dtypes import BY_NAME, DType, as_dtype
from nbgrad.core.errors import ShapeError, advise
from nbgrad.core.registry import definition_of
from nbgrad.core.scopes import BuildContext
from nbgrad.core.shapes import Shape, brackets
from nbgrad.core.source import user_line
from nbgrad.core.tensor import ArrayLike, Operand, Operation, Tensor, TensorLike, default_graphs
from nbgrad.tf1.export import GraphDef, NodeDef, Writer


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


class Collections:
    """The collections of a graph: anything, listed under a name, in the order of adding."""

    def __init__(self) -> None:
        self._collections: dict[Any, list[Any]] = {}

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Append a value to a named list of this graph.

        Parameters
        ----------
        name
            The name of the list, such as one of `GraphKeys`.
        value
            Whatever is to be listed.
        """
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Append a value to several named lists of this graph, once to each.

        Parameters
        ----------
        names
            The name of a list, or several.
        value
            Whatever is to be listed.
        """
        listed = [names] if isinstance(names, str) or not isinstance(names, Iterable) else names
        for name in dict.fromkeys(listed):
            self.add_to_collection(name, value)

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """A copy of a named list of this graph.

        Parameters
        ----------
        name
            The name of the list, such as one of `GraphKeys`.
        scope
            A regular expression that the names of the items must begin with.

        Returns
        -------
        list
            In the order of adding; empty where there is no such list.
        """
        items = self._collections.get(name, [])
        if scope is None:
            return list(items)
        return [item for item in items if re.match(scope, getattr(item, "name", None) or "\0")]

    def get_collection_ref(self, name: Any) -> list[Any]:
        """A named list of this graph itself: what is done to it is done to the graph's.

        Parameters
        ----------
        name
            The name of the list, such as one of `GraphKeys`.

        Returns
        -------
        list
            A new one where there was none.
        """
        return self._collections.setdefault(name, [])

    @property
    def collections(self) -> list[Any]:
        """The names of all lists."""
        return list(self._collections)

    def clear_collection(self, name: Any) -> None:
        """Empty a named list of this graph.

        Parameters
        ----------
        name
            The name of the list, such as one of `GraphKeys`.
        """
        self._collections.pop(name, None)

    def get_all_collection_keys(self) -> list[Any]:
        """The names of all lists that hold something.

        Returns
        -------
        list
            In the order of their making.
        """
        return [name for name, items in self._collections.items() if items]


class Graph(BuildContext, Collections):
    """Operations and tensors, waiting for a session to run them.

    Attributes
    ----------
    finalized
        Whether it refuses every new operation.
    seed
        What `set_random_seed` set, None for nothing.
    collections
        The names of its lists, such as those of `GraphKeys`.
    version
        A number that grows with the graph.

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
        BuildContext.__init__(self)
        Collections.__init__(self)
        self.finalized = False
        self.seed: int | None = None
        self.building_function = False
        #: The last reverse passes that left an x without a gradient, for whoever asks why.
        self.unanswered: deque[Any] = deque(maxlen=4)

    def apply(
        self, op_type: str, *values: TensorLike, name: str | None = None, **attributes: Any
    ) -> Any:
        """Build an operation in this graph, as `nbgrad.apply` does in that of its operands.

        Parameters
        ----------
        op_type, name, **attributes
            As for `nbgrad.apply`.
        *values
            Its operands.

        Returns
        -------
        Tensor, list of Tensor or Operation
            Its result; a list where there are several, the operation itself where there is none.

        Raises
        ------
        RuntimeError
            If the graph is finalized.
        """
        definition = definition_of(op_type)
        if self.finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")
        name = self._names.unique(name or definition.default_name)
        # Most operations are given no attributes; they share what their type has.
        attributes = definition.attributes | attributes if attributes else definition.attributes
        tensors, dtypes = operands.typed_operands(definition, values, self, name)
        if self._branched:
            tensors = self._brought_inside(definition, tensors)
        inputs = tuple(tensors)
        if attributes:
            inputs += tuple(operands.tensors_in(tuple(attributes.values())))
        op = Operation(self, definition, name, inputs, len(tensors), attributes, user_line())
        shapes = self._output_shapes(op)
        if shapes:
            kinds = definition.dtypes[1]
            kinds += kinds[-1:] * (len(shapes) - len(kinds))
            op.outputs = [
                Tensor(op, i, output_dtype(kind, i, dtypes, attributes), shape)
                for i, (kind, shape) in enumerate(zip(kinds, shapes, strict=True))
            ]
        self._append(op)
        return result_of(op)

    def constant(self, value: ArrayLike, dtype: DType | None = None, name: str = "Const") -> Tensor:
        """A constant of this graph, read-only: what is shared must not change.

        Parameters
        ----------
        value
            A number, an array, or nested lists.
        dtype
            The type of its elements, where the value does not say.
        name
            The name of the operation.

        Returns
        -------
        Tensor
            Of the shape of the value.

        Raises
        ------
        TypeError, ValueError
            If the value cannot be of this dtype, or is no array.
        """
        array = constant_array(value, dtype).view()
        array.flags.writeable = False
        result: Tensor = self.apply("Const", value=array, dtype=as_dtype(array.dtype), name=name)
        return result

    def _output_shapes(self, op: Operation) -> list[Shape]:
        definition, attributes = op.definition, op.attributes
        if not definition.dtypes[1]:
            return []
        if len(op.inputs) > op.operand_count:
            attributes = {}
            for key, value in op.attributes.items():
                attributes[key], known = operands.static_attribute(key, value)
                if not known:
                    return [None] * len(definition.dtypes[1])
        in_shapes = [t.static_shape for t in op.inputs[: op.operand_count]]
        try:
            shape = definition.shape(*in_shapes, **attributes)
        except ShapeError as error:
            given = ", ".join(brackets(s) for s in in_shapes)
            raise ValueError(
                advise(f"{error} for '{op.name}' (op: '{op.type}') with input shapes: {given}.", op)
            ) from None
        return shape if isinstance(shape, list) else [shape]

    @contextlib.contextmanager
    def scratch(self) -> Iterator[None]:
        """A `with` after which the graph forgets the operations built inside.

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
            self._forget_from(mark)

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> GraphDef:
        """The graph in TensorFlow's own description, whose text form TensorFlow can run.

        Parameters
        ----------
        from_version, add_shapes
            Accepted for TensorFlow's sake and ignored.

        Returns
        -------
        GraphDef
            Its nodes; `str` of it is the text form.

        Raises
        ------
        NotImplementedError
            If it holds an operation that TensorFlow has no counterpart of.
        """
        return Writer().operations(self._operations)

    def node_def_of(self, op: Operation) -> NodeDef:
        """One operation in TensorFlow's own description, as `as_graph_def` would write it.

        Parameters
        ----------
        op
            An operation of this graph.

        Returns
        -------
        NodeDef
            Its node.

        Raises
        ------
        NotImplementedError
            If TensorFlow has no counterpart of it.
        """
        return Writer().operations([op]).node[-1]

    def finalize(self) -> None:
        """Refuse every new operation from now on."""
        self.finalized = True

    def as_default(self) -> contextlib.AbstractContextManager[Graph]:
        """A `with` inside which operations without a tensor among their operands go to this graph.

        Returns
        -------
        context manager
            It yields the graph.
        """
        return default_graphs.holding(self)


def output_dtype(
    kind: str, position: int, dtypes: dict[str, DType], attributes: dict[str, Any]
) -> DType:
    """What a letter, a dtype's name or an attribute's name on the right of "->" stands for.

    An attribute may hold one dtype for all results, or one for each.
    """
    found: Any = dtypes.get(kind) or attributes.get(kind) or BY_NAME[kind]
    return found[position] if isinstance(found, tuple) else found


def result_of(op: Operation) -> Any:
    """What building an operation returns: its tensor, its tensors, or itself."""
    if op.definition.many:
        return op.outputs
    return op.outputs[0] if op.outputs else op


def apply(op_type: str, *operands: TensorLike, name: str | None = None, **attributes: Any) -> Any:
    """Build an operation by the name of its type, in the graph of its operands.

    Parameters
    ----------
    op_type
        A registered type, such as "Mul"; `nbgrad.operations()` lists them.
    *operands
        Tensors, or what becomes constants.
    name
        The name of the operation, by default its type's.
    **attributes
        What else determines it, such as the axis of a sum.

    Returns
    -------
    Tensor, list of Tensor or Operation
        Its result; a list where there are several, the operation itself where there is none.

    Raises
    ------
    LookupError
        If there is no such type.
    TypeError, ValueError
        If operands or attributes do not fit it, or each other.

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


_first_graph = Graph()


def get_default_graph() -> Graph:
    """The graph that new operations go to, where no operand says otherwise.

    Returns
    -------
    Graph
        The innermost one entered with `with graph.as_default()`, or the first of all.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default() as graph:
    ...     print(ng.get_default_graph() is graph)
    True
    """
    return default_graphs.top or _first_graph


def reset_default_graph() -> None:
    """Start over with an empty default graph.

    Raises
    ------
    AssertionError
        Inside `with graph.as_default():`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> ng.reset_default_graph()
    >>> ng.get_default_graph().get_operations()
    []
    """
    global _first_graph
    if default_graphs.items:
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared "
            "graph, exit the nesting and create a new graph."
        )
    _first_graph = Graph()
