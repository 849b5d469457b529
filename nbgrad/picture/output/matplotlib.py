"""A scene as a matplotlib figure, for PNG and PDF: the same places, paints and numbers as in SVG.

matplotlib is imported when the first figure is made.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nbgrad.picture.output.shapes import Bezier, Line, Polyline, Rectangle, Shape, Words, shapes
from nbgrad.picture.packages import needed_by
from nbgrad.picture.scene import Group, Point
from nbgrad.picture.style import StyledScene
from nbgrad.picture.text_width import text_width
from nbgrad.picture.theme import THEMES, Paint, paint_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 72  # one pixel of a scene is one point of a figure
DPI = 192
SIDES = {"start": "left", "middle": "center", "end": "right"}


def figure(styled: StyledScene, *, k: int | None = None, theme: str = "light") -> Figure:
    """A styled scene as a matplotlib figure, after `k` steps or after all of them."""
    size = styled.scene.width, styled.scene.height
    made = blank(*size, theme)
    painter = Painter(axes_at(made, (0, 0), size), THEMES[theme])
    painter.paint(styled, styled.steps + 1 if k is None else k)
    return made


def blank(width: float, height: float, theme: str) -> Figure:
    """A figure of this size in pixels."""
    with needed_by("A picture as a figure, .png or .pdf"):
        from matplotlib.figure import Figure

    return Figure(figsize=(width / POINTS, height / POINTS), facecolor=THEMES[theme]["page"])


def axes_at(made: Figure, corner: Point, size: Point) -> Axes:
    """Axes in units of pixels, with their upper left corner somewhere on a figure."""
    width, height = (inches * POINTS for inches in made.get_size_inches())
    left, bottom = corner[0] / width, 1 - (corner[1] + size[1]) / height
    axes = made.add_axes((left, bottom, size[0] / width, size[1] / height))
    axes.set(xlim=(0, size[0]), ylim=(size[1], 0))
    axes.set_axis_off()
    return axes


def figure_bytes(made: Figure, form: str) -> bytes:
    """The figure as a file of this form, without dates: the same to the byte each time."""
    nothing: dict[str, Mapping[str, Any]] = {
        "png": {"Software": None},
        "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    }
    stream = io.BytesIO()
    made.savefig(stream, format=form, dpi=DPI, facecolor="auto", metadata=nothing[form])
    return stream.getvalue()


class Painter:
    """Puts shapes on matplotlib axes, one on top of the other."""

    def __init__(self, axes: Axes, colours: Mapping[str, str]) -> None:
        self.axes = axes
        self.colours = colours
        self.layer = 0

    def paint(self, styled: StyledScene, k: int) -> None:
        """Everything that shows after `k` steps."""
        for element in styled.scene.elements():
            style = styled.style_of(element)
            if style.shows(k) and not isinstance(element, Group):
                for shape in shapes(element, style):
                    self.draw(shape)

    def draw(self, shape: Shape) -> None:
        """One shape, above all others so far."""
        from matplotlib.path import Path

        match shape:
            case Rectangle(x, y, width, height, 0, paint):
                corners = (x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)
                self.patch(corners, [*[Path.LINETO] * 3, Path.CLOSEPOLY], paint)
            case Rectangle():
                self.draw(Bezier(rounded(*shape[:5]), shape.paint))
            case Bezier(points, paint):
                self.patch(points, [Path.CURVE4] * (len(points) - 1), paint)
            case Polyline(points, paint):
                points = (*points, points[0]) if paint.is_filled else points
                self.patch(points, [Path.LINETO] * (len(points) - 1), paint)
            case Words():
                self.words(shape)

    def patch(self, points: Iterable[Point], codes: list[Any], paint: Paint) -> None:
        """A path with an outline and an inside."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        self.layer += 1
        stroke = paint.width or 1
        # matplotlib counts dashes in line widths, a scene in pixels.
        dashed = paint.dash and any(paint.dash)
        self.axes.add_patch(
            PathPatch(
                Path([*points], [Path.MOVETO, *codes]),
                facecolor=self.colour(paint.fill),
                edgecolor=self.colour(paint.stroke),
                linewidth=stroke if self.colour(paint.stroke) != "none" else 0,
                linestyle=(0, [part / stroke for part in paint.dash or ()]) if dashed else "solid",
                alpha=paint.opacity,
                capstyle="butt",
                zorder=self.layer,
            )
        )

    def words(self, words: Words) -> None:
        """A text with its underline and its tail."""
        x, y, text, paint, anchor, tail = words
        self.layer += 1
        self.axes.text(
            x,
            y,
            text.replace("$", r"\$"),
            color=self.colour(paint.fill),
            fontsize=paint.size,
            fontweight="bold" if paint.is_bold else "normal",
            fontfamily="DejaVu Sans",
            horizontalalignment=SIDES[anchor],
            verticalalignment="baseline",
            zorder=self.layer,
        )
        end = x + text_width(text, paint.size or 0, bold=paint.is_bold)
        if paint.underline:
            self.draw(Polyline(((x, y + 3), (end, y + 3)), Paint(stroke=paint.fill, width=1)))
        if tail:
            self.draw(Words(end, y, tail, paint_of("text name tail"), "start"))

    def colour(self, role: str | None) -> str:
        """The colour of a role in this theme."""
        return self.colours.get(role or "none", "none")


def rounded(x: float, y: float, width: float, height: float, radius: float) -> Line:
    """The outline of a rectangle with round corners, in cubic pieces."""
    radius = min(radius, width / 2, height / 2)
    reach = radius * (1 - 0.5523)  # what makes a cubic piece all but a quarter of a circle
    right, bottom = x + width, y + height
    corners = (
        ((x, y + radius), (x, y + reach), (x + reach, y), (x + radius, y)),
        ((right - radius, y), (right - reach, y), (right, y + reach), (right, y + radius)),
        (
            (right, bottom - radius),
            (right, bottom - reach),
            (right - reach, bottom),
            (right - radius, bottom),
        ),
        ((x + radius, bottom), (x + reach, bottom), (x, bottom - reach), (x, bottom - radius)),
    )
    points: list[Point] = [corners[0][0]]
    for corner in corners:
        points += [points[-1], corner[0], corner[0], *corner[1:]]
    start = points[0]
    return (*points, points[-1], start, start)
