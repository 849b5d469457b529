"""TensorFlow's signatures, where they are not operands, attributes, name: its order, older names.

`tf.reduce_sum(x, keep_dims=True)` is how older programs write `tf.reduce_sum(x, keepdims=True)`.
What TensorFlow takes and means nothing here is accepted.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter, Signature
from typing import Any, TypeVar

from nbgrad.core.graph import graph_of
from nbgrad.core.operands import as_tensor, binder
from nbgrad.ops import activations, indexing, matrix, parts, reductions, shaping, sources

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
    order: str | Iterable[Parameter], *, left_out: Mapping[str, str] | None = None, **older: str
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """A decorator: the function takes TensorFlow's arguments, in TensorFlow's order.

    `order` is a list of parameters, as TensorFlow's documentation prints it. Those that the
    function does not know stand for another one, if they are in `OLDER` or in `older`, and have no
    effect otherwise, such as "back_prop=True"; a function of `**options` finds them all. Its own
    default, if it has one, counts in place of that in the list, and None stands for the default of
    an axis or a flag. `left_out` has arguments that ask for what is not offered, and what to say
    of them.
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., Result]:
        listed = parameters_in(order, function) if isinstance(order, str) else [*order]
        given = Arguments(function, listed, OLDER | older, left_out or {})

        @functools.wraps(function)
        def build(*args: Any, **options: Any) -> Result:
            return function(**given.translated(args, options))

        build.__signature__ = given.signature  # type: ignore[attr-defined]
        return build

    return decorate


class Arguments:
    """TensorFlow's arguments of one function, and how they become the function's own."""

    def __init__(
        self,
        function: Callable[..., Any],
        listed: list[Parameter],
        older: Mapping[str, str],
        left_out: Mapping[str, str],
    ) -> None:
        whole = inspect.signature(function)
        own, known = without_options(whole), {each.name for each in listed}
        defaults = defaults_of(listed) | defaults_of(own.values())
        every = len(whole.parameters) > len(own)
        self.label = function.__name__
        self.signature = shown(listed, whole)
        self.bind = binder(self.label, self.signature, partial=True)
        self.left_out = left_out
        pairs = older.items()
        self.older = [pair for pair in pairs if known.issuperset(pair) and pair[0] not in own]
        self.needed = known - defaults.keys() - own.keys()
        self.flags = {name for name, default in defaults.items() if isinstance(default, int)}
        self.taken = known if every else own.keys()
        self.filled = {k: v for k, v in defaults.items() if k in known and k in self.taken}

    def translated(self, args: Any, options: Any) -> dict[str, Any]:
        """The function's arguments for what was given."""
        given = self.bind(args, options)
        for key, sentence in self.left_out.items():
            if given.get(key):
                raise NotImplementedError(sentence)
        for old, name in self.older:
            value = given.pop(old, None)
            if value is None or value is False:
                continue  # it was not used
            if given.get(name) is not None:
                raise TypeError(f"{self.label}() got multiple values for argument '{name}'")
            given[name] = value
        for key in self.needed - given.keys():
            raise TypeError(f"{self.label}() missing 1 required positional argument: {key!r}")
        taken, flags = self.taken, self.flags
        told = {k: v for k, v in given.items() if k in taken and (v is not None or k not in flags)}
        return {**self.filled, **told}


def parameters_in(text: str, of: Any) -> list[Parameter]:
    """The parameters that Python reads in a text, with the names of a function's or class's module.

    >>> [str(each) for each in parameters_in("x, axis=None, keepdims=False", parameters_in)]
    ['x', 'axis=None', 'keepdims=False']
    """
    function = eval(f"lambda {text}: None", vars(sys.modules[inspect.unwrap(of).__module__]))
    return list(inspect.signature(function).parameters.values())


def parameters_of(function: Callable[..., Any]) -> dict[str, Parameter]:
    """The parameters of a function or class by name, but for `**options`."""
    return without_options(inspect.signature(function))


def without_options(signature: Signature) -> dict[str, Parameter]:
    own = signature.parameters.items()
    return {name: each for name, each in own if each.kind is not Parameter.VAR_KEYWORD}


def defaults_of(parameters: Iterable[Parameter]) -> dict[str, Any]:
    return {each.name: each.default for each in parameters if each.default is not each.empty}


def shown(listed: list[Parameter], own: Signature) -> Signature:
    """A signature of these parameters, with the types that a function gives to its own."""
    types = {name: each.annotation for name, each in own.parameters.items()}
    typed = [
        each
        if types.get(each.name, each.empty) is each.empty
        # Most have none, and a copy is a slow thing.
        else each.replace(annotation=types[each.name])
        for each in listed
    ]
    return Signature(typed, return_annotation=own.return_annotation)


_reduction = takes(
    "input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None, keep_dims=None"
)
reduce_sum = _reduction(reductions.reduce_sum)
reduce_mean = _reduction(reductions.reduce_mean)
reduce_prod = _reduction(reductions.reduce_prod)
reduce_max = _reduction(reductions.reduce_max)
reduce_min = _reduction(reductions.reduce_min)
reduce_all = _reduction(reductions.reduce_all)
reduce_any = _reduction(reductions.reduce_any)
reduce_euclidean_norm = _reduction(reductions.reduce_euclidean_norm)
_place = takes("input, axis=None, name=None, dimension=None, output_type=int64")
argmax, argmin = _place(reductions.argmax), _place(reductions.argmin)
expand_dims = takes("input, axis=None, name=None, dim=None")(shaping.expand_dims)
squeeze = takes("input, axis=None, name=None, squeeze_dims=None")(shaping.squeeze)
_softmax = takes("logits, axis=None, name=None, dim=None")
softmax, log_softmax = _softmax(activations.softmax), _softmax(activations.log_softmax)
matmul = takes(
    "a, b, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False, "
    "a_is_sparse=False, b_is_sparse=False, name=None"
)(matrix.matmul)
gather = takes(
    "params, indices, validate_indices=None, name=None, axis=None, batch_dims=0",
    left_out={"batch_dims": "gather with batch_dims: use gather_nd with the whole position."},
)(indexing.gather)
split = takes("value, num_or_size_splits, axis=0, num=None, name='split'")(parts.split)
_alike = takes("tensor, dtype=None, name=None, optimize=True")
zeros_like, ones_like = _alike(sources.zeros_like), _alike(sources.ones_like)


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
