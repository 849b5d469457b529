"""A look at pictures as a careful reader has it: what lies on what, what is cut, what is too small.

`findings` says what is wrong with a picture at any of its steps, in words that can be acted on:
“caption “∂a/∂x = 3” lies over the road e5.0.forward”. Two marks that never show together never
disturb each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, combinations
from typing import Any, NamedTuple

import numpy as np
from marks import Area, Mark, Picture, is_inside

LEAST_TEXT = 12.0
SIDE, TOP = 1.0, 3.0  # so much of a text's box is empty at its sides, above and below
TOUCHING = 1.8  # the distance of the middles of two lines with hardly a gap between them
CELL = 2.0  # two lines in one such square lie on each other


class Finding(NamedTuple):
    """What is wrong: of which kind, and in words."""

    kind: str
    words: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"


def findings(picture: Picture) -> list[Finding]:
    """Everything that is wrong with a picture at any of its steps."""
    return [Finding(kind, words) for kind, look in LOOKS.items() for words in look(picture)]


def together(a: Mark, b: Mark) -> bool:
    """Whether two marks are ever seen in the same step."""
    return max(a.since, b.since) < min(a.until, b.until)


def shrunk(mark: Mark, side: float = SIDE, top: float = TOP) -> Area:
    left, up, right, down = mark.box
    return left + side, up + top, right - side, down - top


def touching(areas: Sequence[Area], others: Sequence[Area], least: float = 1.0) -> Iterator[Any]:
    """The pairs of areas that overlap by more than `least` in both directions."""
    if not len(areas) or not len(others):
        return
    a, b = np.array(areas)[:, None], np.array(others)[None]
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    yield from np.argwhere((high - low > least).all(-1))


def segments(marks: Sequence[Mark], parts: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Lines as straight segments, x, y, x, y, and which mark each belongs to."""
    pieces = np.concatenate([np.reshape(mark.lines, (-1, 4, 2)) for mark in marks])
    whose = np.repeat(np.arange(len(marks)), [len(mark.lines) for mark in marks])
    is_straight = (pieces[:, 0] == pieces[:, 1]).all(-1) & (pieces[:, 2] == pieces[:, 3]).all(-1)
    t = np.linspace(0, 1, parts + 1)
    weights = np.stack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3])
    points = np.einsum("pkx,kt->ptx", pieces[~is_straight], weights)
    curved = np.concatenate([points[:, :-1], points[:, 1:]], axis=-1).reshape(-1, 4)
    straight = pieces[is_straight][:, [0, 3]].reshape(-1, 4)
    owners = np.concatenate([whose[is_straight], np.repeat(whose[~is_straight], parts)])
    return np.concatenate([straight, curved]), owners


def strokes(marks: Sequence[Mark], areas: Sequence[Area]) -> list[tuple[int, int]]:
    """The pairs of a line and an area that it goes through."""
    if not marks or not areas:
        return []
    ends, whose = segments(marks)
    places = np.array(areas)
    low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
    near = [
        (low[:, None, k] < places[None, :, k + 2]) & (high[:, None, k] > places[None, :, k])
        for k in (0, 1)
    ]
    segment, area = np.nonzero(near[0] & near[1])
    start, along = ends[segment, :2], ends[segment, 2:] - ends[segment, :2]
    along = np.where(np.abs(along) < 1e-9, 1e-9, along)
    enter, leave = ((places[area, k : k + 2] - start) / along for k in (0, 2))
    first = np.minimum(enter, leave).max(-1).clip(min=0)
    last = np.maximum(enter, leave).min(-1).clip(max=1)
    real = (places[area, 2:] > places[area, :2]).all(-1) & (first < last)
    found = zip(whose[segment[real]], area[real], strict=True)
    return sorted({(int(line), int(place)) for line, place in found})


def samples(ends: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Points along segments, at most a step from one to the next, and the segment of each."""
    counts = (np.hypot(*(ends[:, 2:] - ends[:, :2]).T) / step).astype(int) + 2
    t = np.concatenate([np.linspace(0, 1, count) for count in counts])[:, None]
    whose = np.repeat(np.arange(len(ends)), counts)
    return (1 - t) * ends[whose, :2] + t * ends[whose, 2:], whose


def distance(lines: Sequence[Mark], others: Sequence[Mark]) -> float:
    """The pixels between two lines where they are nearest."""
    (ends, _), (over, _) = segments(lines), segments(others)
    points = samples(over, 4)[0][:, None]
    start, along = ends[:, :2], ends[:, 2:] - ends[:, :2]
    length = np.maximum((along**2).sum(-1), 1e-9)
    share = (((points - start) * along).sum(-1) / length).clip(0, 1)[..., None]
    return float(np.hypot(*(points - start - share * along).transpose(2, 0, 1)).min())


def shared_pixels(lines: Sequence[Mark]) -> dict[tuple[int, int], int]:
    """For pairs of lines, the pixels along which one lies on the other."""
    ends, whose = segments(lines)
    points, segment = samples(ends, 1)
    cells = np.unique(np.column_stack([points // CELL, whose[segment]]).astype(int), axis=0)
    in_cell: dict[tuple[int, int], list[int]] = defaultdict(list)
    for x, y, line in cells.tolist():
        in_cell[x, y].append(line)
    counts = Counter(chain.from_iterable(combinations(found, 2) for found in in_cell.values()))
    return {pair: CELL * count for pair, count in counts.items()}


def text_over_text(picture: Picture) -> Iterator[str]:
    texts = picture.texts
    areas = [shrunk(text) for text in texts]
    for i, j in touching(areas, areas):
        if i < j and together(texts[i], texts[j]):
            yield f"{texts[i]} lies over {texts[j]}"


def line_through_text(picture: Picture) -> Iterator[str]:
    texts, lines = picture.texts, picture.lines
    for i, j in strokes(lines, [shrunk(text) for text in texts]):
        if together(lines[i], texts[j]) and not picture.is_covered(lines[i], texts[j]):
            yield f"{texts[j]} lies over {lines[i]}"


def text_on_another_card(picture: Picture) -> Iterator[str]:
    texts, cards = picture.texts, picture.cards
    for i, j in touching([shrunk(t) for t in texts], [shrunk(c, 1, 1) for c in cards]):
        text, card = texts[i], cards[j]
        is_own = text.owner == card.owner or text.key.partition(".")[0] == card.card
        if not is_own and together(text, card):
            yield f"{text} lies on {card}"


def road_over_card(picture: Picture) -> Iterator[str]:
    roads, cards = [line for line in picture.lines if line.is_road], picture.cards
    deep = set(strokes(roads, [shrunk(card, 4, 4) for card in cards]))
    for i, j in strokes(roads, [shrunk(card, 1, 1) for card in cards]):
        road, card = roads[i], cards[j]
        own = card.card in picture.ends.get(road.owner, ())
        if together(road, card) and (not own or (i, j) in deep):
            yield f"{road} runs under {card}{', its own end' if own else ''}"


def road_through_frame(picture: Picture) -> Iterator[str]:
    roads = [line for line in picture.lines if line.is_road]
    frames = [mark for mark in picture.marks if mark.is_frame]
    for i, j in strokes(roads, [shrunk(frame, 1, 1) for frame in frames]):
        ends = set(picture.ends.get(roads[i].owner, ()))
        if ends.isdisjoint(picture.inside(frames[j])):
            yield f"{roads[i]} runs through {frames[j]}"


def lanes_that_touch(picture: Picture) -> Iterator[str]:
    lanes: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for road in picture.lines:
        if road.is_road:
            edge, _, lane = road.key.rpartition(".")
            lanes[edge][lane].append(road)
    for edge, both in lanes.items():
        if len(both) == 2 and (apart := distance(*both.values())) < TOUCHING:
            yield f"the two lanes of {edge} are {apart:.1f} px apart"


def roads_on_each_other(picture: Picture) -> Iterator[str]:
    roads = [line for line in picture.lines if line.is_road]
    for (i, j), pixels in (shared_pixels(roads) if roads else {}).items():
        a, b = roads[i], roads[j]
        sources = [picture.ends.get(road.owner, (road.owner,))[0] for road in (a, b)]
        if pixels > 16 and sources[0] != sources[1] and together(a, b):
            yield f"{a} lies on {b} for {pixels:.0f} px"


def small_text(picture: Picture) -> Iterator[str]:
    for text in picture.texts:
        if text.size < LEAST_TEXT - 0.05:
            yield f"{text} is {text.size:.1f} px high"


def outside(picture: Picture) -> Iterator[str]:
    if picture.width > picture.room + 0.5:
        yield f"it is {picture.width:.0f} px wide where there is room for {picture.room:.0f}"
    for mark in picture.marks:
        left, top, right, bottom = mark.box
        beyond = max(-left, -top, right - picture.width, bottom - picture.height)
        if beyond > 1 and not mark.is_behind:
            yield f"{mark} reaches {beyond:.0f} px beyond the frame"


def card_over_card(picture: Picture) -> Iterator[str]:
    cards = picture.cards
    areas = [shrunk(card, 1, 1) for card in cards]
    for i, j in touching(areas, areas, 0):
        a, b = cards[i], cards[j]
        same = a.card == b.card
        if i < j and not same and together(a, b):
            yield f"{a} lies over {b}"


def text_wider_than_its_box(picture: Picture) -> Iterator[str]:
    boxes = [mark for mark in picture.marks if mark.kind == "box" and not mark.is_behind]
    for text in picture.texts:
        left, _, right, _ = text.box
        around = [box for box in boxes if is_inside(text.middle, box.box) and together(text, box)]
        if around:
            box = min(around, key=lambda each: each.box[2] - each.box[0])
            beyond = max(box.box[0] - left, right - box.box[2])
            if beyond > 0.5:
                yield f"{text} is {beyond:.0f} px too wide for {box}"


LOOKS = {
    "text over text": text_over_text,
    "line through text": line_through_text,
    "text on another card": text_on_another_card,
    "road over card": road_over_card,
    "road through a frame": road_through_frame,
    "lanes that touch": lanes_that_touch,
    "roads on each other": roads_on_each_other,
    "small text": small_text,
    "outside the frame": outside,
    "card over card": card_over_card,
    "text wider than its box": text_wider_than_its_box,
}


def told(name: str, found: Sequence[Finding]) -> str:
    """The findings of one picture, to be read in a terminal."""
    return "\n".join([f"{name}:", *(f"  {each}" for each in found)]) if found else ""
