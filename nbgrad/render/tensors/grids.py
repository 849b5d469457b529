"""A tensor in a lane: numbers on tinted cells, cells alone, or a thumbnail with three numbers."""

from __future__ import annotations

from nbgrad.render.scene.facts import Facts
from nbgrad.render.scene.picture import Element, Look
from nbgrad.render.tensors.cells import cell_elements, cell_looks
from nbgrad.render.tensors.grid_sizes import Grid, grid_of
from nbgrad.render.tensors.repeats import copy_looks, part_looks, repeat_elements, repeats_of
from nbgrad.render.tensors.thumbnails import thumbnail_elements, thumbnail_looks
from nbgrad.tracing.model import Trace
from nbgrad.tracing.numbers import Numbers
from nbgrad.tracing.parts import Node


def grid_elements(key: str, grid: Grid, x: float, y: float, role: str) -> list[Element]:
    """What shows of a tensor, with its top left corner at (x, y)."""
    if grid.kind == "scalar":
        return []
    draw = thumbnail_elements if grid.kind == "thumbnail" else cell_elements
    return draw(key, grid, x, y, role)


def grid_looks(
    key: str, numbers: Numbers | None, shape: tuple[int, ...], role: str, scale: float, since: int
) -> dict[str, Look]:
    """How it looks; all of it is off where there are no numbers."""
    grid = grid_of(shape)
    if grid.kind == "scalar":
        return {}
    if grid.kind == "thumbnail":
        return thumbnail_looks(key, grid, numbers, role, since)
    return cell_looks(key, grid, numbers, role, scale, since)


def lane_elements(
    trace: Trace, node: Node, key: str, x: float, y: float, lane: str
) -> list[Element]:
    """A tensor with what broadcasting repeats of it: copies of a value, parts of an adjoint."""
    grid, repeats = grid_of(node.shape), repeats_of(trace, node)
    if repeats is None or (lane == "adjoint" and not repeats.summed):
        return grid_elements(key, grid, x, y, lane)
    right, down = repeats.to_sum if lane == "adjoint" else (0, 0)
    pale = repeat_elements(key, repeats, lane, x, y)
    return [*grid_elements(key, grid, x + right, y + down, lane), *pale]


def lane_looks(facts: Facts, node: Node, key: str, lane: str, since: int) -> dict[str, Look]:
    """How all of that looks in one state of the graph."""
    if not node.shape:
        return {}
    numbers = node.value if lane == "value" else node.adjoint.value
    scale = facts.value_scale if lane == "value" else facts.adjoint_scale
    looks = grid_looks(key, numbers, node.shape, lane, scale, since)
    repeats = repeats_of(facts.trace, node)
    if repeats is not None and lane == "value":
        looks |= copy_looks(key, node, repeats, since)
    elif repeats is not None and repeats.summed:
        looks |= part_looks(facts, key, node, repeats, since)
    return looks
