"""A picture as a matplotlib figure, for PNG and PDF: the same places, rules and numbers as in SVG.

matplotlib is imported when the first figure is made.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nbgrad.picture.geometry import MIDDLE, arrow, bar_lines, hatching, pill, rounded, text_width
from nbgrad.picture.scene import (
    Bar,
    Box,
    Cell,
    Chip,
    Curve,
    Element,
    Group,
    Point,
    Style,
    StyledScene,
    Text,
)
from nbgrad.picture.theme import THEMES, Paint, paint_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


POINTS = 72


"""One pixel of a picture is one point of a figure."""


DPI = 192


def figure(picture: StyledScene, *, k: int | None = None, theme: str = "light") -> Figure:
    """A picture as a matplotlib figure, after `k` steps or after all of them."""
    scene = picture.scene
    made = blank(scene.width, scene.height, theme)
    painter = Painter(placed(made, (0, 0), (scene.width, scene.height)), THEMES[theme])
    painter.paint(picture, picture.steps + 1 if k is None else k)
    return made


def blank(width: float, height: float, theme: str) -> Figure:
    """A figure of this size in pixels."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width / POINTS, height / POINTS), facecolor=THEMES[theme]["page"])


def placed(made: Figure, corner: Point, size: Point) -> Axes:
    """Axes in which a pixel is a pixel, with their upper left corner somewhere on a figure."""
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
    """Puts the elements of a picture on matplotlib axes, one on top of the other."""

    def __init__(self, axes: Axes, colours: Mapping[str, str]) -> None:
        self.axes = axes
        self.colours = colours
        self.layer = 0

    def paint(self, picture: StyledScene, k: int) -> None:
        """Everything that shows after `k` steps."""
        for element in picture.scene.elements():
            style = picture.style(element)
            if style.shows(k) and not isinstance(element, Group):
                self.layer += 1
                self.draw(element, style)

    def draw(self, element: Element, style: Style) -> None:
        """One element."""
        rules = paint_of(style.classes)
        match element:
            case Box():
                size = (element.x, element.y, element.width, element.height)
                self.rectangle(size, element.radius, rules)
            case Text():
                self.heading(element, style, rules)
            case Curve():
                self.curve(element, style, rules)
            case Bar():
                strokes, slants = bar_lines(element)
                self.lines(strokes, rules)
                self.lines(slants, paint_of(style.classes, ".hatch"), rules)
            case Chip():
                self.chip(element, style)
            case Cell():
                self.cell(element, style)

    def colour(self, role: str | None) -> str:
        """The colour of a role in this theme."""
        return self.colours.get(role or "none", "none")

    def pen(self, rules: Paint, width: float = 0) -> dict[str, Any]:
        """How matplotlib draws an outline by these rules."""
        dash = rules.dash
        stroke = width or rules.width or 1
        # matplotlib counts dashes in line widths, a picture in pixels.
        pattern = (0, [part / stroke for part in dash]) if dash and any(dash) else "solid"
        self.layer += 1
        return {
            "edgecolor": self.colour(rules.stroke),
            "linewidth": stroke if self.colour(rules.stroke) != "none" else 0,
            "linestyle": pattern,
            "alpha": rules.opacity,
            "zorder": self.layer,
        }

    def rectangle(
        self, size: tuple[float, float, float, float], radius: float, rules: Paint
    ) -> None:
        """A rectangle with round corners."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        outline = rounded(*size, radius)
        codes = [Path.MOVETO, *[Path.CURVE4] * (len(outline) - 1)]
        face = self.colour(rules.fill)
        self.axes.add_patch(PathPatch(Path(outline, codes), facecolor=face, **self.pen(rules)))

    def lines(
        self, lines: Iterable[Iterable[Point]], rules: Paint, base: Paint | None = None
    ) -> None:
        """Straight lines, in the colour of `base` where the rules give none."""
        from matplotlib.collections import LineCollection

        pen = self.pen(rules)
        colour = self.colour(rules.stroke or (base.stroke if base else None))
        pen |= {"edgecolor": colour, "linewidth": rules.width or 1}
        segments = [list(line) for line in lines]
        self.axes.add_collection(LineCollection(segments, **pen), autolim=False)

    def curve(self, element: Curve, style: Style, rules: Paint) -> None:
        """A Bézier curve with its arrow head."""
        from matplotlib.patches import PathPatch, Polygon
        from matplotlib.path import Path

        line, tip = arrow(element) if element.head else (element.points, ())
        codes = [Path.MOVETO, *[Path.CURVE4] * (len(line) - 1)]
        pen = self.pen(rules, style.width)
        face = self.colour(rules.fill)
        self.axes.add_patch(
            PathPatch(Path(list(line), codes), facecolor=face, capstyle="butt", **pen)
        )
        if not tip:
            return
        head = paint_of(style.classes, ".head")
        if element.head == "filled":
            shape = Polygon(list(tip), closed=True, color=self.colour(head.fill), linewidth=0)
            shape.set(zorder=pen["zorder"], alpha=rules.opacity)
            self.axes.add_patch(shape)
        else:
            self.lines([tip], head, rules)

    def heading(self, element: Text, style: Style, rules: Paint) -> None:
        """A line of text, with its tail and its underline."""
        side = {"start": "left", "middle": "center", "end": "right"}[element.anchor]
        self.words(element.x, element.y, style.text, rules, side)
        bold = rules.is_bold
        width = text_width(style.text, rules.size or 0, bold=bold)
        if rules.underline:
            line = [(element.x, element.y + 3), (element.x + width, element.y + 3)]
            self.lines([line], Paint(stroke=rules.fill, width=1))
        if element.tail:
            tail = paint_of("text name tail")
            self.words(element.x + width, element.y, element.tail, tail, "left")

    def words(self, x: float, y: float, text: str, rules: Paint, side: str) -> None:
        """A text on its base line."""
        self.layer += 1
        self.axes.text(
            x,
            y,
            text.replace("$", r"\$"),
            color=self.colour(rules.fill),
            fontsize=rules.size,
            fontweight="bold" if rules.is_bold else "normal",
            fontfamily="DejaVu Sans",
            horizontalalignment=side,
            verticalalignment="baseline",
            zorder=self.layer,
        )

    def chip(self, element: Chip, style: Style) -> None:
        """A pill and its text."""
        outline, inside = paint_of(style.classes, "rect"), paint_of(style.classes, "text")
        if style.width:
            self.rectangle(pill(element, style), element.height / 2, outline)
        side = "right" if element.anchor == "end" else "center"
        base = element.y + MIDDLE * (inside.size or 0)
        self.words(element.x, base, style.text, inside, side)

    def cell(self, element: Cell, style: Style) -> None:
        """A tinted cell: hatched where negative, with its number where it has one."""
        from matplotlib.patches import Rectangle

        self.layer += 1
        face = self.colour(paint_of(style.classes, "rect").fill)
        corner = (element.x, element.y)
        tint = Rectangle(corner, element.width, element.height, facecolor=face, alpha=style.tint)
        tint.set(linewidth=0, zorder=self.layer)
        self.axes.add_patch(tint)
        if "negative" in style.classes.split():
            self.lines(hatching(element), paint_of(style.classes, "path"))
        inside = paint_of(style.classes, "text")
        base = element.y + element.height / 2 + MIDDLE * (inside.size or 0)
        self.words(element.x + element.width - 3, base, style.text, inside, "right")
