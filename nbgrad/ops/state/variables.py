"""Variables: values that outlive a run, kept by each session for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import numpy as np

from nbgrad.dtypes import DType, as_dtype
from nbgrad.errors import advise
from nbgrad.graph import Graph, Operand, Operation, Tensor, graph_of, session_for
from nbgrad.graph.collecting import GraphKeys
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.define import operation
from nbgrad.ops.shape_rules import as_given, scalar
from nbgrad.ops.state.assigning import assign, assign_add, assign_sub
from nbgrad.registry import Effect, NotDifferentiable
from nbgrad.tensor_shape import TensorShape


@operation(
    "VariableV2",
    node="() dtype=dtype shape=shape",
    dtypes="->dtype",
    shape=as_given,
    name="Variable",
    effect=Effect.HOLDS,
    symbol="var",
)
def _variable(*, shape, dtype):
    raise AssertionError("A session reads variables itself.")


@operation(
    "IsVariableInitialized",
    node="(ref) dtype=ref",
    dtypes="A->bool",
    shape=scalar,
    effect=Effect.PEEKS,
    symbol="ready?",
)
def _is_variable_initialized(ref):
    return np.bool_(ref is not None)


@operation("InitializedValue", dtypes="T,T->T", effect=Effect.PEEKS, symbol="or initial")
def _initialized_value(ref, initial):
    return initial if ref is None else ref


for _op_type in ("IsVariableInitialized", "InitializedValue"):
    NotDifferentiable(_op_type)


class Variable(Operand):
    """A tensor with a value that lasts from run to run, until an assignment changes it.

    Each session keeps a value of its own; the variable itself holds none, only the tensor
    that gives its initial one.

    Parameters
    ----------
    initial_value : tensor_like, or callable
        A tensor or something that becomes one, or a function of no arguments returning such.
    trainable : bool, default True
        Whether optimisers change it by default.
    collections : sequence of str, optional
        Which collections of the graph list it, `GraphKeys.GLOBAL_VARIABLES` by default.
    validate_shape : bool, default True
        Whether the shape is fixed to that of the initial value.
    name : str, optional
        Its name in the graph, "Variable" by default.
    dtype : DType, optional
        The type of its elements, where `initial_value` does not say.
    constraint : callable, optional
        A function that an optimiser applies to the new value after each update.
    caching_device, variable_def, expected_shape, import_scope : optional
        Accepted as in TensorFlow, and without effect.
    use_resource, synchronization, aggregation, shape : optional
        Accepted as in TensorFlow, and without effect.

    Raises
    ------
    ValueError
        If there is no initial value.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0)
    ...     with ng.Session() as session:
    ...         session.run(w.initializer)
    ...         print(session.run(w.assign_add(1.0)))
    4.0
    """

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool = True,
        collections: Iterable[str] | None = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        expected_shape: Any = None,
        import_scope: str | None = None,
        constraint: Callable[[Tensor], Tensor] | None = None,
        use_resource: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
    ) -> None:
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        graph = graph_of(initial_value)
        wanted = None if dtype is None else as_dtype(dtype)
        outside = graph.control_dependencies(None), graph.inside(None)
        with outside[0], outside[1], graph.name_scope(name or "Variable") as scope:
            if callable(initial_value):
                with graph.as_default(), graph.name_scope("Initializer"):
                    initial_value = initial_value()
            self.initial_value = as_tensor(initial_value, graph, wanted, "initial_value")
            if validate_shape and self.initial_value.static_shape is None:
                raise ValueError(
                    advise(
                        f"initial_value must have a shape specified: {self.initial_value}",
                        self.initial_value.op,
                        "Or say validate_shape=False.",
                    )
                )
            self._ref: Tensor = graph.apply(
                "VariableV2",
                shape=self.initial_value.static_shape if validate_shape else None,
                dtype=self.initial_value.dtype,
                name=scope,
            )
            assigned: Tensor = graph.apply("Assign", self._ref, self.initial_value)
            self.initializer: Operation = assigned.op
            self._snapshot: Tensor = graph.apply("Identity", self._ref, name="read")
        self.trainable = trainable
        self.constraint = constraint
        listed = [GraphKeys.GLOBAL_VARIABLES] if collections is None else list(collections)
        if trainable:
            listed.append(GraphKeys.TRAINABLE_VARIABLES)
        for key in dict.fromkeys(listed):
            graph.add_to_collection(key, self)

    @property
    def graph(self) -> Graph:  # type: ignore[override]
        return self._ref.graph

    @property
    def op(self) -> Operation:
        return self._ref.op

    @property
    def name(self) -> str:
        return self._ref.name

    @property
    def device(self) -> str:
        return self._ref.device

    @property
    def dtype(self) -> DType:
        return self._ref.dtype

    @property
    def shape(self) -> TensorShape:
        return self._ref.shape

    @property
    def static_shape(self) -> Any:
        return self._ref.static_shape

    def get_shape(self) -> TensorShape:
        return self.shape

    def as_tensor(self) -> Tensor:
        """The tensor that reads it: its value as it was when the run began."""
        return self._snapshot

    value = as_tensor

    def as_graph_element(self) -> Tensor:
        """What a session fetches and feeds, and what `gradients` differentiates with respect to."""
        return self._ref

    def read_value(self) -> Tensor:
        """A new tensor that reads it, after the control dependencies in force here."""
        result: Tensor = self.graph.apply("Identity", self._ref, name="read")
        return result

    def initialized_value(self) -> Tensor:
        """Its value, or the initial one before it has any: for another variable's initial value."""
        result: Tensor = self.graph.apply("InitializedValue", self._ref, self.initial_value)
        return result

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Tensor:
        """A tensor that, when run, gives the variable a new value, and is that value."""
        return assign(self, value, name=name)

    def assign_add(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Tensor:
        """A tensor that, when run, adds `delta` to the variable, and is the sum."""
        return assign_add(self, delta, name=name)

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Tensor:
        """A tensor that, when run, subtracts `delta` from the variable, and is the result."""
        return assign_sub(self, delta, name=name)

    def load(self, value: Any, session: Any = None) -> None:
        """Give the variable a value in a session, without building an operation."""
        session_for(session, "Cannot load a variable", "load").load(self, value)

    def __iter__(self) -> NoReturn:
        raise TypeError("'Variable' object is not iterable.\nUse tf.unstack.")

    def __repr__(self) -> str:
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}_ref>"
