"""The forms of maps: which cells an array has in a picture, and which words stand on them.

The strength of a cell is its number's magnitude relative to the largest in its map, so that two
maps are never compared by their colours; the title says the largest. Only a map that holds
nothing but rounding, beside the other numbers of the picture, is pale. See `forms`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nbgrad.picture.cards.faces import GAP, LEFT, NO_FOOT, RIGHT, Face, Grid, Lane, notes_width
from nbgrad.picture.forms import Facts, adjoint_since, node_form, number_style, word_style
from nbgrad.picture.scene import (
    INFINITE,
    OFF,
    Box,
    Cells,
    Chip,
    Curve,
    Element,
    Map,
    Rules,
    Style,
    Text,
    straight,
)
from nbgrad.picture.theme import SMALL, clipped, first_fitting, pill_width
from nbgrad.picture.words import why, wording
from nbgrad.trace.model import Node, Numbers
from nbgrad.trace.numbers import every_digit, magnitudes, shaped, short, summary

QUIET = "text quiet-text"


def face_elements(
    rules: Rules, key: str, face: Face, x: float, y: float, width: float = 0.0
) -> list[Element]:
    """The elements of a face with its top left corner at (x, y); the header ends at y."""
    width = width or face.width
    found: list[Element] = []
    for lane in face.lanes:
        found += lane_elements(rules, key, face, lane, x, y, width)
    found.append(shape_text(key, face, x, y, width))
    bottom = y + face.height - (4 if face.stacked else NO_FOOT)
    wide = width - LEFT - RIGHT if face.stacked else max(face.maps_width, notes_width(face))
    left = x + (LEFT if face.stacked else (width - wide) / 2)
    value, adjoint = face.notes
    if value:
        found.append(Text(f"{key}.value.note", left, bottom, value, "text value-text"))
    if adjoint:
        right = left + wide
        note = Text(f"{key}.adjoint.note", right, bottom, adjoint, "text adjoint-text", "end")
        found.append(rules.shown(note, "sum note", key, words=adjoint))
    return found


def shape_text(key: str, face: Face, x: float, y: float, width: float) -> Text:
    """The shape, in the header that ends at y or below the maps."""
    if face.in_header:
        return Text(f"{key}.shape", x + width - 8, y - 6, face.words, QUIET, "end")
    bottom = y + face.height - (4 if face.stacked else NO_FOOT)
    return Text(f"{key}.shape", x + width / 2, bottom, face.words, QUIET, "middle")


def lane_elements(
    rules: Rules, key: str, face: Face, lane: Lane, x: float, y: float, width: float
) -> Iterator[Element]:
    """The map of a lane on its seat, with its rule and its numbers."""
    grid, (dx, dy) = face.grid, face.corner(lane, width)
    left, top, id, room = x + dx, y + dy, f"{key}.{lane}", max(grid.width, grid.height) - 4
    line = straight((left, top - 3.5), (left + grid.width, top - 3.5))
    if face.stacked:
        line = straight((x + 7.5, top + 1.5), (x + 7.5, top + grid.height - 1.5))
    middle = left + grid.width / 2, top + grid.height / 2
    yield Curve(f"{id}.lane", line, f"lane {lane}")
    yield Box(f"{id}.seat", left, top, grid.width, grid.height, 0, "frame")
    cells = Map(f"{id}.map", left, top, grid.rows, grid.columns, *grid.cell, f"map {lane}")
    layout = {key: getattr(grid, key) for key in ("tile", "axes", "beside", "block", "numbered")}
    yield rules.shown(cells, "map", key, lane=lane, **layout, room=room)
    for gap in gaps(f"{id}.gap", grid, left, top):
        yield rules.shown(gap, "gap", key, lane=lane, room=room)
    yield rules.shown(Chip(f"{id}.wait", *middle, 17), "waiting", key, lane=lane)
    if lane == "adjoint":
        yield rules.shown(Chip(f"{id}.none", *middle, 17), "no map", key, room=grid.width + GAP)
    for n in range(grid.rows * grid.columns if grid.numbered else 0):
        row, column = divmod(n, grid.columns)
        right = left + (column + 1) * grid.cell[0] - 3
        number = Chip(f"{id}.{n}", right, top + (row + 0.5) * grid.cell[1], 16, "end")
        yield rules.shown(number, "cell number", key, lane=lane, n=n, room=grid.cell[0] - 4)


def gaps(id: str, grid: Grid, x: float, y: float) -> Iterator[Curve]:
    """The lines between the matrices of a stack."""
    high, wide = (math.ceil(n / b) for n, b in zip(grid.tile, grid.block, strict=True))
    for row in range(high, grid.rows, high):
        at = y + row * grid.cell[1]
        yield Curve(f"{id}.row.{row}", straight((x, at), (x + grid.width, at)), "gap")
    for column in range(wide, grid.columns, wide):
        at = x + column * grid.cell[0]
        yield Curve(f"{id}.column.{column}", straight((at, y), (at, y + grid.height)), "gap")


def map_at(
    rules: Rules, key: str, face: Face, lane: Lane, right: float, middle: float
) -> Iterator[Element]:
    """The map of one lane by itself, with its right end and the middle of its height."""
    grid = face.grid
    width = LEFT + grid.width + RIGHT if face.stacked else face.maps_width
    dx, dy = face.corner(lane, width)
    corner = right - grid.width - dx, middle - grid.height / 2 - dy
    yield from lane_elements(rules, key, face, lane, *corner, width)


FAINTEST, STRONGEST = 6, 92  # the tints of the smallest and of the largest number, in per cent
BEHIND_NUMBER = 45  # the strongest tint that a number is read on
EVERYWHERE = 22  # the tint of a map that holds one number
ROUNDING = 1e-6  # relative to the largest in the picture, what is not told from rounding
GREATEST = {"value": "value", "adjoint": "gradient"}


@node_form("map")
def array_map(
    facts: Facts,
    node: Node,
    lane: str,
    tile: Sequence[int],
    axes: Sequence[int],
    beside: int,
    block: Sequence[int],
    room: float,
    numbered: bool,
) -> Style:
    """The cells of an array, or the one number that all of them hold."""
    numbers, since = lane_numbers(facts, node, lane)
    if numbers is None:
        return OFF
    array, classes = numbers.array, f"map {lane}"
    if not array.size:
        return Style("empty", classes, since, cells=(0,), title=title_of(node, lane, numbers))
    words = words_everywhere(facts, node, lane, array, room, numbered=numbered)
    is_pale, is_whole = is_rounding(facts, lane, array), tuple(block) == (1, 1)
    if words or is_pale:
        down = -(-array.size // (tile[0] * tile[1] * beside))
        size = down * -(-tile[0] // block[0]) * beside * -(-tile[1] // block[1])
        tint = FAINTEST if is_pale else EVERYWHERE
        cells: Cells = (tint if as_real(array).any() else 0,) * size
    else:
        matrix = laid_out(as_real(array), tile, axes, beside)
        means = matrix if is_whole else block_means(matrix, tile, block)
        cells = tints(means, BEHIND_NUMBER if numbered else STRONGEST, signed=not numbered)
    title = title_of(node, lane, numbers)
    if not is_whole:
        title += f"\na cell is the mean of {shaped(tuple(block))}"
    if is_pale:
        title += f"\nbelow a millionth of the largest {GREATEST[lane]}: rounding, or as good as 0"
    return Style(words, classes, since, cells=cells, title=title)


@node_form("cell number")
def cell_number(facts: Facts, node: Node, lane: str, n: int, room: float) -> Style:
    """The number in a cell of a very small array, on a badge where it is not finite."""
    numbers, since = lane_numbers(facts, node, lane)
    if numbers is None or (lane == "adjoint" and node.adjoint.state == "zero"):
        return OFF
    element = numbers.array.ravel()[n]
    if isinstance(element, np.floating) and not np.isfinite(element):
        return number_style(Numbers(np.asarray(element)), lane, since, room)
    return Style(in_cell(element, room), "chip cell-number", since, title=every_digit(element))


def in_cell(element: Any, room: float) -> str:
    """An element with as many of its digits or characters as there is room for."""
    if isinstance(element, complex):
        parts = [(short(element.real, n), short(element.imag, n)) for n in (9, 6, 5, 4)]
        texts = [f"{x}{'+' * (not y.startswith('−'))}{y}j" for x, y in parts]
    elif isinstance(element, bytes | np.bool_):
        texts = [clipped(every_digit(element), SMALL, room)]
    else:
        texts = [short(element.item(), characters) for characters in range(9, 2, -1)]
    return first_fitting(texts, room, otherwise=texts[-1])


@node_form("gap")
def gap(facts: Facts, node: Node, lane: str, room: float) -> Style:
    """A line between two matrices of a stack; there is none where one number is said of all."""
    numbers, since = lane_numbers(facts, node, lane)
    if numbers is None or words_everywhere(facts, node, lane, numbers.array, room, numbered=False):
        return OFF
    return Style(classes="gap", since=since)


@node_form("no map")
def no_map(facts: Facts, node: Node, room: float) -> Style:
    """The pill in the place of an adjoint that is None."""
    if node.adjoint.state != "none":
        return OFF
    sign = wording(node.adjoint.cause).sign
    texts = [f"None {sign}".strip(), "None", sign or "–"]
    text = next((each for each in texts if pill_width(each) <= room), texts[-1])
    style = word_style(text, "none", adjoint_since(facts, node))
    return style._replace(title=why(facts.trace, node))


@node_form("sum note")
def sum_note(facts: Facts, node: Node, words: str) -> Style:
    """The note on an adjoint that is a sum over the repetitions of its operand."""
    if node.adjoint.value is None:
        return OFF
    return Style(words, "text adjoint-text", adjoint_since(facts, node))


def lane_numbers(facts: Facts, node: Node, lane: str) -> tuple[Numbers | None, int]:
    """The array of a lane, and the step after which it is known."""
    if lane == "value":
        return node.value, facts.moments.value[node.id]
    return node.adjoint.value, adjoint_since(facts, node)


def as_real(array: np.ndarray) -> np.ndarray:
    """An array as floating point numbers: magnitudes of complex ones, zeros for texts."""
    if array.dtype.kind in "biu" or array.dtype.itemsize < 4:
        return array.astype(float)
    return array if array.dtype.kind == "f" else magnitudes(array)


def is_rounding(facts: Facts, lane: str, array: np.ndarray) -> bool:
    """Whether an array holds only what is next to nothing beside the picture's other numbers."""
    if array.dtype.kind not in "fc" or not array.any() or not np.isfinite(array).all():
        return False
    scale = facts.gradient_scale if lane == "adjoint" else facts.size_scale
    return bool(magnitudes(array).max() < ROUNDING * scale)


def words_everywhere(
    facts: Facts, node: Node, lane: str, array: np.ndarray, room: float, *, numbered: bool
) -> str:
    """The one number that an array holds everywhere, if it fits; of a zero adjoint its cause."""
    zero = lane == "adjoint" and node.adjoint.state == "zero"
    if zero:
        words = f"0 {wording(node.adjoint.cause).sign}".strip()
        return first_fitting([words], room, otherwise="0")
    if numbered:
        return ""
    if is_rounding(facts, lane, array):
        return first_fitting(("≈ 0", "≈0"), room, otherwise="≈")
    first = array.flat[0]
    if isinstance(first, bytes):
        words = "texts"
    else:
        words = in_cell(first, room) if np.isfinite(first) and (array == first).all() else ""
    return first_fitting([words], room)


# Cells ------------------------------------------------------------------------------------------


def laid_out(
    array: np.ndarray, tile: Sequence[int], axes: Sequence[int], beside: int
) -> np.ndarray:
    """The matrices of a stack in rows, so many beside each other; empty places hold 0."""
    high, wide = tile
    ordered = array.transpose(axes) if axes else array
    if beside == 1:
        return ordered.reshape(-1, wide)
    tiles = ordered.reshape(-1, high, wide)
    down = -(-len(tiles) // beside)
    whole = np.zeros((down * beside, high, wide), tiles.dtype)
    whole[: len(tiles)] = tiles
    rows = whole.reshape(down, beside, high, wide).transpose(0, 2, 1, 3)
    return rows.reshape(down * high, beside * wide)


def block_means(matrix: np.ndarray, tile: Sequence[int], block: Sequence[int]) -> np.ndarray:
    """The mean of each block of elements; no block reaches into two tiles."""
    starts = [
        [i for i in range(size) if i % whole % step == 0]
        for size, whole, step in zip(matrix.shape, tile, block, strict=True)
    ]
    down, across = starts
    counts = [np.diff([*s, n]) for s, n in zip(starts, matrix.shape, strict=True)]
    with np.errstate(all="ignore"):
        largest = np.max(np.abs(matrix), initial=0, where=np.isfinite(matrix)) or 1
        # Relative to the largest, so that no sum is beyond the range of its type.
        scaled = matrix.astype(float) / float(largest)
        sums = np.add.reduceat(np.add.reduceat(scaled, down, 0), across, 1)
        means: np.ndarray = sums / np.outer(*counts) * float(largest)
    return means


def tints(numbers: np.ndarray, strongest: int, *, signed: bool = True) -> Cells:
    """The tints of a map's cells in per cent, below zero where the number is."""
    flat = numbers.ravel().astype(float)
    sizes = np.abs(flat)
    finite = np.isfinite(sizes)
    largest = sizes.max(initial=0, where=finite)
    if not finite.all():
        sizes = np.where(finite, sizes, 0)
    with np.errstate(all="ignore"):
        strengths = np.rint(FAINTEST + (strongest - FAINTEST) * (sizes / (largest or 1)))
    strengths[sizes == 0] = 0
    cells: list[Any] = (np.copysign(strengths, flat) if signed else strengths).astype(int).tolist()
    for n in np.flatnonzero(~finite).tolist():
        cells[n] = None if np.isnan(flat[n]) else INFINITE if flat[n] > 0 else -INFINITE
        cells[n] = cells[n] if signed else 0  # a badge says it
    return tuple(cells)


# Titles -----------------------------------------------------------------------------------------


def title_of(node: Node, lane: str, numbers: Numbers) -> str:
    """What hovering says: the largest magnitude, least, mean and greatest, shape and dtype."""
    name = node.label if lane == "value" else f"gradient of {node.label}"
    array = numbers.array
    found: list[str] = []
    if array.dtype.kind in "fc" and array.size:
        sizes = np.abs(array)
        for what, where in (("NaN", np.isnan(sizes)), ("±∞", np.isinf(sizes))):
            found += [f"{where.sum()} of {sizes.size} {what}"] * bool(where.any())
        largest = sizes.max(initial=0, where=np.isfinite(sizes))
        found.append(f"max |v| {short(largest.item())}")
    found += [f"{word} {text}".strip() for word, text in summary(numbers) if word != "max"]
    words = f"{name}: {', '.join(found)}\n{shaped(numbers.shape)} {numbers.dtype}"
    reason = wording(node.adjoint.cause).sign if lane == "adjoint" else ""
    return f"{words}, {reason}" if reason else words
