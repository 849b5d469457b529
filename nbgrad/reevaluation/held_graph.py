"""A question with everything held that is not to change while something else moves."""

from __future__ import annotations

from typing import Any

from nbgrad.graph import Tensor
from nbgrad.registry import Effect
from nbgrad.reverse_mode.endpoints import as_list
from nbgrad.session import get_default_session
from nbgrad.session.feeding import feeds_of
from nbgrad.tracing.drawn import itself
from nbgrad.tracing.record import Recorder


class HeldGraph:
    """The run of one question, and the values that make every other run of it the same.

    Held are variables, placeholders and random numbers, the weights of the ys, and, while an x
    moves, what is stopped: the derivative in question takes that for constant.

    Attributes
    ----------
    recorder, sweep, run
        The question, its reverse pass, and its trace.
    values
        What every tensor drawn has in that run.
    held, weights, still
        The values given; the weights of the ys; the tensors behind which nothing is sent.
    """

    def __init__(
        self, ys: Any, xs: Any, grad_ys: Any, stop_gradients: Any, feed_dict: Any, session: Any
    ) -> None:
        self.recorder = recorder = Recorder(ys, xs, grad_ys, stop_gradients)
        self.sweep = recorder.sweep
        self.run = run = recorder.record(feed_dict, session or get_default_session())
        fed = feeds_of(feed_dict, recorder.graph)
        self.values = {t: run.node(recorder.ids[t]).value.array for t in recorder.nodes}
        self.held = {t: v for t, v in self.values.items() if t in fed or not_computed(t)}
        weights = recorder.values_of(self.sweep.seeds, {**fed, **self.held})
        self.weights = dict(zip(self.sweep.seeds, weights, strict=True))
        stops = {itself(tensor) for tensor in as_list(stop_gradients or [])}
        self.still = {t for t in self.values if t in stops or t.op.type == "StopGradient"}


def not_computed(tensor: Tensor) -> bool:
    """Whether a tensor's value is given or drawn, and not computed from others."""
    effect = tensor.op.effect
    return effect.needs_session or (not tensor.op.inputs and effect is not Effect.CONSTANT)
