"""The initializers under their short names, `tf.initializers.…`."""

from nbgrad.tf1.initializers import constant_initializer as constant
from nbgrad.tf1.initializers import glorot_normal_initializer as glorot_normal
from nbgrad.tf1.initializers import glorot_uniform_initializer as glorot_uniform
from nbgrad.tf1.initializers import he_normal, he_uniform, lecun_normal, lecun_uniform
from nbgrad.tf1.initializers import identity_initializer as identity
from nbgrad.tf1.initializers import ones_initializer as ones
from nbgrad.tf1.initializers import random_normal_initializer as random_normal
from nbgrad.tf1.initializers import random_uniform_initializer as random_uniform
from nbgrad.tf1.initializers import truncated_normal_initializer as truncated_normal
from nbgrad.tf1.initializers import variance_scaling_initializer as variance_scaling
from nbgrad.tf1.initializers import zeros_initializer as zeros
from nbgrad.tf1.variables import global_variables_initializer as global_variables
from nbgrad.tf1.variables import local_variables_initializer as local_variables
from nbgrad.tf1.variables import variables_initializer as variables
