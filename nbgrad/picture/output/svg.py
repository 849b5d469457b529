"""A scene as SVG text: to be shown in a page, or to be a file of its own.

A `Form` says how it is written. For a page that restyles it, every element has its id as `data-id`,
its classes, and where they differ from "always", `data-since` and `data-until`; what does not show
at the chosen step carries `data-away`. For everywhere else, only what shows is written, and every
colour and size is an attribute, which needs no style sheet and gives way to one. There is no
script, no `id` that could meet another picture's, and nothing that only a browser understands.

To apply a style `{name: value}` to what is on a page, find the element by its `data-id`:

=====  =================================================================================
text   set the text of the `<text>` that it is or has; see `output.map_text` for a map
class  set its class
since  set `data-since` or `data-until`, and then `data-away` on what no longer shows
until
width  of what has a `<rect>`: set the rect's width and move its x, by half of the change, or
       by all of it where the `<text>` has `text-anchor="end"`; else the stroke's width
tint   set its `fill-opacity`; none where it is 0
cells  paint what is in its `<g class="cells">` anew: the `<rect>` beside it is as large as all
       cells together, of which `data-columns` make a row. One path for each tint, with its
       `fill-opacity`, and one for each class of lines; see `output.map_parts`
title  set its `<title>`, the first child; take it away where it is empty
=====  =================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from html import escape as escape_html
from typing import NamedTuple

from nbgrad.picture.output import (
    MIDDLE,
    Line,
    Words,
    arrow,
    bar_lines,
    decimal,
    lines_along,
    map_parts,
    map_text,
    pill,
    rounded,
)
from nbgrad.picture.scene import (
    NEVER,
    Bar,
    Box,
    Chip,
    Curve,
    Element,
    Group,
    Map,
    Point,
    Style,
    StyledScene,
    Text,
)
from nbgrad.picture.theme import (
    FAINT,
    FONT,
    LINES,
    SMALL,
    STYLE_SHEET,
    THEMES,
    Paint,
    Theme,
    paint_of,
)

DY = f"{MIDDLE:.2f}em".lstrip("0")  # sets a text of any size in the middle of its pill or tile


#: XML takes no control characters but tabs and ends of lines: their pictures stand for them.
CONTROL_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}


class Form(NamedTuple):
    """How a picture is written.

    The `theme` is of the colours that are attributes; without one, a style sheet has them, and what
    does not show is there as well.
    """

    theme: str = ""
    alone: bool = False  # a file, on a ground of its own, for programs that know little
    named: bool = True  # with ids and classes, and words to hover and for a screen reader


PAGE = Form()


def svg(
    styled: StyledScene, *, k: int | None = None, description: str = "", form: Form = PAGE
) -> str:
    """A styled scene as an `<svg>` element, by default for a page that has the style sheet.

    It is shown after `k` steps; by default after all, with no step at work.
    """
    size = styled.scene.width, styled.scene.height
    k = styled.steps + 1 if k is None else k
    inside = Writer(styled, k, form).element(styled.scene.root)
    names = f'aria-roledescription="computation graph" data-steps="{styled.steps}"'
    return document(inside, size, form, styled.title, description, names)


def document(
    inside: str, size: Point, form: Form, title: str, description: str, names: str, kind: str = ""
) -> str:
    """An `<svg>` element around others; on a ground of its own, where it is alone.

    It has whole pixels: a browser would round others, and scale all of it by a trifle.
    """
    width, height = map(math.ceil, size)
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
    opening += f' width="{width}" height="{height}"'
    if form.named:
        title = escape(title)
        opening += f' class="nbgrad-picture{kind}" role="graphics-document"'
        opening += f' {names} aria-label="{title}"'
        words = f"<desc>{escape(description)}</desc>" if description else ""
        inside = f"<title>{title}</title>{words}{inside}"
    if form.theme:
        colours, font = THEMES[form.theme], FONT.replace('"', "'")
        opening += f' font-family="{font}" font-size="{SMALL:g}" fill="{colours["ink"]}"'
        if form.alone:
            page = f'<rect width="{width}" height="{height}" fill="{colours["page"]}"/>'
            inside = page + inside
    return f"{opening}>{inside}</svg>"


def escape(text: str) -> str:
    return escape_html(text.translate(CONTROL_PICTURES))


def html(styled: StyledScene, *, k: int | None = None, description: str = "", theme: Theme) -> str:
    """An HTML fragment, with the style sheet that makes it follow the page's theme.

    Beside the picture is its twin, an `<img>` in the colours of a file. Where a sanitiser takes
    the style sheet or the `<svg>` away, the twin shows, and what is left of the picture does not.
    """
    colours = "dark" if theme == "dark" else "light"
    picture = svg(styled, k=k, description=description, form=Form(colours))
    twin = svg(styled, k=k, form=Form(colours, alone=True, named=False))
    words = escape(description or styled.title)
    codes = {ord(sign): f"%{ord(sign):02X}" for sign in "%#<>&"}
    url = twin.replace("'", "&#39;").replace('"', "'").translate(codes)
    source = f"data:image/svg+xml;charset=utf-8,{url}"
    return inline(picture, f'<img class="nb-twin" alt="{words}" src="{source}">', theme)


def inline(pictures: str, twin: str, theme: Theme) -> str:
    """Pictures in a page, and their twin for where they do not survive."""
    return (
        f'<div class="nbgrad"{themed(theme)} style="overflow-x:auto">'
        f'<div class="nb-inline" hidden style="display:none"><style>{css()}</style>{pictures}</div>'
        f"{twin}</div>"
    )


@cache
def look(classes: str, part: str, theme: str, faint: bool) -> str:
    paint = paint_of(classes, part)
    return paint_attributes(replace(paint, opacity=None) if faint else paint, theme)


def paint_attributes(paint: Paint, theme: str) -> str:
    """A paint as attributes, of which programs know no weight by its number."""
    found = properties(paint, THEMES[theme])
    weight = found.pop("font-weight", None)
    if weight:
        found["font-weight"] = "bold" if paint.is_bold else "normal"
    if found.get("font-size") == f"{SMALL:g}":
        del found["font-size"]
    return "".join(f' {name}="{value}"' for name, value in found.items())


class Writer:
    """Writes the elements of a scene, as they are after `k` steps."""

    def __init__(self, styled: StyledScene, k: int, form: Form) -> None:
        self.styled = styled
        self.k = k
        self.form = form

    def element(self, element: Element) -> str:
        style = self.styled.style_of(element)
        strength = style.strength(self.k)
        if self.form.theme and not strength:
            return ""
        head = self.attributes(element, style, strength)
        title = f"<title>{escape(style.title)}</title>" if style.title and self.form.named else ""
        paint = self.look(style)
        match element:
            case Group():
                inner = "".join(map(self.element, element.children))
                return f"<g{head}{self.group(element)}>{title}{inner}</g>" if inner else ""
            case Text():
                return self.text(element, style, head)
            case Box():
                tint = f' style="fill-opacity:{decimal(style.tint)}"' if style.tint else ""
                if element.left:
                    return f'<path{head}{paint}{tint} d="{path(rounded(element))}"/>'
                radius = f' rx="{decimal(element.radius)}"' if element.radius else ""
                return f"<rect{head}{paint}{tint} {rectangle(*element[1:5])}{radius}/>"
            case Curve():
                return self.curve(element, style, head + paint)
            case Bar():
                strokes, slants = map(polylines, bar_lines(element))
                hatch = self.part(style, ".hatch")
                return f'<g{head}{paint}><path d="{strokes}"/><path{hatch} d="{slants}"/></g>'
            case Chip():
                return self.chip(element, style, head, title)
            case Map():
                return self.map(element, style, head, title)

    def look(self, style: Style, part: str = "") -> str:
        if not self.form.theme:
            return ""
        faint = not part and style.strength(self.k) < 1
        return look(style.classes, part, self.form.theme, faint)

    def part(self, style: Style, selector: str) -> str:
        """The class of a part of an element, and its paint."""
        paint, name = self.look(style, selector), selector.rpartition(".")[2]
        return f' class="{name}"{paint}' if self.form.named else paint

    def attributes(self, element: Element, style: Style, strength: float) -> str:
        """The attributes of every element: its id, its classes, and when it shows."""
        parts = ""
        if self.form.named:
            parts += f' data-id="{escape(element.id)}"'
            parts += f' class="{style.classes}"' if style.classes else ""
        if not self.form.theme:
            parts += f' data-since="{style.since}"' if style.since else ""
            parts += f' data-until="{style.until}"' if style.until != NEVER else ""
        if self.form.named and not style.since <= self.k < style.until:
            parts += ' data-away=""'
        if self.form.theme and strength < 1:
            parts += f' opacity="{strength}"'
        return parts

    def group(self, group: Group) -> str:
        """The node or edge of a group; a card is a part of the picture with a name."""
        node = f' data-node="{escape(group.node)}" role="graphics-symbol"' if group.node else ""
        edge = f' data-edge="{escape(group.edge)}"' if group.edge else ""
        return (node or edge) if self.form.named else ""

    def text(self, text: Text, style: Style, head: str) -> str:
        """A line of text, and its tail; in a file, the lines along it are drawn."""
        if self.form.theme and not style.text and not text.tail:
            return ""
        look, lines = self.look(style), ""
        paint = paint_of(style.classes)
        if self.form.alone and paint.lines:
            theme = self.form.theme
            look = paint_attributes(replace(paint, opacity=None, **dict.fromkeys(LINES)), theme)
            along, pen = lines_along(Words(text.x, text.y, style.text, paint, text.anchor))
            lines = f'<path{paint_attributes(pen, theme)} d="{polylines(along)}"/>'
        anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
        tail = ""
        if text.tail:
            if self.form.alone:  # rsvg would take away the space before the tail
                head += ' xml:space="preserve"'
            name = ' class="tail"' * self.form.named
            look_of_tail = self.look(Style(classes="tail"))
            tail = f"<tspan{name}{look_of_tail}>{escape(text.tail)}</tspan>"
        head += f"{look} {corner(text.x, text.y)}{anchor}"
        return f"<text{head}>{escape(style.text)}{tail}</text>{lines}"

    def curve(self, curve: Curve, style: Style, head: str) -> str:
        """The line, and its arrow head as a second path."""
        width = f' style="stroke-width:{decimal(style.width)}"' if style.width else ""
        if not curve.head:
            return f'<path{head} d="{path(curve.points)}"{width}/>'
        line, tip = arrow(curve)
        part = self.part(style, ".head")
        return f'<g{head}{width}><path d="{path(line)}"/><path{part} d="{polylines([tip])}"/></g>'

    def chip(self, chip: Chip, style: Style, head: str, title: str) -> str:
        """A text on its pill; `dy` keeps it in the middle whatever its size."""
        if self.form.theme and not style.text:
            return ""
        outline = paint_of(style.classes, "rect")
        bare = self.form.theme and not outline.is_filled and not outline.is_drawn
        sides = f'{rectangle(*pill(chip, style))} rx="{decimal(chip.height / 2)}"'
        rect = "" if bare else f"<rect{self.look(style, 'rect')} {sides}/>"
        words = f'{corner(chip.x, chip.y)} dy="{DY}" text-anchor="{chip.anchor}"'
        text = f"<text{self.look(style, 'text')} {words}>{escape(style.text)}</text>"
        return f"<g{head}>{title}{rect}{text}</g>"

    def map(self, element: Map, style: Style, head: str, title: str) -> str:
        """The cells of a map in a group, its frame, and the number that it holds everywhere."""
        cells = ""
        for part, tint, lines in map_parts(element, style):
            tinted = f' fill-opacity="{decimal(tint)}"'
            paint = self.part(style, f".cells>.{part}") if part else tinted
            cells += f'<path{paint} d="{polylines(lines)}"/>'
        columns = "" if self.form.theme else f' data-columns="{element.columns}"'
        group = self.part(style, ".cells")
        frame = rectangle(element.x, element.y, element.width, element.height)
        x, y, turned = map_text(element, style.text)
        turn = f' transform="rotate(-90 {decimal(x)} {decimal(y)})"' if turned else ""
        middle = f'{corner(x, y)} dy="{DY}" text-anchor="middle"{turn}'
        text = f"<text{self.look(style, 'text')} {middle}>{escape(style.text)}</text>"
        return (
            f"<g{head}{columns}>{title}<g{group}>{cells}</g><rect{self.look(style, 'rect')}"
            f" {frame}/>{'' if self.form.theme and not style.text else text}</g>"
        )


def corner(x: float, y: float) -> str:
    return f'x="{decimal(x)}" y="{decimal(y)}"'


def rectangle(x: float, y: float, width: float, height: float) -> str:
    return f'{corner(x, y)} width="{decimal(width)}" height="{decimal(height)}"'


def path(points: Iterable[Point]) -> str:
    start, *rest = (f"{decimal(x)},{decimal(y)}" for x, y in points)
    return f"M{start} C{' '.join(rest)}"


def polylines(lines: Iterable[Line]) -> str:
    return "".join("M" + " ".join(f"{decimal(x)},{decimal(y)}" for x, y in line) for line in lines)


PROPERTIES = {
    "fill": "fill",
    "stroke": "stroke",
    "width": "stroke-width",
    "opacity": "opacity",
    "size": "font-size",
    "weight": "font-weight",
}

# The roles that a sentence beside a picture colours: `<span class="say-adjoint">`.
SPOKEN = ("value", "adjoint", "local", "stop", "mute")


# A picture keeps its width in a page, which scrolls; on paper, and only there, it shrinks to fit.
# It is hidden until a browser has it whole, and so has no need of its twin (see `svg.html`).
PLACED = """
.nbgrad .nb-inline:has(>svg){display:block!important}
.nbgrad .nb-inline:has(>svg)~.nb-twin{display:none}
.nbgrad .nbgrad-picture{max-width:none}
.nbgrad .nb-page{display:block;margin-bottom:24px;break-after:page}
@media print{
  .nbgrad .nb-page{margin:0}
  .nbgrad{overflow:visible!important}
  .nbgrad .nbgrad-picture{width:auto;height:auto;max-width:100%;max-height:96vh;break-inside:avoid}
}
"""


def css() -> str:
    """The style sheet of every picture on a page: scoped under `.nbgrad`, colours as variables.

    An element `.nbgrad` with `data-theme="light"` or `"dark"` has that theme. Any other follows
    JupyterLab's theme where there is a JupyterLab, and else what the reader's system prefers.
    """
    auto = '.nbgrad:not([data-theme="light"], [data-theme="dark"])'
    light, dark = (variables(name) for name in ("light", "dark"))
    return f"""
.nbgrad{{{light}}}
.nbgrad[data-theme="dark"]{{{dark}}}
@media (prefers-color-scheme:dark){{{auto}{{{dark}}}}}
[data-jp-theme-light="true"] {auto}{{{light}}}
[data-jp-theme-light="false"] {auto}{{{dark}}}
{sheet({role: f"var(--nb-{role})" for role in THEMES["light"]})}"""


def themed(theme: Theme) -> str:
    """The attribute of an element that has a theme of its own."""
    return "" if theme == "auto" else f' data-theme="{theme}"'


def variables(theme: str) -> str:
    named = "".join(f"--nb-{role}:{colour};" for role, colour in THEMES[theme].items())
    return f"{named}color-scheme:{theme}"


def sheet(colours: Mapping[str, str]) -> str:
    """The style sheet of the theme, and the few rules that only a browser needs."""
    return "\n".join(
        (
            f".nbgrad{{background:{colours['page']};color:{colours['ink']}}}",
            f".nbgrad text{{font-family:{FONT};font-variant-numeric:tabular-nums}}",
            PLACED,
            *(f".nbgrad .say-{role}{{color:{colours[role]}}}" for role in SPOKEN),
            ".nbgrad .off,.nbgrad [data-away]:not(.road){visibility:hidden;pointer-events:none}",
            ".nbgrad [data-node]:focus{outline:none}",
            f".nbgrad [data-node]:focus-visible>.body{{stroke:{colours['ink']};stroke-width:3}}",
            *(rule(selector, paint, colours) for selector, paint in STYLE_SHEET.items()),
            f".nbgrad .road[data-away]{{opacity:{FAINT}}}",
        )
    )


def rule(selector: str, paint: Paint, colours: Mapping[str, str]) -> str:
    """One entry of the style sheet as CSS."""
    found = properties(paint, colours)
    if "font-size" in found:
        found["font-size"] += "px"
    if paint.underline:
        found["text-underline-offset"] = "3px"
    declared = ";".join(f"{name}:{value}" for name, value in found.items())
    return f".nbgrad .{selector}{{{declared}}}"


def properties(paint: Paint, colours: Mapping[str, str]) -> dict[str, str]:
    """A paint as CSS calls it, and SVG its attributes."""
    found = {}
    for name, css_name in PROPERTIES.items():
        value = getattr(paint, name)
        if value is not None:
            found[css_name] = colours.get(value, value) if isinstance(value, str) else f"{value:g}"
    if paint.dash is not None:
        # CairoSVG lets "none" inherit dashes; a dash without a gap it does understand.
        on, off = paint.dash if paint.dash[1] else (99, 0)
        found["stroke-dasharray"] = f"{on:g} {off:g}"
    if paint.lines:
        found["text-decoration"] = " ".join(name for name, _ in paint.lines)
    return found
