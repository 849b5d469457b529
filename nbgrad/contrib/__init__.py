"""`tf.contrib`: the elder layers and cells of TensorFlow 1, in their old names and defaults."""

from nbgrad.contrib import layers, rnn

__all__ = ["layers", "rnn"]
__dir__ = __all__.copy

#: What else teaching programs look for here, and what does its work.
_ELSEWHERE = {
    "learn": "Feed batches with feed_dict, and write the training loop.",
    "legacy_seq2seq": "Call a cell of tf.nn.rnn_cell for each step in Python.",
    "seq2seq": "Call a cell of tf.nn.rnn_cell for each step in Python.",
    "slim": "tf.contrib.layers and tf.layers have its layers.",
}


def __getattr__(name: str) -> object:
    hint = _ELSEWHERE.get(name, "Only tf.contrib.layers and tf.contrib.rnn are here.")
    raise AttributeError(f"module 'nbgrad.contrib' has no attribute {name!r}\n{hint}")
