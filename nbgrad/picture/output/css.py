"""The style sheets of pictures, and of the other results that show themselves on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nbgrad.picture.theme import FAINT, FONT, STYLE_SHEET, THEMES, Paint, Theme

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

# What tables and derivations have in common; a notebook has rules of its own for tables.
RESULT = """
.nb-result{padding:.6em .9em;font:14px/1.5 system-ui,sans-serif;overflow-x:auto}
.nb-result table{border-collapse:collapse;margin:0 0 .8em;background:transparent;
  color:inherit}
.nb-result caption{text-align:left;font-weight:650;padding:.2em 0}
.nb-result th,.nb-result td{text-align:right;padding:.25em .9em;border:0;
  border-bottom:1px solid var(--nb-line);font-variant-numeric:tabular-nums;
  background:transparent}
.nbgrad.nb-result tr:nth-child(n){background:transparent}
.nb-result th{font-weight:400;color:var(--nb-mute)}
.nb-result tr>:first-child{text-align:left}
.nb-result tfoot td{font-weight:700;border-bottom:0}
.nb-result .sides{margin:0}
.nb-result .side{display:inline-flex;flex-wrap:wrap;align-items:baseline;max-width:100%;
  margin-right:.5em}
.nb-result math{font-size:16px;padding:.22em 0}
.nb-result mfrac{padding:0 .12em}
.nb-result mfrac>*{padding:.1em 0}
.nb-result .matrix{padding:.1em .3em;margin:0 .15em;border:solid currentColor;border-width:0 1.4px;
  background:linear-gradient(currentColor 0 0) 0 0/.3em 1.4px no-repeat,
  linear-gradient(currentColor 0 0) 100% 0/.3em 1.4px no-repeat,
  linear-gradient(currentColor 0 0) 0 100%/.3em 1.4px no-repeat,
  linear-gradient(currentColor 0 0) 100% 100%/.3em 1.4px no-repeat}
.nb-result s{text-decoration-color:var(--nb-stop)}
.nb-result s+em{color:var(--nb-stop);font-style:normal}
"""


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


def table_element(heads: Iterable[str], rows: str, caption: str = "", foot: str = "") -> str:
    """A table, of which everything but the heads of its columns is HTML in rows."""
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    title = f"<caption>{caption}</caption>" if caption else ""
    end = f"<tfoot>{foot}</tfoot>" if foot else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{end}</table>"


def themed(theme: Theme) -> str:
    """The attribute of an element that has a theme of its own."""
    return "" if theme == "auto" else f' data-theme="{theme}"'


def variables(theme: str) -> str:
    """The colours of a theme as custom properties."""
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
    if paint.decoration:
        found["text-decoration"] = paint.decoration
    return found
