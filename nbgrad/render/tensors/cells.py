"""The cells of a grid: tinted by magnitude, hatched where negative, with a number if there is room.

A tint says how large an element is beside the largest one in its role, and shows in grey too.
"""

from __future__ import annotations

import numpy as np

from nbgrad.render.scene.number_format import CELL_ROOM, short
from nbgrad.render.scene.picture import OFF, Box, Cell, Element, Look
from nbgrad.render.scene.style import TINT
from nbgrad.render.tensors.grid_sizes import Grid
from nbgrad.tracing.numbers import Numbers


def cell_elements(key: str, grid: Grid, x: float, y: float, role: str) -> list[Element]:
    """The cells of a grid with its top left corner at (x, y), and a frame around them."""
    width, height = grid.cell
    cells: list[Element] = [
        Cell(
            f"{key}.{row * grid.columns + column}",
            x + column * width,
            y + row * height,
            width,
            height,
            f"cell {role}",
        )
        for row in range(grid.rows)
        for column in range(grid.columns)
    ]
    size = grid.columns * width, grid.rows * height
    return [*cells, Box(f"{key}.frame", x, y, *size, 0, "frame")]


def cell_looks(
    key: str, grid: Grid, numbers: Numbers | None, role: str, scale: float, since: int
) -> dict[str, Look]:
    """The numbers and tints of the cells; all cells off where there are no numbers."""
    if numbers is None:
        cells = (f"{key}.{n}" for n in range(grid.rows * grid.columns))
        return dict.fromkeys([*cells, f"{key}.frame"], OFF)
    numbered = grid.kind == "numbers"
    array = numbers.array.ravel()
    tints = (tints_of(array, scale) * (TINT if numbered else 1)).round(2).tolist()
    # Where there is no room for the word NaN, a solid cell says it.
    solid = (~np.isfinite(array) & (not numbered)).tolist()
    negative = (array < 0).tolist()
    plain = f"cell {role}" if numbered else f"cell {role} bare"
    single = numbers.dtype == "float32"
    looks = {f"{key}.frame": Look(classes="frame single" if single else "frame")}
    for n, element in enumerate(array):
        more = " not-finite" if solid[n] else " negative" if negative[n] else ""
        looks[f"{key}.{n}"] = Look(
            text=short(element, CELL_ROOM) if numbered else "",
            classes=plain + more,
            since=since,
            tint=1 if solid[n] else tints[n],
            title=str(element) if grid.kind != "thumbnail" else "",
        )
    return looks


def tints_of(array: np.ndarray, scale: float) -> np.ndarray:
    """How strong the colour of each element is, from 0 to 1."""
    with np.errstate(invalid="ignore"):
        tints = np.abs(array.astype(float)) / (scale or 1)
    return np.nan_to_num(tints, nan=0, posinf=1)
