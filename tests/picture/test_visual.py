"""Nothing lies on anything: many pictures as a browser displays them, at three widths.

A picture is looked at as it is at every step at once. `visual.LOOKS` lists the mistakes that are
looked for; the first tests prove that each is found. Where a picture has findings, its name is a
key of `GRAPHS`: `drawn("neuron", 878)` is that picture.
"""

from functools import cache

import generated
import named
import pytest
import real_losses
import scenes
import traces
from marks import Shown, estimated, looked_at, shown
from visual import LOOKS, findings, told

from nbgrad.picture.drawing import Drawing
from nbgrad.picture.output.svg import css

WIDTHS = (878, 640, 360)
SIZES = (1e-9, 1e-3, 0.0, 1.0, -7.25, 99_999.0, 1e5, 1e12)

GRAPHS = {
    **{f"scene {scene.__name__}": lambda s=scene: named.traced(s) for scene in scenes.SCENES},
    **{name: lambda b=build: named.traced(b) for name, build in named.NAMED.items()},
    **{f"loss {name}": lambda n=name: real_losses.trace_of(n) for name in real_losses.LOSSES},
    **{
        f"generated {seed}, {generated.kind_of(seed)}": lambda s=seed: generated.traced(s)
        for seed in range(generated.HOW_MANY)
    },
}


@cache
def trace(name):
    return GRAPHS[name]()


@cache
def drawn(name, width):
    return Drawing.of(trace(name), width=width)


# Every kind of mistake is found -----------------------------------------------------------------

CARD = '<g data-node="{0}"><rect data-id="{0}.body" class="body" {1} width="60" height="40"/></g>'
ROAD = '<g data-edge="e1.0"><path data-id="e1.0.{0}" d="{1}" fill="none" stroke="blue"/></g>'
CAPTION = '<g data-edge="e2.0"><text data-id="e2.0.local" x="20" y="40">∂a/∂x = 3</text></g>'
LEFT, MIDDLE, RIGHT = 'x="0" y="30"', 'x="70" y="30"', 'x="140" y="30"'
ONE, TWO = '<text x="20" y="40">one</text>', '<text x="30" y="44">two</text>'

BAD = {
    "text over text": ONE + TWO,
    "line through text": ONE + '<path d="M0,36 H90" stroke="red"/>',
    "text on another card": CARD.format("n1", 'x="10" y="15" style="width:100px"') + CAPTION,
    "road over card": ROAD.format("forward", "M10,50 C80,50 120,50 190,50")
    + CARD.format("n0", MIDDLE),
    "road through a frame": '<rect class="ladder" x="50" y="30" width="90" height="50"/>'
    + ROAD.format("forward", "M10,50 H190"),
    "lanes that touch": ROAD.format("forward", "M10,20 L190,80")
    + ROAD.format("reverse", "M190,20 L10,80"),
    "roads on each other": ROAD.format("forward", "M10,50 H190")
    + ROAD.replace("e1.0", "e2.0").format("forward", "M50,50.5 H120"),
    "small text": '<g transform="scale(.5)"><text x="20" y="80" font-size="20">one</text></g>',
    "outside the frame": '<text x="150" y="50">much too long</text>',
    "card over card": CARD.format("n0", MIDDLE) + CARD.format("n1", 'x="110" y="60"'),
    "text wider than its box": '<rect x="20" y="20" width="30" height="30"/>'
    '<text x="10" y="40">too wide</text>',
}
GOOD = {
    "what never shows": f'<g class="off">{ONE}</g>{TWO}',
    "what shows one after the other": f'<g data-until="3">{ONE}</g>'
    f'<g data-since="3" data-away="">{TWO}</g>',
    "what is transparent": f'<g opacity="0">{ONE}</g>{TWO}',
    "a road between its cards": CARD.format("n1", LEFT)
    + ROAD.format("forward", "M60,50 H140")
    + CARD.format("n2", RIGHT),
    "a line behind a card": ROAD.format("other", "M10,50 H190")
    + CARD.format("n1", MIDDLE)
    + '<g data-node="n1"><text x="90" y="56">one</text></g>',
}
SHEET = """
.off, [data-away]:not(.road) { visibility: hidden }
text { font: 14px sans-serif }
.body { fill: white }
"""


def by_hand(inside):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">{inside}</svg>'
    return Shown(svg, 300, {"e1.0": ("n1", "n2"), "e2.0": ("n5", "n6")})


def found_in(browser, *insides):
    return [findings(each) for each in looked_at(browser, map(by_hand, insides), SHEET)]


def test_each_kind_of_mistake_is_found_and_nothing_else(browser):
    found = found_in(browser, *BAD.values(), *GOOD.values())
    kinds = [{each.kind for each in one} for one in found]
    assert kinds == [{kind} for kind in BAD] + [set() for _ in GOOD]
    assert BAD.keys() == LOOKS.keys()


def test_a_finding_says_what_lies_on_what(browser):
    on_road = CAPTION + ROAD.format("forward", "M0,36 H90").replace("<path", '<path class="road"')
    step_by_step = on_road.replace("<path", '<path data-since="7"')
    # A road is never hidden, not even before its step.
    before_its_step = step_by_step.replace("<text", '<text data-until="7"')
    words = "line through text: caption “∂a/∂x = 3” (e2.0.local) lies over the road e1.0.forward"
    found = found_in(browser, on_road, step_by_step, before_its_step)
    assert [list(map(str, each)) for each in found] == [[words]] * 3


# And none is made -------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_pictures_are_clean_in_a_browser(browser, width):
    pictures = looked_at(browser, (shown(drawn(name, width), width) for name in GRAPHS), css())
    told_of = [told(name, findings(each)) for name, each in zip(GRAPHS, pictures, strict=True)]
    assert not any(told_of), "\n".join(filter(None, told_of))


@pytest.mark.parametrize("width", WIDTHS)
def test_pictures_are_clean_by_estimate(width):
    told_of = [told(name, findings(estimated(drawn(name, width), width))) for name in GRAPHS]
    assert not any(told_of), "\n".join(filter(None, told_of))


def scene_of(one, width):
    # A legend says what these numbers have.
    return Drawing.of(one, width=width, legend=False).scene


@pytest.mark.parametrize("width", WIDTHS)
def test_no_number_moves_a_card(width):
    usual = scene_of(traces.textbook(), width)
    for size in SIZES:
        seeded = traces.textbook(seed=size), traces.textbook(size, -size), traces.textbook(3, size)
        assert [scene_of(each, width) for each in seeded] == [usual] * 3
        weighed = traces.two_outputs((size, -size)), traces.two_outputs((1.0, size))
        one, other = (scene_of(each, width) for each in weighed)
        assert one == other


@pytest.mark.parametrize("width", WIDTHS)
def test_no_number_moves_a_map(width):
    usual = scene_of(traces.matrices(), width)
    for size in SIZES:
        assert scene_of(traces.matrices(size), width) == usual
