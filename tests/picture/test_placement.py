"""Places depend on the structure of a graph, and nothing stands on anything else."""

import itertools
import shutil

import pytest
import traces

import nbgrad as ng
from nbgrad.picture import ordering
from nbgrad.picture.placement import PAGE, placements_of

GRAPHS = {
    "textbook": traces.textbook,
    "two outputs": traces.two_outputs,
    "matrices": traces.matrices,
    "states": traces.states,
    "chain": traces.chain,
    "network": traces.network,
}
every_graph = pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS.keys())


def placed(trace):
    """The placement of the overlay."""
    [placement] = placements_of(trace)
    return placement


def missing(source):
    raise ImportError


@pytest.fixture(params=["pygraphviz", "dot", "barycenters"])
def way_of_ordering(request, monkeypatch):
    if request.param != "pygraphviz":
        monkeypatch.setattr(ordering, "run_pygraphviz", missing)
    if request.param == "barycenters":
        monkeypatch.setattr(ordering, "run_dot", missing)


def overlap(a, b, margin=0.0):
    apart = (
        a.right + margin <= b.x
        or b.right + margin <= a.x
        or a.bottom + margin <= b.y
        or b.bottom + margin <= a.y
    )
    return not apart


@every_graph
@pytest.mark.usefixtures("way_of_ordering")
def test_no_two_cards_overlap(graph):
    places = placed(graph()).places.values()
    touching = [(a.id, b.id) for a, b in itertools.combinations(places, 2) if overlap(a, b, 4)]
    assert touching == []


@every_graph
@pytest.mark.usefixtures("way_of_ordering")
def test_everything_is_inside_the_picture(graph):
    placement = placed(graph())
    for place in placement.places.values():
        assert place.x >= 0
        assert place.y >= 0
        assert place.right <= placement.width
        assert place.bottom <= placement.height


@every_graph
@pytest.mark.usefixtures("way_of_ordering")
def test_no_arrow_runs_under_a_card(graph):
    placement = placed(graph())
    for route in placement.routes.values():
        inner = route.points[1:-1]
        for place in placement.places.values():
            inside = [p for p in inner if place.x < p[0] < place.right]
            assert not [p for p in inside if place.y <= p[1] <= place.bottom]


@every_graph
@pytest.mark.skipif(shutil.which("dot") is None, reason="there is no program dot")
def test_the_program_dot_and_pygraphviz_give_the_same_places(graph, monkeypatch):
    pytest.importorskip("pygraphviz")
    in_process = placed(graph())
    monkeypatch.setattr(ordering, "run_pygraphviz", missing)
    monkeypatch.setattr(ordering, "barycenter_order", missing)
    assert placed(graph()) == in_process


@every_graph
def test_values_run_from_left_to_right(graph):
    for route in placed(graph()).routes.values():
        xs = [x for x, _ in route.points]
        assert xs == sorted(xs)


@pytest.mark.parametrize("size", [1e-9, 1e-3, 0.0, 1.0, -7.25, 1e5, 1e12, float("nan")])
def test_no_number_moves_anything(size):
    assert placed(traces.extreme(size)) == placed(traces.textbook())


def test_stops_and_seeds_move_nothing():
    assert placed(traces.textbook(stop="a", seed=-3.5)) == placed(traces.textbook())


def test_a_small_graph_fits_a_notebook():
    assert placed(traces.textbook()).width <= 890


def test_x_times_x_has_two_edges_that_stay_apart():
    routes = placed(traces.textbook()).routes
    first, second = (routes[key].points for key in ("e2.0", "e2.1"))
    assert first[0][1] < second[0][1]
    assert first[-1][1] < second[-1][1]


def test_a_constant_is_drawn_once_for_each_reader_and_beside_it():
    with ng.Graph().as_default():
        x, two = ng.Variable(3.0, name="x"), ng.constant(2.0, name="two")
        trace = ng.trace(ng.multiply(ng.multiply(x, two, name="a"), two, name="b"), x)
    placement = placed(trace)
    copies = [place for place in placement.places.values() if place.node == trace.node("two").id]
    assert [place.id for place in copies] == ["n1", "n1~2"]
    for copy, reader in zip(copies, ("n2", "n3"), strict=True):
        assert 0 < placement.places[reader].x - copy.right < 40


def test_outputs_stand_at_the_right_and_leaves_at_the_left():
    trace, placement = traces.textbook(), placed(traces.textbook())
    leaves = {placement.places[n.id].x for n in trace.nodes if n.role in ("input", "variable")}
    assert max(leaves) - min(leaves) < 40
    output = placement.places[trace.ys[0]]
    assert output.right == max(place.right for place in placement.places.values())


def test_five_columns_fit_a_page_without_making_the_text_smaller():
    with ng.Graph().as_default():
        x, y = ng.Variable(3.0, name="x"), ng.Variable(4.0, name="y")
        b = ng.multiply(ng.multiply(x, x, name="a"), y, name="b")
        placement = placed(ng.trace(ng.add(ng.add(b, y, name="c"), 2.0, name="f"), [x, y]))
    assert placement.width <= PAGE
    assert not placement.exits  # and stand in one row


@pytest.mark.usefixtures("way_of_ordering")
@pytest.mark.parametrize("graph", [traces.chain, traces.network])
def test_a_long_picture_is_broken_into_rows_that_fit_a_page(graph):
    placement = placed(graph())
    assert placement.width <= PAGE
    assert placement.exits


@pytest.mark.parametrize("graph", [traces.chain, traces.network, traces.matrices])
def test_an_edge_between_rows_begins_with_its_sources_name(graph):
    trace, placement = graph(), placed(graph())
    for edge in trace.edges:
        source, route = placement.places.get(edge.source), placement.routes[edge.id]
        if f"{edge.source}.out" in placement.exits and route.points[0][0] != source.right:
            target = placement.places[edge.target]
            assert route.points[-1][0] - route.points[0][0] < 220
            assert target.y - 60 < route.points[0][1] < target.bottom + 60


def test_a_graph_of_one_node_has_a_placement():
    with ng.Graph().as_default():
        x = ng.Variable(1.0, name="x")
        assert list(placed(ng.trace(x, x)).places) == ["n0"]
