"""Running a plan: feeds in, results or errors out, and no warnings of NumPy's."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextvars import Context
from functools import partial
from typing import Any, NoReturn, TypeVar

import numpy as np
from numpy import asarray, ndarray

from nbgrad.core.calls import Call
from nbgrad.core.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    OpError,
    ResourceExhaustedError,
    UnfedPlaceholderError,
    advise,
)
from nbgrad.core.feeds import Rebuild, fed_value
from nbgrad.core.graph import Operand, Operation, Tensor
from nbgrad.core.plan import Plan
from nbgrad.core.shapes import brackets

#: From a value for each feed to what was fetched.
Runner = Callable[[Iterable[Any]], Any]


def runner(
    plan: Plan,
    elements: Sequence[Tensor | Operation],
    feeds: Sequence[Tensor],
    rebuild: Rebuild | None,
    variables: Any,
    generators: Any,
) -> Runner:
    """The run of a plan as a function of the fed values, without NumPy's warnings.

    `rebuild` makes of the results the structure of the fetches; None for a
    list.
    """
    echoes = [i for i, element in enumerate(elements) if element in feeds]

    def run(values: Iterable[Any]) -> Any:
        try:
            fetched = plan.run(variables, generators, *map(fed_value, feeds, values))
        except Exception as error:
            failed = plan.failed_call(error.__traceback__)
            if failed is None:
                raise
            raise_with_operation(error, *failed)
        for i, value in enumerate(fetched):
            if type(value) is ndarray:
                fetched[i] = owned_by_caller(value)
        for i in echoes:  # what was fed comes back as an array, also a number
            value = fetched[i]
            fetched[i] = asarray(value, object) if type(value) is bytes else asarray(value)
        return fetched if rebuild is None else rebuild(iter(fetched))

    return partial(without_warnings_here if plan.calls_python else without_warnings, run)


def owned_by_caller(array: np.ndarray) -> Any:
    """A fetched value that belongs to the caller: a scalar, or a copy of a shared array."""
    if array.ndim == 0:
        return array[()]
    return array if array.flags.writeable else array.copy()


#: Contexts that nobody is in. A run takes one out, as two threads cannot be in the same.
_free: list[Context] = []


def without_warnings(function: Callable[[Any], Any], argument: Any) -> Any:
    """The result of a function, called in an empty context in which NumPy does not warn."""
    try:
        context = _free.pop()
    except IndexError:
        context = Context()
        context.run(np.seterr, all="ignore")
    result = context.run(function, argument)
    _free.append(context)
    return result


def without_warnings_here(function: Callable[[Any], Any], argument: Any) -> Any:
    """The result of a function, called in the caller's context without NumPy's warnings."""
    with np.errstate(all="ignore"):
        return function(argument)


def raise_with_operation(error: Exception, call: Call, values: list[Any]) -> NoReturn:
    """Raise an error of a kernel again, with the operation and the user's line."""
    op = call.op
    if isinstance(error, UnfedPlaceholderError):
        missing = f"You must feed a value for placeholder tensor '{op.name}' {error.message}"
        raise InvalidArgumentError(None, op, advise(missing, op)) from None
    if isinstance(error, OpError):
        raise type(error)(None, op, advise(error.message, op)) from None
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], Operation):
        name = error.args[0].name
        raise FailedPreconditionError(
            None,
            op,
            advise(
                f"Attempting to use uninitialized value {name}",
                op,
                "Run tf.global_variables_initializer() in this session first. It covers only "
                "variables that exist already: build the initializer last.",
            ),
        ) from None
    sentence = str(error)
    if isinstance(error, MemoryError):
        sentence = f"OOM when allocating tensor: {sentence}"
        raise ResourceExhaustedError(None, op, advise(sentence, op)) from error
    if op.definition.elementwise and isinstance(error, ValueError):
        given = " vs. ".join(brackets(np.shape(value)) for value in values)
        sentence = f"Incompatible shapes: {given}"
    if call.guard and "truth value of an array" in sentence:
        sentence = "The second input must be a scalar\ncond takes one branch for all: tf.where."
    raise InvalidArgumentError(None, op, advise(sentence, op)) from error


Item = TypeVar("Item")


class LRUCache(OrderedDict[Any, Item]):
    """A cache of limited size, which drops the item that was not used for longest (LRU)."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def use(self, key: Any) -> Item:
        """The item under a key, which becomes the last to be dropped."""
        found = self[key]
        self.move_to_end(key)
        return found

    def keep(self, key: Any, item: Item) -> Item:
        """Keep an item, and drop the one that was not used for longest."""
        self[key] = item
        if len(self) > self._most:
            self.popitem(last=False)
        return item


def cache_key(fetches: Any, feeds: Any) -> tuple[Any, ...]:
    """The key of a runner in the cache: equal for equal fetches and feeds."""
    kind = type(fetches)
    return ((kind, *fetches) if kind is list or kind is tuple else fetches, *feeds)


def is_cacheable(fetches: Any, feed_dict: Any, feeds: Any) -> bool:
    """Whether fetches and feeds hold their tensors plainly: a name may come to mean another one."""
    items = [*fetches] if type(fetches) in (list, tuple) else [fetches]
    keys = [*(feed_dict or ())]
    plain = all(isinstance(item, Operand | Operation) for item in (*items, *keys))
    return plain and len(keys) == len(feeds)
