"""What is placed: boxes of given sizes, and the roads between their ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

Point = tuple[float, float]

#: From a card to what is attached above or below it, and between two attached cards.
AWAY, APART = 30.0, 12.0
#: Half of what a road takes of a column that it passes.
HALF_ROAD = 11.0


@dataclass(frozen=True)
class Port:
    """One end of a road: a box, and a height measured from the top of that box."""

    box: str
    y: float


@dataclass(frozen=True)
class Road:
    """What is to be joined, from an operand to its reader."""

    id: str
    source: Port
    target: Port
    bends_early: bool = False


class Side(NamedTuple):
    """A card that is attached above or below a box."""

    id: str
    width: float
    height: float


@dataclass(frozen=True)
class Area:
    """What is to be placed: a card with all that belongs to it alone.

    Attributes
    ----------
    width, height
        Its size; the inbox at its right counts.
    above, below
        The room above and below that no road and no other box may enter.
    outs
        The heights at which its roads leave, from top to bottom; they are given to the roads in
        the order in which these run on.
    inset
        How far in from the left and right roads end: beside a card below a wider one.
    over, under
        The cards attached above and below, from left to right.
    tray
        How much of its width is not under or above these.
    late
        Whether it stands right before its first reader, and not in the first column.
    """

    id: str
    width: float
    height: float
    above: float = 0.0
    below: float = 0.0
    outs: tuple[float, ...] = ()
    inset: float = 0.0
    over: tuple[Side, ...] = ()
    under: tuple[Side, ...] = ()
    tray: float = 0.0
    late: bool = False

    @property
    def room(self) -> tuple[float, float]:
        """The room above and below that is needed in its column, with what is attached."""
        over = max((AWAY + side.height + APART for side in self.over), default=0.0)
        under = max((AWAY + side.height + APART for side in self.under), default=0.0)
        return max(self.above, over), max(self.below, under)


@dataclass(frozen=True)
class Placement:
    """Corners of boxes by id, stations of roads by id, and the size of everything.

    A road runs straight between two stations of one height, and in an S between two others; `share`
    is how much of the room that they wish for its bends have.
    """

    corners: Mapping[str, Point]
    stations: Mapping[str, tuple[Point, ...]]
    leaving: Mapping[str, int]
    width: float
    height: float
    share: float


@dataclass(eq=False)
class Item:
    """What takes room in a column: a box, or the passage of a road."""

    column: int
    above: float
    below: float
    y: float = 0.0
    floats: bool = False
