"""What a reader sees is what somebody has looked at and approved.

The files in `approved/` list what is to be seen in six small graphs, in every layout, and at one
step in the middle; and the rules of both themes. One line is one element: its class, the step it
shows from, its places in whole pixels, of which two
more or less make no difference, its words.

To approve what is drawn now, look at the pictures that the failures name, and then

    NBGRAD_APPROVE=1 python3 go.py test tests/picture/test_approved_pictures.py

writes the listings anew (each such test is skipped, and says so); `git diff` shows once more what
has changed. Where CI is set, nothing can be approved.
"""

import difflib
import os
from pathlib import Path

import pytest
import scenes
from listing import listing, settled

from nbgrad.picture.output.svg import sheet
from nbgrad.picture.theme import THEMES

APPROVED = Path(__file__).parent / "approved"
MOST_LINES = 40
MIDDLE = 11  # of two contributions to x, one has come

PICTURES = {
    f"{scene.__name__}.{layout}": (scene, {"layout": layout}, None)
    for scene in scenes.SCENES
    for layout in scenes.LAYOUTS
} | {
    "textbook.overlay.half-way": (scenes.textbook, {}, MIDDLE),
    "textbook.tape.half-way": (scenes.textbook, {"layout": "tape"}, MIDDLE),
}


def seen(folder, scene, options, k=None):
    """The picture of a scene in a page, after k of its steps or after all; a file to look at."""
    drawing = scenes.drawn(scene, **options)
    drawing = drawing if k is None else drawing.at(k)
    return drawing.svg(), drawing.save(folder / f"{scene.__name__}.svg")


def compare(name, lines, picture):
    """Fail with what differs from the approved listing, or approve what there is now."""
    file = APPROVED / f"{name}.txt"
    before = file.read_text("utf-8").splitlines() if file.exists() else []
    lines = settled(lines, before)
    if lines == before:
        return
    if os.environ.get("NBGRAD_APPROVE") and not os.environ.get("CI"):
        file.write_text("\n".join([*lines, ""]), "utf-8", newline="\n")
        pytest.skip(f"approved {file.name}: have you looked at {picture}?")
    changes = [*difflib.unified_diff(before, lines, "approved", "drawn", n=2, lineterm="")]
    more = [f"… and {len(changes) - MOST_LINES} lines more"] * (len(changes) > MOST_LINES)
    text = "\n".join([*changes[:MOST_LINES], *more])
    pytest.fail(f"{name} is not as approved. Look at {picture}\n{text}", pytrace=False)


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_drawn_as_approved(name, tmp_path):
    text, picture = seen(tmp_path, *PICTURES[name])
    compare(name, listing(text), picture)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_has_the_colours_approved_and_moves_nothing(theme, tmp_path):
    text, picture = seen(tmp_path, scenes.textbook, {"theme": theme})
    compare(f"theme.{theme}", sheet(THEMES[theme]).strip().splitlines(), picture)
    compare("textbook.overlay", listing(text), picture)


def test_nothing_is_approved_that_is_not_drawn():
    names = {*PICTURES, "theme.light", "theme.dark"}
    assert {file.name for file in APPROVED.iterdir()} == {f"{name}.txt" for name in names}
