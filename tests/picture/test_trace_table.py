"""A trace shows itself: as a picture with a table on a page, in words where it is printed."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import traces

import nbgrad as ng
from nbgrad.picture.drawing import in_table
from nbgrad.picture.words import HEADS


def rows(html):
    tables = re.findall(r"<table>.*?</table>", html, flags=re.DOTALL)
    [*_, table] = [ET.fromstring(table.replace("<br>", " ")) for table in tables]
    return [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]


@pytest.mark.parametrize("graph", [traces.textbook, traces.matrices, traces.states, traces.no_xs])
def test_a_page_shows_the_picture_and_a_row_for_each_node(graph):
    trace = graph()
    html = trace._repr_mimebundle_()["text/html"]
    assert html.count("<svg") >= 1
    head, *table = rows(html)
    assert head == [*HEADS]
    assert [row[3] for row in table] == [in_table(node.value) for node in trace.nodes]


def test_hovering_a_number_of_the_table_shows_every_digit():
    html = traces.textbook(x=1 / 3)._repr_mimebundle_()["text/html"]
    assert 'title="0.3333333333333333 (float64)"' in html


def test_the_table_of_a_large_trace_opens_by_a_click():
    html = traces.chain(60)._repr_mimebundle_()["text/html"]
    assert "<summary>a table of 60 nodes</summary>" in html


def test_a_console_shows_a_line_and_print_all_of_it():
    trace = traces.textbook()
    assert repr(trace) == "<Trace of f with respect to x, y: 7 nodes, 14 steps>"
    assert str(trace).startswith("f = b + c = 42; df/dx = 24, df/dy = 10.")


@pytest.mark.parametrize("ending", ["txt", "html", "svg", "json"])
def test_a_trace_saves_itself(tmp_path, ending):
    assert "42" in traces.textbook().save(tmp_path / f"trace.{ending}").read_text("utf-8")


def test_a_constant_is_said_to_be_one_and_a_number_stands_there_once():
    with ng.Graph().as_default():
        x, w = ng.constant(np.eye(8, 3), name="X"), ng.Variable(np.eye(3, 5), name="W")
        h = ng.tanh(ng.matmul(x, w), name="h")
        trace = ng.trace(ng.reduce_mean(2.0 * h, name="L"), w)
    table = {row[0]: row for row in rows(trace._repr_mimebundle_()["text/html"])}
    assert "no path" not in str(table)
    assert table["X"][2:5] == ["8×3", "0 … 1", "constant: no gradient asked"]
    assert table["h"][4] == "all 0.05"
    assert table["c" if "c" in table else "b"][5].endswith("h: all 0.05 (× 2)")


def test_a_shape_is_written_in_one_way():
    with ng.Graph().as_default():
        b = ng.Variable(np.zeros(5), name="b")
        trace = ng.trace(ng.reduce_sum(b, name="s"), b)
    row = rows(trace._repr_mimebundle_()["text/html"])[1]
    assert row[2:4] == ["[5]", "all 0"]
