"""Checkpoints: what is saved comes back, old ones go, and a failing write leaves the old file."""

import numpy as np
import pytest

import nbgrad as tf


@pytest.fixture
def w():
    tf.reset_default_graph()
    return tf.Variable([1.0, 2.0], name="layer/w")


@pytest.fixture
def session(w):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        yield session


def test_only_the_latest_checkpoints_stay(session, tmp_path):
    saver = tf.train.Saver(max_to_keep=2)
    for step in range(4):
        saver.save(session, tmp_path / "model", global_step=step)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("checkpoint", "model-2.npz", "model-3.npz"),
    ]
    assert tf.train.latest_checkpoint(tmp_path) == str(tmp_path / "model-3")
    state = tf.train.get_checkpoint_state(tmp_path)
    assert state.all_model_checkpoint_paths == [str(tmp_path / f"model-{i}") for i in (2, 3)]


def test_numpy_reads_a_checkpoint(session, tmp_path):
    path = tf.train.Saver().save(session, str(tmp_path / "model"))
    with np.load(f"{path}.npz") as arrays:
        np.testing.assert_array_equal(arrays["layer/w"], [1.0, 2.0])


def test_a_variable_may_be_saved_under_another_name(session, w, tmp_path):
    path = tf.train.Saver({"file": w}).save(session, tmp_path / "model")
    w.load([0.0, 0.0], session)
    tf.train.Saver({"file": w}).restore(session, path)
    assert session.run(w).tolist() == [1.0, 2.0]


def test_a_write_that_fails_leaves_the_old_file(session, tmp_path, monkeypatch):
    saver = tf.train.Saver()
    path = tmp_path / "model.npz"
    saver.save(session, tmp_path / "model")
    before = path.read_bytes()
    monkeypatch.setattr(np.lib.format, "write_array", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        saver.save(session, tmp_path / "model")
    assert path.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"checkpoint", "model.npz"}


def test_what_cannot_be_restored_is_said(session, w, tmp_path):
    path = tf.train.Saver({"v": w}).save(session, tmp_path / "model")
    with pytest.raises(tf.errors.NotFoundError, match="Key layer/w not found in checkpoint"):
        tf.train.Saver().restore(session, path)
    other = tf.Variable([1.0], name="other")
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"lhs shape= \[1\] rhs shape= \[2\]"):
        tf.train.Saver({"v": other}).restore(session, path)
    with pytest.raises(ValueError, match="is not a valid checkpoint"):
        tf.train.Saver().restore(session, tmp_path / "nothing")
    with pytest.raises(ValueError, match="Can't load save_path when it is None"):
        tf.train.Saver().restore(session, tf.train.latest_checkpoint(tmp_path / "empty"))
