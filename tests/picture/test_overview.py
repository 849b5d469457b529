"""Large graphs: what is shown of them, within which size, and how it looks."""

import re
from dataclasses import replace
from itertools import combinations, pairwise

import named
import numpy as np
import pytest
import real_losses
from marks import estimated
from traces import in_its_own_graph, network
from visual import findings, told

import nbgrad as ng
from nbgrad.picture import layouts
from nbgrad.picture.drawing import Drawing
from nbgrad.picture.forms import FORMS, Facts, magnitude
from nbgrad.picture.layouts.overview import overview
from nbgrad.picture.layouts.overview.clusters import Joints, clusters_of, fewer, within
from nbgrad.picture.layouts.overview.view import Overview, chosen
from nbgrad.picture.scene import Curve, Text
from nbgrad.trace.folding import Structure
from nbgrad.trace.numbers import short

WIDTHS = (878, 640, 360)


def variable(name, value):
    return ng.Variable(np.float64(value), name=name)


@in_its_own_graph
def perceptron(scopes=True, scale=1.0):
    """The mock-up's 60 nodes: five neurons with two inputs each, an output, and a loss."""
    random = np.random.default_rng(11)

    def parameter(name):
        return variable(name, scale * round(float(random.uniform(-1.4, 1.4)), 2))

    def scope(name):
        return ng.name_scope(name if scopes else None)

    xs = [variable("x1", 0.8), variable("x2", -1.3)]
    made = list(xs)
    outs = []
    for k in range(1, 6):
        with scope(f"neuron{k}"):
            ws = [parameter(f"w{k}1"), parameter(f"w{k}2"), parameter(f"b{k}")]
            p, q = ng.multiply(ws[0], xs[0], name=f"p{k}"), ng.multiply(ws[1], xs[1], name=f"q{k}")
            z = ng.add(ng.add(p, q, name=f"s{k}"), ws[2], name=f"z{k}")
            outs.append(ng.tanh(z, name=f"h{k}"))
            made += ws
    with scope("output"):
        vs = [parameter(f"v{k}") for k in range(1, 6)]
        terms = [
            ng.multiply(v, h, name=f"m{k}")
            for k, (v, h) in enumerate(zip(vs, outs, strict=True), 1)
        ]
        total = terms[0]
        for k, term in enumerate(terms[1:], 1):
            total = ng.add(total, term, name=f"o{k}")
        made += [*vs, parameter("b6")]
        y = ng.add(total, made[-1], name="y")
    with scope("loss"):
        loss = ng.square(ng.subtract(y, 0.5, name="e"), name="loss")
    return ng.trace(loss, made)


@in_its_own_graph
def recurrent(steps=50):
    """A cell of one number, unrolled."""
    w, u, h = variable("w", 0.7), variable("u", 0.5), variable("h0", 0.0)
    for k in range(1, steps + 1):
        with ng.name_scope(f"step{k}"):
            p, q = ng.multiply(w, h, name=f"p{k}"), ng.multiply(u, float(np.sin(k)), name=f"q{k}")
            h = ng.tanh(ng.add(p, q, name=f"s{k}"), name=f"h{k}")
    return ng.trace(ng.square(h, name="loss"), [w, u])


@in_its_own_graph
def tangle(count=200, seed=0):
    """Operations on any two of the last ones, without scopes."""
    random = np.random.default_rng(seed)
    nodes = [variable(f"x{k}", random.normal()) for k in range(20)]
    xs = list(nodes)
    for k in range(count):
        a, b = (nodes[-1 - random.integers(min(25, len(nodes)))] for _ in range(2))
        nodes.append(ng.add(a, b, name=f"a{k}") if k % 3 else ng.tanh(a * b, name=f"t{k}"))
    return ng.trace(nodes[-1], xs)


LARGE = {
    "60 nodes in scopes": perceptron,
    "60 nodes without": lambda: perceptron(scopes=False),
    "unrolled": recurrent,
    "a tangle": tangle,
    "a line of parts": lambda: named.traced(named.of_size(300)),
}


@pytest.fixture(scope="module", params=LARGE)
def large(request):
    return LARGE[request.param]()


# What there is room for -------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_lies_on_anything_and_all_is_within_the_width(large, width):
    drawing = Drawing.of(large, width=width)
    assert drawing.template.overview
    found = findings(estimated(drawing, width))
    assert not found, told("an overview", found)
    assert drawing.scene.width == width
    assert drawing.scene.height <= (900 if width < 520 else 600)


@pytest.mark.parametrize("width", WIDTHS)
def test_blocks_are_apart_and_within_their_frames(large, width):
    places = chosen(Overview(large, ()), width, 560).places
    frames = {key: places.blocks[key] for key in places.frames if key in places.blocks}
    blocks = {key: place for key, place in places.blocks.items() if key not in frames}
    for one, other in combinations(blocks.values(), 2):
        assert not overlap(one, other)
    for frame in frames.values():
        for block in blocks.values():
            assert not overlap(frame, block) or is_within(block, frame)


def overlap(a, b):
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def is_within(a, b):
    ends = a[0] + a[2] <= b[0] + b[2] and a[1] + a[3] <= b[1] + b[3]
    return ends and b[0] <= a[0] and b[1] <= a[1]


def test_sixty_nodes_are_blocks_in_frames_and_on_a_phone_groups():
    trace = perceptron()
    texts = shown_texts(overview(trace, 878))
    labels = {node.label for node in trace.nodes} - {"0.5"}
    assert labels <= {*texts}
    assert {"neuron1", "neuron5", "output"} <= {*texts}
    small = shown_texts(overview(trace, 360))
    assert {"neuron1", "8 nodes"} <= {*small}
    assert "h1" not in small


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_asked_for_stays_in_sight_however_much_is_grouped(large, width):
    template = overview(large, width)
    texts = {element.id for element in template.scene.elements() if isinstance(element, Text)}
    hidden = {n.label for n in large.nodes if n.requested and f"{n.id}.name" not in texts}
    more = [text for text in shown_texts(template) if re.fullmatch(r"and \d+ more", text)]
    assert len(hidden) == sum(int(text.split()[1]) for text in more)
    assert not hidden or len(large.xs) > 16
    assert all(f"{key}.name" in texts for key in large.ys)


def test_a_closed_group_says_the_gradient_of_each_x_in_it_and_the_value_of_a_y():
    trace = perceptron()
    styles = overview(trace, 360).styled(trace).styles
    assert styles[f"{trace.node('w42').id}.number"].text == short(
        trace.node("w42").adjoint.value.array.item(), 6
    )
    assert styles[f"{trace.node('loss').id}.number"].text == "2.269"
    assert styles["overview.ends"].text.startswith("loss = 2.269; largest |gradient|: b6 3.013, v3")


def shown_texts(template):
    return [element.text for element in template.scene.elements() if isinstance(element, Text)]


def test_of_few_blocks_each_says_its_gradient():
    trace = network()
    styles = overview(trace, 878).styled(trace).styles
    for node in trace.nodes:  # of an input that is no x, and of a y, the value
        is_y = node.id in trace.ys
        number = node.value if is_y or node.adjoint.value is None else node.adjoint.value
        texts = {short(number.array.item(), characters) for characters in (5, 6, 7, 8, 9)}
        assert styles[f"{node.id}.number"].text in texts


@pytest.mark.parametrize("width", [878, 640])
def test_columns_that_would_be_much_higher_than_a_screen_are_an_overview(width):
    trace = real_losses.trace_of("rnn_of_two_matrices_of_ten_steps")  # ten X above each other
    drawing = Drawing.of(trace, width=width)
    assert drawing.template.overview
    assert drawing.scene.height <= 600


@pytest.mark.parametrize("name", ["vae", "gan"])
def test_columns_higher_than_a_screen_fold_further(name, monkeypatch):
    trace = real_losses.trace_of(name)
    found = layouts.in_columns(trace, 878, ()).scene.height
    for most in layouts.FOLDED:
        monkeypatch.setattr(layouts, "FOLDED", (most,))
        template = layouts.in_columns(trace, 878, ())
        assert found <= 600 or template is None or found <= template.scene.height


# Groups -----------------------------------------------------------------------------------------


def test_a_closed_group_says_how_many_nodes_it_has_and_its_largest_gradient():
    trace = perceptron()
    styled = overview(trace, 360).styled(trace)
    inside = [node for node in trace.nodes if node.path.startswith("neuron4/")]
    largest = max(magnitude(node.adjoint.value) for node in inside)
    assert styled.styles["neuron4.number"].text == f"max {largest:.4g}"
    tooltip = styled.styles["neuron4"].title
    assert tooltip.startswith("neuron4: 8 nodes\nlargest |gradient|: ")


def test_every_node_is_in_one_block_however_much_is_grouped(large):
    links, root = Structure(large), clusters_of(large)
    everything = sorted(node.id for node in links.shown)
    assert sorted(root.members) == everything
    for columns, rows in ((99, 99), (7, 4), (3, 2), (1, 1)):
        grouped = fewer(links, root, columns, rows)
        assert sorted(grouped.members) == everything
        assert not Joints(links, grouped).knot


@in_its_own_graph
def entangled():
    """Two scopes, each of which reads the other."""
    x = variable("x", 0.5)
    a = b = x
    for k in range(8):
        with ng.name_scope("left/"):
            a = ng.tanh(ng.add(a, b, name=f"p{k}"), name=f"a{k}")
        with ng.name_scope("right/"):
            b = ng.tanh(ng.multiply(a, b, name=f"q{k}"), name=f"b{k}")
    return ng.trace(b, x)


def test_a_scope_that_a_line_leaves_and_comes_back_to_is_split():
    trace = entangled()
    root = clusters_of(trace)
    links = Structure(trace)
    assert all(not Joints(links, each).knot for each in within(root))
    assert overview(trace, 878).scene.width == 878


# What a reader opens ----------------------------------------------------------------------------


def test_an_opened_group_is_cards_among_the_blocks_of_the_others():
    trace = perceptron()
    template = overview(trace, 878, ["neuron3"])
    styled = template.styled(trace)
    assert styled.styles["n18.value"].text  # w31
    assert "neuron3" in shown_texts(template)
    assert any(text.startswith("neuron1") for text in shown_texts(template))
    captions = [s.text for key, s in styled.styles.items() if key.endswith(".local")]
    assert "∂s3/∂p3 = 1" in captions
    assert not findings(estimated(Drawing.of(trace, open=["neuron3"]), 878))


def test_an_opened_node_is_a_card():
    trace = perceptron()
    drawing = Drawing.of(trace, open=["s3"])
    key = trace.node("s3").id
    assert {f"{key}.value", f"{key}.adjoint"} <= drawing.scene.ids
    assert f"{trace.node('z3').id}.value" not in drawing.scene.ids
    assert not findings(estimated(drawing, 878))


def test_what_there_is_no_room_to_open_is_named():
    trace = recurrent()
    opened = [f"step{k}" for k in (3, 9, 20, 30)]
    words = overview(trace, 360, opened).overview
    assert re.search(r"there is no room to open 'step\d+'", words)
    assert "no room" not in overview(trace, 878, ["step9"]).overview


def test_a_group_that_there_is_no_room_to_open_still_shows_its_parameters():
    trace = real_losses.trace_of("rnn_dynamic")
    drawing = Drawing.of(trace, width=560, open=["rnn"])
    assert "no room to open 'rnn'" in drawing.template.overview
    labels = {text.text for text in drawing.scene.elements() if isinstance(text, Text)}
    assert {trace.node(x).label for x in trace.xs} <= labels


def test_an_overview_names_something_that_can_be_opened(large):
    template = overview(large, 878)
    name = re.search(r"open=\['(.*)'\]", template.overview)[1]
    opened = Drawing.of(large, open=[name])  # refuses what it does not know
    assert opened.scene != template.scene


# How it looks -----------------------------------------------------------------------------------


def test_a_tint_grows_with_the_gradient_over_three_decades():
    trace = perceptron()
    facts = Facts(trace)
    nodes = [node for node in trace.nodes if node.adjoint.value is not None]
    nodes.sort(key=lambda node: magnitude(node.adjoint.value))
    tints = [FORMS["block tint"](facts, node.id).tint for node in nodes]
    assert tints == sorted(tints)
    assert len({*tints}) > 10
    assert tints[-1] == max(tints) <= 0.45


def test_a_line_is_thicker_the_more_it_brings_and_solid_where_it_brings_nothing():
    trace = perceptron()
    facts = Facts(trace)
    brought = [edge for edge in trace.edges if edge.contribution is not None]
    brought.sort(key=lambda edge: magnitude(edge.contribution))
    widths = [FORMS["flow"](facts, edge.id, [edge.id]).width for edge in brought]
    assert widths == sorted(widths)
    assert (min(widths), max(widths)) == (0.8, 3.0)
    constant = next(edge for edge in trace.edges if edge.contribution is None)
    assert "no-flow" in FORMS["flow"](facts, constant.id, [constant.id]).classes


def test_every_edge_between_blocks_has_a_line():
    trace = perceptron()
    template = overview(trace, 878)
    drawn = {key for rule in template.rules if rule.form == "flow" for key in rule.options["edges"]}
    shown = {node.id for node in Structure(trace).shown}
    assert drawn == {edge.id for edge in trace.edges if edge.source in shown}
    for curve in template.scene.elements():
        if isinstance(curve, Curve) and ".flow" in curve.id:
            assert all(a[0] <= b[0] for a, b in pairwise(curve.points[::3]))


def test_other_numbers_keep_every_place():
    one, other = perceptron(), perceptron(scale=-1e6)
    drawing = Drawing.of(one)
    assert overview(other, 878).scene == drawing.scene
    moved = replace(drawing, trace=other)
    assert moved.styled.scene is drawing.scene
    assert not findings(estimated(moved, 878))


def test_the_words_begin_with_what_is_shown():
    drawing = Drawing.of(perceptron())
    assert drawing.description.splitlines()[1].startswith("60 nodes in 7 groups. Stronger color: ")
    small = Drawing.of(named.traced(named.NAMED["neuron"]))
    assert "groups" not in small.description
