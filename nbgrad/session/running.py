"""A run made ready: all that fetches and feeds decide before any number is known."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy import ndarray

from nbgrad.graph import Operand, Operation, Tensor
from nbgrad.session.failures import explain
from nbgrad.session.feeding import fed_value
from nbgrad.session.fetching import Rebuild
from nbgrad.session.plan import Plan
from nbgrad.session.quiet import quietly, quietly_here

Kind = TypeVar("Kind")

#: From a value for each feed to what was fetched.
Answer = Callable[[Iterable[Any]], Any]


class Run:
    """A plan, how values get into it, and how its results are handed out.

    Parameters
    ----------
    plan
        The plan for `elements` from `feeds`.
    rebuild
        From the results to the structure that was asked for; None for a list.
    memory
        A session's variables and its random generators.
    """

    def __init__(
        self,
        plan: Plan,
        elements: Sequence[Tensor | Operation],
        feeds: Sequence[Tensor],
        rebuild: Rebuild | None,
        memory: tuple[Any, Any],
    ) -> None:
        self._plan = plan
        self._feeds = feeds
        self._rebuild = rebuild
        self._variables, self._generators = memory
        self._fed = [i for i, element in enumerate(elements) if element in feeds]

    def shielded(self) -> Answer:
        """The run as a function of the fed values, without NumPy's warnings."""
        return partial(quietly_here if self._plan.calls_python else quietly, self._go)

    def _go(self, values: Iterable[Any]) -> Any:
        try:
            fed = map(fed_value, self._feeds, values)
            results = self._plan.run(self._variables, self._generators, *fed)
        except Exception as error:
            failed = self._plan.failed_call(error.__traceback__)
            if failed is None:
                raise
            explain(error, *failed)
        fetched = [own(value) if type(value) is ndarray else value for value in results]
        for i in self._fed:  # what was fed comes back as an array, also a number
            fetched[i] = np.asarray(fetched[i])
        return fetched if self._rebuild is None else self._rebuild(iter(fetched))


def own(array: np.ndarray) -> Any:
    """A fetched array as the caller's own: a number as a scalar, what is shared as a copy."""
    if array.ndim == 0:
        return array[()]
    return array if array.flags.writeable else array.copy()


def question(fetches: Any, feeds: Any) -> tuple[Any, ...]:
    """What is asked, to recognise it when it is asked again."""
    kind = type(fetches)
    return ((kind, *fetches) if kind is list or kind is tuple else fetches, *feeds)


def memorable(fetches: Any, feed_dict: Any, feeds: Any) -> bool:
    """Whether a question holds its tensors plainly: a name may come to mean another one."""
    items = [*fetches] if type(fetches) in (list, tuple) else [fetches]
    keys = [*(feed_dict or ())]
    plain = all(isinstance(item, Operand | Operation) for item in (*items, *keys))
    return plain and len(keys) == len(feeds)


class Kept(OrderedDict[Any, Kind]):
    """The last so many things that were used, by what they are for."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def use(self, key: Any) -> Kind:
        """What is kept under a key, from now on the last to be dropped.

        Raises
        ------
        KeyError
            If nothing is.
        """
        found = self[key]
        self.move_to_end(key)
        return found

    def keep(self, key: Any, item: Kind) -> Kind:
        """Keep an item, and drop the one that was not used for longest."""
        self[key] = item
        if len(self) > self._most:
            self.popitem(last=False)
        return item
