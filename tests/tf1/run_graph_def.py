"""Run in TensorFlow what nbgrad exported: stdin and stdout are JSON.

A script of its own, so that TensorFlow may live in another environment, with an older Python.
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow
from google.protobuf import text_format

tf = tensorflow.compat.v1
answers = []
for program in json.load(sys.stdin):
    graph_def = text_format.Parse(program["graph"], tf.GraphDef())
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.import_graph_def(graph_def, name="")
        for step in program["first"]:
            session.run(graph.get_operation_by_name(step))
        values = session.run(program["fetches"], program["feeds"])
    answers.append([value.tolist() for value in values])
json.dump(answers, sys.stdout)
