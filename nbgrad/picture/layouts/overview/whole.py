"""The whole of a large graph: every node as a card in its frames, in a plane without an end.

No screen holds it. An explorer shows a part of it, once a reader has zoomed into an overview.
"""

from __future__ import annotations

from nbgrad.picture.layouts.overlay import LAYERS, Layers
from nbgrad.picture.layouts.overview.choice import placed
from nbgrad.picture.layouts.overview.clusters import within
from nbgrad.picture.layouts.overview.painting import MARGIN, paint
from nbgrad.picture.layouts.overview.view import Choice, Overview
from nbgrad.picture.template import Template
from nbgrad.trace.model import Trace

ENDLESS = 1e9


def whole(trace: Trace) -> Template:
    """Every node of a trace as a card, in the frames of its scopes."""
    view = Overview(trace, ())
    view.inner = {node.id for node in view.links.shown}
    every = frozenset(cluster.id for cluster in within(view.root))
    found = placed(view, Choice(view.root, every, "card", "card"), ENDLESS, ENDLESS)
    assert found is not None  # nothing is too large for it
    layers = Layers(*LAYERS)
    paint(layers, view, found, MARGIN, MARGIN)
    places = found.places
    return layers.template(places.width + 2 * MARGIN, places.height + 2 * MARGIN)
