"""Groups of operations that an explorer draws as one card, opened and closed from Python."""

import pytest

import nbgrad as ng
from nbgrad.widgets.views import WIDTHS, key_of


def dense(x, units, name):
    with ng.name_scope(name):
        w = ng.Variable(ng.random_normal([int(x.shape[1]), units], seed=1), name="W")
        b = ng.Variable(ng.zeros([units]), name="b")
        return ng.sigmoid(ng.matmul(x, w) + b)


@pytest.fixture
def network():
    """Two layers and a loss, each in a name scope."""
    with ng.Graph().as_default():
        x = ng.constant([[0.0, 1.0], [1.0, 1.0]])
        hidden = dense(x, 3, "hidden")
        out = dense(hidden, 1, "out")
        with ng.name_scope("loss"):
            loss = ng.reduce_mean(ng.square(out - 1.0))
    return loss


@pytest.fixture
def explorer(network):
    return ng.explore(network)


def view(explorer):
    """The view that a wide page shows."""
    return explorer.views[key_of(878, "overlay", explorer.opened)]


def cards(explorer):
    return view(explorer)["svg"].count("data-node=")


def states(explorer):
    return {group["name"]: group["open"] for group in view(explorer)["groups"]}


def test_a_crowded_graph_begins_with_the_cards_that_draw_shows(explorer, network):
    assert states(explorer) == {"hidden": False, "out": False, "loss": False}
    assert cards(explorer) == ng.draw(network).svg().count("data-node=")


def test_a_group_opens_and_closes(explorer):
    folded = cards(explorer)
    explorer.unfold("out")
    assert states(explorer) == {"hidden": False, "out": True, "loss": False}
    assert cards(explorer) > folded
    explorer.fold("out")
    assert states(explorer) == {"hidden": False, "out": False, "loss": False}
    assert cards(explorer) == folded


def test_all_groups_can_be_opened_at_once_and_from_the_beginning(explorer, network):
    explorer.unfold()
    assert set(states(explorer).values()) == {True}
    assert view(ng.explore(network, open="all"))["svg"] == view(explorer)["svg"]
    assert states(ng.explore(network, open=["out"]))["out"]
    explorer.fold()
    assert set(states(explorer).values()) == {False}


def chain_of_three():
    with ng.Graph().as_default():
        x = ng.Variable(-0.4, name="x")
        return ng.square(ng.sign(x) - 1.0, name="loss")


def test_all_is_opened_at_every_width_also_chains_that_are_folded_in_a_narrow_one():
    explorer = ng.explore(chain_of_three(), open="all")
    assert explorer.opened == ["loss"]
    views = explorer._page_state(every=True)["views"]
    for width in WIDTHS:
        assert views[key_of(width, "overlay", ["loss"])]["svg"].count("data-node=") == 4
    assert states(explorer) == {}  # in a wide view the chain is no group
    narrow = views[key_of(640, "overlay", ["loss"])]["groups"]
    assert [(group["name"], group["open"]) for group in narrow] == [("loss", True)]
    paper = ng.draw(chain_of_three(), open=explorer.opened, width=686)
    assert paper.svg().count("data-node=") == 4


def test_a_chain_that_is_a_group_only_in_a_narrow_view_opens_by_its_name():
    explorer = ng.explore(chain_of_three())
    explorer.unfold("loss")
    assert explorer.opened == ["loss"]
    explorer.fold()
    explorer.unfold()
    assert explorer.opened == ["loss"]


def test_the_numbers_stay_what_they_are(explorer, network):
    before, operations = explorer.code, len(network.graph.get_operations())
    explorer.unfold("hidden")
    explorer.value["W₁"] = [[1, 2, 3], [4, 5, 6]]
    moved = explorer.code
    assert moved != before
    explorer.fold("hidden")
    assert explorer.code == moved
    assert len(network.graph.get_operations()) == operations


def test_steps_are_those_of_both_passes_whatever_is_folded(explorer):
    steps, step = explorer.steps, explorer.step
    assert explorer.steps == len(explorer.trace.steps)
    explorer.unfold()
    assert (explorer.steps, explorer.step) == (steps, step)


def test_what_is_saved_is_what_draw_would_save(explorer, network, tmp_path):
    explorer.unfold("out")
    drawn = ng.draw(network, open=["out"])
    assert explorer.drawing.svg() == drawn.svg()
    explorer.seek(1)
    assert explorer.drawing.k == 1
    saved = explorer.save(tmp_path / "network.json").read_text(encoding="utf-8")
    assert saved == drawn.save(tmp_path / "drawn.json").read_text(encoding="utf-8")


def test_a_saved_page_has_every_group_closed_and_open(explorer):
    opened = [view["opened"] for view in explorer._page_state(every=True)["views"].values()]
    assert [] in opened
    assert ["hidden", "out", "loss"] in opened


def test_groups_that_there_are_not_are_refused_and_nothing_changes(explorer, network):
    before = explorer.views
    with pytest.raises(ValueError, match=r"no folded group 'layer'\. Folded are: 'hidden', 'out'"):
        explorer.unfold("layer")
    with pytest.raises(ValueError, match="'out' is not open"):
        explorer.fold("out")
    with pytest.raises(ValueError, match="no folded group 'layer'"):
        ng.explore(network, open=["layer"])
    explorer.opened = ["layer"]
    assert explorer.message.startswith("ValueError: There is no scope or operation 'layer'")
    assert explorer.views == before
    assert explorer.drawing.open == []


def test_a_large_graph_is_an_overview_without_groups_to_open():
    with ng.Graph().as_default():
        x = y = ng.Variable(0.5, name="x")
        for _ in range(60):
            y = ng.sin(y) * 1.1
        explorer = ng.explore(y, x)
    assert view(explorer)["overview"].startswith("121 nodes in")
    assert view(explorer)["groups"] == []
    saved = explorer._page_state(every=True)["views"]
    assert key_of(878, "whole", []) in saved


def test_a_small_picture_has_no_groups():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        explorer = ng.explore(x * x)
    assert view(explorer)["groups"] == []
