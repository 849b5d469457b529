"""A scene as SVG text: to be shown in a page, or to be a file of its own.

Every element has its id as `data-id`, and where they differ from "always", `data-since` and
`data-until`. What does not show at the chosen step carries `data-away`. There is no script, no
`id` that could meet another picture's, and nothing that only a browser understands.

To apply a patch `{id: {name: value}}` to what is on a page, find the element by its `data-id`:

=====  =================================================================================
text   set the text of the `<text>` that it is or has; see `shapes.map_text` for a map
class  set its class
since  set `data-since` or `data-until`, and then `data-away` on what no longer shows
until
width  of what has a `<rect>`: set the rect's width and move its x, by half of the change, or
       by all of it where the `<text>` has `text-anchor="end"`; else the stroke's width
tint   set the `fill-opacity` of its `<rect>`
cells  paint what is in its `<g class="cells">` anew: the `<rect>` beside it is as large as all
       cells together, of which `data-columns` make a row. One path for each tint, with its
       `fill-opacity`, and one for each class of lines; see `shapes.map_parts`
title  set its `<title>`, the first child; take it away where it is empty
=====  =================================================================================

Chips of class `quiet` (in crowded pictures) show in their own step only; while a card has the
focus, those of the edges that begin or end there may show whenever `data-since` has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape as escape_html

from nbgrad.picture.facts import NEVER
from nbgrad.picture.output.css import css, plain_css
from nbgrad.picture.output.shapes import (
    MIDDLE,
    arrow,
    bar_lines,
    decimal,
    hatching,
    map_parts,
    map_text,
    pill,
    rounded,
)
from nbgrad.picture.scene import Bar, Box, Chip, Curve, Element, Group, Map, Point, Text, Tile
from nbgrad.picture.style import Style, StyledScene
from nbgrad.picture.theme import SMALL, Theme

LEAST = 0.84  # in a narrow cell a picture shrinks to this part of its width; then the cell scrolls
DY = f"{MIDDLE:.2f}em".lstrip("0")  # sets a text of any size in the middle of its pill or tile


#: XML takes no control characters but tabs and ends of lines: their pictures stand for them.
CONTROL_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}


def svg(
    styled: StyledScene, *, k: int | None = None, description: str = "", theme: Theme | None = None
) -> str:
    """A styled scene as an `<svg>` element.

    Parameters
    ----------
    k
        The number of steps after which to show it; by default after all, with no step at work.
    description
        What a screen reader says, beside the title.
    theme
        "light" or "dark" for a file of its own, with its style sheet inside; None for a page
        that has the style sheet already.
    """
    scene, title = styled.scene, escape(styled.title)
    k = styled.steps + 1 if k is None else k
    width, height = decimal(scene.width), decimal(scene.height)
    desc = f"<desc>{escape(description)}</desc>" if description else ""
    classes = "nbgrad-picture nbgrad" if theme else "nbgrad-picture"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}"'
        f' viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' style="max-width:100%;min-width:{decimal(LEAST * scene.width)}px;height:auto"'
        f' role="graphics-document" aria-roledescription="computation graph"'
        f' aria-label="{title}" data-steps="{styled.steps}">'
        f"<title>{title}</title>{desc}{own_sheet(theme)}{element_svg(styled, scene.root, k)}</svg>"
    )


def escape(text: str, *, quote: bool = True) -> str:
    """A text as XML holds it."""
    return escape_html(text.translate(CONTROL_PICTURES), quote=quote)


def own_sheet(theme: Theme | None) -> str:
    """The style sheet and the background of a file of its own."""
    if theme is None:
        return ""
    sheet = escape(plain_css(theme), quote=False)
    return f'<style>{sheet}</style><rect class="page" width="100%" height="100%"/>'


def html(styled: StyledScene, *, k: int | None = None, description: str = "", theme: Theme) -> str:
    """An HTML fragment, with the style sheet that makes it follow the page's theme."""
    return (
        f'<div class="nbgrad" data-theme="{theme}" style="overflow-x:auto"><style>{css()}</style>'
        f"{svg(styled, k=k, description=description)}</div>"
    )


def element_svg(styled: StyledScene, element: Element, k: int) -> str:
    """One element, with everything in it."""
    style = styled.style_of(element)
    head = attributes(element, style, k)
    title = f"<title>{escape(style.title)}</title>" if style.title else ""
    match element:
        case Group():
            inner = "".join(element_svg(styled, child, k) for child in element.children)
            return f"<g {head}{group_attributes(element)}>{title}{inner}</g>"
        case Text():
            tail = f'<tspan class="tail">{escape(element.tail)}</tspan>' if element.tail else ""
            anchor = f' text-anchor="{element.anchor}"' if element.anchor != "start" else ""
            return f"<text {head} {at(element)}{anchor}>{escape(style.text)}{tail}</text>"
        case Box(left=left) if left:
            return f'<path {head} d="{path(rounded(element))}"/>'
        case Box():
            radius = f' rx="{decimal(element.radius)}"' if element.radius else ""
            return f"<rect {head} {rectangle(*element[1:5])}{radius}/>"
        case Curve():
            return curve_svg(element, style, head)
        case Bar():
            strokes, slants = map(polylines, bar_lines(element))
            return f'<g {head}><path d="{strokes}"/><path class="hatch" d="{slants}"/></g>'
        case Chip():
            return chip_svg(element, style, head, title)
        case Tile():
            return tile_svg(element, style, head, title)
        case Map():
            return map_svg(element, style, head, title)


def attributes(element: Element, style: Style, k: int) -> str:
    """The attributes of every element: its id, its classes, and when it shows."""
    parts = [f'data-id="{escape(element.id)}"']
    if style.classes:
        parts.append(f'class="{style.classes}"')
    if style.since:
        parts.append(f'data-since="{style.since}"')
    if style.until != NEVER:
        parts.append(f'data-until="{style.until}"')
    if not style.since <= k < style.until:
        parts.append('data-away=""')
    return " ".join(parts)


def group_attributes(group: Group) -> str:
    """The node or edge of a group; a card is a part of the picture with a name."""
    if group.node:
        return f' data-node="{escape(group.node)}" role="graphics-symbol"'
    return f' data-edge="{escape(group.edge)}"' if group.edge else ""


def curve_svg(curve: Curve, style: Style, head: str) -> str:
    """The line, and its arrow head as a second path."""
    width = f' style="stroke-width:{decimal(style.width)}"' if style.width else ""
    if not curve.head:
        return f'<path {head} d="{path(curve.points)}"{width}/>'
    line, tip = arrow(curve)
    return (
        f'<g {head}{width}><path d="{path(line)}"/><path class="head" d="{polylines([tip])}"/></g>'
    )


def chip_svg(chip: Chip, style: Style, head: str, title: str) -> str:
    """A text on its pill; `dy` keeps it in the middle whatever its size."""
    return (
        f'<g {head}>{title}<rect {rectangle(*pill(chip, style))} rx="{decimal(chip.height / 2)}"/>'
        f'<text {at(chip)} dy="{DY}" text-anchor="{chip.anchor}">{escape(style.text)}</text></g>'
    )


def tile_svg(tile: Tile, style: Style, head: str, title: str) -> str:
    """A tinted rectangle, hatched where its class is `negative`; with a number where one fits."""
    x, y = decimal(tile.x + tile.width - 3), decimal(tile.y + tile.height / 2)
    number = f'<text x="{x}" y="{y}" dy="{DY}" text-anchor="end">{escape(style.text)}</text>'
    return (
        f"<g {head}>{title}<rect {rectangle(*tile[1:5])}"
        f' style="fill-opacity:{decimal(style.tint)}"/>'
        f'<path d="{polylines(hatching(tile))}"/>{number if tile.height > SMALL else ""}</g>'
    )


def map_svg(element: Map, style: Style, head: str, title: str) -> str:
    """The cells of a map in a group, its frame, and the number that it holds everywhere."""
    frame = rectangle(element.x, element.y, element.width, element.height)
    x, y, turned = map_text(element, style.text)
    turn = f' transform="rotate(-90 {decimal(x)} {decimal(y)})"' if turned else ""
    return (
        f'<g {head} data-columns="{element.columns}">{title}'
        f'<g class="cells">{cells_svg(element, style)}</g><rect {frame}/>'
        f'<text x="{decimal(x)}" y="{decimal(y)}" dy="{DY}" text-anchor="middle"{turn}>'
        f"{escape(style.text)}</text></g>"
    )


def cells_svg(element: Map, style: Style) -> str:
    """A path for the cells of each tint, and one for the dashes on them."""
    parts = []
    for part, tint, lines in map_parts(element, style):
        look = f'class="{part}"' if part else f'fill-opacity="{decimal(tint)}"'
        parts.append(f'<path {look} d="{polylines(lines)}"/>')
    return "".join(parts)


def at(element: Text | Chip) -> str:
    """The place of a text, as attributes."""
    return f'x="{decimal(element.x)}" y="{decimal(element.y)}"'


def rectangle(x: float, y: float, width: float, height: float) -> str:
    """A place and a size, as attributes."""
    size = f'width="{decimal(width)}" height="{decimal(height)}"'
    return f'x="{decimal(x)}" y="{decimal(y)}" {size}'


def path(points: Iterable[Point]) -> str:
    """A start and cubic pieces in the language of paths."""
    start, *rest = (f"{decimal(x)},{decimal(y)}" for x, y in points)
    return f"M{start} C{' '.join(rest)}"


def polylines(lines: Iterable[Iterable[Point]]) -> str:
    """Straight lines in the language of paths."""
    return "".join("M" + " ".join(f"{decimal(x)},{decimal(y)}" for x, y in line) for line in lines)
