"""Charts, the data of plots: each describes itself and paints itself on matplotlib's axes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from nbgrad.trace.numbers import short, significant

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Colours = Mapping[str, str]


class Chart(ABC):
    """Data that can put themselves on axes; `size` is in inches."""

    size: ClassVar[tuple[float, float]] = (6.4, 4.0)
    legend: ClassVar[dict[str, Any]] = {"loc": "best"}

    @property
    @abstractmethod
    def description(self) -> str:
        """The chart in words."""

    @abstractmethod
    def paint(self, axes: Axes, colours: Colours) -> None:
        """Put the data on axes."""

    def put_on(self, axes: Axes, colours: Colours) -> None:
        """The data on axes as calm as the pictures: two thin lines, quiet numbers, a legend."""
        axes.set_facecolor(colours["page"])
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(colours["line"])
        axes.tick_params(colors=colours["mute"], labelcolor=colours["mute"], which="both")
        for text in (axes.xaxis.label, axes.yaxis.label, axes.title):
            text.set_color(colours["ink"])
        self.paint(axes, colours)
        if axes.get_legend_handles_labels()[0]:
            legend = axes.legend(**self.legend)
            legend.get_frame().set(facecolor=colours["page"], edgecolor=colours["line"])
            for text in legend.get_texts():
                text.set_color(colours["ink"])


@dataclass(frozen=True)
class CurveWithTangent(Chart):
    """A function of one number, and its tangent at one place."""

    x: np.ndarray
    y: np.ndarray
    at: tuple[float, float]
    slope: float
    labels: Sequence[str]  # of x and y

    @property
    def description(self) -> str:
        (x, y), (here, there) = self.labels, map(short, self.at)
        slope = short(self.slope)
        return f"{y} as a function of {x}; at {x} = {here}, {y} = {there} and d{y}/d{x} = {slope}"

    def paint(self, axes: Axes, colours: Colours) -> None:
        (x0, y0), (x, y) = self.at, self.labels
        axes.plot(self.x, self.y, color=colours["value"], lw=2, label=y)
        if np.isfinite(self.slope):
            name = f"tangent, slope d{y}/d{x} = {short(self.slope)}"
            style: dict[str, Any] = {"color": colours["adjoint"], "lw": 1.8, "ls": (0, (5, 3.5))}
            axes.plot(self.x, y0 + self.slope * (self.x - x0), label=name, **style)
        paint_place(axes, colours, (x0, y0), f"here: {x} = {short(x0)}, {y} = {short(y0)}")
        axes.set(xlabel=x, ylabel=y, ylim=limits(self.y))


def paint_place(axes: Axes, colours: Colours, at: tuple[float, float], label: str) -> None:
    """The place where one is, above all else."""
    style: dict[str, Any] = {"ms": 9, "mec": colours["page"], "mew": 1.8, "zorder": 5}
    axes.plot(*at, "o", color=colours["value"], ls="", label=label, **style)


def limits(values: np.ndarray) -> tuple[float, float]:
    """A range that shows a curve with some room around it."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    room = 0.08 * (high - low) or max(abs(high), 1.0) * 0.1
    return low - room, high + room


@dataclass(frozen=True)
class Contours(Chart):
    """A function of two numbers from above: contours, gradients as arrows, descents.

    `at` is where one is: the two numbers, the height there, and the gradient.
    """

    size = (6.4, 6.2)
    # Below the plot: on it, it would cover a way or arrows.
    legend: ClassVar = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.13)}

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    arrows: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    descents: Mapping[str, np.ndarray]
    labels: Sequence[str]
    at: tuple[float, float, float, Sequence[float]]

    @property
    def here(self) -> str:
        """The place where one is, in words."""
        pairs = zip(self.labels, self.at[:3], strict=True)
        return ", ".join(f"{label} = {short(number)}" for label, number in pairs)

    @property
    def description(self) -> str:
        first, second, name = self.labels
        title = f"contours of {name} over {first} and {second}, with gradients"
        dx, dy = (short(float(slope)) for slope in self.at[3])
        here = f"here {self.here}, d{name}/d{first} = {dx} and d{name}/d{second} = {dy}"
        ways = [
            f"{who} goes from ({point(way[0])}) to ({point(way[-1])}) in {steps(way)}"
            for who, way in self.descents.items()
        ]
        return "; ".join([title, here, *ways])

    def paint(self, axes: Axes, colours: Colours) -> None:
        self._paint_contours(axes, colours["value"])
        self._paint_arrows(axes, colours["adjoint"])
        ways = {who: (way[:, 0], way[:, 1]) for who, way in self.descents.items()}
        paint_series(axes, colours, ways, marks=marks_on_a_way)
        paint_place(axes, colours, self.at[:2], f"here: {self.here}")
        axes.set(xlabel=self.labels[0], ylabel=self.labels[1], title=self.labels[2])
        axes.set(xlim=(self.x.min(), self.x.max()), ylim=(self.y.min(), self.y.max()))
        if 1 / 3 < np.ptp(self.x) / np.ptp(self.y) < 3:
            axes.set_aspect("equal")  # so that a gradient stands upright on its contour

    def _paint_contours(self, axes: Axes, colour: str) -> None:
        """The contours, the higher the stronger; every other one says how high it is."""
        from matplotlib.colors import to_rgba

        levels, spacing = levels_of(self.z)
        if not levels.size:
            return
        lines = [to_rgba(colour, float(alpha)) for alpha in np.linspace(0.25, 0.8, len(levels))]
        drawn = axes.contour(self.x, self.y, self.z, levels=levels, colors=lines, linewidths=1.1)
        marked = axes.clabel(drawn, levels[1::2].tolist(), fmt=short, fontsize=9, inline_spacing=3)
        for height in marked:
            height.set(color=colour)
        name = f"contours of {self.labels[2]}, {spacing}"
        axes.plot([], [], color=lines[-1], lw=1.1, label=name)

    def _paint_arrows(self, axes: Axes, colour: str) -> None:
        """The gradients, as long as the root of their size; the one where one is, larger."""
        x, y, dx, dy = self.arrows
        size = np.hypot(dx, dy)
        with np.errstate(all="ignore"):
            scale = np.where(size > 0, np.sqrt(size / np.nanmax(size)) / size, 0)
        style: dict[str, Any] = {"angles": "xy", "alpha": 0.75, "width": 0.003, "headwidth": 4}
        axes.quiver(x, y, dx * scale, dy * scale, color=colour, scale=17, **style)
        name = f"gradients of {self.labels[2]}, longer where it is steeper"
        axes.plot([], [], color=colour, ls="", marker=r"$\rightarrow$", ms=14, mew=0, label=name)
        slope = np.array(self.at[3])
        here = float(np.hypot(*slope))
        if here > 0 and np.isfinite(here):
            slope *= np.sqrt(here / np.nanmax([here, size.max()])) / here
            style |= {"width": 0.007, "alpha": 1.0, "zorder": 4}
            axes.quiver(*self.at[:2], *slope, color=colour, scale=12, **style)


def point(coordinates: np.ndarray) -> str:
    return ", ".join(short(float(number)) for number in coordinates)


def steps(way: Sequence[Any] | np.ndarray) -> str:
    return f"{len(way) - 1} step{'s' * (len(way) != 2)}"


MOST_LEVELS = 15


def levels_of(z: np.ndarray) -> tuple[np.ndarray, str]:
    """Round heights for contours between the lowest and the highest, and how far they are apart.

    They are evenly spaced, so that lines are close where it is steep. Only where more than half
    of the plane would lie below the second of them, they follow the powers of ten: 1, 2, 5, 10, …

    Examples
    --------
    >>> for highest in (14.0, 1.1):
    ...     levels, spacing = levels_of(np.linspace(0.1, highest, 50))
    ...     print(*(short(level) for level in levels), spacing)
    1 2 3 4 5 6 7 8 9 10 11 12 13 1 apart
    0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1 0.1 apart
    """
    finite = z[np.isfinite(z)]
    low, high = float(finite.min()), float(finite.max())
    rounds = np.outer(10.0 ** np.arange(-3, 1), (1, 2, 5)).ravel()
    unit = 10.0 ** np.floor(np.log10(high - low or 1.0))
    step = float(next(each for each in unit * rounds if (high - low) / each <= MOST_LEVELS))
    levels = step * np.arange(np.floor(low / step) + 1, np.ceil(high / step))
    if len(levels) > 2 and np.median(finite) < levels[1]:
        base = unit * (np.floor(10 * low / unit) / 10 if abs(low) > 0.1 * (high - low) else 0.0)
        uneven = base + unit * np.array([0.0, *rounds[3:], 10.0])
        return uneven[(uneven > low) & (uneven < high)], "not evenly spaced"
    return levels, f"{short(step)} apart"


def marks_on_a_way(count: int) -> list[int]:
    """The points of a descent that have markers: the first steps, which are long, and some more."""
    return [*range(min(count, MARKERS)), *range(MARKERS, count, 1 + count // (4 * MARKERS))]


@dataclass(frozen=True)
class Losses(Chart):
    """Losses over the steps of training."""

    losses: Mapping[str, Sequence[float]]
    log: bool

    @property
    def description(self) -> str:
        return "; ".join(
            f"{name}: from {short(each[0])} to {short(each[-1])} in {steps(each)}"
            for name, each in self.losses.items()
        )

    def paint(self, axes: Axes, colours: Colours) -> None:
        series = {
            f"{name}, at last {short(each[-1])}": (range(len(each)), each)
            for name, each in self.losses.items()
        }
        paint_series(axes, colours, series)
        axes.set(xlabel="step", ylabel="loss", yscale="log" if self.log else "linear")


# Colour and marker of the first, second, … class.
CLASS_LOOKS = (("path1", "o"), ("path2", "s"), ("path3", "^"), ("path4", "D"), ("path5", "v"))


@dataclass(frozen=True)
class Classes(Chart):
    """Points of the plane, each of a class, and which class a model gives every place.

    `scores` has one number for each place of the grid and each class, where the highest wins.
    """

    legend: ClassVar = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.08), "ncols": 6}  # below

    points: np.ndarray
    classes: np.ndarray
    x: np.ndarray
    y: np.ndarray
    scores: np.ndarray | None
    wrong: int | None

    @property
    def description(self) -> str:
        counts = zip(*np.unique(self.classes, return_counts=True), strict=True)
        words = ", ".join(f"{count} of class {name}" for name, count in counts)
        score = "" if self.wrong is None else f"; on the wrong side: {self.wrong}"
        return f"{len(self.points)} points: {words}{score}"

    def paint(self, axes: Axes, colours: Colours) -> None:
        axes.set_aspect("equal")
        if self.scores is not None:
            self._paint_sides(axes, colours)
        for name, (role, marker) in zip(np.unique(self.classes), cycle(CLASS_LOOKS), strict=False):
            at = self.points[self.classes == name].T
            style: dict[str, Any] = {"ls": "", "ms": 6, "mec": colours["page"], "mew": 0.6}
            axes.plot(*at, marker, color=colours[role], label=f"class {name}", **style)
        axes.set(xlim=(self.x.min(), self.x.max()), ylim=(self.y.min(), self.y.max()))

    def _paint_sides(self, axes: Axes, colours: Colours) -> None:
        """Each side in the colour of its class, and a line where two classes are even."""
        assert self.scores is not None
        for n, (role, _) in zip(range(self.scores.shape[-1]), cycle(CLASS_LOOKS), strict=False):
            lead = self.scores[..., n] - np.delete(self.scores, n, axis=-1).max(axis=-1)
            place = self.x, self.y, lead
            if (lead > 0).any():
                axes.contourf(*place, levels=[0, np.inf], colors=[colours[role]]).set_alpha(0.14)
                if (lead < 0).any():
                    axes.contour(*place, levels=[0], colors=[colours["ink"]])


@dataclass(frozen=True)
class Errors(Chart):
    """The errors of finite differences, for each step size and precision.

    On the right h is too large (the curve bends between x − h and x + h), on the left too small
    (rounding is all that is left of f(x + h) − f(x − h)): the best h lies between.
    """

    h: Sequence[float]
    errors: Mapping[str, Sequence[float]]
    size = (6.4, 2.6)  # it stands below a table

    @property
    def description(self) -> str:
        lowest = []
        for precision, each in self.errors.items():
            i = int(np.nanargmin(each))
            error, h = significant(each[i], 1), significant(self.h[i], 1)
            lowest.append(f"{precision} is closest, to {error}, at h = {h}")
        return "; ".join(["relative difference from reverse mode against h", *lowest])

    def paint(self, axes: Axes, colours: Colours) -> None:
        shown = {name: np.clip(np.asarray(each), 1e-17, None) for name, each in self.errors.items()}
        series = {name: (self.h, each) for name, each in shown.items()}
        looks = (("adjoint", "s", "--"), ("value", "o", "-"))
        paint_series(axes, colours, series, looks)
        for (role, *_), each in zip(looks, shown.values(), strict=False):
            best = int(np.nanargmin(each))
            ring: dict[str, Any] = {"ms": 13, "mfc": "none", "mec": colours[role], "mew": 1.8}
            axes.plot(self.h[best], each[best], "o", **ring)
        axes.set(xscale="log", yscale="log")
        axes.set(xlabel="step size h", ylabel="relative difference\nfrom reverse mode")


# Colour, marker and line of the first, second, … of several series; after five, they repeat.
LOOKS = (
    ("ink", "o", "-"),
    ("local", "s", "--"),
    ("stop", "^", ":"),
    ("value", "D", "-."),
    ("path3", "v", "-"),
)
MARKERS = 12  # at most about so many on a line; more would hide it


def marks_of_a_curve(count: int) -> list[int]:
    """The points of a curve that have markers, as far apart as the steps."""
    return [*range(0, count, max(1, count // MARKERS))]


def paint_series(
    axes: Axes,
    colours: Colours,
    series: Mapping[str, tuple[ArrayLike, ArrayLike]],
    looks: Sequence[tuple[str, str, str]] = LOOKS,
    marks: Callable[[int], list[int]] = marks_of_a_curve,
) -> None:
    """Lines with markers, told apart by colour, marker and dashes."""
    for (name, (x, y)), (role, marker, line) in zip(series.items(), cycle(looks), strict=False):
        style: dict[str, Any] = {"color": colours[role], "marker": marker, "ls": line}
        axes.plot(x, y, ms=5, lw=1.8, markevery=marks(np.size(y)), label=name, **style)
