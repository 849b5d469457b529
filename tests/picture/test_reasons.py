"""What is said of a gradient that is not there."""

import nbgrad as ng
from nbgrad.picture.facts import why


def test_truth_values_are_not_called_integers():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        positive = ng.greater(x, 0.0, name="positive")
        f = ng.cast(positive, ng.float32, name="f")
        drawing = ng.draw(f, [x])
        derivation = str(ng.explain(f, x))
    assert "positive holds truth values, which have no derivative" in why(
        drawing.trace, drawing.trace.node("x")
    )
    assert "holds integers" not in drawing.description + derivation


def test_a_condition_is_cut_off_as_true_or_false():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        f = ng.where(ng.greater(x, 0.0, name="positive"), x * x, x, name="f")
        styles = ng.draw(f, [x]).styled.styles
    assert "true/false" in {style.text for style in styles.values()}


def test_integers_are_called_integers():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        f = ng.cast(ng.cast(x, ng.int32, name="n"), ng.float32, name="f")
        drawing = ng.draw(f, [x])
    assert "n holds integers" in why(drawing.trace, drawing.trace.node("x"))
