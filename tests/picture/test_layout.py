"""Places depend on the structure of a graph, and nothing stands on anything else."""

import itertools

import pytest
import traces

import nbgrad as ng
from nbgrad.picture import layout as layouts
from nbgrad.picture import ordering

GRAPHS = {
    "textbook": traces.textbook,
    "two outputs": traces.two_outputs,
    "matrices": traces.matrices,
    "states": traces.states,
    "chain": traces.chain,
    "network": traces.network,
}
every_graph = pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS.keys())


def arrange(trace):
    """The layout of the overlay."""
    [layout] = layouts.arrange(trace)
    return layout


@pytest.fixture(params=["graphviz", "own"])
def way_of_placing(request, monkeypatch):
    if request.param == "own":
        monkeypatch.setattr(ordering, "graphviz_order", ordering.plain_order)


def overlap(a, b, margin=0.0):
    apart = (
        a.right + margin <= b.x
        or b.right + margin <= a.x
        or a.bottom + margin <= b.y
        or b.bottom + margin <= a.y
    )
    return not apart


@every_graph
@pytest.mark.usefixtures("way_of_placing")
def test_no_two_cards_overlap(graph):
    places = arrange(graph()).places.values()
    touching = [(a.id, b.id) for a, b in itertools.combinations(places, 2) if overlap(a, b, 4)]
    assert touching == []


@every_graph
@pytest.mark.usefixtures("way_of_placing")
def test_everything_is_inside_the_picture(graph):
    layout = arrange(graph())
    for place in layout.places.values():
        assert place.x >= 0
        assert place.y >= 0
        assert place.right <= layout.width
        assert place.bottom <= layout.height


@every_graph
@pytest.mark.usefixtures("way_of_placing")
def test_no_arrow_runs_under_a_card(graph):
    layout = arrange(graph())
    for route in layout.routes.values():
        inner = route.points[1:-1]
        for place in layout.places.values():
            inside = [p for p in inner if place.x < p[0] < place.right]
            assert not [p for p in inside if place.y <= p[1] <= place.bottom]


@every_graph
def test_values_run_from_left_to_right(graph):
    for route in arrange(graph()).routes.values():
        xs = [x for x, _ in route.points]
        assert xs == sorted(xs)


@pytest.mark.parametrize("size", [1e-9, 1e-3, 0.0, 1.0, -7.25, 1e5, 1e12, float("nan")])
def test_no_number_moves_anything(size):
    assert arrange(traces.extreme(size)) == arrange(traces.textbook())


def test_stops_and_seeds_move_nothing():
    assert arrange(traces.textbook(stop="a", seed=-3.5)) == arrange(traces.textbook())


def test_a_small_graph_fits_a_notebook():
    assert arrange(traces.textbook()).width <= 890


def test_x_times_x_has_two_edges_that_stay_apart():
    routes = arrange(traces.textbook()).routes
    first, second = (routes[key].points for key in ("e2.0", "e2.1"))
    assert first[0][1] < second[0][1]
    assert first[-1][1] < second[-1][1]


def test_a_constant_is_drawn_once_for_each_reader_and_beside_it():
    with ng.Graph().as_default():
        x, two = ng.Variable(3.0, name="x"), ng.constant(2.0, name="two")
        trace = ng.trace(ng.multiply(ng.multiply(x, two, name="a"), two, name="b"), x)
    layout = arrange(trace)
    copies = [place for place in layout.places.values() if place.node == trace.node("two").id]
    assert [place.id for place in copies] == ["n1", "n1~2"]
    for copy, reader in zip(copies, ("n2", "n3"), strict=True):
        assert 0 < layout.places[reader].x - copy.right < 40


def test_outputs_stand_at_the_right_and_leaves_at_the_left():
    trace, layout = traces.textbook(), arrange(traces.textbook())
    leaves = {layout.places[n.id].x for n in trace.nodes if n.role in ("input", "variable")}
    assert max(leaves) - min(leaves) < 40
    output = layout.places[trace.ys[0]]
    assert output.right == max(place.right for place in layout.places.values())


def test_five_columns_fit_a_page_without_making_the_text_smaller():
    with ng.Graph().as_default():
        x, y = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="y")
        b = ng.multiply(ng.multiply(x, x, name="a"), y, name="b")
        layout = arrange(ng.trace(ng.add(ng.add(b, y, name="c"), 2.0, name="f"), [x, y]))
    assert layout.width <= layouts.PAGE
    assert not layout.stubs  # and stand in one row


@pytest.mark.usefixtures("way_of_placing")
@pytest.mark.parametrize("graph", [traces.chain, traces.network])
def test_a_long_picture_is_broken_into_rows_that_fit_a_page(graph):
    layout = arrange(graph())
    assert layout.width <= layouts.PAGE
    assert layout.stubs


@pytest.mark.parametrize("graph", [traces.chain, traces.network, traces.matrices])
def test_an_edge_between_rows_begins_with_its_sources_name(graph):
    trace, layout = graph(), arrange(graph())
    for edge in trace.edges:
        source, route = layout.places.get(edge.source), layout.routes[edge.id]
        if f"{edge.source}.out" in layout.stubs and route.points[0][0] != source.right:
            target = layout.places[edge.target]
            assert route.points[-1][0] - route.points[0][0] < 220
            assert target.y - 60 < route.points[0][1] < target.bottom + 60


def test_a_graph_of_one_node_has_a_layout():
    with ng.Graph().as_default():
        x = ng.Variable(1.0, name="x")
        assert list(arrange(ng.trace(x, x)).places) == ["n0"]
