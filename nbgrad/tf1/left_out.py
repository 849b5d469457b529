"""What TensorFlow has for other ends than gradients, and what does its work here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from nbgrad.core.errors import did_you_mean

#: Names of before TensorFlow 1.0, and what they have become.
RENAMED = {
    **{"mul": "multiply", "neg": "negative", "pack": "stack", "select": "where", "sub": "subtract"},
    **{"unpack": "unstack", "scalar_summary": "summary.scalar"},
    **{"histogram_summary": "summary.histogram", "merge_all_summaries": "summary.merge_all"},
    **{"image_summary": "summary.image", "merge_summary": "summary.merge"},
    **{"train.SummaryWriter": "summary.FileWriter", "batch_matmul": "matmul"},
    **{"complex_abs": "abs", "inv": "reciprocal", "listdiff": "setdiff1d"},
    **{"batch_matrix_inverse": "matrix_inverse", "batch_cholesky": "cholesky"},
}

_FEED = "feed batches with feed_dict."
#: Names behind "tf.", as regular expressions, and a sentence for each; the first that fits counts.
LEFT_OUT = {
    "GradientTape": "This is TensorFlow 1: build a graph, and ask tf.gradients(ys, xs).",
    "(app|flags)": "There are no flags: write numbers as Python variables, call your function.",
    "RandomShuffleQueue": "There are no queues: shuffle with NumPy, feed with feed_dict.",
    r".*Queue\w*|.*Reader|QueueBase|train\..*(batch|producer|queue|limit_epochs|Looper).*"
    "|train.Coordinator": f"There are no queues: {_FEED}",

    "data|feature_column|contrib.data": f"There are no pipelines: {_FEED}",
    "estimator|contrib.learn": "Write the training loop: session.run(train_op, feed_dict).",
    "contrib.slim": "tf.contrib.layers and tf.layers have its layers.",
    r"contrib.(legacy_)?seq2seq": "Call a cell of tf.nn.rnn_cell for each step in Python.",
    "image": "tf.image is left out: change images with NumPy before you feed them.",
    "keras": "tf.keras is left out: tf.layers has the same layers; feed with feed_dict.",
    r"(sparse|Sparse|sets)(?!_softmax_cross)\w*|.*_sparse\w*|nn.safe_embedding\w*": "There are no "
    "sparse tensors: use dense ones, or tf.gather and tf.unsorted_segment_sum.",
    "TensorArray\\w*": "There are no tensor arrays: use a Python list, and tf.stack.",
    r"(ragged|Ragged).*": "There are no ragged tensors: pad rows, and hide the rest by a mask.",
    r"strings?|string_\w*|as_string|substr|regex_\w*|(de|en)code_\w*|reduce_join|.*parse_\w*|\w*Feature"
    "|edit_distance": "Texts are passed on, no more: change them in Python before you feed them.",
    r"gfile|io|python_io|matching_files|write_file|read_file": "Read and write files with Python "
    "and NumPy, and feed what they hold.",
    r"distributions|contrib.distributions": "tf.distributions is left out: write the density, "
    "such as -0.5 * tf.square((x - mu) / sigma) - tf.log(sigma) for a normal one.",
    r"print|py_function|numpy_function": "Use tf.Print, and tf.py_func.",
    r"i?r?fft\w*|spectral|signal|audio": "Signals are left out: transform them with NumPy.",
    r"(linalg.)?(svd|qr|lu\w*|eigh?\w*|self_adjoint\w*|expm|logm|sqrtm|pinv|lstsq|matrix_solve_ls"
    r"|matrix_square_root|cross|LinearOperator\w*)": "Decompositions are left out but for "
    "tf.cholesky; tf.matrix_solve and tf.norm may do.",
    r"(math.)?(l?gamma|digamma|polygamma|igammac?|lgamma|lbeta|betainc|zeta|bessel\w*|erfc?inv|ndtri)":
    "Special functions are left out but for tf.erf and tf.erfc.",
    r"(math.)?(bincount|unique\w*|setdiff1d|searchsorted|histogram\w*|dynamic_\w*|unravel_index)":
    "Count and sort integers with NumPy, and feed the result.",
    r"(layers|nn)\.\w*3[dD]\w*|layers.Conv3D\w*": "Volumes are left out: images have two axes.",
    r"(layers|nn)\.\w*1[dD]": "Give rows a second axis of size 1, tf.expand_dims(x, 2), and use "
    "the function of two dimensions.",
    r"(layers|nn)\.\w*(epthwise|eparable|dilation|erosion|fractional|quantized|atrous)\w*": "Only "
    "conv2d, conv2d_transpose, max_pool and avg_pool are here.",
    r"nn.ctc\w*": "CTC is left out.",
    r"metrics\.\w+": "Compute it with NumPy from all predictions.",
    r"train\.\w*Optimizer": "The optimizers here are GradientDescent, Momentum, Adagrad, Adadelta, "
    "RMSProp and Adam.",
    r"train\.\w*_decay\w*": "Write the formula with operations on the step, "
    "or with Python numbers that you feed.",
    r"train\.(\w*Session\w*|\w*Hook|Scaffold|Supervisor|Server\w*|Cluster\w*|basic_train_loop)":
    "Use tf.Session, and a loop around session.run.",
    r"train.(import|export)_meta_graph|saved_model|graph_util|import_graph_def|train.write_graph":
    "Build the graph in Python again, and restore its variables with tf.train.Saver.",
    r"train.\w*[cC]heckpoint\w*|train.(list|load)_variables?|train.warm_start|train.init_from\w*":
    "Use tf.train.Saver: its file is NumPy's, and np.load reads it.",
    r"ensure_shape": "x.set_shape(shape) says what is known, and a run checks what is fed.",
    r"scatter_nd_\w+|tensor_scatter\w*|batch_scatter\w*|scatter_m(in|ax)": "Use tf.scatter_update "
    "or tf.scatter_add for rows, tf.scatter_nd to make a tensor.",
    r"(un)?sorted_segment_\w+|(math.)?(unsorted_)?segment_\w+": "Use tf.segment_sum or "
    "tf.unsorted_segment_sum, and divide by the counts.",
    r"make_template|variable_creator_scope|\w*partitioner|op_scope|variable_op_scope": "Use "
    "tf.variable_scope with reuse=tf.AUTO_REUSE.",
    r"(initializers.)?uniform_unit_scaling\w*|(initializers.)?orthogonal\w*": "Use "
    "tf.variance_scaling_initializer, or give the values as a NumPy array.",
    r"(to_)?bfloat16|q?u?int\d*|quantiz\w*|fake_quant\w*|dequantize|bitcast|bitwise": "Use "
    "tf.float32 or tf.int32.",
    r"contrib.\w+": "Only tf.contrib.layers and tf.contrib.rnn are here.",
}  # fmt: skip


def sentence_on(path: str, known: Iterable[str], most: int = 1) -> str:
    """What to write in place of a name that is not there, such as "nn.lrn"; "" if nobody knows."""
    name = path.rpartition(".")[2]
    if path in RENAMED:
        return f"Since TensorFlow 1.0 it is tf.{RENAMED[path]}."
    found = (text for pattern, text in LEFT_OUT.items() if re.fullmatch(pattern, path))
    return next(found, "") or did_you_mean(name, known, most)


def absent(module: str, known: Iterable[str]) -> Callable[[str], object]:
    """What a module does where it is asked for a name that it has not: its `__getattr__`."""

    def refuse(name: str) -> object:
        problem = f"module 'nbgrad.{module}' has no attribute {name!r}"
        if name.startswith("__"):  # every `from … import` asks for a __path__
            raise AttributeError(problem)
        hint = sentence_on(f"{module}.{name}", known)
        raise AttributeError(f"{problem}\n{hint}" if hint else problem)

    return refuse
