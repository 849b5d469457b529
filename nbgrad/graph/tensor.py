"""Tensors: the results of operations, without any value.

A tensor is a name for a result that some session may compute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbgrad import shapes
from nbgrad.dtypes import DType
from nbgrad.errors import ShapeError, advise
from nbgrad.graph.expressions import Operand
from nbgrad.registry import Effect
from nbgrad.shapes import Shape, is_known
from nbgrad.tensor_shape import ShapeLike, TensorShape, as_shape

if TYPE_CHECKING:
    from nbgrad.graph.graph import Graph
    from nbgrad.graph.operation import Operation


class Tensor(Operand):
    """A result of an operation, to be computed by a session.

    Tensors compare by identity and may be keys of a dictionary, such as a feed.

    Parameters
    ----------
    op, value_index
        The operation that makes it, and which of that operation's results it is.
    dtype, shape
        The type of its elements, and its shape as far as that is known.

    Attributes
    ----------
    static_shape
        The shape as a tuple with None for unknown sizes, or None for an unknown rank.
    name
        Its name in the graph: the operation's, a colon, the index.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.placeholder(ng.float32, [None, 3], name="x")
    >>> print(x.name, x.dtype.name, x.shape, x.op.type)
    x:0 float32 (?, 3) Placeholder
    """

    def __init__(self, op: Operation, value_index: int, dtype: DType, shape: Shape) -> None:
        self.op = op
        self.value_index = value_index
        self.dtype = dtype
        self.static_shape = shape
        self._consumers: list[Operation] = []

    @property
    def graph(self) -> Graph:  # type: ignore[override]
        """The graph it belongs to."""
        return self.op.graph

    @property
    def name(self) -> str:
        """Its name in the graph: the operation's, a colon, the index."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def shape(self) -> TensorShape:
        """Its shape as far as that is known."""
        return TensorShape(self.static_shape)

    @property
    def device(self) -> str:
        """The device of its operation: "", NumPy computes where Python runs."""
        return self.op.device

    def get_shape(self) -> TensorShape:
        """Its shape as far as that is known, which is also `shape`.

        Returns
        -------
        TensorShape
            A new one, to be asked only: `set_shape` adds to what is known.
        """
        return self.shape

    def set_shape(self, shape: ShapeLike) -> None:
        """Add what is known about the shape.

        Parameters
        ----------
        shape
            Sizes, None for those that are not known.

        Raises
        ------
        ValueError
            If it contradicts what is known already.
        """
        try:
            known = as_shape(shape)
            shapes.assigned(self.static_shape, known)
            self.static_shape = shapes.merge(self.static_shape, known)
        except ShapeError as error:
            raise ValueError(advise(str(error), self.op)) from None

    def as_tensor(self) -> Tensor:
        return self

    def consumers(self) -> list[Operation]:
        """The operations that read this tensor; one that reads it twice is listed twice.

        Returns
        -------
        list of Operation
            In the order of creation.
        """
        return list(self._consumers)

    def __str__(self) -> str:
        shape = "" if self.static_shape is None else f", shape={shapes.show(self.static_shape)}"
        return f'Tensor("{self.name}"{shape}, dtype={self._dtype_name})'

    def __repr__(self) -> str:
        shape = shapes.show(self.static_shape)
        return f"<tf.Tensor '{self.name}' shape={shape} dtype={self._dtype_name}>"

    @property
    def _dtype_name(self) -> str:
        """Its dtype; as in TensorFlow, that of a variable and of its assignments says so."""
        place = self.op.definition.effect in (Effect.HOLDS, Effect.SETS, Effect.CHANGES)
        return f"{self.dtype.name}_ref" if place else self.dtype.name


def shape_of(tensor: Tensor) -> Any:
    """The shape of a tensor for use as an attribute: known numbers, or a tensor of them."""
    if is_known(tensor.static_shape):
        return tensor.static_shape
    return tensor.graph.apply("Shape", tensor)
