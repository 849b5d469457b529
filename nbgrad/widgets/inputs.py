"""An explorer's inputs as a dictionary that can be written to: `explorer.value[x] = 2.0`."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbgrad.widgets.explorer import Explorer


class Inputs(MutableMapping[Any, Any]):
    """The value of each input, by tensor, variable or label."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer

    def __getitem__(self, key: Any) -> Any:
        question = self._explorer.question
        label = question.movable(key, "input")
        value = question.read("input", self._explorer.inputs)[label]
        return value if value.ndim else value[()]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._explorer.put("input", key, value)

    def __delitem__(self, key: Any) -> None:
        raise TypeError("An input cannot be taken away.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._explorer.inputs)

    def __len__(self) -> int:
        return len(self._explorer.inputs)

    def __repr__(self) -> str:
        return repr({label: self[label] for label in self})
