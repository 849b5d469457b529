"""TensorFlow's signatures, where they are not operands, attributes, name: its order, older names.

`tf.reduce_sum(x, keep_dims=True)` is how older programs write `tf.reduce_sum(x, keepdims=True)`.
What TensorFlow takes and means nothing here is accepted.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from nbgrad.core.default_graph import graph_of
from nbgrad.core.registry import REQUIRED
from nbgrad.ops import constants, indexing, joining, matrix, ranking, reductions, shaping
from nbgrad.ops import softmax as probabilities
from nbgrad.ops.define import Builder, binder, signature_of

Function = TypeVar("Function", bound=Callable[..., Any])


def reordered(
    build: Builder, order: str, *, left_out: Mapping[str, str] | None = None, **older: str
) -> Builder:
    """A builder that takes its arguments in another order, and under older names.

    Parameters
    ----------
    order
        The names of all arguments.
    left_out
        Arguments that ask for what is not offered, and what to say of them.
    **older
        Which argument an older name stands for.
    """
    own, label = inspect.signature(build).parameters, build.__name__
    optional = {name for name, each in own.items() if each.default is not each.empty}
    signature = signature_of(
        {
            name: REQUIRED if name in own and name not in optional else default_of(own.get(name))
            for name in order.split()
        }
    )
    bind = binder(label, signature, partial=True)

    @functools.wraps(build)
    def function(*args: Any, **options: Any) -> Any:
        given = bind(args, options)
        for key, sentence in (left_out or {}).items():
            if given.get(key):
                raise NotImplementedError(sentence)
        for key, name in older.items():
            value = given.pop(key, None)
            if value is None or value is False:
                continue  # it was not used
            if given.get(name) is not None:
                raise TypeError(f"{label}() got multiple values for argument '{name}'")
            given[name] = value
        known = {key: value for key, value in given.items() if key in own}
        return build(**{k: v for k, v in known.items() if v is not None or k not in optional})

    function.__signature__ = signature  # type: ignore[attr-defined]
    return function


def default_of(parameter: inspect.Parameter | None) -> Any:
    return None if parameter is None else parameter.default


def _reduction(build: Builder) -> Builder:
    order = "input_tensor axis keepdims name reduction_indices keep_dims"
    return reordered(build, order, keep_dims="keepdims", reduction_indices="axis")


reduce_sum = _reduction(reductions.reduce_sum)
reduce_mean = _reduction(reductions.reduce_mean)
reduce_prod = _reduction(reductions.reduce_prod)
reduce_max = _reduction(reductions.reduce_max)
reduce_min = _reduction(reductions.reduce_min)
reduce_all = _reduction(reductions.reduce_all)
reduce_any = _reduction(reductions.reduce_any)
reduce_euclidean_norm = _reduction(reductions.reduce_euclidean_norm)

_POSITION = "input axis name dimension output_type"
argmax = reordered(ranking.argmax, _POSITION, dimension="axis")
argmin = reordered(ranking.argmin, _POSITION, dimension="axis")

expand_dims = reordered(shaping.expand_dims, "input axis name dim", dim="axis")
squeeze = reordered(shaping.squeeze, "input axis name squeeze_dims", squeeze_dims="axis")

softmax = reordered(probabilities.softmax, "logits axis name dim", dim="axis")
log_softmax = reordered(probabilities.log_softmax, "logits axis name dim", dim="axis")

matmul = reordered(
    matrix.matmul,
    "a b transpose_a transpose_b adjoint_a adjoint_b a_is_sparse b_is_sparse name",
    adjoint_a="transpose_a",
    adjoint_b="transpose_b",
)
gather = reordered(
    indexing.gather,
    "params indices validate_indices name axis batch_dims",
    left_out={"batch_dims": "gather with batch_dims: use gather_nd with the whole position."},
)
split = reordered(joining.split, "value num_or_size_splits axis num name")
zeros_like = reordered(constants.zeros_like, "tensor dtype name optimize")
ones_like = reordered(constants.ones_like, "tensor dtype name optimize")


def composite(default_name: str) -> Callable[[Function], Function]:
    """A function written in operations: they share a name scope, as in TensorFlow.

    The scope is the argument `name`, or the default. The function finds the whole scope there
    and may give it to the operation that it ends with, which is then called so itself.
    """

    def decorate(function: Function) -> Function:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def build(*args: Any, **options: Any) -> Any:
            given = signature.bind(*args, **options)
            graph = graph_of(*given.arguments.values())
            with graph.name_scope(given.arguments.get("name") or default_name) as scope:
                given.arguments["name"] = scope
                return function(*given.args, **given.kwargs)

        return build  # type: ignore[return-value]

    return decorate
