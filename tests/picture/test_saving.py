"""What every result has in common when it is saved: a good file is never left half overwritten."""

import os

import pytest
import traces

import nbgrad as ng
from nbgrad.picture.drawing import Drawing

resource = pytest.importorskip("resource", reason="Windows has no limit on the size of a file")


def explorer():
    with ng.Graph().as_default():
        x = ng.Variable(3.0, name="x")
        return ng.explore(ng.square(x, name="y"), x)


RESULTS = {
    "drawing": lambda: Drawing.of(traces.textbook()),
    "film": lambda: Drawing.of(traces.textbook()).film(),
    "derivation": lambda: ng.explain(*x_and_y()),
    "comparison": lambda: ng.compare(*x_and_y()),
    "check": lambda: ng.check_gradient(*x_and_y()),
    "plot": lambda: ng.plot_losses({"loss": [3.0, 2.0, 1.0]}),
    "explorer": explorer,
}


def x_and_y():
    x = ng.Variable(3.0, name="x")
    return ng.square(x, name="y"), x


@pytest.fixture
def limit_files():
    """From now on, no file can grow beyond some size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))

    yield limit
    limit(soft)


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        *((kind, "html") for kind in RESULTS),
        *(("drawing", ending) for ending in ("svg", "png", "pdf", "tex", "txt", "json")),
        ("explorer", "svg"),
    ],
)
def test_a_save_that_fails_leaves_the_old_file_whole_and_nothing_beside_it(
    kind, ending, tmp_path, limit_files
):
    with ng.Graph().as_default():
        path, result = tmp_path / f"f.{ending}", RESULTS[kind]()
    path.write_bytes(b"what was saved before")
    limit_files(16)
    with pytest.raises(OSError, match="File too large"):
        result.save(path)
    limit_files(resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    assert path.read_bytes() == b"what was saved before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_saved_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path):
    drawing = Drawing.of(traces.textbook())
    path = drawing.save(tmp_path / "f.svg")
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask()
    path.chmod(0o640)
    link = tmp_path / "link.svg"
    link.symlink_to(path)
    path.write_bytes(b"old")
    assert drawing.save(link) == link
    assert link.is_symlink()
    assert path.read_bytes().startswith(b"<svg")
    assert path.stat().st_mode & 0o777 == 0o640


def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
