"""Records what TensorFlow answers to the programs of this folder, in `answers.json`.

For people who have TensorFlow 2 with `tf_keras`, which still has TensorFlow 1's layers:

    python tests/programs/record.py [program …]

Without names, all programs are recorded. `tf.contrib` ended with TensorFlow 1.15: the few layers of
it that a program asks for stand below, as TensorFlow 1.15 documents them.
"""

import json
import os
import pathlib
import sys
import tempfile
import types
import warnings

os.environ.update(TF_USE_LEGACY_KERAS="1", TF_CPP_MIN_LOG_LEVEL="3")
import numpy as np
import tensorflow.compat.v1 as tf

HERE = pathlib.Path(__file__).parent
ANSWERS = HERE / "answers.json"


def fully_connected(
    inputs,
    num_outputs,
    activation_fn=tf.nn.relu,
    weights_initializer=None,
    biases_initializer=None,
    scope=None,
):
    with tf.variable_scope(scope, "fully_connected"):
        sizes = [inputs.shape[-1], num_outputs]
        w = tf.get_variable("weights", sizes, initializer=weights_initializer)
        start = biases_initializer or tf.zeros_initializer()
        b = tf.get_variable("biases", [num_outputs], initializer=start)
        y = tf.matmul(inputs, w) + b
        return activation_fn(y) if activation_fn else y


def plain(value):
    """A result as JSON can hold it."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    return np.asarray(value).tolist()


def answer(path):
    """The result of a program, run by TensorFlow."""
    source = path.read_text().replace("import nbgrad as tf", "")
    names = {"tf": tf, "logdir": tempfile.mkdtemp()}
    with tf.Graph().as_default(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, path.name, "exec"), names)
    return plain(names["result"])


def main(names):
    tf.disable_v2_behavior()
    tf.logging.set_verbosity(tf.logging.ERROR)
    tf.contrib = types.SimpleNamespace(
        layers=types.SimpleNamespace(
            xavier_initializer=tf.glorot_uniform_initializer,
            flatten=tf.layers.flatten,
            fully_connected=fully_connected,
        ),
        rnn=tf.nn.rnn_cell,
    )
    programs = [path for path in sorted(HERE.glob("*.py")) if "result = " in path.read_text()]
    programs = [path for path in programs if path.name not in ("record.py", "test_programs.py")]
    answers = json.loads(ANSWERS.read_text())
    for path in programs:
        if not names or path.stem in names:
            answers[path.stem] = answer(path)
    kept = {path.stem: answers[path.stem] for path in programs}
    ANSWERS.write_text(
        "{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in kept.items()) + "\n}\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
