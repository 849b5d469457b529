"""TensorFlow's signatures, where they are not operands, attributes, name: its order, older names.

`tf.reduce_sum(x, keep_dims=True)` is how older programs write `tf.reduce_sum(x, keepdims=True)`.
What TensorFlow takes and means nothing here is accepted.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Mapping
from inspect import Parameter
from typing import Any, TypeVar

from nbgrad.core.graph import graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import REQUIRED
from nbgrad.ops import activations, indexing, matrix, parts, reductions, shaping, sources
from nbgrad.ops.define import binder, signature_of

Function = TypeVar("Function", bound=Callable[..., Any])
Result = TypeVar("Result")

#: Older names of arguments, and others that TensorFlow takes beside those of today.
OLDER = {
    **dict.fromkeys(["reduction_indices", "dim", "dimension", "squeeze_dims"], "axis"),
    **{"keep_dims": "keepdims", "fn1": "true_fn", "fn2": "false_fn", "targets": "labels"},
    **{"input": "value", "filters": "filter"},
    **{"adjoint_a": "transpose_a", "adjoint_b": "transpose_b"},  # of real numbers it is the same
}


def takes(
    order: str | Mapping[str, Any], *, left_out: Mapping[str, str] | None = None, **older
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """A decorator: the function takes TensorFlow's arguments, in TensorFlow's order.

    `order` names them all, as `defaults_in` reads it, or has their defaults. Those that the
    function does not know stand for another one, if they are in `OLDER` or in `older`, and have no
    effect otherwise, such as "back_prop=True"; a function of `**options` finds them all, with their
    defaults. None stands for the default of an axis or a flag. `left_out` has arguments that ask
    for what is not offered, and what to say of them.
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., Result]:
        own, label = defaults_of(function), function.__name__
        defaults = defaults_in(order, own) if isinstance(order, str) else order
        flags = {name for name, default in defaults.items() if isinstance(default, int)}
        others = {old: name for old, name in (OLDER | older).items() if name in defaults}
        others = {old: name for old, name in others.items() if old in defaults and old not in own}
        every = len(inspect.signature(function).parameters) > len(own)
        taken = defaults.keys() if every else own.keys()
        filled = {k: v for k, v in defaults.items() if k in taken and v is not REQUIRED}
        needed = [k for k, v in defaults.items() if v is REQUIRED and k not in own]
        signature = signature_of(defaults)
        bind = binder(label, signature, partial=True)

        @functools.wraps(function)
        def build(*args, **options) -> Result:
            given = bind(args, options)
            for key, sentence in (left_out or {}).items():
                if given.get(key):
                    raise NotImplementedError(sentence)
            for key in needed:
                if key not in given:
                    raise TypeError(f"{label}() missing 1 required positional argument: {key!r}")
            for key, name in others.items():
                value = given.pop(key, None)
                if value is None or value is False:
                    continue  # it was not used
                if given.get(name) is not None:
                    raise TypeError(f"{label}() got multiple values for argument '{name}'")
                given[name] = value
            told = {k: v for k, v in given.items() if v is not None or k not in flags}
            return function(**{**filled, **{k: v for k, v in told.items() if k in taken}})

        build.__signature__ = signature  # type: ignore[attr-defined]
        return build

    return decorate


def defaults_in(order: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that a text names, each with its default: there, or known, or None.

    One with an exclamation mark, "units!", has to be given.
    """
    defaults = {}
    for each in order.split():
        key, equals, text = each.partition("=")
        name = key.rstrip("!")
        default = known.get(name) if name == key else REQUIRED
        defaults[name] = ast.literal_eval(text) if equals else default
    return defaults


def defaults_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The arguments of a function or class, each with its default, but for `**options`."""
    own = inspect.signature(function).parameters.values()
    named = [each for each in own if each.kind is not Parameter.VAR_KEYWORD]
    return {p.name: REQUIRED if p.default is p.empty else p.default for p in named}


_reduction = takes("input_tensor axis keepdims name reduction_indices keep_dims")
reduce_sum = _reduction(reductions.reduce_sum)
reduce_mean = _reduction(reductions.reduce_mean)
reduce_prod = _reduction(reductions.reduce_prod)
reduce_max = _reduction(reductions.reduce_max)
reduce_min = _reduction(reductions.reduce_min)
reduce_all = _reduction(reductions.reduce_all)
reduce_any = _reduction(reductions.reduce_any)
reduce_euclidean_norm = _reduction(reductions.reduce_euclidean_norm)
argmax = takes("input axis name dimension output_type")(reductions.argmax)
argmin = takes("input axis name dimension output_type")(reductions.argmin)
expand_dims = takes("input axis name dim")(shaping.expand_dims)
squeeze = takes("input axis name squeeze_dims")(shaping.squeeze)
softmax = takes("logits axis name dim")(activations.softmax)
log_softmax = takes("logits axis name dim")(activations.log_softmax)
matmul = takes("a b transpose_a transpose_b adjoint_a adjoint_b a_is_sparse b_is_sparse name")(
    matrix.matmul
)
gather = takes(
    "params indices validate_indices name axis batch_dims",
    left_out={"batch_dims": "gather with batch_dims: use gather_nd with the whole position."},
)(indexing.gather)
split = takes("value num_or_size_splits axis num name")(parts.split)
zeros_like = takes("tensor dtype name optimize")(sources.zeros_like)
ones_like = takes("tensor dtype name optimize")(sources.ones_like)


def called(name: str, documentation: str | None) -> Callable[[Function], Function]:
    """A decorator: the name and the docstring of one function of a family."""

    def decorate(function: Function) -> Function:
        function.__name__ = function.__qualname__ = name
        function.__doc__ = documentation
        return function

    return decorate


def composite(default_name: str, *tensors: str) -> Callable[[Function], Function]:
    """A function written in operations: they share a name scope, as in TensorFlow.

    The scope is the argument `name`, or the default. The function finds the whole scope there
    and may give it to the operation that it ends with, which is then called so itself. It finds
    the arguments of the names `tensors` as tensors.
    """

    def decorate(function: Function) -> Function:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def build(*args, **options) -> Any:
            given = signature.bind(*args, **options)
            graph = graph_of(*given.arguments.values())
            with graph.name_scope(given.arguments.get("name") or default_name) as scope:
                given.arguments["name"] = scope
                for each in tensors:
                    given.arguments[each] = as_tensor(given.arguments[each], graph, name=each)
                return function(*given.args, **given.kwargs)

        return build  # type: ignore[return-value]

    return decorate
