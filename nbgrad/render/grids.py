"""A tensor in a lane: numbers on tinted cells, cells alone, or three numbers about it."""

from __future__ import annotations

import numpy as np

from nbgrad.render.numbers import CELL_ROOM, short, summary
from nbgrad.render.picture import OFF, Box, Cell, Chip, Element, Look, Text
from nbgrad.render.sizes import CELL_HEIGHT, Grid, grid_of
from nbgrad.render.style import TINT
from nbgrad.tracing.numbers import Numbers

SUMMARY_LINES = 3


def grid_elements(key: str, grid: Grid, x: float, y: float, role: str) -> list[Element]:
    """The cells of a tensor's grid with its top left corner at (x, y)."""
    if grid.kind == "scalar":
        return []
    if grid.kind == "summary":
        return summary_elements(key, grid, x, y, role)
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
    return [*cells, Box(f"{key}.frame", x, y, grid.width, grid.height, 0, "frame")]


def ghost_elements(key: str, grid: Grid, rows: int, x: float, y: float) -> list[Element]:
    """Pale copies of a row below it: as often as its reader repeats it."""
    width, height = grid.cell
    return [
        Cell(
            f"{key}.ghost.{row}.{column}",
            x + column * width,
            y + row * height,
            width,
            height,
            "cell ghost",
        )
        for row in range(1, rows + 1)
        for column in range(grid.columns)
    ]


def ghost_looks(key: str, numbers: Numbers, rows: int, since: int) -> dict[str, Look]:
    """The numbers of the copies."""
    texts = [short(element, CELL_ROOM) for element in numbers.array.ravel()] if rows else []
    return {
        f"{key}.ghost.{row}.{column}": Look(text, "cell ghost", since, title="repeated to fit")
        for row in range(1, rows + 1)
        for column, text in enumerate(texts)
    }


def summary_elements(key: str, grid: Grid, x: float, y: float, role: str) -> list[Element]:
    """Least, mean and greatest element, one line for each."""
    lines: list[Element] = []
    for n, name in enumerate(("min", "mean", "max")):
        middle = y + (n + 0.5) * CELL_HEIGHT
        lines.append(Text(f"{key}.{n}.name", x, middle + 4, name, "text quiet-text"))
        chip = Chip(f"{key}.{n}", x + grid.width, middle, CELL_HEIGHT, "end")
        lines.append(chip._replace(classes=f"number {role} long"))
    return lines


def grid_looks(
    key: str, numbers: Numbers | None, shape: tuple[int, ...], role: str, scale: float, since: int
) -> dict[str, Look]:
    """The numbers and tints of a tensor's cells; all cells off where there are no numbers."""
    grid = grid_of(shape)
    if grid.kind == "scalar":
        return {}
    if grid.kind == "summary":
        return summary_looks(key, numbers, role, since)
    if numbers is None:
        cells = (f"{key}.{n}" for n in range(grid.rows * grid.columns))
        return dict.fromkeys([*cells, f"{key}.frame"], OFF)
    numbered = grid.kind == "numbers"
    with np.errstate(invalid="ignore"):
        tints = np.abs(numbers.array.astype(float)).ravel() / (scale or 1)
    tints = np.nan_to_num(tints, nan=0, posinf=1)
    tints = (tints * (TINT if numbered else 1)).round(2)
    single = numbers.dtype == "float32"
    looks = {f"{key}.frame": Look(classes="frame single" if single else "frame")}
    plain = f"cell {role}" if numbered else f"cell {role} bare"
    for n, (element, tint) in enumerate(zip(numbers.array.ravel(), tints, strict=True)):
        looks[f"{key}.{n}"] = Look(
            text=short(element, CELL_ROOM) if numbered or not np.isfinite(element) else "",
            classes=f"{plain} negative" if element < 0 else plain,
            since=since,
            tint=float(tint),
            title=str(element),
        )
    return looks


def summary_looks(key: str, numbers: Numbers | None, role: str, since: int) -> dict[str, Look]:
    """The texts of the three lines."""
    lines = summary(numbers) if numbers is not None else []
    looks = {}
    for n in range(SUMMARY_LINES):
        text = lines[n][1] if n < len(lines) else ""
        classes = f"number {role} long" if text else "off"
        looks[f"{key}.{n}"] = Look(text=text, classes=classes, since=since)
    return looks
