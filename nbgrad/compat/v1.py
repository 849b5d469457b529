"""Every name of `nbgrad`, which is TensorFlow 1 throughout.

Examples
--------
>>> import nbgrad.compat.v1 as tf
>>> tf.disable_v2_behavior()
>>> with tf.Session() as session:
...     print(session.run(tf.constant(1.0) + 2.0))
3.0
"""

from typing import Any

import nbgrad


def __getattr__(name: str) -> Any:
    return getattr(nbgrad, name)


__dir__ = nbgrad.__dir__
