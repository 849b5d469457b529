"""Bad input loses nothing: it is told in words that name it, and the picture stays."""

import json

import numpy as np
import pytest

import nbgrad as ng


@pytest.fixture
def explorer():
    """A matrix, a whole number, a truth value and two ys."""
    with ng.Graph().as_default():
        w = ng.Variable([[1.0, 2.0], [3.0, 4.0]], name="W")
        n = ng.placeholder(ng.int32, [], name="n")
        on = ng.placeholder(ng.bool, [], name="on")
        total = ng.reduce_sum(w, name="total")
        f = ng.where(on, total * ng.cast(n, ng.float32), total, name="f")
        return ng.explore([f, ng.multiply(w, w, name="g")], w)


def put(explorer, **entries):
    explorer.inputs = {**explorer.inputs, **entries}


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"W": [1, 2, "three", 4]}, "“three” is no number; W[1, 0] stays 3"),
        ({"W": [1, "", 3, 4]}, "“” is no number; W[0, 1] stays 2"),
        ({"W": [1, 2, 3]}, "3 entries for W, which takes 4"),
        ({"W": "abc"}, "1 entries for W, which takes 4"),
        ({"n": [2.5]}, "2.5 is not a whole number of int32; n stays 1"),
        ({"n": [1e20]}, "1e+20 is not a whole number of int32; n stays 1"),
        ({"n": ["nan"]}, "nan is not a whole number of int32; n stays 1"),
        ({"on": [2]}, "2 is not 0 (False) or 1 (True); on stays 1"),
        ({"q": [2]}, "KeyError: 'q' is not on this picture."),
    ],
)
def test_a_wrong_entry_is_named_by_its_cell(explorer, entries, message):
    before = explorer.trace
    put(explorer, **entries)
    assert explorer.message == message
    assert explorer.trace == before


def test_beside_a_wrong_cell_the_others_count(explorer):
    put(explorer, W=[5, 6, "three", "x"])
    assert explorer.value["W"].tolist() == [[5, 6], [3, 4]]
    assert explorer.wrong == "W[1, 0]"
    explorer.stop("W")
    assert explorer.wrong == "W[1, 0]"


def test_a_wrong_seed_is_named_too(explorer):
    explorer.seeds = {**explorer.seeds, "g": [1, 2, "x", 4]}
    assert explorer.message == "“x” is no number; seed of g[1, 0] stays 1"
    assert explorer.wrong == "seed of g[1, 0]"
    explorer.seed("g", 1)
    assert explorer.message == explorer.wrong == ""


def test_whole_numbers_and_truth_values_move_too(explorer):
    put(explorer, n=[3], on=[0])
    assert explorer.value["n"] == 3
    assert explorer.trace.node("f").value.array == 10
    put(explorer, on=[1])
    assert explorer.trace.node("f").value.array == 30


@pytest.mark.parametrize("dtype", [ng.int64, ng.uint64, ng.int8])
def test_the_least_and_the_greatest_whole_number_keep_every_digit(dtype):
    with ng.Graph().as_default():
        n = ng.placeholder(dtype, [2], name="n")
        explorer = ng.explore(ng.identity(n, name="y"), n)
    ends = [int(dtype.min), int(dtype.max)]
    explorer.value[n] = ends
    entries = json.loads(json.dumps(explorer.inputs["n"]))
    assert all(isinstance(each, str) or abs(each) < 2**53 for each in entries)
    explorer.inputs = {"n": [1, 1]}
    explorer.inputs = {"n": [str(each) for each in ends]}  # as the page sends them
    assert explorer.wrong == ""
    assert explorer.value[n].tolist() == explorer.trace.node("y").value.array.tolist() == ends
    for wrong in (ends[1] + 1, str(ends[1] + 1), 2.0**64, "1e30", "1.5"):
        explorer.inputs = {"n": [0, wrong]}
        problem = f"{wrong} is not a whole number of {dtype.name}; n[1] stays {ends[1]}"
        assert explorer.message == problem


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda e: e.seed("W", 2), KeyError, "'W' is not one of the ys. They are: f, g"),
        (lambda e: e.seed("f", [1.0, 2.0]), ValueError, "shape .2,. for Tensor 'f:0'"),
        (lambda e: e.seed("f", "two"), ValueError, "could not convert string to float: 'two'"),
        (lambda e: e.seed("f", None), ValueError, "None is no value for Tensor 'f:0'"),
        (lambda e: e.value.update(total=1), KeyError, "'total' cannot be moved. Inputs are: W"),
        (lambda e: e.value["q"], KeyError, "'q' is not on this picture. It shows: W, n"),
        (lambda e: e.value.update(n=2.5), ValueError, "2.5 is not a whole number"),
        (lambda e: e.value.update(W=1.0), ValueError, "which has shape '.2, 2.'"),
        (lambda e: e.value.update(W=1j), TypeError, "not 'complex'"),
        (lambda e: e.stop("q"), KeyError, "'q' is not on this picture"),
        (lambda e: e.stop(5), KeyError, "5 is not on this picture"),
        (lambda e: e.seek(2.5), TypeError, "float"),
        (lambda e: e.seek(99), IndexError, "there is no step 99"),
        (lambda e: e.save("f.xyz"), ValueError, "Endings there are: .svg .png"),
    ],
)
def test_a_wrong_act_from_python_raises_and_changes_nothing(explorer, act, error, message):
    before, operations = explorer.get_state(), count_operations(explorer)
    with pytest.raises(error, match=message):
        act(explorer)
    assert explorer.get_state() == before
    assert count_operations(explorer) == operations


def count_operations(explorer):
    return len(explorer._model.graph.get_operations())


def test_unknown_ids_are_refused(explorer):
    explorer.stopped = ["f"]
    assert explorer.message.startswith("KeyError: 'f' is no node's id")


def test_a_step_beyond_the_ends_is_the_end(explorer):
    explorer.step = -3
    assert explorer.step == 0
    explorer.step = 1000
    assert explorer.step == explorer.steps + 1


def test_one_number_is_the_seed_of_every_element(explorer):
    explorer.seed("g", 2)
    assert explorer.seeds["g"] == [2, 2, 2, 2]


@pytest.mark.parametrize("verb", [ng.draw, ng.explore])
def test_a_seed_that_is_larger_than_its_y_is_refused(verb):
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        h = ng.multiply(x, 2.0, name="h")
        with pytest.raises(ValueError, match=r"grad_ys\[0\] has shape \(2,\), .* of shape \(\)"):
            verb(h, x, grad_ys=[[1.0, 2.0]])
        with pytest.raises(ValueError, match="Passed 2 grad_ys for 1 ys"):
            verb(h, x, grad_ys=[1.0, 2.0])


@pytest.mark.parametrize("verb", [ng.draw, ng.explore])
def test_an_object_that_is_no_tensor_is_refused(verb):
    with pytest.raises(ValueError, match="There is no tensor 'no such' in this graph"):
        verb("no such")
    with pytest.raises(ValueError, match="ys is an empty list"):
        verb([])


def test_a_y_has_one_seed_of_real_numbers():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        y = ng.multiply(x, x, name="y")
        with pytest.raises(ValueError, match="listed twice"):
            ng.explore([y, y], x)
        with pytest.raises(TypeError, match="which is complex"):
            ng.explore(ng.complex(x, y), x)


def test_a_complex_input_stays_as_it_is_fed():
    with ng.Graph().as_default():
        c = ng.placeholder(ng.complex64, [], name="c")
        x = ng.Variable(2.0, name="x")
        explorer = ng.explore(ng.imag(c) * x, x, feed_dict={c: 1 + 3j})
    assert list(explorer.value) == ["x"]
    assert explorer.trace.node("x").adjoint.value.array == 3


def test_a_number_too_large_for_its_dtype_is_infinity(explorer):
    explorer.value["W"] = np.full((2, 2), 1e39)
    assert explorer.inputs["W"] == ["inf"] * 4


def test_outside_jupyter_a_line_tells_the_numbers_and_what_to_do():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        line = repr(ng.explore(ng.multiply(x, x, name="y"), x))
    assert (
        line
        == '<Explorer of y = x · x = 9; dy/dx = 6: alive in Jupyter, elsewhere .save("x.html")>'
    )
