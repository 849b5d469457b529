"""Running without NumPy's warnings: infinities are met on purpose, and pictures show them.

`with np.errstate(all="ignore"):` says so, and takes longer than a small plan does. NumPy keeps
that choice in a context variable; so we make it once in a context of our own, and run there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from typing import Any

import numpy as np

#: Contexts that nobody is in. A run takes one out, as two threads cannot be in the same.
_free: list[Context] = []


def without_warnings(function: Callable[[Any], Any], argument: Any) -> Any:
    """What a function returns, run where NumPy does not warn and no other context is known."""
    try:
        context = _free.pop()
    except IndexError:
        context = Context()
        context.run(np.seterr, all="ignore")
    result = context.run(function, argument)
    _free.append(context)
    return result


def without_warnings_here(function: Callable[[Any], Any], argument: Any) -> Any:
    """The same in the caller's own context, which a learner's Python may need: to print, say."""
    with np.errstate(all="ignore"):
        return function(argument)
