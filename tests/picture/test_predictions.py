"""A picture leaves adjoints to be written in, and gives none of them away."""

import re

import numpy as np
import pytest

import nbgrad as tf
from nbgrad.picture.output import pill
from nbgrad.picture.template import asked_nodes, hidden_trace
from nbgrad.picture.theme import NAME, text_width


@pytest.fixture(autouse=True)
def graph():
    """A graph of its own for each test, in which names are as they are given."""
    with tf.Graph().as_default():
        yield


@pytest.fixture
def drawn():
    x, y = tf.Variable(3.0, name="x"), tf.Variable(4.0, name="y")
    a = tf.multiply(x, x, name="a")
    return tf.draw(tf.add(tf.multiply(a, y, name="b"), y, name="f"), [x, y])


def shown_numbers(drawing):
    styles = drawing.styled.styles.values()
    adjoints = [each.text.strip() for each in styles if "adjoint" in each.classes.split()]
    return [text for text in adjoints if text not in ("", "·")]


def test_every_adjoint_is_a_field_but_that_which_is_the_seed(drawn):
    asking = drawn.asking()
    assert [drawn.trace.node(key).label for key in asking.hidden] == ["x", "y", "a", "b"]
    fields = [each for each in asking.styled.styles.values() if "asked" in each.classes.split()]
    assert len(fields) == 4
    assert all(each.text == " " and each.width >= 40 for each in fields)
    assert shown_numbers(asking) == ["1"]


def test_a_field_leaves_the_name_beside_it_to_be_read():
    u, v = tf.Variable(-4.0, name="u"), tf.Variable(1.0, name="v")
    f = 0.1 * tf.square(u) + 2.0 * tf.square(v)
    drawing = tf.draw(f, [u, v], width=686).asking()
    elements = {element.id: element for element in drawing.scene.elements()}
    for key in drawing.hidden:
        label, field = elements[f"{key}.adjoint.label"], elements[f"{key}.adjoint"]
        style = drawing.styled.styles[label.id]
        left, *_ = pill(field, drawing.styled.styles[field.id])
        assert left > label.x + text_width(style.text, NAME)


@pytest.mark.parametrize("layout", ["overlay", "mirror", "tape", "paths"])
def test_no_layout_gives_one_away(layout, drawn):
    drawing = tf.draw("f:0", ["x:0", "y:0"], layout=layout)
    kept, asked = (words(each.svg()) for each in (drawing, drawing.asking()))
    assert "24" in kept
    assert "24" not in asked
    assert "10" not in asked


def words(svg):
    return set(re.findall(r">([^<>]+)</t(?:ext|span)>", svg))


def test_values_local_derivatives_and_roads_stay(drawn):
    before, after = drawn.styled.styles, drawn.asking().styled.styles
    for key, style in before.items():
        classes = {*style.classes.split()}
        if classes & {"value", "local-text"} and "wait" not in classes:
            assert after[key].text == style.text
        if "road" in classes:
            assert after[key].since == style.since


def test_its_words_say_what_is_to_be_found_and_not_what_it_is(drawn):
    assert drawn.asking().description == "f = b + y = 40. To find: df/db, df/da, df/dy, df/dx."
    assert drawn.asking().text == drawn.asking().description


def test_nothing_of_what_is_hidden_is_left_in_the_trace(drawn):
    trace = hidden_trace(drawn.trace, ["n0"])
    assert trace.node("x").adjoint.state == "not run"
    assert [e.contribution for e in trace.edges if e.source == "n0"] == [None, None]
    assert trace.node("y").adjoint == drawn.trace.node("y").adjoint


def test_a_matrix_is_an_empty_grid_and_a_large_one_is_given():
    small = tf.Variable(np.arange(6.0).reshape(2, 3), name="small")
    large = tf.Variable(np.arange(49.0), name="large")
    loss = tf.add(tf.reduce_sum(small * small), tf.reduce_sum(large * large), name="loss")
    drawing = tf.draw(loss, [small, large])
    asked = {drawing.trace.node(key).label for key in asked_nodes(drawing.trace)}
    assert "small" in asked
    assert "large" not in asked
    styles = drawing.asking().styled.styles
    node = drawing.trace.node("small").id
    assert not styles[f"{node}.adjoint.map"].cells
    assert not any(styles[f"{node}.adjoint.{n}"].text for n in range(6))


def test_a_folded_chain_gives_nothing_away(drawn):
    x = tf.Variable(0.5, name="v")
    chain = tf.tanh(tf.exp(tf.negative(tf.sin(x))), name="out")
    drawing = tf.draw(chain, x, width=640)
    adjoint = re.search(r"dout/dv = (\S+)", drawing.title)[1].rstrip(".")
    assert adjoint in drawing.svg()
    assert adjoint not in drawing.asking().svg()


def test_what_was_found_shows(drawn):
    explorer = tf.explore("f:0", ["x:0", "y:0"], hide="adjoints")
    explorer.answers = {"x": {"typed": "24", "right": True}, "y": {"typed": "9", "right": False}}
    hidden = {explorer.trace.node(key).label for key in explorer.drawing.hidden}
    assert hidden == {"y", "a", "b"}
    explorer.hidden = ""
    assert explorer.drawing.hidden == ()


def test_the_legend_explains_no_none_that_is_to_be_found():
    v = tf.Variable(2.5, name="v")
    drawing = tf.draw(tf.add(tf.floor(v, name="stairs"), v * 0.0, name="f"), [v])
    ids = drawing.scene.ids, drawing.asking().scene.ids
    assert ["legend.reverse" in each for each in ids] == [True, True]
    w = tf.Variable(2.5, name="w")
    drawing = tf.draw(tf.add(tf.floor(w), v, name="g"), [v, w])
    ids = drawing.scene.ids, drawing.asking().scene.ids
    assert ["legend.none" in each for each in ids] == [True, False]
    assert ["legend.local" in each for each in ids] == [True, True]
