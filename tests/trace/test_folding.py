"""A folded trace is a trace: fewer nodes, the same numbers where it has any."""

import functools
import importlib.util
from pathlib import Path

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.picture.drawing import LAYOUTS, Drawing
from nbgrad.trace.folding import CHAIN, FOLD, folded, folds_of, is_absorbed, ladders
from nbgrad.trace.model import Trace


@pytest.fixture(autouse=True)
def graph():
    """A graph of its own: letters of nodes without a name follow those that a graph has used."""
    with ng.Graph().as_default() as graph:
        yield graph


def loop(turns=40):
    """A loop of three operations in each turn, that all read one variable."""
    with ng.Graph().as_default():
        x, w = ng.Variable(0.5, name="x"), ng.Variable(1.1, name="w")
        h = x
        for _ in range(turns):
            h = ng.tanh(h * w + 0.1)
        return ng.trace(ng.multiply(h, 2.0, name="y"), [x, w])


def layers(count=2, stop=None):
    """A network with a name scope for each layer."""
    rng = np.random.default_rng(0)
    with ng.Graph().as_default():
        h = ng.constant(rng.normal(size=(2, 3)), name="data")
        weights, hidden = [], []
        for n in range(count):
            with ng.name_scope(f"layer{n + 1}"):
                w = ng.Variable(rng.normal(size=(3, 3)), name=f"w{n + 1}")
                b = ng.Variable(np.zeros(3), name=f"b{n + 1}")
                u = ng.matmul(h, w)
                u = u + b
                h = ng.tanh(u)
            weights += [w, b]
            hidden.append(u)
        loss = ng.reduce_sum(ng.square(h), name="loss")
        stops = None if stop is None else [hidden[stop]]
        return ng.trace(loss, weights, stop_gradients=stops)


@functools.cache
def real_trace(name):
    return real_losses().trace_of(name)


@functools.cache
def real_losses():
    """The module with losses of public programs, which stands beside the tests of pictures."""
    path = Path(__file__).parents[1] / "picture" / "real_losses.py"
    spec = importlib.util.spec_from_file_location("real_losses", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fold(trace, opened=()):
    return folded(trace, folds_of(trace, opened))[0]


REAL = ("mlp_with_dropout", "vae", "gan", "rnn_by_hand", "attention_head", "tied_autoencoder")
TRACES = {
    "loop": loop,
    "layers": lambda: layers(4),
    "stopped": lambda: layers(4, stop=1),
    **{name: lambda name=name: real_trace(name) for name in REAL},
}
every_trace = pytest.mark.parametrize("make", TRACES.values(), ids=TRACES.keys())


def test_a_long_chain_becomes_one_card_that_says_how_long_it_is():
    whole, short = loop(), fold(loop())
    assert len(whole.nodes) > 120
    [node] = [node for node in short.nodes if node.op_type == "Fold"]
    assert (node.label, node.expression) == ("h₄₀", "120 operations")
    assert len(short.nodes) == 5


def test_a_chain_that_is_not_long_stays_open():
    assert fold(loop(turns=CHAIN // 3)) == loop(turns=CHAIN // 3)


def test_a_small_picture_is_not_folded():
    """The two layers of the mock-up: X, W1, a, b1, z, h, W2, c, b2, s, T, k, loss."""
    data, labels = ng.constant(np.ones((8, 3)), name="X"), ng.constant(np.eye(3)[[0] * 8], name="T")
    w1, b1 = ng.Variable(np.ones((3, 5)), name="W1"), ng.Variable(np.zeros(5), name="b1")
    w2, b2 = ng.Variable(np.ones((5, 3)), name="W2"), ng.Variable(np.zeros(3), name="b2")
    h = ng.nn.relu(ng.matmul(data, w1) + b1)
    s = ng.matmul(h, w2) + b2
    k = ng.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=s)
    trace = ng.trace(ng.reduce_mean(k), [w1, b1, w2, b2])
    assert len(trace.nodes) == 13
    assert fold(trace) == trace


def convolutions():
    images = ng.placeholder(ng.float32, [2, 784], name="images")
    h = ng.layers.conv2d(ng.reshape(images, [2, 28, 28, 1]), 3, [5, 5], activation=ng.nn.relu)
    pooled = ng.layers.max_pooling2d(h, 2, 2)
    y = ng.layers.dense(ng.layers.flatten(pooled), 10, name="logits")
    loss = ng.reduce_mean(ng.square(ng.nn.softmax(y)), name="loss")
    return ng.trace(loss, ng.trainable_variables(), feed_dict={images: np.zeros([2, 784])})


def test_a_layer_says_its_sizes_its_activation_and_its_pooling():
    words = [node.expression for node in fold(convolutions()).nodes if node.op_type == "Fold"]
    assert words == ["conv 5×5 1→3, relu, pool", "dense 432→10, softmax", "mean(m²)"]


def test_layers_fold_where_it_is_crowded():
    seen = fold(layers(4))
    words = [node.expression for node in seen.nodes if node.op_type == "Fold"]
    assert words == ["dense 3→3, tanh"] * 4 + ["Σ h₄²"]
    assert fold(layers(1)) == layers(1)
    for name in ("w1", "b1", "w4", "b4"):
        assert seen.node(name).adjoint == layers(4).node(name).adjoint


def test_a_layer_is_opened_by_its_scope_or_by_its_label():
    for opened in ("layer2", "h₂"):
        seen = fold(layers(4), [opened])
        exits = [node.label for node in seen.nodes if node.op_type == "Fold"]
        assert exits == ["h₁", "h₃", "h₄", "loss"]
        assert "h₁ w2" in [node.expression for node in seen.nodes]
    assert fold(layers(4), "all") == layers(4)


def test_scopes_without_layers_fold_under_their_names():
    def squash(x):
        with ng.name_scope("squash"):
            return x / ng.sqrt(1.0 + ng.square(x))

    x = ng.Variable(2.0, name="x")
    y = x
    for _ in range(4):
        y = squash(y)
    t = ng.trace(y, x)
    words = [node.expression for node in fold(t).nodes if node.op_type == "Fold"]
    assert words == [
        f"{name} · 4 operations" for name in ("squash", "squash_1", "squash_2", "squash_3")
    ]
    small = ng.trace(squash(x), x)
    assert fold(small) == small


@every_trace
def test_what_is_kept_keeps_its_numbers(make):
    whole, short = make(), fold(make())
    for node in short.nodes:
        same = whole.node(node.id)
        assert (node.value, node.adjoint.value) == (same.value, same.adjoint.value)


@every_trace
def test_contributions_still_add_up_to_the_adjoint(make):
    trace = fold(make())
    for node in trace.nodes:
        parts = [e.contribution.array for e in trace.outgoing(node) if e.contribution is not None]
        if parts and node.adjoint.value is not None and node.seed is None:
            np.testing.assert_allclose(sum(parts), node.adjoint.value.array, 1e-5, 1e-6)


@every_trace
def test_a_factor_through_a_fold_times_what_arrived_is_what_was_carried(make):
    trace = fold(make())
    for edge in trace.edges:
        above = trace.node(edge.target).adjoint.value
        if edge.local is not None and edge.local.value is not None and not above.shape:
            product = above.array * edge.local.value.array
            np.testing.assert_allclose(product, edge.contribution.array, rtol=1e-5)


@every_trace
def test_edges_lead_between_nodes_that_are_there_and_no_two_are_alike(make):
    trace = fold(make())
    ids = {node.id for node in trace.nodes}
    assert all({edge.source, edge.target} <= ids for edge in trace.edges)
    assert len({edge.id for edge in trace.edges}) == len(trace.edges)
    assert all(s.node in ids and {*s.edges} <= {e.id for e in trace.edges} for s in trace.steps)


@every_trace
def test_a_folded_trace_goes_through_json(make):
    trace = fold(make())
    assert Trace.from_dict(trace.to_dict()) == trace


@every_trace
def test_the_clock_runs_from_the_first_step_to_the_last(make):
    trace = make()
    seen, clock = folded(trace, folds_of(trace))
    assert len(clock) == len(seen.steps) + 1
    assert (clock[0], clock[-1]) == (0, len(trace.steps))
    assert list(clock) == sorted(set(clock))


def test_what_is_folded_does_not_depend_on_numbers_or_stops():
    assert folds_of(layers(4)) == folds_of(layers(4, stop=1))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["loop", "layers", "stopped"])
def test_a_folded_picture_is_readable_and_patched(layout, name):
    drawing = Drawing.of(TRACES[name](), layout=layout)
    assert drawing.scene.width <= 1100
    assert drawing.styled.steps == len(drawing.trace.steps)
    assert drawing.at(3).svg() != drawing.svg()


def test_a_composite_of_tensorflow_is_one_card_named_after_its_scope():
    logits = ng.Variable([2.0, -1.0, 0.1], name="logits")
    labels = ng.constant([1.0, 0.0, 1.0], name="labels")
    loss = ng.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
    trace = ng.trace(ng.reduce_mean(loss, name="m"), [logits])
    seen, _ = folded(trace, folds_of(trace))
    assert [node.label for node in seen.nodes] == ["logits", "labels", "logistic_loss", "m"]
    assert seen.node("logistic_loss").expression == "sigmoid cross-entropy"


def test_a_cell_that_is_run_again_folds_under_the_same_names():
    def cell():
        h = ng.Variable(0.5, name="x")
        for _ in range(12):
            with ng.name_scope("layer"):
                h = ng.tanh(ng.add(h * 2.0, 1.0, name="sum"))
        trace = ng.trace(h, [])
        return [fold.name for folds in folds_of(trace) for fold in folds if fold.name]

    with ng.Graph().as_default():
        first, second = cell(), cell()
    assert first[:3] == ["layer", "layer_1", "layer_2"]
    assert second == first


# Losses of public programs ------------------------------------------------------------------

every_loss = pytest.mark.parametrize("name", real_losses().LOSSES)


def cards(trace):
    return [node for node in trace.nodes if not is_absorbed(trace, node)]


def longest_way(trace):
    length = {}
    for node in trace.nodes:
        before = (length[edge.source] for edge in trace.incoming(node))
        length[node.id] = 1 + max(before, default=0)
    return max(length.values())


@every_loss
def test_a_real_loss_fits_a_screen_with_all_its_parameters(name):
    trace = real_trace(name)
    seen = fold(trace)
    assert len(cards(seen)) <= 24
    assert longest_way(seen) <= 16
    assert {*seen.xs} == {*trace.xs}
    shown = {node.id: node for node in seen.nodes}
    assert all(shown[x].adjoint == trace.node(x).adjoint for x in trace.xs)
    labels = [node.label for node in cards(seen)]
    assert len(labels) == len({*labels})
    assert all(len(node.expression) <= 26 for node in seen.nodes if node.op_type == FOLD)


@every_loss
def test_every_fold_of_a_real_loss_can_be_opened_and_nothing_else_folds(name):
    trace = real_trace(name)
    before = fold(trace)
    for node in before.nodes:
        if node.op_type != FOLD:
            continue
        after = fold(trace, [node.label])
        assert {each.id for each in before.nodes} < {each.id for each in after.nodes}
        assert after.node(node.id).expression != node.expression
        for each in {n.id for n in before.nodes} - {node.id}:
            assert after.node(each).expression == before.node(each).expression


@pytest.mark.parametrize("name", ["mlp_with_dropout", "convolution_network"])
def test_what_is_opened_in_a_fold_is_a_part_of_that_one_alone(name):
    trace = real_trace(name)
    folds = folds_of(trace, ["dropout"])
    seen, _ = folded(trace, folds)
    seen, _ = folded(seen, [ladders(seen)])
    for k, stage in enumerate(folds):
        earlier = {key for each in folds[:k] for fold in each for key in fold.members - {fold.exit}}
        assert all(earlier.isdisjoint(fold.members) for fold in stage)


@pytest.mark.parametrize("name", REAL)
def test_what_is_folded_once_more_keeps_its_numbers(name):
    trace = real_trace(name)
    seen = fold(trace)
    again = folded(seen, (ladders(seen),))[0]
    for node in again.nodes:
        assert node.value == trace.node(node.id).value
        assert node.adjoint.value == trace.node(node.id).adjoint.value


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mlp_with_dropout", "784→256, relu, dropout"),
        ("network_with_batch_norm_by_hand", "100→100, batch norm, σ"),
        ("convolution_network", "conv 5×5 8→16, relu, pool"),
        ("logistic_regression", "dense 2→1, σ"),
        ("vae", "KL"),
        ("vae_by_hand", "sample"),
        ("gan", "log loss"),
        ("rnn_by_hand", "step 4: 17→16, tanh"),
        ("rnn_of_two_matrices", "step 2: 5→8 + 8→8, tanh"),
        ("lstm_static", "cell state"),
        ("attention_head", "attention"),
        ("mlp_with_layers_and_decay", "L2 penalty"),
        ("q_network", "mean square"),
        ("softmax_classifier", "one-hot y-input"),
    ],
)
def test_a_card_says_in_plain_words_what_it_is(name, words):
    assert words in [node.expression for node in fold(real_trace(name)).nodes]


def test_what_a_linear_layer_sends_has_its_rule():
    seen = fold(real_trace("mlp_with_dropout"))
    rules = {e.local.symbol: e.local.formula for e in seen.incoming(seen.node("logits"))}
    assert rules["∂logits/∂weights['out']"] == "layer_2₂ᵀ l̄ogits"
    hidden = {
        e.local.symbol: e.local.formula for e in seen.incoming(seen.node("layer_1₂")) if e.local
    }
    assert hidden["∂layer_1₂/∂h1"] == "∂layer_1₂/∂h1"


# Any graph ----------------------------------------------------------------------------------


def some_graph(seed):
    """A graph of products, sums, functions, scopes and stops in any order."""
    random = np.random.default_rng(seed)
    with ng.Graph().as_default():
        ws = [ng.Variable(random.normal(size=(3, 3)), name=f"w{n}") for n in range(3)]
        found = [ng.constant(random.normal(size=(2, 3)), name="X")]
        for n in range(int(random.integers(12, 40))):
            x = found[-1 - int(random.integers(min(3, len(found))))]
            other = found[int(random.integers(len(found)))]
            w = ws[int(random.integers(3))]
            made = [
                lambda x=x, w=w: ng.tanh(ng.matmul(x, w) + w[0]),
                lambda x=x, o=other: x * ng.sigmoid(o),
                lambda x=x: x - ng.reduce_mean(x, axis=0),
                lambda x=x, o=other: ng.stop_gradient(o) + ng.nn.relu(x),
                lambda x=x: 1 / (1 + ng.exp(-x)),
                lambda x=x: ng.sqrt(1.0 + ng.square(x)) * 0.5,
            ]
            with ng.name_scope(f"part{n // 5}"):
                found.append(made[int(random.integers(len(made)))]())
        y = ng.reduce_mean(ng.square(found[-1] - found[-2]), name="y")
        return ng.trace([y, ng.reduce_sum(found[-3])], ws)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("most", [0, 13])
def test_folding_any_graph_changes_no_number_that_is_seen(seed, most):
    whole = some_graph(seed)
    folds = folds_of(whole, most=most)
    seen, clock = folded(whole, folds)
    assert folds
    assert (clock[0], clock[-1]) == (0, len(whole.steps))
    assert {*seen.ys} == {*whole.ys}
    assert {*seen.xs} == {*whole.xs}
    for node in seen.nodes:
        same = whole.node(node.id)
        assert (node.value, node.adjoint.value) == (same.value, same.adjoint.value)
        parts = [e.contribution.array for e in seen.outgoing(node) if e.contribution is not None]
        if parts and node.adjoint.value is not None and node.seed is None:
            np.testing.assert_allclose(sum(parts), node.adjoint.value.array, 1e-5, 1e-7)
    for edge in seen.edges:
        local, above = edge.local, seen.node(edge.target).adjoint.value
        if local is not None and local.is_factor and local.value is not None:
            product = above.array * local.value.array
            if product.shape == edge.contribution.shape:
                np.testing.assert_allclose(product, edge.contribution.array, 1e-4, 1e-6)
    assert Trace.from_dict(seen.to_dict()) == seen


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rnn_by_hand_of_ten_steps", "10 steps, cross-entropy"),
        ("rnn_dynamic", "10 steps, dense 20→1"),
        ("gan", "784→256→1"),
        ("gan_with_logits", "4 layers"),
        ("vae", "cross-entropy + KL"),
        ("rnn_of_two_matrices_of_ten_steps", "10 steps"),
    ],
)
def test_where_nothing_else_fits_a_loop_or_a_network_is_one_card(name, words):
    trace = real_trace(name)
    seen, _ = folded(trace, folds_of(trace, most=0))
    assert words in [node.expression for node in seen.nodes]
    joined = [node.label for node in seen.nodes if node.expression == words]
    opened, _ = folded(trace, folds_of(trace, joined, most=0))
    assert len(opened.nodes) > len(seen.nodes)
