"""Networks stand in one row from data to loss, parameters beside the operations that read them."""

import itertools

import numpy as np
import pytest
import real_losses

import nbgrad as ng
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.layouts import in_columns
from nbgrad.picture.layouts.columns import crossings, ordered
from nbgrad.picture.layouts.gaps import Bend, Gap, tracks
from nbgrad.picture.layouts.placing import Area, Port, Road, Side, place
from nbgrad.picture.scene import Box as Rectangle
from nbgrad.picture.scene import Text

WIDTH, HEIGHT = 878, 600


def network():
    """Two layers and a loss: X W1 + b1, relu, W2 + b2, cross-entropy with T."""
    random = np.random.default_rng(7)
    sizes = {"W1": (3, 5), "b1": (5,), "W2": (5, 3), "b2": (3,)}
    with ng.Graph().as_default():
        x = ng.constant(random.normal(size=(8, 3)), name="X")
        t = ng.constant(np.eye(3)[random.integers(0, 3, 8)], name="T")
        w1, b1, w2, b2 = (ng.Variable(random.normal(size=s), name=n) for n, s in sizes.items())
        z = ng.add(ng.matmul(x, w1, name="a"), b1, name="z")
        s = ng.add(ng.matmul(ng.nn.relu(z, name="h"), w2, name="c"), b2, name="s")
        k = ng.nn.softmax_cross_entropy_with_logits_v2(labels=t, logits=s, name="k")
        return ng.trace(ng.reduce_mean(k, name="loss"), [w1, b1, w2, b2])


@pytest.fixture(scope="module")
def cards():
    return bodies(network())


def bodies(trace, width=WIDTH):
    """The outlines of all cards by the labels of their nodes."""
    scene = Drawing.of(trace, width=width).scene
    boxes = {e.id: e for e in scene.elements() if isinstance(e, Rectangle)}
    return {n.label: boxes[f"{n.id}.body"] for n in trace.nodes if f"{n.id}.body" in boxes}


def middle(card):
    return card.y + card.height / 2


def test_the_main_line_is_one_row_from_the_data_to_the_loss(cards):
    row = [cards[name] for name in ("X", "a", "z", "h", "c", "s", "k", "loss")]
    assert all(a.x + a.width < b.x for a, b in itertools.pairwise(row))
    assert max(card.y for card in row) < min(card.y + card.height for card in row)


def test_factors_stand_above_their_readers_and_terms_and_labels_below(cards):
    for above, below in (("W1", "a"), ("W2", "c"), ("z", "b1"), ("s", "b2"), ("k", "T")):
        upper, lower = cards[above], cards[below]
        assert upper.y + upper.height + 30 == pytest.approx(lower.y)
        assert min(upper.x + upper.width, lower.x + lower.width) - max(upper.x, lower.x) >= 20


def test_an_attached_card_may_hang_over_beside_its_reader(cards):
    assert cards["W1"].width > cards["a"].width
    assert cards["W1"].x < cards["a"].x


def test_the_network_fits_one_screen():
    scene = Drawing.of(network()).scene
    assert scene.width <= WIDTH
    assert scene.height <= 446


def test_what_is_data_has_one_map_and_no_inbox():
    scene = Drawing.of(network()).scene
    trace = network()
    data = [node.id for node in trace.nodes if node.label in ("X", "T")]
    assert {f"{key}.value.map" for key in data} <= scene.ids
    assert not {f"{key}.adjoint.map" for key in data} & scene.ids


def test_in_half_of_the_width_layers_are_folded_and_nothing_is_cut():
    folded = bodies(network(), width=640)
    assert set(folded) == {"X", "T", "W1", "b1", "h", "W2", "b2", "s", "loss"}


@pytest.mark.parametrize("width", [640, WIDTH])
@pytest.mark.parametrize(
    "name", ["vae", "convolution_network", "attention_head", "tied_autoencoder"]
)
def test_no_two_cards_of_a_network_overlap(name, width):
    found = bodies(real_losses.trace_of(name), width).values()
    assert [(a.id, b.id) for a, b in itertools.combinations(found, 2) if overlap(a, b)] == []


def overlap(a, b):
    beside = a.x + a.width <= b.x or b.x + b.width <= a.x
    return not (beside or a.y + a.height <= b.y or b.y + b.height <= a.y)


def test_nine_of_ten_real_losses_fit_a_screen_in_columns():
    sizes = {}
    for name in real_losses.LOSSES:
        template = in_columns(real_losses.trace_of(name), WIDTH, ())
        sizes[name] = template and (template.scene.width, template.scene.height)
    fitting = [size for size in sizes.values() if size and size[1] <= HEIGHT]
    assert len(fitting) >= 0.9 * len(sizes), sizes


def test_a_rule_that_is_no_factor_says_what_it_makes_of_the_gradient():
    trace = network()
    styled = Drawing.of(trace)
    texts = {e.id: e for e in styled.scene.elements() if isinstance(e, Text)}
    edge = next(e for e in trace.edges if e.source == node(trace, "h").id)
    assert f"{edge.id}.local" in texts
    assert "h\u0304 = c\u0304 W2ᵀ" in styled.html


def node(trace, label):
    return next(each for each in trace.nodes if each.label == label)


# Placing ----------------------------------------------------------------------------------------


def row(*boxes, width=400.0):
    roads = [
        Road(f"{a.id}{b.id}", Port(a.id, 20), Port(b.id, 20)) for a, b in itertools.pairwise(boxes)
    ]
    return place(boxes, roads, [box.id for box in boxes], width)


def box(id, over=0.0, width=60.0):
    sides = (Side(f"{id}'", over, 40),) if over else ()
    return Area(id, width, 40, outs=(20,), over=sides)


def test_two_attached_cards_push_each_other_aside_before_columns_move_apart():
    placed = row(box("a"), box("b", over=90), box("c", over=90), width=300)
    left, right = placed.corners["b'"][0], placed.corners["c'"][0]
    assert left + 90 + 12 <= right
    assert placed.corners["c"][0] - placed.corners["b"][0] <= 60 + 44


def test_columns_move_apart_where_attached_cards_have_no_other_place():
    placed = row(box("a", over=150), box("b", over=150), box("c", over=150), width=600)
    lefts = [placed.corners[f"{key}'"][0] for key in "abc"]
    assert all(b - a >= 162 for a, b in itertools.pairwise(lefts))
    for key, left in zip("abc", lefts, strict=True):
        reader = placed.corners[key][0]
        assert min(left + 150, reader + 60) - max(left, reader) >= 20


def test_attached_cards_that_fit_nowhere_are_no_picture():
    assert row(box("a", over=150), box("b", over=150), box("c", over=150), width=300) is None


def test_a_road_that_passes_keeps_an_attached_card_out_of_its_gap():
    boxes = [
        Area("a", 60, 40, outs=(10, 30)),
        Area("b", 60, 40, outs=(20,), over=(Side("b'", 100, 40),)),
        Area("c", 60, 40),
    ]
    roads = [
        Road("ab", Port("a", 0), Port("b", 20)),
        Road("bc", Port("b", 0), Port("c", 30)),
        Road("ac", Port("a", 0), Port("c", 10)),
    ]
    placed = place(boxes, roads, ["a", "b", "c"], 800)
    heights = {round(y, 3) for _, y in placed.stations["ac"]}
    assert min(heights) < placed.corners["b'"][1] or max(heights) > placed.corners["b"][1] + 40


# Bends and crossings ----------------------------------------------------------------------------


def test_of_two_steep_roads_that_go_down_the_upper_one_turns_later():
    upper, lower = Bend("upper", 0, 200, False), Bend("lower", 20, 230, False)
    assert tracks([upper, lower]) == {"upper": 1, "lower": 0}


def test_of_two_steep_roads_that_go_up_the_lower_one_turns_later():
    upper, lower = Bend("upper", 200, 0, False), Bend("lower", 230, 20, False)
    assert tracks([upper, lower]) == {"upper": 0, "lower": 1}


def test_roads_at_different_heights_share_a_track():
    assert set(tracks([Bend("a", 0, 60, False), Bend("b", 100, 160, False)]).values()) == {0}


@pytest.mark.parametrize("width", [40, 70, 100, 160])
def test_bends_stay_in_their_gap(width):
    gap = Gap([Bend(str(i), 20 * i, 200 + 20 * i, early=i == 0) for i in range(4)])
    places = dict(gap.places(0.0, width))
    assert all(0 <= begin < end <= width for begin, end in places.values())


def test_an_order_is_found_that_no_roads_cross():
    columns = {"a": 0, "b": 0, "c": 0, "z": 1, "y": 1, "x": 1}
    pieces = [("a", "x", 0.0), ("b", "y", 0.0), ("c", "z", 0.0)]
    order = ordered(columns, pieces)
    assert crossings([["a", "b", "c"], ["z", "y", "x"]], pieces) == 3
    assert crossings(order, pieces) == 0


def test_a_long_road_passes_where_it_crosses_nothing():
    columns = {"a": 0, "p": 1, "b": 1, "q": 2, "c": 2, "d": 3}
    pieces = [
        *(("a", "p", 0.0), ("p", "q", 0.0), ("q", "d", 50.0)),
        *(("a", "b", 0.0), ("b", "c", 0.0), ("c", "d", 18.0)),
    ]
    order = ordered(columns, pieces)
    assert order == [["a"], ["b", "p"], ["c", "q"], ["d"]]


@pytest.mark.parametrize("name", real_losses.LOSSES)
def test_no_card_of_an_operation_is_without_its_operation(name):
    trace = real_losses.trace_of(name)
    template = in_columns(trace, WIDTH, ())
    found = template.scene.elements() if template else ()
    texts = {each.id: each for each in found if isinstance(each, Text)}
    for node in trace.nodes:
        if node.expression and f"{node.id}.name" in texts:
            assert texts[f"{node.id}.name"].tail or texts[f"{node.id}.operation"].text
