"""The README's moving picture: a stop is closed, and what came over one path no longer comes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbgrad as tf
from course.lessons import ROOT, say

PICTURE = ROOT / "docs" / "stop.svg"

SAYS = (
    "s = a · b with b = 2 · a, at a = 3. Over both paths the gradient at a is 6 + 6 = 12. "
    "A stop closes behind b, and it is 6."
)
#: A pause, the bar falls, the numbers follow, a pause. Whoever wants no motion sees the end.
STYLE = """
.open{animation:open 9s infinite}
.closed{animation:closed 9s infinite}
.falling{animation:falling 9s infinite;transform-box:fill-box;transform-origin:top}
@keyframes open{0%,44%{opacity:1}48%,94%{opacity:0}100%{opacity:1}}
@keyframes closed{0%,44%{opacity:0}48%,94%{opacity:1}100%{opacity:0}}
@keyframes falling{0%,30%{transform:scaleY(0)}35%,48%{transform:none;opacity:1}49%,100%{opacity:0}}
@media (prefers-reduced-motion:reduce){
.open,.falling{animation:none;opacity:0}.closed{animation:none;opacity:1}}
"""


def main(*arguments: str) -> int:
    """Write the picture where the README looks for it, or where the argument says."""
    path = Path(*arguments) if arguments else PICTURE
    path.write_text(moving_picture(), "utf-8")
    say(f"the moving picture is {path}")
    return 0


def moving_picture() -> str:
    """Both pictures above each other, the later one shown when the bar has fallen."""
    before, after = (layer(stopped) for stopped in (False, True))
    found = re.search(r'<g data-id="e2\.1\.stop".*?</g>', after, re.DOTALL)
    assert found, "the picture of a stop has a bar"
    width, height = sizes(after)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{SAYS}" '
        "font-family=\"system-ui, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif\" "
        f'font-size="12" fill="#1b1f24"><title>{SAYS}</title><style>{STYLE}</style>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
        f'<g class="open">{before}</g><g class="falling">{found[0]}</g>'
        f'<g class="closed">{after}</g></svg>\n'
    )


def layer(stopped: bool) -> str:
    """The picture with the stop open or closed, without what is read and not seen."""
    with tf.Graph().as_default():
        a = tf.Variable(3.0, name="a")
        b = tf.multiply(2.0, a, name="b")
        s = tf.multiply(a, b, name="s")
        drawn = tf.draw(s, [a], stop_gradients=[b] if stopped else None)
        svg = str(drawn.writers()[".svg"]())
    return re.sub(r"<(title|desc)>.*?</\1>", "", svg, flags=re.DOTALL)


def sizes(svg: str) -> tuple[int, int]:
    """The width and height that an svg element says it has."""
    width, height = re.findall(r'<svg [^>]*viewBox="0 0 (\d+) (\d+)"', svg)[0]
    return int(width), int(height)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
