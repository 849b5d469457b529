"""Runs and plans that a session keeps: what they are kept under, and for how long."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, TypeVar

from nbgrad.graph import Operand, Operation

Item = TypeVar("Item")


def cache_key(fetches: Any, feeds: Any) -> tuple[Any, ...]:
    """What a run made ready is kept under, to recognise what was asked before."""
    kind = type(fetches)
    return ((kind, *fetches) if kind is list or kind is tuple else fetches, *feeds)


def is_cacheable(fetches: Any, feed_dict: Any, feeds: Any) -> bool:
    """Whether fetches and feeds hold their tensors plainly: a name may come to mean another one."""
    items = [*fetches] if type(fetches) in (list, tuple) else [fetches]
    keys = [*(feed_dict or ())]
    plain = all(isinstance(item, Operand | Operation) for item in (*items, *keys))
    return plain and len(keys) == len(feeds)


class LRUCache(OrderedDict[Any, Item]):
    """So many things and no more: the one that was not used for longest is dropped (LRU)."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def use(self, key: Any) -> Item:
        """What is kept under a key, from now on the last to be dropped.

        Raises
        ------
        KeyError
            If nothing is.
        """
        found = self[key]
        self.move_to_end(key)
        return found

    def keep(self, key: Any, item: Item) -> Item:
        """Keep an item, and drop the one that was not used for longest."""
        self[key] = item
        if len(self) > self._most:
            self.popitem(last=False)
        return item
