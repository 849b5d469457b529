"""Groups of large graphs: scopes, and inside of them layers, losses and steps."""

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.picture.layouts.overview.clusters import groups_of


@pytest.fixture(autouse=True)
def graph():
    with ng.Graph().as_default() as graph:
        yield graph


def two_layers():
    data = ng.constant(np.ones((4, 3)), name="X")
    with ng.name_scope("encoder"):
        w1, b1 = ng.Variable(np.ones((3, 5)), name="w1"), ng.Variable(np.zeros(5), name="b1")
        h = ng.nn.relu(ng.matmul(data, w1) + b1)
    w2, b2 = ng.Variable(np.ones((5, 3)), name="w2"), ng.Variable(np.zeros(3), name="b2")
    z = ng.nn.tanh(ng.matmul(h, w2) + b2)
    loss = ng.reduce_mean(ng.square(z), name="loss")
    return ng.trace(loss, [w1, b1, w2, b2])


def names(group):
    return {part.name: names(part) for part in group.children}


def test_a_group_holds_what_a_layer_has_with_its_parameters():
    trace = two_layers()
    found = groups_of(trace)
    assert names(found) == {"dense 5→3, tanh": {}, "mean(z²)": {}, "encoder": {}}
    [decoder] = [part for part in found.children if part.name.startswith("dense")]
    assert {"w2", "b2", "z"} <= {trace.node(key).label for key in decoder.members}


def test_every_node_is_in_one_group():
    trace = two_layers()
    assert sorted(groups_of(trace).members) == sorted(node.id for node in trace.nodes)


def test_scopes_of_any_depth_are_groups_in_groups():
    x = ng.Variable(2.0, name="x")
    with ng.name_scope("outer"):
        a = ng.sin(x) * ng.cos(x)
        with ng.name_scope("inner"):
            b = ng.exp(a) * ng.tanh(a)
        c = a * b
    found = groups_of(ng.trace(c * c + ng.square(x), [x]))
    assert names(found) == {"outer": {"inner": {}}}


def test_a_graph_of_thousands_of_nodes_has_groups():
    w, b = ng.Variable(np.eye(3), name="w"), ng.Variable(np.zeros(3), name="b")
    h = ng.constant(np.ones((2, 3)), name="h0")
    for _ in range(300):
        h = ng.tanh(ng.matmul(h, w) + b)
    trace = ng.trace(ng.reduce_mean(ng.square(h), name="loss"), [w, b])
    found = groups_of(trace)
    assert [part.name for part in found.children] == ["300 steps: 3→3, tanh", "mean(h₃₀₀²)"]
    assert len(found.children[0].children) == 300
