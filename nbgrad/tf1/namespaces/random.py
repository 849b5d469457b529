"""Random numbers, `tf.random.…`."""

from nbgrad.ops.shaping import random_shuffle as shuffle
from nbgrad.tf1.random import random_normal as normal
from nbgrad.tf1.random import random_uniform as uniform
from nbgrad.tf1.random import set_random_seed, truncated_normal
