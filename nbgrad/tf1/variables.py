"""Assignments: operations that give a variable another value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from nbgrad.core.default_graph import get_default_graph, graph_of
from nbgrad.core.dtypes import DType, as_dtype
from nbgrad.core.errors import advise
from nbgrad.core.graph import Graph, Operand, Operation, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.scopes import session_for
from nbgrad.core.shapes import TensorShape
from nbgrad.tf1.control import group
from nbgrad.tf1.scopes import GraphKeys


def assign(
    ref: Variable,
    value: Any,
    validate_shape: bool = True,
    use_locking: bool = True,
    name: str | None = None,
) -> Tensor:
    """A tensor that, when run, gives a variable a new value, and is that value.

    Parameters
    ----------
    ref : Variable
    value : tensor_like of the dtype of the variable
    validate_shape : bool, default True
        Whether the value must have the variable's shape. If not, the variable takes the value's.
    use_locking : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of the variable. No gradient passes.

    Raises
    ------
    ValueError
        If the shapes differ.
    TypeError
        If the dtypes differ.
    AttributeError
        If `ref` is no variable.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0)
    ...     print(ng.Session().run(ng.assign(w, 5.0)))
    5.0
    """
    return write_to("Assign", ref, value, name=name, validate_shape=validate_shape)


def assign_add(
    ref: Variable, value: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """A tensor that, when run, adds a value to a variable, and is the sum.

    Parameters
    ----------
    ref : Variable
    value : tensor_like of the dtype and shape of the variable
    use_locking : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of the variable. No gradient passes.

    Raises
    ------
    ValueError
        If the shapes differ.
    TypeError
        If the dtypes differ.
    AttributeError
        If `ref` is no variable.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     w = ng.Variable(3.0)
    ...     session.run(w.initializer)
    ...     print(session.run(ng.assign_add(w, 1.0)))
    4.0
    """
    return write_to("AssignAdd", ref, value, name=name)


def assign_sub(
    ref: Variable, value: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """A tensor that, when run, subtracts a value from a variable, and is the result.

    Parameters
    ----------
    ref : Variable
    value : tensor_like of the dtype and shape of the variable
    use_locking : optional
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of the variable. No gradient passes.

    Raises
    ------
    ValueError
        If the shapes differ.
    TypeError
        If the dtypes differ.
    AttributeError
        If `ref` is no variable.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     w = ng.Variable(3.0)
    ...     session.run(w.initializer)
    ...     print(session.run(ng.assign_sub(w, 1.0)))
    2.0
    """
    return write_to("AssignSub", ref, value, name=name)


def write_to(op_type: str, ref: Any, *values: Any, name: str | None, **settings: Any) -> Tensor:
    """Build an operation that changes a variable.

    Raises
    ------
    AttributeError
        If `ref` is none.
    """
    target = ref.as_graph_element() if isinstance(ref, Operand) else None
    if target is None or not target.op.is_variable:
        raise AttributeError(
            advise(
                f"{type(ref).__name__!r} object has no attribute 'assign'",
                None if target is None else target.op,
                "Only a Variable can be given a new value.",
            )
        )
    result: Tensor = target.graph.apply(op_type, target, *values, name=name, **settings)
    return result


def variables_initializer(var_list: Iterable[Variable], name: str = "init") -> Operation:
    """An operation that gives each variable of a list its initial value.

    Parameters
    ----------
    var_list
        The variables.
    name
        The name of the operation.

    Returns
    -------
    Operation
        To be run once in each session.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     w = ng.Variable(3.0)
    ...     session.run(ng.variables_initializer([w]))
    ...     print(session.run(w))
    3.0
    """
    return group(*(variable.initializer for variable in var_list), name=name)


def global_variables_initializer() -> Operation:
    """An operation that gives every variable created so far its initial value.

    A variable created later is not covered: build this last.

    Returns
    -------
    Operation
        To be run once in each session.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     w = ng.Variable(3.0)
    ...     session.run(ng.global_variables_initializer())
    ...     print(session.run(w))
    3.0
    """
    return variables_initializer(global_variables())


def local_variables_initializer() -> Operation:
    """An operation that gives every local variable created so far its initial value.

    Returns
    -------
    Operation
        To be run once in each session, for the collection `GraphKeys.LOCAL_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     hits = ng.Variable(7, collections=[ng.GraphKeys.LOCAL_VARIABLES], trainable=False)
    ...     session.run(ng.local_variables_initializer())
    ...     print(session.run(hits))
    7
    """
    return variables_initializer(local_variables(), name="init")


initialize_all_variables = global_variables_initializer


initialize_local_variables = local_variables_initializer


initialize_variables = variables_initializer


def is_variable_initialized(variable: Operand) -> Tensor:
    """Whether a variable has a value in the session that runs this.

    Parameters
    ----------
    variable
        The variable.

    Returns
    -------
    Tensor
        A scalar of truth value.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.Session().run(ng.is_variable_initialized(ng.Variable(3.0))))
    False
    """
    ref = variable.as_graph_element() if isinstance(variable, Operand) else variable
    result: Tensor = graph_of(variable).apply("IsVariableInitialized", ref)
    return result


def report_uninitialized_variables(
    var_list: Iterable[Variable] | None = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """The names of those variables that have no value in the session that runs this.

    Parameters
    ----------
    var_list
        The variables to ask after; by default all of the default graph, local ones too.
    name
        The name of the operation.

    Returns
    -------
    Tensor
        A vector of text, its length unknown before the run.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0, name="w")
    ...     print(ng.Session().run(ng.report_uninitialized_variables()))
    [b'w']
    """
    variables = global_variables() + local_variables() if var_list is None else list(var_list)
    refs = [variable.as_graph_element() for variable in variables]
    names = (*(variable.op.name for variable in variables),)
    result: Tensor = graph_of(*refs).apply("UninitializedNames", *refs, names=names, name=name)
    return result


HELP = """A tensor that, when run, {does} some rows of a variable, and is its new value.

A row that is named twice is changed twice, one after the other.

Parameters
----------
ref : Variable
indices : tensor_like of integer
    Which rows, counted from 0.
updates : tensor_like of the dtype of the variable
    Of the shape of the indices, followed by that of a row.
use_locking : optional
    Accepted as in TensorFlow, and without effect.
name : str, optional
    What the operation is called in the graph.

Returns
-------
Tensor
    Of the dtype and shape of the variable. No gradient passes.

Raises
------
TypeError
    If the dtypes differ, or the indices are no integers.
AttributeError
    If `ref` is no variable.
InvalidArgumentError
    In a run, if there is no such row.

Examples
--------
>>> import nbgrad as ng
>>> with ng.Graph().as_default(), ng.Session() as session:
...     w = ng.Variable([1.0, 2.0])
...     session.run(w.initializer)
...     print(session.run(ng.{name}(w, [0, 0], [10.0, 10.0])))
{after}
"""


def _public(op_type: str, name: str, does: str, after: str) -> Callable[..., Tensor]:
    def scatter(
        ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        return write_to(op_type, ref, indices, updates, name=name)

    scatter.__name__ = scatter.__qualname__ = name
    scatter.__doc__ = HELP.format(does=does, name=name, after=after)
    return scatter


scatter_update = _public("ScatterUpdate", "scatter_update", "replaces", "[10.  2.]")


scatter_add = _public("ScatterAdd", "scatter_add", "adds to", "[21.  2.]")


scatter_sub = _public("ScatterSub", "scatter_sub", "subtracts from", "[-19.   2.]")


scatter_mul = _public("ScatterMul", "scatter_mul", "multiplies", "[100.   2.]")


scatter_div = _public("ScatterDiv", "scatter_div", "divides", "[0.01 2.  ]")


def global_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph, in the order of creation.

    Parameters
    ----------
    scope
        A regular expression that their names must begin with; None for all of them.

    Returns
    -------
    list of Variable
        Those in the collection `GraphKeys.GLOBAL_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w, count = ng.Variable(1.0, name="w"), ng.Variable(0, trainable=False, name="count")
    ...     print([variable.name for variable in ng.global_variables()])
    ['w:0', 'count:0']
    """
    return get_default_graph().get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def local_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph that are listed as local, for counters and the like.

    Parameters
    ----------
    scope
        A regular expression that their names must begin with; None for all of them.

    Returns
    -------
    list of Variable
        Those in the collection `GraphKeys.LOCAL_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     hits = ng.Variable(0, collections=[ng.GraphKeys.LOCAL_VARIABLES], trainable=False)
    ...     print(len(ng.local_variables()), len(ng.global_variables()))
    1 0
    """
    return get_default_graph().get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph that optimisers change by default.

    Parameters
    ----------
    scope
        A regular expression that their names must begin with; None for all of them.

    Returns
    -------
    list of Variable
        Those in the collection `GraphKeys.TRAINABLE_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w, count = ng.Variable(1.0, name="w"), ng.Variable(0, trainable=False, name="count")
    ...     print([variable.name for variable in ng.trainable_variables()])
    ['w:0']
    """
    return get_default_graph().get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def moving_average_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph that `train.ExponentialMovingAverage` follows.

    Parameters
    ----------
    scope
        A regular expression that their names must begin with; None for all of them.

    Returns
    -------
    list of Variable
        Those in the collection `GraphKeys.MOVING_AVERAGE_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> from nbgrad.tf1.variables import moving_average_variables
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(1.0, name="w", collections=[ng.GraphKeys.MOVING_AVERAGE_VARIABLES])
    ...     print([variable.name for variable in moving_average_variables()])
    ['w:0']
    """
    return get_default_graph().get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)


def model_variables(scope: str | None = None) -> list[Variable]:
    """The variables of the default graph that a program listed as those of its model.

    Parameters
    ----------
    scope
        A regular expression that their names must begin with; None for all of them.

    Returns
    -------
    list of Variable
        Those in the collection `GraphKeys.MODEL_VARIABLES`.

    Examples
    --------
    >>> import nbgrad as ng
    >>> from nbgrad.tf1.variables import model_variables
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(1.0, name="w", collections=[ng.GraphKeys.MODEL_VARIABLES])
    ...     print([variable.name for variable in model_variables()])
    ['w:0']
    """
    return get_default_graph().get_collection(GraphKeys.MODEL_VARIABLES, scope)


# What programs from before TensorFlow 1.0 call them.
all_variables = global_variables


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
    def graph(self) -> Graph:
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
