"""Places depend on the structure of a graph, and nothing stands on anything else."""

import itertools

import pytest
import traces

import nbgrad as ng
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.layouts.placing import Area, Port, Road, place
from nbgrad.picture.scene import Box as Rectangle
from nbgrad.picture.scene import Curve

GRAPHS = {
    "textbook": traces.textbook,
    "two outputs": traces.two_outputs,
    "states": traces.states,
    "square": traces.square,
}
every_graph = pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS.keys())
WIDTH = 878


def bodies(scene):
    """The outline of every card by its node."""
    boxes = (each for each in scene.elements() if isinstance(each, Rectangle))
    return {box.id.removesuffix(".body"): box for box in boxes if box.id.endswith(".body")}


def trays(scene, node):
    """The rows of the inbox of a node, which belong to its card."""
    return [e for e in scene.elements() if e.id.endswith(".tray") and e.id.startswith(node)]


def lanes(scene, part):
    """The curves of a part of all edges, by edge."""
    curves = (each for each in scene.elements() if isinstance(each, Curve))
    return {c.id.removesuffix(f".{part}"): c for c in curves if c.id.endswith(f".{part}")}


def overlap(a, b, margin=0.0):
    apart = (
        a.x + a.width + margin <= b.x
        or b.x + b.width + margin <= a.x
        or a.y + a.height + margin <= b.y
        or b.y + b.height + margin <= a.y
    )
    return not apart


@every_graph
def test_no_two_cards_overlap(graph):
    cards = bodies(Drawing.of(graph()).scene).values()
    touching = [(a.id, b.id) for a, b in itertools.combinations(cards, 2) if overlap(a, b, 4)]
    assert touching == []


@every_graph
def test_everything_is_inside_the_picture(graph):
    scene = Drawing.of(graph()).scene
    for card in bodies(scene).values():
        assert card.x >= 0
        assert card.y >= 0
        assert card.x + card.width <= scene.width
        assert card.y + card.height <= scene.height


@every_graph
def test_values_run_from_left_to_right_and_gradients_back(graph):
    scene = Drawing.of(graph()).scene
    for part, way in (("forward", 1), ("reverse", -1)):
        for curve in lanes(scene, part).values():
            xs = [x * way for x, _ in curve.points]
            assert xs == sorted(xs) or len({*xs}) == 1


@pytest.mark.parametrize("size", [1e-9, 1e-3, 0.0, 1.0, -7.25, 1e5, 1e12, float("nan")])
def test_no_number_moves_anything(size):
    scene = Drawing.of(traces.extreme(size), legend=False).scene
    assert scene == Drawing.of(traces.textbook(), legend=False).scene


def test_stops_and_seeds_move_nothing():
    scene = Drawing.of(traces.textbook(stop="a", seed=-3.5), legend=False).scene
    assert scene == Drawing.of(traces.textbook(), legend=False).scene


@pytest.mark.parametrize("width", [360, 640, 760, 878, 1200])
@every_graph
def test_a_picture_is_never_wider_than_it_was_asked_to_be(graph, width):
    assert Drawing.of(graph(), width=width).scene.width <= width


def test_a_neuron_of_nine_operations_fits_a_notebook_cell():
    with ng.Graph().as_default():
        w0, x0, w1, x1, w2 = (ng.Variable(1.0, name=n) for n in ("w0", "x0", "w1", "x1", "w2"))
        y = 1.0 / (1.0 + ng.exp(-(w0 * x0 + w1 * x1 + w2)))
        scene = ng.draw(y, [w0, x0, w1, x1, w2]).scene
    assert (scene.width <= WIDTH, scene.height <= 446) == (True, True)
    assert "n14.frame" in scene.ids, "the chain stands as a ladder"


def test_x_times_x_has_two_roads_that_stay_apart():
    roads = lanes(Drawing.of(traces.textbook()).scene, "forward")
    first, second = (roads[key].points for key in ("e2.0", "e2.1"))
    assert first[0][1] < second[0][1]
    assert first[-1][1] < second[-1][1]


def test_operands_come_in_in_their_order_from_top_to_bottom():
    for graph in GRAPHS.values():
        trace = graph()
        roads = lanes(Drawing.of(trace).scene, "forward")
        for node in trace.nodes:
            ends = [roads[e.id].points[-1][1] for e in trace.incoming(node) if e.id in roads]
            assert ends == sorted(ends)


def test_a_number_is_written_into_the_expression_and_a_named_constant_has_a_card():
    with ng.Graph().as_default():
        x, two = ng.Variable(3.0, name="x"), ng.constant(2.0, name="two")
        trace = ng.trace(ng.add(ng.multiply(x, two, name="a"), 7.0, name="b"), x)
    cards = bodies(Drawing.of(trace).scene)
    labels = {trace.node(key).label for key in cards}
    assert labels == {"x", "two", "a", "b"}
    assert trace.node("b").expression == "a + 7"


def test_outputs_stand_at_the_right_and_leaves_at_the_left():
    trace, cards = traces.textbook(), bodies(Drawing.of(traces.textbook()).scene)
    leaves = {cards[n.id].x for n in trace.nodes if n.role in ("input", "variable")}
    assert len(leaves) == 1
    output = cards[trace.ys[0]]
    assert output.x + output.width == max(card.x + card.width for card in cards.values())


def test_the_main_line_is_straight():
    roads = lanes(Drawing.of(traces.textbook()).scene, "forward")
    for edge in ("e2.0", "e3.0", "e6.0"):
        heights = [y for _, y in roads[edge].points]
        assert max(heights) - min(heights) < 0.01


def test_leaves_stand_in_the_order_of_the_formula():
    trace = traces.states()
    cards = bodies(Drawing.of(trace).scene)
    leaves = [n for n in trace.nodes if n.role in ("input", "variable") and any(trace.outgoing(n))]
    heights = [cards[node.id].y for node in leaves]
    assert heights == sorted(heights)


@pytest.mark.parametrize("width", [600, 636, 640, 700, 878])
def test_every_card_has_a_name(width):
    with ng.Graph().as_default():
        w0, x0, w1, x1, w2 = (ng.Variable(1.0, name=n) for n in ("w0", "x0", "w1", "x1", "w2"))
        y = 1.0 / (1.0 + ng.exp(-(w0 * x0 + w1 * x1 + w2)))
        drawing = ng.draw(y, [w0, x0, w1, x1, w2], width=width)
    texts = {each.id: each.text for each in drawing.scene.elements() if each.id.endswith(".name")}
    assert len(texts) >= 10
    assert all(texts.values())


def test_a_graph_of_one_node_has_a_placement():
    with ng.Graph().as_default():
        x = ng.Variable(1.0, name="x")
        assert [*bodies(Drawing.of(ng.trace(x, x)).scene)] == ["n0"]


# The placing of plain boxes -------------------------------------------------------------------


def boxes_and_roads(operands):
    """Boxes and roads of a graph that is given as the operands of each operation."""
    readers = [source for sources in operands.values() for source in sources]
    outs = {
        key: tuple(20.0 + 19 * i for i in range(max(readers.count(key), 1))) for key in operands
    }
    boxes = [Area(key, 100, 60, 20, 20, outs[key]) for key in operands]
    roads = [
        Road(f"{key}.{i}", Port(source, 0), Port(key, 18.0 + 18 * i))
        for key, sources in operands.items()
        for i, source in enumerate(sources)
    ]
    return boxes, roads


def test_columns_that_do_not_fit_have_no_places():
    boxes, roads = boxes_and_roads({"x": [], "a": ["x"], "b": ["a"]})
    assert place(boxes, roads, ["x", "a", "b"], 340) is None
    assert place(boxes, roads, ["x", "a", "b"], 400) is not None


@pytest.mark.parametrize("seed", range(40))
def test_boxes_and_their_strips_never_overlap(seed):
    import random

    pick = random.Random(seed)
    operands = {"x": [], "y": [], "z": []}
    for i in range(pick.randint(3, 30)):
        count = pick.choice([1, 2, 2, 3])
        operands[f"a{i}"] = [pick.choice([*operands][-8:]) for _ in range(count)]
    boxes, roads = boxes_and_roads(operands)
    placed = place(boxes, roads, [], 1e6)
    strips = [
        Rectangle(
            b.id, *shifted(placed.corners[b.id], -b.above), b.width, b.height + b.above + b.below
        )
        for b in boxes
    ]
    assert not [(a.id, b.id) for a, b in itertools.combinations(strips, 2) if overlap(a, b, -0.01)]
    for road in roads:
        xs = [round(x, 6) for x, _ in placed.stations[road.id]]
        assert xs == sorted(xs)


def shifted(corner, dy):
    return corner[0], corner[1] + dy
