"""Random numbers, `tf.random.…`."""

from nbgrad.ops.randomness import random_normal as normal
from nbgrad.ops.randomness import random_shuffle as shuffle
from nbgrad.ops.randomness import random_uniform as uniform
from nbgrad.ops.randomness import set_random_seed, truncated_normal
