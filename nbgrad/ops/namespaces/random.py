"""Random numbers, `tf.random.…`."""

from nbgrad.ops.randomness import random_normal as normal
from nbgrad.ops.randomness import random_uniform as uniform
from nbgrad.ops.randomness import truncated_normal
from nbgrad.ops.reordering import random_shuffle as shuffle
from nbgrad.ops.seeding import set_random_seed
