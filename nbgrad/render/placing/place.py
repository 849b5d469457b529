"""Where one card is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """The rectangle of a card. Its edges end around `port`, a height between its two lanes."""

    id: str
    node: str
    x: float
    y: float
    width: float
    height: float
    port: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height
