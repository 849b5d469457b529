"""Variables, what changes them, the lists of them that a graph keeps, and how they begin.

No gradient passes an assignment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from nbgrad.core.dtypes import DTypeLike, as_dtype
from nbgrad.core.errors import advise
from nbgrad.core.graph import Operand, Operation, Tensor, get_default_graph, graph_of
from nbgrad.core.operands import InitializerLike, TensorLike, as_tensor
from nbgrad.core.registry import definition_of
from nbgrad.core.scopes import session_for
from nbgrad.core.shapes import TensorShape
from nbgrad.tf1.control import group
from nbgrad.tf1.signatures import called, takes


class GraphKeys:
    """Names of the standard collections of a graph.

    >>> w = tf.Variable(1.0, name="w")
    >>> print([v.name for v in tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)])
    ['w:0']
    """

    GLOBAL_VARIABLES = "variables"
    LOCAL_VARIABLES = "local_variables"
    MODEL_VARIABLES = "model_variables"
    TRAINABLE_VARIABLES = "trainable_variables"
    MOVING_AVERAGE_VARIABLES = "moving_average_variables"
    REGULARIZATION_LOSSES = "regularization_losses"
    LOSSES = "losses"
    UPDATE_OPS = "update_ops"
    TRAIN_OP = "train_op"
    GLOBAL_STEP = "global_step"
    SUMMARIES = "summaries"
    METRIC_VARIABLES = "metric_variables"
    ACTIVATIONS = "activations"
    WEIGHTS = "weights"
    BIASES = "biases"


def add_to_collection(name, value) -> None:
    """Append a value to a named list of the default graph.

    >>> tf.add_to_collection("numbers", 1)
    >>> print(tf.get_collection("numbers"))
    [1]
    """
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names, value) -> None:
    """Append a value to several named lists of the default graph, once to each.

    >>> tf.add_to_collections(["numbers", "odd"], 1)
    >>> print(tf.get_collection("numbers"))
    [1]
    """
    get_default_graph().add_to_collections(names, value)


def get_collection(key, scope=None) -> list[Any]:
    """A copy of a named list of the default graph, in the order of adding.

    With `scope`, a regular expression, only the items whose names begin so.

    >>> tf.add_to_collection("numbers", 1)
    >>> print(tf.get_collection("numbers"))
    [1]
    """
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key) -> list[Any]:
    """A named list of the default graph, not a copy: changing it changes the graph's.

    >>> tf.get_collection_ref("numbers").append(1)
    >>> print(tf.get_collection("numbers"))
    [1]
    """
    return get_default_graph().get_collection_ref(key)


class Variable(Operand):
    """A tensor with a value that lasts from run to run, until an assignment changes it.

    Each session keeps a value of its own; the variable itself holds none, only the tensor
    that gives its initial one.

    Parameters
    ----------
    initial_value
        A tensor or something that becomes one, or a function of no arguments returning such.
    trainable
        Whether optimizers change it by default.
    collections
        Which collections of the graph hold it, `GraphKeys.GLOBAL_VARIABLES` by default.
    validate_shape
        Whether the shape is fixed to that of the initial value.
    name
        Its name in the graph, "Variable" by default.
    dtype
        The type of its elements, where `initial_value` does not say.
    constraint
        A function that an optimizer applies to the new value after each update.
    caching_device, variable_def, expected_shape, import_scope, use_resource
    synchronization, aggregation, shape
        Without effect.

    Examples
    --------
    >>> w = tf.Variable(3.0)
    >>> with tf.Session() as session:
    ...     session.run(w.initializer)
    ...     print(session.run(w.assign_add(1.0)))
    4.0
    """

    @takes(
        "self, initial_value=None, trainable=None, collections=None, validate_shape=True, "
        "caching_device=None, name=None, variable_def=None, dtype=None, expected_shape=None, "
        "import_scope=None, constraint=None, use_resource=None, synchronization=None, "
        "aggregation=None, shape=None"
    )
    def __init__(
        self,
        initial_value: InitializerLike | None,
        trainable: bool | None = True,
        collections: Iterable[str] | None = None,
        validate_shape: bool = True,
        name: str | None = None,
        dtype: DTypeLike | None = None,
        constraint: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        graph = self.graph = graph_of(initial_value)
        wanted = None if dtype is None else as_dtype(dtype)
        outside = graph.control_dependencies(None), graph.inside(None)
        with outside[0], outside[1], graph.name_scope(name or "Variable") as scope:
            if callable(initial_value):
                with graph.as_default(), graph.name_scope("Initializer"):
                    initial_value = initial_value()
            self.initial_value = as_tensor(initial_value, graph, wanted, "initial_value")
            if validate_shape and self.initial_value.static_shape is None:
                problem = f"initial_value must have a shape specified: {self.initial_value}"
                advice = "Or say validate_shape=False."
                raise ValueError(advise(problem, self.initial_value.op, advice))
            shape = self.initial_value.static_shape if validate_shape else None
            kind = {"shape": shape, "dtype": self.initial_value.dtype}
            self._ref: Tensor = graph.apply("VariableV2", **kind, name=scope)
            self.op, self.dtype = self._ref.op, self._ref.dtype
            self.name, self.device = self._ref.name, self._ref.device
            assigned: Tensor = graph.apply("Assign", self._ref, self.initial_value)
            self.initializer: Operation = assigned.op
            self._snapshot: Tensor = graph.apply("Identity", self._ref, name="read")
        self.trainable = trainable
        self.constraint = constraint
        keys = [GraphKeys.GLOBAL_VARIABLES] if collections is None else list(collections)
        if trainable:
            keys.append(GraphKeys.TRAINABLE_VARIABLES)
        for key in dict.fromkeys(keys):
            graph.add_to_collection(key, self)

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
        """The variable as it stands in fetches, feeds and xs."""
        return self._ref

    def read_value(self) -> Tensor:
        """A new tensor that reads it, after the control dependencies in force here."""
        return self.graph.apply("Identity", self._ref, name="read")

    def initialized_value(self) -> Tensor:
        """Its value, or the initial one before it has any: for another variable's initial value."""
        return self.graph.apply("InitializedValue", self._ref, self.initial_value)

    @takes("self, value, use_locking=False, name=None, read_value=True")
    def assign(self, value: TensorLike, name: str | None = None) -> Tensor:
        """A tensor that, when run, gives the variable a new value, and is that value."""
        return assign(self, value, name=name)

    @takes("self, delta, use_locking=False, name=None, read_value=True")
    def assign_add(self, delta: TensorLike, name: str | None = None) -> Tensor:
        """A tensor that, when run, adds `delta` to the variable, and is the sum."""
        return assign_add(self, delta, name=name)

    @takes("self, delta, use_locking=False, name=None, read_value=True")
    def assign_sub(self, delta: TensorLike, name: str | None = None) -> Tensor:
        """A tensor that, when run, subtracts `delta` from the variable, and is the result."""
        return assign_sub(self, delta, name=name)

    def load(self, value, session=None) -> None:
        """Give the variable a value in a session, without building an operation."""
        session_for(session, "Cannot load a variable", "load").load(self, value)

    def __iter__(self) -> NoReturn:
        raise TypeError("'Variable' object is not iterable.\nUse tf.unstack.")

    def __repr__(self) -> str:
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}_ref>"


def _change(op_type, order, sentence, arguments, after, more="") -> Callable[..., Tensor]:
    """The function that builds an operation of this type, which changes a variable."""
    function = re.sub("(?<=.)([A-Z])", r"_\1", op_type).lower()
    operands = definition_of(op_type).operands[1:]
    documentation = f"""A tensor that, when run, {sentence}.
{more}
    >>> w = tf.Variable([1.0, 2.0])
    >>> with tf.Session() as session:
    ...     session.run(w.initializer)
    ...     print(session.run(tf.{function}(w, {arguments})))
    {after}
    """

    @takes(f"ref, {order}, name=None")
    @called(function, documentation)
    def change(ref, use_locking, name, **given) -> Tensor:
        target = ref.as_graph_element() if isinstance(ref, Operand) else None
        if target is None or not target.op.is_variable:
            problem = f"{type(ref).__name__!r} object has no attribute 'assign'"
            op = None if target is None else target.op
            raise AttributeError(advise(problem, op, "Only a Variable can take a new value."))
        values = [given.pop(operand) for operand in operands]
        return target.graph.apply(op_type, target, *values, name=name, **given)

    return change


def _scatter(change, verb, after) -> Callable[..., Tensor]:
    sentence = f"{verb} some rows of a variable, and is its value"
    more = """
    Updates have the shape of the indices, followed by that of a row. A row that is named twice is
    changed twice, one after the other.
"""
    order = "indices, updates, use_locking=False"
    return _change(f"Scatter{change}", order, sentence, "[0, 0], [10.0, 10.0]", after, more)


assign = _change(
    "Assign",
    "value, validate_shape=True, use_locking=True",
    "gives a variable a new value, and is that value",
    *("[5.0, 6.0]", "[5. 6.]"),
    "\n    Without `validate_shape`, the variable takes the value's shape.\n",
)
ADDS = "adds a value to a variable, and is the sum"
SUBTRACTS = "subtracts a value from a variable, and is the result"
assign_add = _change("AssignAdd", "value, use_locking=False", ADDS, "[3.0, 3.0]", "[4. 5.]")
assign_sub = _change("AssignSub", "value, use_locking=False", SUBTRACTS, "[3.0, 3.0]", "[-2. -1.]")
scatter_update = _scatter("Update", "replaces", "[10.  2.]")
scatter_add = _scatter("Add", "adds to", "[21.  2.]")
scatter_sub = _scatter("Sub", "subtracts from", "[-19.   2.]")
scatter_mul = _scatter("Mul", "multiplies", "[100.   2.]")
scatter_div = _scatter("Div", "divides", "[0.01 2.  ]")


def _variables_in(key: str, which: str) -> Callable[..., list[Variable]]:
    function = key.lower()
    documentation = f"""The variables of the default graph {which}, in the order of creation.

    With `scope`, a regular expression, only those whose names begin so. They are the collection
    `GraphKeys.{key}`.

    >>> w = tf.Variable(1.0, name="w", collections=[tf.GraphKeys.{key}])
    >>> print([variable.name for variable in tf.{function}()])
    ['w:0']
    """

    @called(function, documentation)
    def variables(scope=None) -> list[Variable]:
        return get_default_graph().get_collection(getattr(GraphKeys, key), scope)

    return variables


global_variables = _variables_in("GLOBAL_VARIABLES", "but for local ones")
local_variables = _variables_in("LOCAL_VARIABLES", "that are local, such as counters")
trainable_variables = _variables_in("TRAINABLE_VARIABLES", "that optimizers change by default")
model_variables = _variables_in("MODEL_VARIABLES", "that a program counts to its model")
moving_average_variables = _variables_in("MOVING_AVERAGE_VARIABLES", "that have a moving average")


def variables_initializer(var_list: Iterable[Variable], name="init") -> Operation:
    """An operation that gives each variable of a list its initial value.

    >>> w = tf.Variable(3.0)
    >>> with tf.Session() as session:
    ...     session.run(tf.variables_initializer([w]))
    ...     print(session.run(w))
    3.0
    """
    return group(*(variable.initializer for variable in var_list), name=name)


def global_variables_initializer() -> Operation:
    """An operation that gives every variable created so far its initial value.

    Variables created later are not covered: build this last, and run it once in each session.

    >>> w = tf.Variable(3.0)
    >>> with tf.Session() as session:
    ...     session.run(tf.global_variables_initializer())
    ...     print(session.run(w))
    3.0
    """
    return variables_initializer(global_variables())


def local_variables_initializer() -> Operation:
    """An operation that gives every local variable created so far its initial value.

    >>> hits = tf.Variable(7, collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False)
    >>> with tf.Session() as session:
    ...     session.run(tf.local_variables_initializer())
    ...     print(session.run(hits))
    7
    """
    return variables_initializer(local_variables(), name="init")


# Their names before TensorFlow 1.0.
all_variables = global_variables
initialize_variables = variables_initializer
initialize_all_variables = global_variables_initializer
initialize_local_variables = local_variables_initializer


def is_variable_initialized(variable: Operand) -> Tensor:
    """Whether a variable has a value in the session that runs this.

    >>> print(tf.Session().run(tf.is_variable_initialized(tf.Variable(3.0))))
    False
    """
    ref = variable.as_graph_element() if isinstance(variable, Operand) else variable
    return graph_of(variable).apply("IsVariableInitialized", ref)


def report_uninitialized_variables(
    var_list: Iterable[Variable] | None = None, name="report_uninitialized_variables"
) -> Tensor:
    """The names of those variables that have no value in the session that runs this.

    Without a list, all variables of the default graph, local ones too.

    >>> w = tf.Variable(3.0, name="w")
    >>> print(tf.Session().run(tf.report_uninitialized_variables()))
    [b'w']
    """
    variables = global_variables() + local_variables() if var_list is None else list(var_list)
    refs = [variable.as_graph_element() for variable in variables]
    names = (*(variable.op.name for variable in variables),)
    return graph_of(*refs).apply("UninitializedNames", *refs, names=names, name=name)
