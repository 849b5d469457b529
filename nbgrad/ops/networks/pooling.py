"""Pooling: one number for each window of an image, the largest or the mean."""

from __future__ import annotations

from typing import Any

from nbgrad.graph import Operation, Tensor
from nbgrad.ops.networks.windows import Windows, checked_padding, only_nhwc, pair, windows_shape


def pooled_shape(images: Any, *_gradient: Any, ksize: Any, strides: Any, padding: Any) -> Any:
    """The static shape of what pools images, or picks from them."""
    channels = None if images is None else images[-1]
    return windows_shape(Windows(ksize, strides, padding), images, channels)


def pooling_attributes(op: Operation) -> dict[str, Any]:
    """The attributes that an operation's gradient has in common with it."""
    return {key: op.attributes[key] for key in ("ksize", "strides", "padding")}


def pool(
    op_type: str,
    build: Any,
    images: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str,
    name: Any,
) -> Tensor:
    """Build an operation of this type, once its settings are checked."""
    only_nhwc(data_format)
    inside = checked_padding(padding, op_type)
    return build(images, pair(ksize, "ksize"), pair(strides, "strides"), inside, name)
