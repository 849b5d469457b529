"""The losses that a graph lists, and their sum."""

from __future__ import annotations

from nbgrad.graph import Tensor, get_default_graph
from nbgrad.graph.collecting import GraphKeys
from nbgrad.ops.reductions.sums import add_n
from nbgrad.ops.sources.constants import constant


def add_loss(loss: Tensor, loss_collection: str | None = GraphKeys.LOSSES) -> None:
    """List a loss of one's own with the others of its graph.

    Parameters
    ----------
    loss : Tensor
    loss_collection : str or None
        The collection, `GraphKeys.LOSSES` by default; None for none.

    Returns
    -------
    None
        The graph keeps the list.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     ng.losses.add_loss(ng.constant(1.0, name="mine"))
    ...     print(*(loss.name for loss in ng.losses.get_losses()))
    mine:0
    """
    if loss_collection:
        loss.graph.add_to_collection(loss_collection, loss)


def get_losses(scope: str | None = None, loss_collection: str = GraphKeys.LOSSES) -> list[Tensor]:
    """The losses that the default graph lists.

    Parameters
    ----------
    scope : str, optional
        Only those whose names begin so.
    loss_collection : str
        The collection, `GraphKeys.LOSSES` by default.

    Returns
    -------
    list of Tensor
        In the order in which they were listed.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     loss = ng.losses.mean_squared_error([1.0], [3.0])
    ...     print(ng.losses.get_losses() == [loss])
    True
    """
    return get_default_graph().get_collection(loss_collection, scope)


def get_regularization_losses(scope: str | None = None) -> list[Tensor]:
    """What the regularizers of variables gave, as the default graph lists it.

    Parameters
    ----------
    scope : str, optional
        Only those whose names begin so.

    Returns
    -------
    list of Tensor
        In the order in which the variables were made.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.get_variable("w", [2], regularizer=lambda w: ng.nn.l2_loss(w))
    ...     print(len(ng.losses.get_regularization_losses()))
    1
    """
    return get_losses(scope, GraphKeys.REGULARIZATION_LOSSES)


def get_regularization_loss(
    scope: str | None = None, name: str = "total_regularization_loss"
) -> Tensor:
    """The sum of what the regularizers of variables gave, 0 if there are none.

    Parameters
    ----------
    scope : str, optional
        Only those whose names begin so.
    name : str, default "total_regularization_loss"
        What the sum is called in the graph.

    Returns
    -------
    Tensor
        A scalar.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.Session().run(ng.losses.get_regularization_loss()))
    0.0
    """
    found = get_regularization_losses(scope)
    return add_n(found, name) if found else constant(0.0)


def get_total_loss(
    add_regularization_losses: bool = True, name: str = "total_loss", scope: str | None = None
) -> Tensor:
    """The sum of all losses that the default graph lists.

    Parameters
    ----------
    add_regularization_losses : bool, default True
        Whether what the regularizers of variables gave belongs to it.
    name : str, default "total_loss"
        What the sum is called in the graph.
    scope : str, optional
        Only those whose names begin so.

    Returns
    -------
    Tensor
        A scalar.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     ng.losses.add_loss(ng.constant(1.0))
    ...     ng.losses.add_loss(ng.constant(2.0))
    ...     print(ng.Session().run(ng.losses.get_total_loss()))
    3.0
    """
    regularizing = get_regularization_losses(scope) if add_regularization_losses else []
    return add_n([*get_losses(scope), *regularizing], name)
