"""A run made ready: all that fetches and feeds decide before any number is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray

from nbgrad.graph import Operation, Tensor
from nbgrad.session.errstate import without_warnings, without_warnings_here
from nbgrad.session.failures import raise_with_operation
from nbgrad.session.feeding import fed_value
from nbgrad.session.fetching import Rebuild
from nbgrad.session.plan import Plan

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
        return partial(
            without_warnings_here if self._plan.calls_python else without_warnings, self._go
        )

    def _go(self, values: Iterable[Any]) -> Any:
        try:
            fed = map(fed_value, self._feeds, values)
            results = self._plan.run(self._variables, self._generators, *fed)
        except Exception as error:
            failed = self._plan.failed_call(error.__traceback__)
            if failed is None:
                raise
            raise_with_operation(error, *failed)
        fetched = [own(value) if type(value) is ndarray else value for value in results]
        for i in self._fed:  # what was fed comes back as an array, also a number
            fetched[i] = np.asarray(fetched[i])
        return fetched if self._rebuild is None else self._rebuild(iter(fetched))


def own(array: np.ndarray) -> Any:
    """A fetched array as the caller's own: a number as a scalar, what is shared as a copy."""
    if array.ndim == 0:
        return array[()]
    return array if array.flags.writeable else array.copy()
