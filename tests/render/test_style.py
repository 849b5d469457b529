"""Every role is readable in both themes, and the theme follows the page."""

import itertools

import pytest

from nbgrad.render.css import css
from nbgrad.render.style import RULES, THEMES, TINT, style

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
    assert contrast(colours["ink"], mixed(colours[role], colours["card"], TINT)) >= 4.5
    assert contrast(colours["page"], colours[role]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_lines_stand_out_from_the_page(theme):
    colours = THEMES[theme]
    for role in ("value", "adjoint", "local", "stop"):
        assert contrast(colours[role], colours["page"]) >= 3


def test_no_text_is_smaller_than_eleven_pixels():
    assert min(rule.size for rule in RULES.values() if rule.size is not None) >= 11


def test_rules_name_only_colours_that_both_themes_have():
    named = {c for rule in RULES.values() for c in (rule.fill, rule.stroke)} - {None, "none"}
    assert all(named <= colours.keys() for colours in THEMES.values())
    assert THEMES["light"].keys() == THEMES["dark"].keys()


def test_a_rule_for_more_classes_wins():
    assert style("body").stroke == "line"
    assert style("body input").stroke == "value"
    assert style("chip number adjoint none", "text").fill == "mute"


def test_the_style_sheet_keeps_to_itself_and_follows_the_page():
    sheet = css()
    assert '[data-jp-theme-light="false"]' in sheet
    assert "prefers-color-scheme:dark" in sheet
    selectors = [line.partition("{")[0] for line in sheet.splitlines() if "{" in line]
    assert all(".nbgrad" in s or s.startswith("@media") for s in selectors)
