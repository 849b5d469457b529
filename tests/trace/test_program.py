"""A program makes the traces that Python makes: for any inputs, seeds and stops."""

import base64
import contextlib
import json
import re
from pathlib import Path
from random import Random

import generated
import graphs
import named
import numpy as np
import pytest
import real_losses
from program_run import run_program
from special_graphs import SPECIAL

import nbgrad as tf
from nbgrad.core.errors import OpError
from nbgrad.trace.numbers import Numbers
from nbgrad.trace.program import array_as_json, program_of
from nbgrad.trace.record import Recorder


@pytest.fixture(autouse=True)
def _own_graph():
    with tf.Graph().as_default():
        yield


def in_bits(item):
    """Plain data in which −0 is not 0."""
    return json.dumps(item.to_dict())


class Twins:
    """One question, asked of a program and of recorders."""

    def __init__(self, ys, xs, options):
        options = dict(options)
        self.feed = options.pop("feed_dict", None)
        self.stops = options.pop("stop_gradients", [])
        self.question = ys, xs, options.pop("grad_ys", None)
        self.recorder = Recorder(*self.question)
        self.given = self.recorder.values_given(self.feed, None)
        graph = self.recorder.graph
        before = len(graph.get_operations())
        self.program = json.loads(json.dumps(program_of(self.recorder, self.given)))
        assert len(graph.get_operations()) == before

    def check(self, stops):
        recorder = Recorder(*self.question, stops, self.given)
        ids = [self.recorder.ids[t] for t in stops if t in self.recorder.ids]
        found = run_program(self.program, stopped=ids)
        wanted = recorder.record(self.feed)
        assert in_bits(found) == in_bits(wanted)

    def check_many(self, random, count=3):
        assert not self.program["unsupported"]
        self.check([])
        self.check(self.stops if isinstance(self.stops, list) else [self.stops])
        nodes = self.recorder.nodes
        for _ in range(count):
            self.check(random.sample(nodes, min(len(nodes), random.randint(1, 3))))


def check(build, random, count=3):
    # A matrix may have no inverse: that is an error, and no trace.
    with tf.Graph().as_default(), np.errstate(all="ignore"), contextlib.suppress(OpError):
        Twins(*build()).check_many(random, count)


@pytest.mark.parametrize("seed", range(0, generated.HOW_MANY, 2))
def test_a_program_gives_the_trace_of_a_graph_of_the_pictures(seed):
    check(lambda: generated.question(seed), Random(seed), 2)


@pytest.mark.parametrize("seed", range(150))
def test_a_program_gives_the_trace_of_a_graph_of_any_operations(seed):
    check(lambda: graphs.question(seed), Random(seed), 2)


@pytest.mark.parametrize("name", named.NAMED)
def test_a_program_gives_the_trace_of_a_named_graph(name):
    check(named.NAMED[name], Random(name))


@pytest.mark.parametrize("build", SPECIAL, ids=lambda build: build.__name__)
def test_a_program_gives_the_trace_of_a_special_graph(build):
    check(build, Random(0), 8)


#: Losses of networks small enough that every number can be compared.
SMALL_LOSSES = (
    *("linear_regression", "softmax_classifier", "rnn_by_hand", "lstm_static", "rnn_dynamic"),
    *("attention_head", "q_network", "policy_gradient", "word_vectors", "mlp_with_dropout"),
    *("convolution_network", "one_batch_norm_in_full", "vae_by_hand"),
)


@pytest.mark.parametrize("name", SMALL_LOSSES)
def test_a_program_gives_the_trace_of_a_real_loss(name):
    with tf.Graph().as_default():
        losses, parameters = real_losses.LOSSES[name]()
        twins = Twins(losses, parameters, {"feed_dict": real_losses.feeds()})
        assert twins.program["unsupported"] == []
        assert run_program(twins.program) == twins.recorder.record(twins.feed)


def test_inputs_and_seeds_are_given_by_label():
    x, y = tf.Variable([1.0, 2.0], name="x"), tf.placeholder(tf.float32, [], name="y")
    a, b = tf.multiply(x, y, name="a"), tf.exp(y, name="b")
    recorder = Recorder([a, b], [x, y], [[1.0, 10.0], 100.0])
    program = program_of(recorder, {**recorder.fixed_values({}), y: 0.0})
    moved = {"x": np.float32([3, 4]), "y": np.float32(2.0)}
    trace = run_program(program, moved, {"a": np.float32([1, 0])})
    wanted = Recorder([a, b], [x, y], [[1.0, 0.0], 100.0]).record({x: [3.0, 4.0], y: 2.0})
    assert trace == wanted


def test_a_y_that_is_listed_twice_starts_with_the_sum_of_its_seeds():
    x = tf.Variable(3.0, name="x")
    y = tf.square(x, name="y")
    recorder = Recorder([y, y], [x], [2.0, 5.0])
    assert run_program(program_of(recorder)) == recorder.record()


def test_a_y_may_be_a_variable_and_an_x_another_y():
    x = tf.Variable(3.0, name="x")
    y = tf.square(x, name="y")
    recorder = Recorder([x, y], [x, y])
    assert run_program(program_of(recorder)) == recorder.record()


def test_what_was_fed_in_the_middle_of_a_graph_is_an_input():
    x = tf.Variable(3.0, name="x")
    y = tf.square(x, name="y")
    recorder = Recorder(y * 2.0, [y, x])
    program = program_of(recorder, {**recorder.fixed_values({}), y: 1.0})
    assert run_program(program) == recorder.record({y: 1.0})


def test_random_numbers_are_drawn_once():
    x = tf.Variable(3.0, name="x")
    recorder = Recorder(x * tf.random_normal([2], name="r"), x)
    assert run_program(program_of(recorder)) == recorder.record()


def test_a_large_array_is_written_as_its_bytes():
    for array in (np.arange(40), np.linspace(0, 1, 40, dtype=np.float32), np.arange(40) > 7):
        data = json.loads(json.dumps(array_as_json(array)))
        width = 8 if array.dtype == np.int64 else array.itemsize
        assert len(base64.b64decode(data["base64"])) == 40 * width
        assert Numbers.from_dict(data) == Numbers(array)


def test_what_the_page_has_no_kernel_for_is_named_with_its_line():
    x = tf.Variable(3.0, name="x")
    y = tf.sin(x, name="y")
    program = program_of(Recorder(y, x), kernels={"Mul", "OnesLike"})
    types = [each.partition(" (created in ")[0] for each in program["unsupported"]]
    assert types == ["Sin", "Cos"]
    assert all("y = tf.sin" in each for each in program["unsupported"])


def test_types_of_numbers_that_the_page_has_not_are_named():
    x = tf.Variable(np.complex64(1j), name="x")
    z = tf.Variable(2**60, dtype=tf.int64, name="z")
    y = tf.real(x * x) * tf.cast(z, tf.float32)
    unsupported = program_of(Recorder(y, x))["unsupported"]
    assert {each.split()[0] for each in unsupported} >= {"complex64", "int64"}


def test_a_rule_that_asks_more_of_a_gradient_than_that_it_arrives_is_named():
    @tf.RegisterGradient("AsksForOperation")
    def asks(op, dz):
        assert dz.op.type != "Placeholder"
        return 2.0 * dz

    x = tf.Variable(3.0, name="x")
    with tf.get_default_graph().gradient_override_map({"Sin": "AsksForOperation"}):
        y = tf.sin(x, name="y")
    [said] = program_of(Recorder(y, x))["unsupported"]
    assert said.startswith("the gradient rule of Sin (created ")


def test_what_waits_for_others_is_computed_all_the_same():
    x = tf.Variable(3.0, name="x")
    with tf.control_dependencies([tf.no_op(), tf.exp(x).op]):
        y = tf.square(x, name="y")
    recorder = Recorder(y, x)
    program = program_of(recorder)
    assert program["unsupported"] == []
    assert run_program(program) == recorder.record()


def test_what_assigns_to_a_variable_is_named():
    x = tf.Variable(3.0, name="x")
    with tf.control_dependencies([tf.assign(x, 4.0)]):
        y = tf.square(x, name="y")
    assert "Assign" in program_of(Recorder(y, x))["unsupported"][0]


def test_a_learners_own_python_is_named():
    x = tf.Variable(3.0, name="x")
    y = x * tf.py_func(lambda v: v, [x], tf.float32)
    assert "PyFunc" in program_of(Recorder(y, x))["unsupported"][0]


def test_a_program_of_another_format_is_refused_by_its_number():
    with pytest.raises(ValueError, match="format 2 cannot be run"):
        run_program({"format": 2})


def test_a_recorder_with_stops_has_no_program():
    x = tf.Variable(3.0)
    y = tf.square(x)
    with pytest.raises(ValueError, match="without stops"):
        program_of(Recorder(y, x, stop_gradients=[y]))


def test_the_programs_of_the_first_lesson_are_small():
    x, y = tf.Variable(3.0), tf.Variable(4.0)
    p = x * x
    q = p * y
    r = y + 2.0
    f = q + r
    g = x * y
    a = tf.constant(0.0)
    b = 2 * a
    s = a + b
    for question in ((f, [x, y]), ([f, g], [x, y]), (s, [a, b])):
        program = program_of(Recorder(*question))
        text = json.dumps(program, ensure_ascii=False, separators=(",", ":"))
        assert len(text.encode()) < 12_000


DOCUMENTATION = Path(__file__).parents[2] / "docs" / "program.md"


def test_the_program_in_the_documentation_is_one():
    text = DOCUMENTATION.read_text("utf-8")
    written = json.loads(re.search(r"```json\n(.*?)```", text, re.DOTALL)[1])
    x = tf.placeholder(tf.float32, [], name="x")
    f = tf.multiply(x, x, name="f")
    program = json.loads(json.dumps(program_of(Recorder(f, x), {x: 3.0})))
    for node in program["nodes"]:
        del node["line"]
    assert written == program
