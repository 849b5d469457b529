"""A scene that shows each class of the style sheet on each kind of element, in every state."""

from nbgrad.picture.scene import (
    INFINITE,
    Bar,
    Box,
    Chip,
    Curve,
    Group,
    Map,
    Scene,
    Style,
    StyledScene,
    Text,
    straight,
)
from nbgrad.picture.theme import STYLE_SHEET

CLASSES = tuple(
    dict.fromkeys(selector.partition(">")[0].replace(".", " ") for selector in STYLE_SHEET)
)
CELLS = (92, -92, 40, -40, 6, -6, 0, None, INFINITE, -INFINITE)
STATES = {"": {}, " road": {"since": 99}, " off": {}, " late": {"since": 99}}  # steps never come


def swatches():
    """The scene with its styles, in one row for each class and state."""
    elements, styles, y = [], {}, 0
    for classes in CLASSES:
        for state, when in STATES.items():
            row = kinds(f"{classes}{state}", y)
            elements += row
            for element in row:
                width = 30 if isinstance(element, Chip) else 0
                styles[element.id] = Style(
                    "−1.5", classes + state, width=width, cells=CELLS, **when
                )
            y += 40
    return StyledScene(Scene(560, y, Group("all", tuple(elements))), styles, 5, "swatches")


def kinds(key, y):
    """One element of each kind."""
    places = {
        "right": straight((10, y + 10), (50, y + 10)),
        "left": straight((50, y + 20), (10, y + 20)),
        "down": straight((60, y + 5), (60, y + 35)),
        "up": straight((70, y + 35), (70, y + 5)),
        "bent": ((80, y + 5), (100, y + 5), (100, y + 30), (120, y + 30)),
    }
    heads = ("filled", "open", "filled", "open", "")
    return [
        *(
            Curve(f"{key}.{name}", points, key, head)
            for head, (name, points) in zip(heads, places.items(), strict=True)
        ),
        Box(f"{key}.box", 130, y + 4, 50, 30, 5, key),
        Box(f"{key}.leaf", 190, y + 4, 50, 30, 5, key, 14),
        Text(f"{key}.text", 250, y + 20, "x_1", key, tail=" = a"),
        Text(f"{key}.end", 340, y + 20, "x_1", key, "end"),
        Bar(f"{key}.bar", 355, y + 20, 22, key),
        Chip(f"{key}.chip", 400, y + 20, 17, "middle", "1", key, 30),
        Map(f"{key}.map", 440, y + 4, 2, 5, 14, 14, key),
        Map(f"{key}.tall", 520, y + 2, 5, 2, 7, 7, key),
    ]
