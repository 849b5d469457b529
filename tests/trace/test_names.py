"""Names of tensors stand for tensors in every verb, as they do in `Session.run`."""

import numpy as np
import pytest

import nbgrad as ng


@pytest.fixture(autouse=True)
def graph():
    with ng.Graph().as_default() as graph:
        x = ng.Variable(3.0, name="x")
        a = ng.multiply(x, x, name="a")
        ng.multiply(a, ng.identity(x, name="copy"), name="y")
        ng.split(np.ones(2, np.float32), 2, name="parts")
        yield graph


VERBS = {
    "trace": lambda y, x, **named: str(ng.trace(y, x, **named).to_dict()),
    "draw": lambda y, x, **named: ng.draw(y, x, **named).text,
    "explain": lambda y, x, **named: ng.explain(y, x, **named).text,
    "compare": lambda y, x, **named: ng.compare(y, x, **named).text,
    "explore": lambda y, x, **named: ng.explore(y, x, **named).trace.to_dict(),
    "check_gradient": lambda y, x, **named: ng.check_gradient(y, x, **named).text,
    "why_none": lambda y, x, **named: str(ng.why_none(y, x, **named)),
    "plot_curve": lambda y, x: ng.plot_curve(y, x).text,
}
STOPPING = [name for name in VERBS if name != "plot_curve"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("names", [("y:0", "x:0"), ("y", "x"), (b"y:0", "x:0")])
def test_a_name_is_as_good_as_the_tensor(verb, names, graph):
    tensors = [graph.get_tensor_by_name(f"{name}:0") for name in "yx"]
    assert VERBS[verb](*names) == VERBS[verb](*tensors)


@pytest.mark.parametrize("verb", STOPPING)
def test_a_stop_may_be_a_name(verb, graph):
    y, x, a = (graph.get_tensor_by_name(f"{name}:0") for name in "yxa")
    assert VERBS[verb]("y:0", "x:0", stop_gradients=["a:0"]) == VERBS[verb](
        y, x, stop_gradients=[a]
    )


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("at", [0, 1])
def test_every_verb_says_the_same_where_there_is_no_such_tensor(verb, at):
    names = ["y:0", "x:0"]
    names[at] = "coppy:0"
    sentence = r"^There is no tensor 'coppy:0' in this graph\.\nDid you mean 'copy:0'"
    with pytest.raises(ValueError, match=sentence):
        VERBS[verb](*names)


def test_names_stand_in_lists_and_in_contours():
    u, v = ng.Variable(1.0, name="u"), ng.Variable(2.0, name="v")
    f = ng.add(u * u, v, name="f")
    assert ng.trace(["f:0"], ["u:0", v]) == ng.trace([f], [u, v])
    drawn = ng.plot_contours("f:0", ["u:0", "v:0"])
    assert drawn.text == ng.plot_contours(f, [u, v]).text


def test_of_several_results_a_name_must_say_which(graph):
    with pytest.raises(ValueError, match=r"no tensor 'parts' .*\n.*'parts:[01]'"):
        ng.trace("parts", "x")
    assert ng.why_none("parts:1", "x").kind == "no path"


def test_a_name_is_looked_up_in_the_graph_of_the_session_or_of_the_other_tensors(graph):
    session, y = ng.Session(), graph.get_tensor_by_name("y:0")
    session.run(ng.global_variables_initializer())
    with ng.Graph().as_default():
        assert ng.trace("y:0", "x:0", session=session).node("y").value.array == 27
        assert ng.trace(y, "x:0").node("y").value.array == 27
        with pytest.raises(ValueError, match="no tensor 'y:0'"):
            ng.trace("y:0", "x:0")


def test_gradients_take_names_for_new_constants_as_tensorflow_does(graph):
    assert ng.gradients(graph.get_tensor_by_name("y:0"), "x:0") == [None]
