"""A caption on an edge: a local derivative in its colour, or what the adjoint is, in the other."""

import numpy as np

import nbgrad as ng
from nbgrad.picture.forms import FORMS, Facts


def captions(y, x, feed_dict=None):
    """The caption on the edge from each label."""
    trace = ng.trace(y, x, feed_dict=feed_dict)
    facts = Facts(trace)
    return {
        trace.node(edge.source).label: FORMS["local"](facts, edge.id, room=300)
        for edge in trace.edges
    }


def test_the_local_derivative_of_a_mean_is_a_number_also_where_its_count_is_found_in_the_run():
    with ng.Graph().as_default():
        x = ng.placeholder(ng.float64, [None], name="x")
        loss = ng.reduce_mean(ng.square(x, name="losses"), name="loss")
        found = captions(loss, [x], {x: np.arange(4.0)})
    assert found["losses"].text == "∂loss/∂losses = 0.25"
    assert "local-text" in found["losses"].classes


def test_a_rule_that_is_no_factor_says_what_the_adjoint_is_in_its_colour():
    with ng.Graph().as_default():
        x, w = ng.constant(np.ones((2, 3)), name="X"), ng.Variable(np.ones((3, 2)), name="W")
        found = captions(ng.reduce_sum(ng.matmul(x, w, name="k"), name="L"), [w])
    assert found["W"].text == "W\u0304 = Xᵀ k\u0304"
    assert "adjoint-text" in found["W"].classes


def test_no_bar_stands_over_the_first_letter_of_a_word():
    with ng.Graph().as_default():
        x, w = ng.constant(np.ones((2, 3)), name="X"), ng.Variable(np.ones((3, 2)), name="weights")
        found = captions(ng.reduce_sum(ng.matmul(x, w, name="k"), name="L"), [w])
    assert found["weights"].text == "dL/dweights = Xᵀ dL/dk"
