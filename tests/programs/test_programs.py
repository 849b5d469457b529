"""Teaching programs answer as TensorFlow does: every number, name and shape.

A program begins with `import nbgrad as tf` and leaves a `result`; `logdir`, a temporary folder, is
there already. What TensorFlow answered stands in `answers.json`; `record.py` wrote it.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import nbgrad as tf

HERE = Path(__file__).parent
ANSWERS = json.loads((HERE / "answers.json").read_text("utf-8"))


def plain(value):
    """A result as JSON holds it."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value if isinstance(value, str | bool | int | None) else np.asarray(value).tolist()


def assert_agrees(ours, answer):
    """Lists are equally long, floats close, all else is equal."""
    if isinstance(answer, list):
        assert isinstance(ours, list)
        assert len(ours) == len(answer)
        for mine, right in zip(ours, answer, strict=True):
            assert_agrees(mine, right)
    elif isinstance(answer, float):
        assert ours == pytest.approx(answer, rel=2e-4, abs=1e-6)
    else:
        assert ours == answer


def test_every_program_has_an_answer():
    others = {"record", "test_programs"}
    assert {path.stem for path in HERE.glob("*.py")} - others == ANSWERS.keys()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_teaching_program_answers_as_tensorflow_does(name, tmp_path):
    names = {"logdir": str(tmp_path)}
    with tf.Graph().as_default():
        exec(compile((HERE / f"{name}.py").read_text("utf-8"), f"{name}.py", "exec"), names)
    assert_agrees(plain(names["result"]), ANSWERS[name])
