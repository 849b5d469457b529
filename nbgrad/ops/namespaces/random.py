"""Random numbers, `tf.random.…`."""

from nbgrad.ops.rearranging.reordering import random_shuffle as shuffle
from nbgrad.ops.sources.randomness import random_normal as normal
from nbgrad.ops.sources.randomness import random_uniform as uniform
from nbgrad.ops.sources.randomness import truncated_normal
from nbgrad.ops.sources.seeding import set_random_seed
