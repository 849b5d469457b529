"""The rules of a picture's look as a style sheet, and the ways in which it follows a theme."""

from __future__ import annotations

from collections.abc import Mapping

from nbgrad.render.scene.style import FONT, RULES, THEMES, Style

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
            *(written(selector, rule, colours) for selector, rule in RULES.items()),
        )
    )


def written(selector: str, rule: Style, colours: Mapping[str, str]) -> str:
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
