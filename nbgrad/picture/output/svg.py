"""A picture as SVG text: to be shown in a page, or to be a file of its own.

Every element has its id as `data-id`, and where they differ from "always", `data-since` and
`data-until`. What does not show at the chosen step carries `data-away`. There is no script, no
`id` that could meet another picture's, and nothing that only a browser understands.

To apply a patch `{id: {name: value}}` to what is on a page, find the element by its `data-id`:

=====  =================================================================================
text   set the text of the `<text>` that it is or has
class  set its class
since  set `data-since` or `data-until`, and then `data-away` on what no longer shows
until
width  of what has a `<rect>`: set the rect's width and move its x, by half of the change, or
       by all of it where the `<text>` has `text-anchor="end"`; else the stroke's width
tint   set the `fill-opacity` of its `<rect>`
title  set its `<title>`, the first child; take it away where it is empty
=====  =================================================================================

Chips of class `quiet` (in crowded pictures) show in their own step only; while a card has the
focus, those of the edges that begin or end there may show whenever `data-since` has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from nbgrad.picture.geometry import MIDDLE, arrow, bar_lines, hatching, number, pill
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
from nbgrad.picture.theme import FONT, SMALL, STYLE_SHEET, THEMES, Paint, Theme
from nbgrad.trace.model import NEVER

LEAST = 0.84


"""In a narrow cell a picture shrinks to this part of its width; then the cell scrolls."""


DY = f"{MIDDLE:.2f}em".lstrip("0")


"""What sets a text in the middle of its pill or cell, whatever its size."""


def svg(
    picture: StyledScene, *, k: int | None = None, description: str = "", theme: Theme | None = None
) -> str:
    """A picture as an `<svg>` element.

    Parameters
    ----------
    picture
        What to show.
    k
        The number of steps after which to show it; by default after all, with no step at work.
    description
        What a screen reader is told, beside the title.
    theme
        "light" or "dark" for a file of its own, with its style sheet inside; None for a page
        that has the style sheet already.
    """
    scene = picture.scene
    k = picture.steps + 1 if k is None else k
    width, height = number(scene.width), number(scene.height)
    sheet = "" if theme is None else f"<style>{escape(plain_css(theme), quote=False)}</style>"
    background = "" if theme is None else '<rect class="page" width="100%" height="100%"/>'
    own = " nbgrad" if sheet else ""
    told = f"<desc>{escape(description)}</desc>" if description else ""
    least = number(LEAST * scene.width)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nbgrad-picture{own}"'
        f' viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' style="max-width:100%;min-width:{least}px;height:auto"'
        f' role="graphics-document" aria-roledescription="computation graph"'
        f' aria-label="{escape(picture.title)}"'
        f' data-steps="{picture.steps}">'
        f"<title>{escape(picture.title)}</title>{told}{sheet}{background}"
        f"{drawn(picture, scene.root, k)}</svg>"
    )


def html(picture: StyledScene, *, k: int | None = None, description: str = "", theme: Theme) -> str:
    """A picture as an HTML fragment, with the style sheet that makes it follow the page's theme."""
    return (
        f'<div class="nbgrad" data-theme="{theme}" style="overflow-x:auto"><style>{css()}</style>'
        f"{svg(picture, k=k, description=description)}</div>"
    )


def drawn(picture: StyledScene, element: Element, k: int) -> str:
    """One element, with everything in it."""
    style = picture.style(element)
    head = attributes(element, style, k)
    title = f"<title>{escape(style.title)}</title>" if style.title else ""
    match element:
        case Group():
            inner = "".join(drawn(picture, child, k) for child in element.children)
            return f"<g {head}{group_attributes(element)}>{title}{inner}</g>"
        case Text():
            tail = f'<tspan class="tail">{escape(element.tail)}</tspan>' if element.tail else ""
            place = f'x="{number(element.x)}" y="{number(element.y)}"'
            anchor = f' text-anchor="{element.anchor}"' if element.anchor != "start" else ""
            return f"<text {head} {place}{anchor}>{escape(style.text)}{tail}</text>"
        case Box():
            return f"<rect {head} {rectangle(element)}/>"
        case Curve():
            return curve(element, style, head)
        case Bar():
            return bar(element, head)
        case Chip():
            return chip(element, style, head, title)
        case Cell():
            return cell(element, style, head, title)


def attributes(element: Element, style: Style, k: int) -> str:
    """What every element has: its id, its classes, and when it shows."""
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
    """Which node or edge a group belongs to; a card is a part of the picture with a name."""
    if group.node:
        return f' data-node="{escape(group.node)}" role="graphics-symbol"'
    return f' data-edge="{escape(group.edge)}"' if group.edge else ""


def curve(element: Curve, style: Style, head: str) -> str:
    """The line, and its arrow head as a second path."""
    width = f' style="stroke-width:{number(style.width)}"' if style.width else ""
    if not element.head:
        return f'<path {head} d="{path(element.points)}"{width}/>'
    line, tip = arrow(element)
    return (
        f'<g {head}{width}><path d="{path(line)}"/><path class="head" d="{polylines([tip])}"/></g>'
    )


def bar(element: Bar, head: str) -> str:
    """Two strokes with hatching between them."""
    strokes, slants = bar_lines(element)
    return (
        f'<g {head}><path d="{polylines(strokes)}"/>'
        f'<path class="hatch" d="{polylines(slants)}"/></g>'
    )


def chip(element: Chip, style: Style, head: str, title: str) -> str:
    """A text on its pill; `dy` keeps it in the middle whatever its size."""
    x, y, width, height = pill(element, style)
    return (
        f'<g {head}>{title}<rect x="{number(x)}" y="{number(y)}" width="{number(width)}"'
        f' height="{number(height)}" rx="{number(height / 2)}"/>'
        f'<text x="{number(element.x)}" y="{number(element.y)}" dy="{DY}"'
        f' text-anchor="{element.anchor}">{escape(style.text)}</text></g>'
    )


def cell(element: Cell, style: Style, head: str, title: str) -> str:
    """A tinted rectangle, hatched where its class is `negative`; with a number where one fits."""
    x, y = element.x + element.width - 3, element.y + element.height / 2
    words = (
        f'<text x="{number(x)}" y="{number(y)}" dy="{DY}" text-anchor="end">'
        f"{escape(style.text)}</text>"
    )
    return (
        f'<g {head}>{title}<rect {rectangle(element)} style="fill-opacity:{number(style.tint)}"/>'
        f'<path d="{polylines(hatching(element))}"/>{words if element.height > SMALL else ""}</g>'
    )


def rectangle(element: Box | Cell) -> str:
    """Place and size, as attributes."""
    rounding = element.radius if isinstance(element, Box) else 0
    radius = f' rx="{number(rounding)}"' if rounding else ""
    return (
        f'x="{number(element.x)}" y="{number(element.y)}" width="{number(element.width)}"'
        f' height="{number(element.height)}"{radius}'
    )


def path(points: Iterable[Point]) -> str:
    """A start and cubic pieces in the language of paths."""
    start, *rest = (f"{number(x)},{number(y)}" for x, y in points)
    return f"M{start} C{' '.join(rest)}"


def polylines(lines: Iterable[Iterable[Point]]) -> str:
    """Straight lines in the language of paths."""
    return "".join("M" + " ".join(f"{number(x)},{number(y)}" for x, y in line) for line in lines)


PROPERTIES = {
    "fill": "fill",
    "stroke": "stroke",
    "width": "stroke-width",
    "opacity": "opacity",
    "size": "font-size",
    "weight": "font-weight",
}


SPOKEN = ("value", "adjoint", "local", "stop")


"""The roles that a sentence beside a picture colours: `<span class="say-adjoint">`."""


RESULT = """
.nb-result{padding:.6em .9em;font:14px/1.5 system-ui,sans-serif;overflow-x:auto}
.nb-result table{border-collapse:collapse;margin:0 0 .8em;background:transparent}
.nb-result caption{text-align:left;font-weight:650;padding:.2em 0}
.nb-result th,.nb-result td{text-align:right;padding:.25em .9em;border:0;
  border-bottom:1px solid var(--nb-line);font-variant-numeric:tabular-nums;
  background:transparent}
.nbgrad.nb-result tr:nth-child(n){background:transparent}
.nb-result th{font-weight:400;color:var(--nb-mute)}
.nb-result tr>:first-child{text-align:left}
.nb-result tfoot td{font-weight:700;border-bottom:0}
.nb-result .sides{display:flex;flex-wrap:wrap;align-items:center;gap:.2em .5em;margin:0}
.nb-result s{text-decoration-color:var(--nb-stop);text-decoration-thickness:2px}
.nb-result s+em{color:var(--nb-stop);font-style:normal}
"""


"""What tables and derivations have in common; a notebook has rules of its own for tables."""


def fragment(kind: str, inside: str, theme: Theme, own: str, attributes: str = "") -> str:
    """A result that is no picture as a part of a page, with its style sheets.

    Parameters
    ----------
    kind
        Its class.
    inside
        Its HTML.
    own
        The rules of its class; style sheets reach the whole page, and so the results of others.
    attributes
        Of the element around it.
    """
    opening = f'<div class="nbgrad nb-result {kind}"{attributes}{themed(theme)}>'
    return f"{opening}<style>{css()}{RESULT}{own}</style>{inside}</div>"


def themed(theme: Theme) -> str:
    """The attribute of an element that has a theme of its own."""
    return "" if theme == "auto" else f' data-theme="{theme}"'


def css() -> str:
    """The style sheet of every picture on a page: scoped under `.nbgrad`, colours as variables.

    An element `.nbgrad` with `data-theme="light"` or `"dark"` has that theme. Any other follows
    JupyterLab's theme where there is a JupyterLab, and else what the reader's system prefers.
    """
    auto = '.nbgrad:not([data-theme="light"], [data-theme="dark"])'
    light, dark = (variables(THEMES[name]) for name in ("light", "dark"))
    return f"""
.nbgrad{{{light}}}
.nbgrad[data-theme="dark"]{{{dark}}}
@media (prefers-color-scheme:dark){{{auto}{{{dark}}}}}
[data-jp-theme-light="true"] {auto}{{{light}}}
[data-jp-theme-light="false"] {auto}{{{dark}}}
{rules({role: f"var(--nb-{role})" for role in THEMES["light"]})}"""


def plain_css(theme: str) -> str:
    """The style sheet of a picture in a file of its own, for programs that know no variables."""
    return rules(THEMES[theme])


def variables(colours: Mapping[str, str]) -> str:
    """The colours as custom properties."""
    scheme = "dark" if colours is THEMES["dark"] else "light"
    named = "".join(f"--nb-{role}:{colour};" for role, colour in colours.items())
    return f"{named}color-scheme:{scheme}"


def rules(colours: Mapping[str, str]) -> str:
    """Every rule of the table, and the few that only a browser needs."""
    return "\n".join(
        (
            f".nbgrad{{background:{colours['page']};color:{colours['ink']}}}",
            f".nbgrad text{{font-family:{FONT};font-variant-numeric:tabular-nums}}",
            ".nbgrad .cell:not(.negative)>path{visibility:hidden}",
            ".nbgrad .page{fill:" + colours["page"] + "}",
            *(f".nbgrad .say-{role}{{color:{colours[role]}}}" for role in SPOKEN),
            ".nbgrad .off,.nbgrad [data-away]{visibility:hidden;pointer-events:none}",
            ".nbgrad [data-node]:focus{outline:none}",
            f".nbgrad [data-node]:focus-visible>.body{{stroke:{colours['ink']};stroke-width:3}}",
            *(written(selector, rule, colours) for selector, rule in STYLE_SHEET.items()),
        )
    )


def written(selector: str, rule: Paint, colours: Mapping[str, str]) -> str:
    """One rule of the table as CSS."""
    declared = []
    for name, property_ in PROPERTIES.items():
        value = getattr(rule, name)
        if value is not None:
            unit = "px" if name == "size" else ""
            declared.append(f"{property_}:{colours.get(value, value)}{unit}")
    if rule.dash is not None:
        declared.append(f"stroke-dasharray:{rule.dash[0]:g} {rule.dash[1]:g}")
    if rule.underline:
        declared.append("text-decoration:underline;text-underline-offset:3px")
    return f".nbgrad .{selector}{{{';'.join(declared)}}}"
