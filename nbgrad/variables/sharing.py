"""Variables found by name: `get_variable` makes one, or shares it, as its scope says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from nbgrad import shapes
from nbgrad.dtypes import DType, DTypeLike, as_dtype
from nbgrad.errors import advise
from nbgrad.graph import Tensor, get_default_graph
from nbgrad.graph.collecting import GraphKeys
from nbgrad.graph.typing import InitializerLike
from nbgrad.ops.state.variables import Variable
from nbgrad.tensor_shape import ShapeLike, as_shape
from nbgrad.variables.scopes import VariableScope, store_of
from nbgrad.variables.variance_scaling import default_initializer


def get_variable(
    name: str,
    shape: ShapeLike = None,
    dtype: DTypeLike | None = None,
    initializer: InitializerLike | None = None,
    regularizer: Callable[[Variable], Tensor | None] | None = None,
    trainable: bool | None = None,
    collections: Iterable[str] | None = None,
    caching_device: Any = None,
    partitioner: Any = None,
    validate_shape: bool = True,
    use_resource: Any = None,
    custom_getter: Any = None,
    constraint: Callable[[Tensor], Tensor] | None = None,
) -> Variable:
    """The variable of this name in the variable scope in force: a new one, or a shared one.

    Parameters
    ----------
    name
        Its name, after the prefix of the scope.
    shape
        Its shape, all sizes known; not for an initializer that is a value.
    dtype
        The type of its elements, by default the scope's: float32.
    initializer
        A function of shape and dtype such as `zeros_initializer()`, or the initial value
        itself. By default the scope's, or random after Glorot, or zeros for integers.
    regularizer
        A function of the variable whose result joins `GraphKeys.REGULARIZATION_LOSSES`.
    trainable, collections, validate_shape, constraint
        As for `Variable`.
    caching_device, partitioner, use_resource, custom_getter
        Accepted for TensorFlow's sake and ignored.

    Returns
    -------
    Variable
        The same one for the same name, where the scope reuses.

    Raises
    ------
    ValueError
        If the variable exists and the scope does not reuse, or the other way round; or if
        what is asked for does not fit what exists.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.variable_scope("layer"):
    ...     w = ng.get_variable("w", [3, 2], initializer=ng.zeros_initializer())
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
    if scope.reuse is True:
        raise ValueError(
            f"Variable {full_name} does not exist, or was not created with tf.get_variable(). Did "
            "you mean to set reuse=tf.AUTO_REUSE in VarScope?"
        )
    initializer = scope.initializer if initializer is None else initializer
    start = initial_value(full_name, shape, wanted, initializer)
    with get_default_graph().name_scope(None):
        made = Variable(
            start,
            trainable=trainable is not False,
            collections=collections,
            validate_shape=validate_shape,
            name=full_name,
            dtype=None if initializer_is_value(initializer) and dtype is None else wanted,
            constraint=constraint or scope.constraint,
        )
    store.variables[full_name] = made
    with made.graph.name_scope(f"{made.op.name}/Regularizer/"):
        loss = (regularizer or scope.regularizer or (lambda _: None))(made)
    if loss is not None:
        made.graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)
    return made


def initializer_is_value(initializer: Any) -> bool:
    return initializer is not None and not callable(initializer)


def initial_value(name: str, shape: Any, dtype: DType, initializer: Any) -> Any:
    """What `get_variable` gives to a new `Variable`: a value, or a function that builds it."""
    if initializer_is_value(initializer):
        if shape is not None:
            raise ValueError("If initializer is a constant, do not specify shape.")
        return initializer
    chosen: Any = default_initializer(dtype) if initializer is None else initializer
    chosen = chosen() if inspect.isclass(chosen) else chosen
    static = as_shape(shape)
    if not inspect.signature(chosen).parameters:
        return chosen
    if not shapes.is_known(static):
        raise ValueError(
            "The initializer passed is not valid. It should be a callable with no arguments and "
            "the shape should not be provided or an instance of `tf.keras.initializers.*' and "
            "`shape` should be fully defined.\n"
            f"Variable {name} was asked for with the shape {shapes.show(static)}."
        )
    return lambda: chosen(static, dtype=dtype)


def check_shared(
    variable: Variable, name: str, scope: VariableScope, shape: Any, dtype: DType
) -> None:
    """Make sure that an existing variable is what was asked for."""
    if scope.reuse is False:
        raise ValueError(
            advise(
                f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
                "reuse=tf.AUTO_REUSE in VarScope?",
                variable.op,
                "In a notebook, run tf.reset_default_graph() before you build the graph anew.",
            )
        )
    asked = as_shape(shape)
    if not shapes.compatible(asked, variable.static_shape):
        raise ValueError(
            advise(
                f"Trying to share variable {name}, but specified shape {shapes.show(asked)} and "
                f"found shape {variable.shape}.",
                variable.op,
            )
        )
    if dtype is not variable.dtype:
        raise ValueError(
            advise(
                f"Trying to share variable {name}, but specified dtype {dtype.name} and found "
                f"dtype {variable.dtype.name}_ref.",
                variable.op,
            )
        )
