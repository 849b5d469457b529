"""Losses of labels and logits with an axis too many, or of unknown sizes, as TensorFlow has them.

A line of `loss_shapes.jsonl` is a call with the static shapes of its placeholders; and the shapes
and seed of what is fed, the static shape of the loss, its value and its gradient for the logits,
all by TensorFlow; or the class of the error while building.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import nbgrad as tf

LINES = Path(__file__).with_name("loss_shapes.jsonl").read_text("utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]


def name_of(case):
    return f"{case['call'].split('(')[0][3:]} of {case['labels']} and {case['logits']}"


def built(case):
    x = tf.placeholder(tf.float32, case["logits"], name="x")
    y = tf.placeholder(case["dtype"], case["labels"], name="y")
    return x, y, eval(case["call"], {"tf": tf, "x": x, "y": y})


def fed(case):
    """Logits and labels, as they were for TensorFlow."""
    random = np.random.RandomState(case["seed"])
    logits, labels = case["of"]
    x = random.randn(*logits).astype(np.float32)
    if case["dtype"] == "int32":
        return x, random.randint(0, 4, labels)
    return x, random.rand(*labels) > 0.5


@pytest.mark.parametrize("case", [c for c in CASES if "values" in c], ids=name_of)
def test_a_loss_makes_of_shapes_what_tensorflow_makes(case):
    with tf.Graph().as_default(), tf.Session() as session:
        x, y, loss = built(case)
        logits, labels = fed(case)
        answer = session.run([loss, *tf.gradients(loss, x)], {x: logits, y: labels})
    shape = loss.get_shape()
    assert (str(shape.as_list()) if shape.ndims is not None else "unknown") == case["shape"]
    for ours, right in zip(answer, case["values"], strict=True):
        assert np.shape(ours) == np.shape(right)
        np.testing.assert_allclose(ours, right, rtol=2e-4, atol=1e-5)


@pytest.mark.parametrize("case", [c for c in CASES if "error" in c], ids=name_of)
def test_what_tensorflow_refuses_is_refused(case):
    with tf.Graph().as_default(), pytest.raises(Exception) as caught:  # noqa: PT011
        built(case)
    assert type(caught.value).__name__ == case["error"]


def test_labels_with_an_axis_too_many_get_their_gradient_back_in_their_own_shape():
    with tf.Graph().as_default(), tf.Session() as session:
        labels = tf.constant(np.eye(2, 7, dtype=np.float32)[None])
        logits = tf.placeholder(tf.float32, [None, 7])
        loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits)
        for_labels, for_logits = tf.gradients(loss, [labels, logits])
        found = session.run([for_labels, for_logits], {logits: np.zeros((2, 7))})
    assert [each.shape for each in found] == [(1, 2, 7), (2, 7)]
