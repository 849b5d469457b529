"""Every role is readable in both themes, and the theme follows the page."""

import itertools

import named
import pytest

from nbgrad.picture.cards.maps import BEHIND_NUMBER
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.output import Lines, Rectangle, Words, shown_shapes
from nbgrad.picture.output.svg import css
from nbgrad.picture.theme import STYLE_SHEET, THEMES, paint_of

TEXT_ROLES = ("ink", "mute", "value", "adjoint", "local", "stop")
BACKGROUNDS = ("page", "card", "soft")


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def mixed(top, bottom, share):
    """What one sees of a half transparent colour."""
    parts = [(int(top[i : i + 2], 16), int(bottom[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in parts)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("role", "ground"), list(itertools.product(TEXT_ROLES, BACKGROUNDS)))
def test_text_of_every_role_is_readable(theme, role, ground):
    colours = THEMES[theme]
    assert contrast(colours[role], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", ["value", "adjoint"])
def test_a_number_is_readable_on_the_strongest_tint_and_on_a_badge(theme, role):
    colours = THEMES[theme]
    assert (
        contrast(colours["ink"], mixed(colours[role], colours["card"], BEHIND_NUMBER / 100)) >= 4.5
    )
    assert contrast(colours["page"], colours[role]) >= 4.5


PATHS = [role for role in THEMES["light"] if role.startswith("path")]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", PATHS)
def test_the_number_of_a_ribbon_is_readable(theme, role):
    assert contrast(THEMES[theme][role], THEMES[theme]["page"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_text_on_a_halo_is_readable(theme):
    assert contrast(THEMES[theme]["ink"], THEMES[theme]["halo"]) >= 4.5


def grounds_of_texts(styled, colours):
    """Each text with its colour, and the colour that it stands on: of all that lies below it."""
    areas = []
    for shape in shown_shapes(styled, styled.steps + 1):
        if isinstance(shape, Words):
            yield shape, ground_at(middle_of(shape), areas, colours)
        elif shape.paint.is_filled:
            outlines = areas_of(shape)
            areas += [(outline, shape.paint.fill, shape.paint.opacity or 1) for outline in outlines]


def areas_of(shape):
    """The rectangles that a shape fills, from corner to corner."""
    if isinstance(shape, Rectangle):
        return [(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)]
    lines = shape.lines if isinstance(shape, Lines) else [shape.points]
    corners = [tuple(zip(*line, strict=True)) for line in lines]
    return [(min(x), min(y), max(x), max(y)) for x, y in corners]


def middle_of(words):
    lift = 0.36 * words.paint.size
    inwards = {"start": 4, "middle": 0, "end": -4}[words.anchor]
    if words.turned:
        return words.x - lift, words.y - inwards
    return words.x + inwards, words.y - lift


def ground_at(point, areas, colours):
    ground, (x, y) = colours["page"], point
    for (left, top, right, bottom), role, opacity in areas:
        if left < x < right and top < y < bottom:
            ground = mixed(colours[role], ground, opacity)
    return ground


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", named.NAMED)
def test_every_text_is_readable_where_it_stands(theme, name):
    colours, trace = THEMES[theme], named.traced(named.NAMED[name])
    for width in (878, 360):
        for words, ground in grounds_of_texts(Drawing.of(trace, width=width).styled, colours):
            # What is faint on purpose, since the reverse pass never comes there, is exempt.
            if words.text.strip() and words.paint.opacity is None:
                least = contrast(colours[words.paint.fill], ground)
                assert least >= 4.5, (words.text, words.paint.fill, ground, round(least, 2))


# Each as a matrix on linear red, green and blue: what is left of a colour (Viénot, 1999).
WITHOUT = {
    "red": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
    "green": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
    "any colour": ((0.2126, 0.7152, 0.0722),) * 3,
}


def seen(colour, without):
    """A colour as someone sees it who lacks one kind of cone, or all."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    mixed = [sum(w * c for w, c in zip(row, linear, strict=True)) for row in WITHOUT[without]]
    encoded = [12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in mixed]
    return "#" + "".join(f"{round(255 * min(max(c, 0), 1)):02x}" for c in encoded)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("without", WITHOUT)
@pytest.mark.parametrize("role", TEXT_ROLES)
def test_text_stays_readable_with_colour_blindness(theme, without, role):
    colours = THEMES[theme]
    assert contrast(seen(colours[role], without), seen(colours["page"], without)) >= 4.5


def cues(classes, part=""):
    """What tells an element apart without its colour: fill or none, dashes, width, weight."""
    rules = paint_of(classes, part)
    return rules.dash, rules.width, rules.weight, rules.fill == "none", rules.underline


def all_differ(things):
    return all(a != b for a, b in itertools.combinations(things, 2))


def test_every_role_of_a_line_has_a_cue_beside_its_colour():
    lines = ("forward", "reverse", "glow", "bar", "ribbon path1")
    assert all_differ([(cues(line), paint_of(line).opacity) for line in lines])
    assert all_differ([cues("lane value"), cues("lane adjoint")])


def test_every_role_of_a_chip_has_a_cue_beside_its_colour():
    states = ("none", "badge", "wait", "")
    adjoints = [f"chip number adjoint {state}" for state in states]
    assert all_differ(
        [(cues(a, "rect"), cues(a, "text"), paint_of(a, "rect").fill) for a in adjoints[:2]]
    )


def test_every_kind_of_card_has_a_cue_beside_its_colour():
    kinds = ("body", "body input", "body stopped", "body unreached")
    assert all_differ([cues(kind) for kind in kinds])


def test_ribbons_differ_in_their_dashes():
    assert all_differ([paint_of(f"ribbon {path}").dash for path in PATHS])


@pytest.mark.parametrize("theme", THEMES)
def test_lines_stand_out_from_the_page(theme):
    colours = THEMES[theme]
    for role in ("value", "adjoint", "local", "stop"):
        assert contrast(colours[role], colours["page"]) >= 3


def test_no_text_is_smaller_than_eleven_pixels():
    assert min(rule.size for rule in STYLE_SHEET.values() if rule.size is not None) >= 11


def test_rules_name_only_colours_that_both_themes_have():
    named = {c for rule in STYLE_SHEET.values() for c in (rule.fill, rule.stroke)} - {None, "none"}
    assert all(named <= colours.keys() for colours in THEMES.values())
    assert THEMES["light"].keys() == THEMES["dark"].keys()


def test_a_rule_for_more_classes_wins():
    assert paint_of("body").stroke == "line"
    assert paint_of("body input").stroke == "value"
    assert paint_of("chip number adjoint none", "text").fill == "mute"


def test_the_style_sheet_keeps_to_itself_and_follows_the_page():
    sheet = css()
    assert '[data-jp-theme-light="false"]' in sheet
    assert "prefers-color-scheme:dark" in sheet
    selectors = [line.partition("{")[0] for line in sheet.splitlines() if "{" in line]
    assert all(".nbgrad" in s or s.startswith("@media") for s in selectors)
