"""Variable scopes: the defaults of `get_variable`, and the variables that it has made."""

from __future__ import annotations

import contextlib
import enum
import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from nbgrad.core import shapes
from nbgrad.core.dtypes import DType, DTypeLike, as_dtype, float32
from nbgrad.core.errors import advise
from nbgrad.core.graph import Graph, Tensor, get_default_graph, graph_of
from nbgrad.core.operands import InitializerLike, TensorLike
from nbgrad.core.shapes import ShapeLike, as_shape
from nbgrad.tf1.initializers import GlorotUniform, Zeros
from nbgrad.tf1.signatures import takes
from nbgrad.tf1.variables import GraphKeys, Variable, global_variables, trainable_variables


def name_scope(
    name, default_name=None, values: Iterable[TensorLike] | None = None
) -> contextlib.AbstractContextManager[str]:
    """A `with` inside which the names of new operations begin with "name/"; it yields the prefix.

    Where `name` is None, `default_name` counts. One that ends in "/" enters that very scope again;
    "" leads to the top. `values` are tensors whose graph it is, in place of the default graph.

    >>> with tf.name_scope("layer"):
    ...     print(tf.constant(1.0, name="bias").name)
    layer/bias:0
    """
    graph = graph_of(*(values or ()))
    return graph.name_scope(default_name if name is None else name)


class Reuse(enum.Enum):
    """Whether `get_variable` shares what exists and makes what does not."""

    AUTO_REUSE = 1


AUTO_REUSE = Reuse.AUTO_REUSE


@dataclass(eq=False)
class VariableScope:
    """The defaults of `get_variable` inside a `with variable_scope(…)`.

    `reuse` is False where every variable is new, True where none is, AUTO_REUSE as it comes;
    `original_name_scope` is the prefix of the names of operations built in it.

    >>> with tf.variable_scope("layer") as scope:
    ...     print(scope.name, scope.reuse, scope.original_name_scope)
    layer False layer/
    """

    name: str = ""
    reuse: bool | Reuse = False
    initializer: InitializerLike | None = None
    regularizer: Callable[[Variable], Tensor | None] | None = None
    dtype: DType = float32
    constraint: Callable[[Tensor], Tensor] | None = None
    original_name_scope: str = ""

    def reuse_variables(self) -> None:
        """From here on, share variables that exist, and make none."""
        self.reuse = True

    def set_initializer(self, initializer: InitializerLike | None) -> None:
        """From here on, use this initializer for variables without one."""
        self.initializer = initializer

    def global_variables(self) -> list[Variable]:
        """The variables whose names begin with this scope's."""
        return global_variables(self._names())

    def trainable_variables(self) -> list[Variable]:
        """Those variables of this scope that optimizers change by default."""
        return trainable_variables(self._names())

    def _names(self) -> str | None:
        return f"{self.name}/" if self.name else None


@dataclass(eq=False)
class VariableStore:
    """The variables of one graph that `get_variable` made, by name, and the scope in force."""

    scope: VariableScope = field(default_factory=VariableScope)
    variables: dict[str, Variable] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)

    def unique_scope(self, prefix: str) -> str:
        """A scope's default name, with `_1`, `_2`, … where it has been opened before."""
        inside = f"{self.scope.name}/{prefix}" if self.scope.name else prefix
        if not self.opened.get(inside):
            return prefix
        number = next(n for n in itertools.count(1) if not self.opened.get(f"{inside}_{n}"))
        return f"{prefix}_{number}"

    @contextlib.contextmanager
    def counting(self, name: str, again: bool) -> Iterator[None]:
        """A `with` for a scope of this name, after which default names inside it begin anew.

        After a scope that is entered `again`, as an object, they go on as before it.
        """
        self.opened[name] = self.opened.get(name, 0) + 1
        before = dict(self.opened)
        try:
            yield
        finally:
            if again:
                self.opened = before
            else:
                kept = (one for one in self.opened.items() if not one[0].startswith(f"{name}/"))
                self.opened = dict(kept)


def store_of(graph: Graph) -> VariableStore:
    """The graph's store, kept as TensorFlow does in a collection of the graph."""
    kept = graph.get_collection_ref("__variable_store")
    if not kept:
        kept.append(VariableStore())
    return kept[0]


def get_variable_scope() -> VariableScope:
    """The variable scope in force in the default graph, named "" outside of any.

    >>> with tf.variable_scope("layer"):
    ...     tf.get_variable_scope().reuse_variables()
    ...     print(tf.get_variable_scope().reuse)
    True
    """
    return store_of(get_default_graph()).scope


@takes(
    "name_or_scope, default_name=None, values=None, initializer=None, regularizer=None, "
    "caching_device=None, partitioner=None, custom_getter=None, reuse=None, dtype=None, "
    "use_resource=None, constraint=None, auxiliary_name_scope=True"
)
@contextlib.contextmanager
def variable_scope(
    name_or_scope: str | VariableScope | None,
    default_name: str | None,
    initializer: InitializerLike | None,
    regularizer: Callable[[Variable], Tensor | None] | None,
    reuse: bool | Reuse | None,
    dtype: DTypeLike | None,
    constraint: Callable[[Tensor], Tensor] | None,
    auxiliary_name_scope: bool,
) -> Iterator[VariableScope]:
    """A `with` inside which names of variables from `get_variable` begin with "name/".

    `name_or_scope` is a name, or a scope to enter again; where it is None, `default_name` is made
    unique. `reuse` is True to share variables that exist, AUTO_REUSE to share or make them, in
    inner scopes, too. `initializer`, `regularizer`, `dtype` and `constraint` are defaults for
    `get_variable` inside. Operations built inside get a name scope, too, unless
    `auxiliary_name_scope` is False. The other arguments have no effect.

    >>> for _ in range(2):
    ...     with tf.variable_scope("layer", reuse=tf.AUTO_REUSE):
    ...         w = tf.get_variable("w", initializer=1.0)
    >>> print(w.name, len(tf.global_variables()))
    layer/w:0 1
    """
    if name_or_scope is None and default_name is None:
        raise ValueError("If default_name is None then name_or_scope is required")
    if not isinstance(name_or_scope, VariableScope | str | None):
        raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
    graph = get_default_graph()
    store = store_of(graph)
    outer = store.scope
    entered = name_or_scope if isinstance(name_or_scope, VariableScope) else None
    parent = entered or outer
    if isinstance(name_or_scope, VariableScope):
        name, label = name_or_scope.name, name_or_scope.name.rpartition("/")[2]
    else:
        label = name_or_scope or store.unique_scope(default_name or "")
        name = f"{outer.name}/{label}" if outer.name else label
    scoped = auxiliary_name_scope and label
    named: Any = graph.name_scope(label) if scoped else contextlib.nullcontext("")
    with named as prefix, store.counting(name, again=entered is not None):
        store.scope = VariableScope(
            name,
            parent.reuse if reuse is None else reuse or outer.reuse,
            parent.initializer if initializer is None else initializer,
            regularizer or parent.regularizer,
            parent.dtype if dtype is None else as_dtype(dtype),
            constraint or parent.constraint,
            entered.original_name_scope if entered else prefix,
        )
        try:
            yield store.scope
        finally:
            store.scope = outer


@takes(
    "name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=None, "
    "collections=None, caching_device=None, partitioner=None, validate_shape=True, "
    "use_resource=None, custom_getter=None, constraint=None, synchronization=None, "
    "aggregation=None"
)
def get_variable(
    name: str,
    shape: ShapeLike,
    dtype: DTypeLike | None,
    initializer: InitializerLike | None,
    regularizer: Callable[[Variable], Tensor | None] | None,
    trainable: bool | None,
    collections: Iterable[str] | None,
    validate_shape: bool,
    constraint: Callable[[Tensor], Tensor] | None,
) -> Variable:
    """The variable of this name in the variable scope in force: a new one, or a shared one.

    The `initializer` is a function of shape and dtype such as `zeros_initializer()`, or the initial
    value, which says the `shape`, too. By default it is the scope's, or random after Glorot, or
    zeros for integers; the `dtype` is the scope's: float32. What the `regularizer` makes of the
    variable joins `GraphKeys.REGULARIZATION_LOSSES`. `trainable`, `collections`, `validate_shape`
    and `constraint` are as for `Variable`; the other arguments have no effect.

    >>> with tf.variable_scope("layer"):
    ...     w = tf.get_variable("w", [3, 2], initializer=tf.zeros_initializer())
    >>> print(w.name, w.shape)
    layer/w:0 (3, 2)
    """
    store = store_of(get_default_graph())
    scope = store.scope
    full_name = f"{scope.name}/{name}" if scope.name else name
    wanted = scope.dtype if dtype is None else as_dtype(dtype)
    if full_name in store.variables:
        found = store.variables[full_name]
        check_shared(found, full_name, scope, shape, wanted)
        return found
    initializer = scope.initializer if initializer is None else initializer
    if scope.reuse is True:
        raise ValueError(
            f"Variable {full_name} does not exist, or was not created with tf.get_variable(). Did "
            "you mean to set reuse=tf.AUTO_REUSE in VarScope?"
        )
    is_value = initializer is not None and not callable(initializer)
    start = initial_value(full_name, shape, wanted, initializer)
    with get_default_graph().name_scope(None):
        made = Variable(
            start,
            trainable=trainable is not False,
            collections=collections,
            validate_shape=validate_shape,
            name=full_name,
            dtype=None if is_value and dtype is None else wanted,
            constraint=constraint or scope.constraint,
        )
    store.variables[full_name] = made
    with made.graph.name_scope(f"{made.op.name}/Regularizer/"):
        loss = (regularizer or scope.regularizer or (lambda _: None))(made)
    if loss is not None:
        made.graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)
    return made


def initial_value(name: str, shape, dtype: DType, initializer) -> Any:
    """The initial value of a new variable, or a function that builds it."""
    if initializer is not None and not callable(initializer):
        if shape is not None:
            raise ValueError("If initializer is a constant, do not specify shape.")
        return initializer
    chosen: Any = initializer
    if initializer is None:
        if dtype.is_complex:
            raise ValueError(f"An initializer for variable {name} of {dtype!r} is required")
        chosen = GlorotUniform() if dtype.is_floating else Zeros()
    chosen = chosen() if inspect.isclass(chosen) else chosen
    static = as_shape(shape)
    if not inspect.signature(chosen).parameters:
        return chosen
    if not shapes.is_known(static):
        raise ValueError(
            "The initializer passed is not valid. It should be a callable with no arguments and "
            "the shape should not be provided or an instance of `tf.keras.initializers.*' and "
            "`shape` should be fully defined.\n"
            f"Variable {name} has the shape {shapes.show(static)}."
        )
    return lambda: chosen(static, dtype=dtype)


def check_shared(variable: Variable, name: str, scope: VariableScope, shape, dtype: DType) -> None:
    """Refuse to share an existing variable where the scope, the shape or the dtype forbids it."""
    expected, problem, advice = as_shape(shape), "", ""
    if scope.reuse is False:
        problem = (
            f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
            "reuse=tf.AUTO_REUSE in VarScope?"
        )
        advice = "In a notebook, run tf.reset_default_graph() before you build the graph anew."
    elif not shapes.compatible(expected, variable.static_shape):
        asked, found = f"shape {shapes.show(expected)}", f"shape {variable.shape}."
        problem = f"Trying to share variable {name}, but specified {asked} and found {found}"
    elif dtype is not variable.dtype:
        asked, found = f"dtype {dtype.name}", f"dtype {variable.dtype.name}_ref."
        problem = f"Trying to share variable {name}, but specified {asked} and found {found}"
    if problem:
        raise ValueError(advise(problem, variable.op, advice))
