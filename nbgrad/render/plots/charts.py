"""What plots show, as data: a curve with its tangent, contours with descents, errors, losses.

The second cue beside every colour is the line's style or a marker, so that a plot is still read
in grey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nbgrad.render.plots.plot import Colours
from nbgrad.render.scene.number_format import short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SERIES = (("ink", "o", "-"), ("local", "s", "--"), ("stop", "^", ":"), ("value", "D", "-."))
"""Colour, marker and line of the first, second, … of several series."""

MARKERS = 12
"""At most about so many markers on a line; more would hide it."""


@dataclass(frozen=True)
class Curve:
    """A function of one number, and its tangent where we stand."""

    x: np.ndarray
    y: np.ndarray
    at: tuple[float, float]
    slope: float
    labels: tuple[str, str]

    @property
    def description(self) -> str:
        """The tangent in words."""
        (x, y), (here, there) = self.labels, map(short, self.at)
        slope = short(self.slope)
        return f"{y} as a function of {x}; at {x} = {here}, {y} = {there} and d{y}/d{x} = {slope}"

    def __call__(self, axes: Axes, colours: Colours) -> None:
        """Put it on axes."""
        x0, y0 = self.at
        axes.plot(self.x, self.y, color=colours["value"], lw=2, label=self.labels[1])
        low, high = limits(self.y)
        symbol = f"d{self.labels[1]}/d{self.labels[0]} = {short(self.slope)}"
        if np.isfinite(self.slope):
            tangent = y0 + self.slope * (self.x - x0)
            style: dict[str, Any] = {"color": colours["adjoint"], "lw": 1.8, "ls": (0, (5, 3.5))}
            axes.plot(self.x, tangent, label=f"tangent, slope {symbol}", **style)
        axes.plot(x0, y0, "o", ms=8, color=colours["value"], mec=colours["page"], mew=1.5)
        axes.set(xlabel=self.labels[0], ylabel=self.labels[1], ylim=(low, high))
        axes.legend(labelcolor=colours["ink"], loc="best")


@dataclass(frozen=True)
class Contours:
    """A function of two numbers from above, its gradients, and ways downhill."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    arrows: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    descents: Mapping[str, np.ndarray]
    labels: tuple[str, str, str]

    @property
    def description(self) -> str:
        """Where each descent began and ended."""
        first, second, name = self.labels
        ways = [
            f"{who} goes from ({point(way[0])}) to ({point(way[-1])}) in {len(way) - 1} steps"
            for who, way in self.descents.items()
        ]
        return "; ".join([f"contours of {name} over {first} and {second}, with gradients", *ways])

    def __call__(self, axes: Axes, colours: Colours) -> None:
        """Put it on axes."""
        from matplotlib.colors import to_rgba

        levels = levels_of(self.z)
        strengths = np.linspace(0.25, 0.8, len(levels))
        lines = [to_rgba(colours["value"], float(strength)) for strength in strengths]
        drawn = axes.contour(self.x, self.y, self.z, levels=levels, colors=lines, linewidths=1.1)
        # Every other one is as many as can be read.
        marked = axes.clabel(drawn, levels[1::2].tolist(), fmt=short, fontsize=8, inline_spacing=3)
        for height in marked:
            height.set(color=colours["value"])
        x, y, dx, dy = self.arrows
        size = np.hypot(dx, dy)
        with np.errstate(all="ignore"):
            scale = np.where(size > 0, np.sqrt(size / np.nanmax(size)) / size, 0)
        style: dict[str, Any] = {"angles": "xy", "alpha": 0.75, "width": 0.003, "headwidth": 4}
        axes.quiver(x, y, dx * scale, dy * scale, color=colours["adjoint"], scale=17, **style)
        for (who, way), (role, marker, line) in zip(self.descents.items(), cycle(), strict=False):
            every = max(1, len(way) // MARKERS)
            style = {"color": colours[role], "marker": marker, "ls": line}
            axes.plot(way[:, 0], way[:, 1], ms=5, lw=1.8, markevery=every, label=who, **style)
        axes.set(xlabel=self.labels[0], ylabel=self.labels[1], title=self.labels[2])
        axes.set(xlim=(self.x.min(), self.x.max()), ylim=(self.y.min(), self.y.max()))
        if 1 / 3 < np.ptp(self.x) / np.ptp(self.y) < 3:
            axes.set_aspect("equal")  # so that a gradient stands upright on its contour
        if self.descents:
            axes.legend(labelcolor=colours["ink"], loc="best")


@dataclass(frozen=True)
class Losses:
    """Numbers that should fall, step by step."""

    losses: Mapping[str, Sequence[float]]
    log: bool
    label: str = "loss"

    @property
    def description(self) -> str:
        """From where to where each of them fell."""
        return "; ".join(
            f"{who}: {self.label} from {short(each[0])} to {short(each[-1])} "
            f"in {len(each) - 1} steps"
            for who, each in self.losses.items()
        )

    def __call__(self, axes: Axes, colours: Colours) -> None:
        """Put it on axes."""
        for (who, each), (role, marker, line) in zip(self.losses.items(), cycle(), strict=False):
            every = max(1, len(each) // MARKERS)
            style: dict[str, Any] = {"color": colours[role], "marker": marker, "ls": line}
            axes.plot(each, ms=5, lw=1.8, markevery=every, label=who, **style)
        if self.log:
            axes.set_yscale("log")
        axes.set(xlabel="step", ylabel=self.label)
        axes.legend(labelcolor=colours["ink"], loc="best")


@dataclass(frozen=True)
class Errors:
    """How far finite differences are from reverse mode, for each step size and precision.

    On the right h is too large (the curve bends between x − h and x + h), on the left too small
    (rounding is all that is left of f(x + h) − f(x − h)): the best h lies between.
    """

    h: Sequence[float]
    errors: Mapping[str, Sequence[float]]

    @property
    def description(self) -> str:
        """Where each of the curves has its lowest point."""
        lowest = []
        for who, each in self.errors.items():
            i = int(np.nanargmin(each))
            lowest.append(f"{who} is closest, to {each[i]:.0e}, at h = {self.h[i]:.0e}")
        text = "; ".join(["relative difference from reverse mode against h", *lowest])
        return text.replace("e-", "e−")

    def __call__(self, axes: Axes, colours: Colours) -> None:
        """Put it on axes."""
        looks = (("adjoint", "s", "--"), ("value", "o", "-"))
        for (who, each), (role, marker, line) in zip(self.errors.items(), looks, strict=False):
            seen = np.clip(np.asarray(each, float), 1e-17, None)
            style: dict[str, Any] = {"color": colours[role], "marker": marker, "ls": line}
            axes.loglog(self.h, seen, ms=5, lw=1.6, label=who, **style)
        axes.set(xlabel="step size h", ylabel="difference from reverse mode")
        axes.legend(labelcolor=colours["ink"], loc="best")


def cycle() -> list[tuple[str, str, str]]:
    """The looks of several series; after four, they repeat."""
    return [*SERIES] * 8


def point(each: np.ndarray) -> str:
    return ", ".join(short(float(number)) for number in each)


def limits(values: np.ndarray) -> tuple[float, float]:
    """A range that shows a curve with some room around it."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    room = 0.08 * (high - low) or max(abs(high), 1.0) * 0.1
    return low - room, high + room


def levels_of(z: np.ndarray, count: int = 12) -> np.ndarray:
    """Heights for contours, denser in the valley: their squares are evenly spaced."""
    finite = z[np.isfinite(z)]
    low, high = float(finite.min()), float(finite.max())
    heights: np.ndarray = low + (high - low or 1.0) * np.linspace(0.02, 1, count) ** 2
    return heights
