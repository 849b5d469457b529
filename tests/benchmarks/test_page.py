"""How long a move takes: from new inputs to a whole trace, in Python and in the page under Node.

Graphs of 10, 60 and 300 scalars, each with its reverse pass, local derivatives and causes; and a
network of two layers on 64 images of 28 × 28. Nothing here fails for being slow.
"""

import json
import shutil
import subprocess
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest
from program_run import run_program

import nbgrad as tf
from nbgrad.trace.program import program_of
from nbgrad.trace.record import Recorder
from nbgrad.trace.tensors import default_xs

FUNCTIONS = (
    lambda a, x, w: a / w,
    lambda a, x, w: tf.sigmoid(a),
    lambda a, x, w: a - x,
    lambda a, x, w: tf.maximum(a, x),
    lambda a, x, w: tf.tanh(a),
)


def scalars(count):
    x, w = tf.Variable(0.5, name="x"), tf.Variable(0.9, name="w")
    a = x
    for function in islice(cycle(FUNCTIONS), count - 2):
        a = function(a, x, w)
    return a


def network(_count):
    random = np.random.default_rng(0)
    images = tf.constant(random.normal(size=(64, 784)).astype("float32"))
    labels = tf.constant(random.integers(0, 10, 64))
    x = images
    for size, units in ((784, 100), (100, 10)):
        w = tf.Variable(random.normal(0, 0.1, (size, units)).astype("float32"), name="W")
        x = tf.matmul(tf.nn.relu(x), w) + tf.Variable(np.zeros(units, "float32"), name="b")
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x))


WORKLOADS = {
    "a move of 10 nodes": (scalars, 10),
    "a move of 60 nodes": (scalars, 60),
    "a move of 300 nodes": (scalars, 300),
    "a move of a network": (network, 0),
}


def made(workload):
    """The recorder of a workload, and its program as JSON has it."""
    build, count = WORKLOADS[workload]
    y = build(count)
    recorder = Recorder(y, default_xs([y]))
    return recorder, json.loads(json.dumps(program_of(recorder)))


@pytest.mark.parametrize("workload", WORKLOADS)
def test_recorder(workload, benchmark, table):
    recorder, _ = made(workload)
    benchmark(recorder.record)
    table.add(workload, "Recorder.record", benchmark.stats.stats.min)


@pytest.mark.parametrize("workload", WORKLOADS)
def test_program_in_python(workload, benchmark, table):
    _, program = made(workload)
    benchmark(run_program, program)
    table.add(workload, "run_program", benchmark.stats.stats.min)


@pytest.mark.parametrize("workload", WORKLOADS)
def test_program_in_the_page(workload, table, tmp_path):
    node = shutil.which("node") or pytest.skip("there is no Node")
    _, program = made(workload)
    path = tmp_path / "programs.jsonl"
    path.write_text(json.dumps(program), "utf-8")
    command = [node, Path(__file__).with_name("page_moves.js"), path]
    [seconds] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    table.add(workload, "the page, under Node", seconds)
