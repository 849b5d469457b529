"""An SVG file as lines to be read: what is to be seen in it, where, and in which class.

Left out is what nobody sees (what is away at this step, what only hovering tells), and every
digit beyond a pixel. `@7` says that a thing shows from the seventh step on.
"""

import re
import xml.etree.ElementTree as ET
from difflib import SequenceMatcher

SVG = "{http://www.w3.org/2000/svg}"
PIXELS = re.compile(r"-?\d+(?=[,×])|(?<=[,×])-?\d+")
SLACK = 2
UNSEEN = {f"{SVG}{tag}" for tag in ("title", "desc", "style")}


def listing(svg):
    """Its size and its title, and each visible element in the order in which they are painted."""
    root = ET.fromstring(svg)
    size = "×".join(whole(root.get(side)) for side in ("width", "height"))
    return [f"{size}  “{root.findtext(f'{SVG}title')}”", *inside(root)]


def settled(lines, approved):
    """The lines; wherever they are no more than SLACK pixels away, as they were approved.

    Since Python 3.12 `sum` may give another last bit, and then half a pixel rounds the other way.
    """
    now, before = ([skeleton(line) for line in each] for each in (lines, approved))
    result = [*lines]
    for old, new, size in SequenceMatcher(None, before, now, False).get_matching_blocks():
        for shift in range(size):
            was = approved[old + shift]
            if is_near(lines[new + shift], was):
                result[new + shift] = was
    return result


def skeleton(line):
    """A line without its numbers of pixels; those in words stay."""
    places, quote, words = line.partition("“")
    return PIXELS.sub("#", places) + quote + words


def is_near(line, other):
    one, two = (map(int, PIXELS.findall(each.partition("“")[0])) for each in (line, other))
    return all(abs(a - b) <= SLACK for a, b in zip(one, two, strict=True))


def inside(group):
    for element in group:
        if element.tag in UNSEEN or is_away(element):
            continue
        if element.tag != f"{SVG}g":
            yield from line(element, [element])
        elif not element.findall("./*[@data-id]"):  # a chip, an arrow, a cell
            yield from line(element, [part for part in element if part.tag not in UNSEEN])
        elif key := element.get("data-node") or element.get("data-edge"):
            lines = [f"  {each}" for each in inside(element)]
            yield from [f"{element.get('class')} {key}", *lines] if lines else []
        else:
            yield from inside(element)


def is_away(element):
    return element.get("data-away") is not None or "off" in element.get("class", "").split()


def line(thing, parts):
    """A rectangle, a line, a text, or what is made of several, in one line."""
    classes, since = thing.get("class", ""), thing.get("data-since")
    places = list(filter(None, (place(part, classes) for part in parts)))
    styles = {each.get("style", "") for each in (thing, *parts)}
    paint = re.findall(r"(?:stroke-width|fill-opacity):[\d.]+", ";".join(sorted(styles)))
    if places:
        yield "  ".join([classes, *([f"@{since}"] if since else []), *places, *paint])


def place(part, classes):
    """Where a rectangle, a line or a text is, and its words; "" where nothing is to be seen."""
    name = f"{part.get('class')} " if part.get("class", classes) != classes else ""
    if part.tag == f"{SVG}g":  # the cells of a map: how many there are of each tint
        return " ".join(f"{p.get('fill-opacity')}×{p.get('d').count('M')}" for p in part)
    if path := part.get("d"):
        return name + " | ".join(" ".join(map(at, points(each))) for each in path.split("M")[1:])
    corner = at((part.get("x", 0), part.get("y", 0)))
    if part.tag == f"{SVG}text":
        words = "".join(part.itertext())
        return words and f"{part.get('text-anchor', 'start')} {corner} “{words}”"
    if "%" in part.get("width"):
        return "everywhere"
    return f"{name}{corner} {whole(part.get('width'))}×{whole(part.get('height'))}"


def points(stroke):
    """The points on a stroke, without those that only bend it."""
    start, *rest = (pair.split(",") for pair in re.findall(r"[-\d.]+,[-\d.]+", stroke))
    return [start, *(rest[2::3] if "C" in stroke else rest)]


def at(point):
    return ",".join(map(whole, point))


def whole(number):
    return str(round(float(number)))
