"""What a browser does with a picture: a patch applied to an SVG, as picture.py documents it."""

import re
import xml.etree.ElementTree as ET

from nbgrad.picture.output.svg import svg
from nbgrad.picture.scene import NEVER, Group, Map, Scene, Style, StyledScene

SVG = "{http://www.w3.org/2000/svg}"


def inline_svgs(html):
    """The pictures in a page."""
    return re.findall("<svg.*?</svg>", html, re.DOTALL)


def as_elements(picture):
    """Each element by its id: what kind, which attributes, which words, which children."""
    return {e.get("data-id"): frozen(e) for e in ET.fromstring(picture).iter() if e.get("data-id")}


def frozen(element):
    own = [frozen(child) for child in element if not child.get("data-id")]
    attributes = {name: rounded(value) for name, value in element.attrib.items()}
    attributes.pop("data-away", None)
    return element.tag, attributes, (element.text or "").strip(), own


def rounded(value):
    """Coordinates to a tenth: a pill's end is computed in another order."""
    try:
        return round(float(value), 1)
    except ValueError:
        return value


def applied(patch, picture):
    """The elements of an SVG after a patch."""
    root = ET.fromstring(picture)
    found = {e.get("data-id"): e for e in root.iter() if e.get("data-id")}
    for key, changes in patch.items():
        for name, value in changes.items():
            PATCHES[name](found[key], value)
    return as_elements(ET.tostring(root, encoding="unicode"))


def put_text(element, value):
    text = element if element.tag == f"{SVG}text" else element.find(f"{SVG}text")
    text.text = value


def put_class(element, value):
    element.set("class", value)


def put_since(element, value):
    put_or_drop(element, "data-since", value, 0)


def put_until(element, value):
    put_or_drop(element, "data-until", value, NEVER)


def put_or_drop(element, name, value, usual):
    element.attrib.pop(name, None)
    if value != usual:
        element.set(name, str(value))


def put_width(element, value):
    pill = element.find(f"{SVG}rect")
    if pill is None:
        put_or_drop(element, "style", f"stroke-width:{value:g}", "stroke-width:0")
        return
    left, width = float(pill.get("x")), float(pill.get("width"))
    ends = element.find(f"{SVG}text").get("text-anchor") == "end"
    pill.set("x", str(left + width - value if ends else left + (width - value) / 2))
    pill.set("width", str(value))


def put_tint(element, value):
    put_or_drop(element, "style", f"fill-opacity:{value:g}", "fill-opacity:0")


def put_cells(element, value):
    """Cells anew, as a page paints them: `tests/browser/test_maps.py` holds the two together."""
    frame = element.find(f"{SVG}rect")
    x, y, width, height = (float(frame.get(name)) for name in ("x", "y", "width", "height"))
    columns = int(element.get("data-columns"))
    rows = len(value) // columns
    cell = Map("m", x, y, rows, columns, width / columns, height / rows if rows else 0)
    style = Style(element.find(f"{SVG}text").text or "", element.get("class"), cells=tuple(value))
    scene = StyledScene(Scene(1, 1, Group("all", (cell,))), {"m": style}, 1)
    painted = ET.fromstring(svg(scene)).find(f".//{SVG}g[@class='cells']")
    element[list(element).index(element.find(f"{SVG}g"))] = painted


def put_title(element, value):
    title = element.find(f"{SVG}title")
    if title is not None:
        element.remove(title)
    if value:
        title = ET.Element(f"{SVG}title")
        title.text = value
        element.insert(0, title)


PATCHES = {
    "text": put_text,
    "class": put_class,
    "since": put_since,
    "until": put_until,
    "width": put_width,
    "tint": put_tint,
    "cells": put_cells,
    "title": put_title,
}
