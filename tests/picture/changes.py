"""What differs between two states of a picture."""

from nbgrad.picture.scene import PATCH_NAMES


def difference(old, new):
    """The changes from one state of a graph to another: `{id: {name: new value}}`."""
    assert old.scene == new.scene
    assert old.styles.keys() == new.styles.keys()
    pairs = ((key, old.styles[key], style) for key, style in new.styles.items())
    return {
        key: {name: b for name, a, b in zip(PATCH_NAMES, was, now, strict=True) if a != b}
        for key, was, now in pairs
        if was != now
    }
