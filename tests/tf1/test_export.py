"""The exported graph: TensorFlow's own description, which TensorFlow runs to the same values.

Where TensorFlow is not installed the comparison is skipped. It need not be in this
environment: NBGRAD_TENSORFLOW may hold the path of another environment's Python.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nbgrad as tf
import nbgrad.train  # its optimizers register their updates
from nbgrad.core.registry import definition_of, operation_types
from nbgrad.tf1.export import NODE, NODES, NOT_IN_TENSORFLOW

SCRIPT = Path(__file__).parent / "run_graph_def.py"
PYTHON = os.environ.get("NBGRAD_TENSORFLOW") or (
    sys.executable if importlib.util.find_spec("tensorflow") else None
)
NO_TENSORFLOW = "TensorFlow is not installed; set NBGRAD_TENSORFLOW to a Python that has it"

MATRIX = [[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]]


def exported():
    return tf.get_default_graph().as_graph_def()


def test_attributes_that_tensorflow_reads_as_inputs_become_constants():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        tf.reduce_sum(x, axis=1, keepdims=True, name="y")
        nodes = exported().node
    assert [(node.name, node.op, node.input) for node in nodes] == [
        ("x", "Placeholder", []),
        ("y/axis", "Const", []),
        ("y", "Sum", ["x", "y/axis"]),
    ]
    assert nodes[2].attr["keep_dims"] is True
    assert nodes[0].attr["shape"] == [None, 3]


def test_the_text_is_that_of_protocol_buffers():
    with tf.Graph().as_default():
        tf.constant([1, 2], name="c")
        text = str(exported())
    words = " ".join(text.split())
    assert words == (
        'node { name: "c" op: "Const" attr { key: "dtype" value { type: DT_INT32 } } '
        'attr { key: "value" value { tensor { dtype: DT_INT32 tensor_shape { dim { size: 2 } } '
        r'tensor_content: "\001\000\000\000\002\000\000\000" } } } } versions { producer: 134 }'
    )


def test_an_operation_prints_as_its_node():
    with tf.Graph().as_default():
        y = tf.multiply(tf.constant(0.5, name="x"), 2.0, name="y")
    assert str(y.op).splitlines() == [
        *('name: "y"', 'op: "Mul"', 'input: "x"', 'input: "y/y"'),
        *("attr {", '  key: "T"', "  value {", "    type: DT_FLOAT", "  }", "}"),
    ]
    assert "      float_val: 0.5" in str(y.op.inputs[0].op).splitlines()
    assert y.op.get_attr("T") == tf.float32
    with pytest.raises(ValueError, match="Operation 'y' has no attr named 'U'"):
        y.op.get_attr("U")


def test_an_operation_that_tensorflow_lacks_prints_as_itself():
    with tf.Graph().as_default():
        x = tf.py_func(np.sin, [1.0], tf.float32, name="own")
    assert str(x.op) == "<tf.Operation 'own' type=PyFunc>"


def test_control_inputs_are_written_with_a_caret():
    with tf.Graph().as_default():
        a = tf.constant(1.0, name="a")
        with tf.control_dependencies([a]):
            tf.no_op(name="after")
        assert exported().node[-1].input == ["^a"]


@pytest.mark.parametrize(
    "build",
    [
        lambda x: tf.py_func(np.sin, [x], tf.float32),
        lambda x: tf.nn.softmax(tf.stack([[x], [x]]), axis=0),
    ],
)
def test_what_tensorflow_cannot_do_is_refused(build):
    with tf.Graph().as_default():
        build(tf.constant(1.0))
        with pytest.raises(NotImplementedError, match="TensorFlow's graphs have nothing that"):
            exported()


def test_every_type_with_attributes_is_in_the_table_or_said_to_be_left_out():
    types = {op_type for op_type in operation_types() if definition_of(op_type).attributes}
    assert types - NODES.keys() - NOT_IN_TENSORFLOW == set()
    assert not NODES.keys() & NOT_IN_TENSORFLOW


@pytest.mark.parametrize("op_type", sorted(NODES))
def test_the_table_speaks_of_operands_and_attributes_that_exist(op_type):
    definition, node = definition_of(op_type), NODES[op_type]
    if isinstance(node, str):
        known = {*definition.operands, *definition.attributes, "or", "all", "reversed", "int64"}
        for label, _, arguments, _ in NODE.findall(node):
            assert set(re.findall(r"[*\w]+", arguments)) <= known
            known.add(label)


# Programs that both run ---------------------------------------------------------------------


def elementwise(x):
    return [tf.exp(x) * x - tf.sin(x) / 3.0, tf.abs(x) ** 1.5, tf.maximum(x, 0.5), tf.sign(x)]


def logic(x):
    return [tf.where(x > 1.0, x, -x), tf.cast((x > 0) & (x < 3), tf.int32), tf.equal(x, 3.0)]


def shapes(x):
    y = tf.transpose(tf.reshape(x, [3, -1]))
    return [y, tf.shape(x), tf.expand_dims(y, 1), tf.squeeze(tf.expand_dims(x, 0)), tf.size(x)]


def joining(x):
    rows = tf.unstack(x)
    return [tf.stack(rows, axis=1), tf.concat([x, x], 0), *tf.split(x, 3, axis=1)]


def slices(x):
    return [x[0], x[:, 1], x[::-1, ::2], x[..., -1], x[None, 1:, :2], x[-1, -2:]]


def reductions(x):
    return [tf.reduce_sum(x), tf.reduce_mean(x, 0), tf.reduce_max(x, [1], True), tf.argmax(x, 1)]


def products(x):
    a = tf.matmul(x, x, transpose_b=True)
    return [a, tf.matrix_inverse(a), tf.matmul(tf.stack([x, x]), tf.stack([x, x]), True)]


def networks(x):
    z = tf.nn.softmax(tf.nn.relu(x) + tf.nn.bias_add(x, [1.0, 2.0, 3.0]))
    return [z, tf.nn.softmax_cross_entropy_with_logits(labels=z, logits=x), tf.sigmoid(x)]


def indexing(x):
    return [tf.gather(x, [1, 0, 1]), tf.one_hot([0, 2], 3), tf.cumsum(x, 1), tf.reverse(x, [0])]


def first_derivatives(x):
    w = tf.constant([[0.5], [1.0], [-1.0]])
    b = tf.constant([2.0])
    loss = tf.reduce_mean(tf.tanh(tf.matmul(x, w) + b) ** 2) + tf.reduce_sum(tf.sqrt(x * x))
    return tf.gradients(loss, [x, w, b])


def second_derivatives(x):
    y = tf.reduce_sum(x[0] * tf.sin(x[1]) ** 2)
    [dx] = tf.gradients(y, x)
    return [dx, *tf.gradients(dx, x)]


def convolutions(x):
    image = tf.reshape(tf.constant(np.arange(16.0)), [1, 4, 4, 1])
    kernel = tf.constant(np.ones((2, 2, 1, 1)))
    y = tf.nn.conv2d(image, kernel, strides=[1, 1, 1, 1], padding="SAME")
    pooled = tf.nn.max_pool(image * image, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    return [y, pooled, *tf.gradients(y, kernel), *tf.gradients(pooled * pooled, image)]


def margins(x):
    return [tf.pad(x, [[1, 0], [0, 2]], constant_values=3), tf.pad(x, [[0, 1], [1, 1]], "REFLECT")]


def sequences(x):
    count = tf.shape(x)[1] + tf.cast(x[0, 0], tf.int32)
    return [tf.range(count), tf.range(1.0, 2.0, 0.25), tf.cast(tf.range(count), tf.float32) * 2.0]


def slices_known_in_a_run(x):
    i = tf.cast(x[0, 0], tf.int32)
    y = x[:, i : i + 2]
    return [x[i - 1], y, x[..., -i], tf.slice(x, [0, i], [2, 1]), *tf.gradients(y * y, x)]


def choices(x):
    both = tf.cond(x[0, 0] > 0.0, lambda: (x * 2.0, 1.0), lambda: (x * x, 2.0))
    inner = tf.cond(
        x[0, 1] > 0.0,
        lambda: tf.cond(x[0, 0] > 0.0, lambda: x * 3.0, lambda: tf.sin(x)),
        lambda: tf.cond(x[0, 2] > 0.0, lambda: tf.exp(x) + 1.0, lambda: 5.0 * x),
    )
    return [*both, inner, *tf.gradients(inner, x), *tf.gradients(both[0], x)]


PROGRAMS = [
    *(elementwise, logic, shapes, joining, slices, reductions, products, networks, indexing),
    *(first_derivatives, second_derivatives, convolutions, margins, sequences),
    *(slices_known_in_a_run, choices),
]


def built(program):
    """A program as JSON for TensorFlow, and nbgrad's own answer."""
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [2, 3], name="x")
        fetches = program(x)
        question = {
            "graph": str(exported()),
            "first": [],
            "fetches": [tensor.name for tensor in fetches],
            "feeds": {"x:0": MATRIX},
        }
        return question, session.run(fetches, {x: MATRIX})


def training():
    """Five steps of three optimizers, as JSON for TensorFlow, and nbgrad's own answer."""
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.Variable([1.0, -2.0], name="v")
        loss = tf.reduce_sum(v * v * [1.0, 2.0])
        step = tf.train.get_or_create_global_step()
        trains = [
            tf.train.GradientDescentOptimizer(0.1).minimize(loss, step),
            tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True).minimize(loss),
            tf.train.AdamOptimizer(0.1).minimize(loss),
        ]
        init = tf.global_variables_initializer()
        first = [op.name for op in [init, *trains * 2]]
        question = {
            "graph": str(exported()),
            "first": first,
            "fetches": ["v/read:0", "global_step/read:0"],
            "feeds": {},
        }
        for name in first:
            session.run(name)
        return question, session.run([v, step])


@pytest.fixture(scope="module")
def answers():
    """What TensorFlow makes of every program: one process, as it is slow to start."""
    if PYTHON is None:
        pytest.skip(NO_TENSORFLOW)
    questions = [built(program)[0] for program in PROGRAMS] + [training()[0]]
    run = subprocess.run(
        [PYTHON, SCRIPT], input=json.dumps(questions), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return dict(zip([*PROGRAMS, training], json.loads(run.stdout), strict=True))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_tensorflow_runs_the_exported_graph_to_the_same_values(answers, program):
    _, ours = built(program)
    for mine, theirs in zip(ours, answers[program], strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-6)


def test_tensorflow_trains_the_exported_graph_to_the_same_weights(answers):
    _, ours = training()
    for mine, theirs in zip(ours, answers[training], strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_every_program_can_be_exported(program):
    question, _ = built(program)
    assert question["graph"].count("node {") > 2
