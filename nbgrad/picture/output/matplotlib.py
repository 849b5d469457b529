"""A scene as a matplotlib figure, for PNG and PDF: the same places, paints and numbers as in SVG.

This module, and matplotlib, is imported when the first figure is made.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from nbgrad.picture import needed_by
from nbgrad.picture.output import (
    Bezier,
    Lines,
    Rectangle,
    Shape,
    Words,
    ends_of,
    lines_along,
    rounded,
    shown_shapes,
)
from nbgrad.picture.scene import Box, Point, StyledScene
from nbgrad.picture.theme import NAME, THEMES, Paint, paint_of

with needed_by("A picture as a figure, .png or .pdf"):
    from matplotlib import rc_context
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

POINTS = 72  # one pixel of a scene is one point of a figure
DPI = 192
SIDES = {"start": "left", "middle": "center", "end": "right"}


def figure(styled: StyledScene, *, k: int | None = None, theme: str = "light") -> Figure:
    """A styled scene as a matplotlib figure, after `k` steps or after all of them."""
    size = math.ceil(styled.scene.width), math.ceil(styled.scene.height)
    made = blank(*size, theme)
    painter = Painter(axes_at(made, (0, 0), size), THEMES[theme])
    painter.paint(styled, styled.steps + 1 if k is None else k)
    return made


def blank(width: float, height: float, theme: str, scale: float = 1) -> Figure:
    """A figure of this size in pixels, of which each is `scale` points."""
    inches = width * scale / POINTS, height * scale / POINTS
    return Figure(figsize=inches, facecolor=THEMES[theme]["page"])


def axes_at(made: Figure, corner: Point, size: Point, scale: float = 1) -> Axes:
    """Axes in units of pixels, with their upper left corner somewhere on a figure."""
    width, height = (inches * POINTS / scale for inches in made.get_size_inches())
    left, bottom = corner[0] / width, 1 - (corner[1] + size[1]) / height
    axes = made.add_axes((left, bottom, size[0] / width, size[1] / height))
    axes.set(xlim=(0, size[0]), ylim=(size[1], 0))
    axes.set_axis_off()
    return axes


def figure_bytes(pages: Iterable[Figure], form: str) -> bytes:
    """Figures as a file of this form, without dates: the same to the byte each time.

    A file of pages has real fonts, so that its texts can be searched and copied.
    """
    stream = io.BytesIO()
    if form == "pdf":
        nothing: Any = {"CreationDate": None, "Creator": None, "Producer": None}
        with rc_context({"pdf.fonttype": 42}), PdfPages(stream, metadata=nothing) as file:
            for page in pages:
                file.savefig(page, facecolor="auto")
    else:
        [made] = pages
        made.savefig(stream, format=form, dpi=DPI, facecolor="auto", metadata={"Software": None})
    return stream.getvalue()


class Painter:
    """Puts shapes on matplotlib axes, one on top of the other."""

    def __init__(self, axes: Axes, colours: Mapping[str, str], scale: float = 1) -> None:
        self.axes = axes
        self.colours = colours
        self.scale = scale
        self.layer = 0

    def paint(self, styled: StyledScene, k: int) -> None:
        for shape in shown_shapes(styled, k):
            self.draw(shape)

    def draw(self, shape: Shape) -> None:
        match shape:
            case Rectangle(x, y, width, height, 0, paint):
                corners = (x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)
                self.patch(corners, [*[Path.LINETO] * 3, Path.CLOSEPOLY], paint)
            case Rectangle():
                self.draw(Bezier(rounded(Box("", *shape[:5])), shape.paint))
            case Bezier(points, paint):
                self.patch(points, [Path.CURVE4] * (len(points) - 1), paint)
            case Lines(lines, paint):
                whole = [(*line, line[0]) if paint.is_filled else line for line in lines]
                codes = [[Path.MOVETO] + [Path.LINETO] * (len(line) - 1) for line in whole]
                self.patch(chain(*whole), [*chain(*codes)][1:], paint)
            case Words():
                self.words(shape)

    def patch(self, points: Iterable[Point], codes: list[Any], paint: Paint) -> None:
        self.layer += 1
        stroke = paint.width or 1
        # matplotlib counts dashes in line widths, a scene in pixels.
        dashed = paint.dash and any(paint.dash)
        outline = self.colour(paint.stroke)
        patch = PathPatch(
            Path([*points], [Path.MOVETO, *codes]),
            facecolor=self.colour(paint.fill),
            edgecolor=outline,
            linewidth=stroke * self.scale if outline != "none" else 0,
            linestyle=(0, [part / stroke for part in paint.dash or ()]) if dashed else "solid",
            alpha=paint.opacity,
            capstyle="butt",
            zorder=self.layer,
        )
        self.axes.add_patch(patch)

    def words(self, words: Words) -> None:
        x, y, text, paint, anchor, tail, turned = words
        self.layer += 1
        put = self.axes.text(x, y, text.replace("$", r"\$"), rotation_mode="anchor")
        put.set(color=self.colour(paint.fill), alpha=paint.opacity, zorder=self.layer)
        put.set(fontfamily="DejaVu Sans", fontsize=(paint.size or NAME) * self.scale)
        put.set(fontweight="bold" if paint.is_bold else "normal", rotation=90 * turned)
        put.set(horizontalalignment=SIDES[anchor], verticalalignment="baseline")
        if paint.lines:
            self.draw(lines_along(words))
        if tail:
            end = ends_of(words)[1]
            self.draw(Words(end, y, tail, paint_of("text name tail"), "start"))

    def colour(self, role: str | None) -> str:
        return self.colours.get(role or "none", "none")
