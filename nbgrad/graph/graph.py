"""The graph: operations in the order of their creation, and nothing else.

A graph only grows at its end. Whatever an operation reads was created before it, so the
order of creation is a topological order: nothing here, in a session or in the reverse pass
ever sorts or recurses, however long a chain gets.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator
from typing import Any

from nbgrad.constant_arrays import constant_array
from nbgrad.dtypes import BY_NAME, DType, as_dtype
from nbgrad.errors import ShapeError, advise
from nbgrad.graph import operands
from nbgrad.graph.build_context import BuildContext
from nbgrad.graph.collecting import Collections
from nbgrad.graph.defaults import default_graphs
from nbgrad.graph.graph_def import GraphDef, NodeDef, Writer
from nbgrad.graph.operation import Operation
from nbgrad.graph.tensor import Tensor
from nbgrad.graph.typing import ArrayLike, TensorLike
from nbgrad.registry import definition_of
from nbgrad.shapes import Shape, brackets
from nbgrad.source import user_line


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
