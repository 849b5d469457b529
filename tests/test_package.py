"""What a user installs is whole, and the way to install it speaks in sentences."""

import importlib.util
import shutil
import subprocess
import sys
import tarfile
from email import message_from_bytes
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest

import nbgrad as tf

ROOT = Path(__file__).parent.parent


def test_the_package_shows_what_it_offers_and_nothing_that_it_is_built_with():
    found = {name: getattr(tf, name) for name in dir(tf)}
    assert {"gradients", "draw", "train", "test", "errors", "nn"} <= found.keys()
    assert not [name for name in found if name.startswith("_")]
    assert {"graph", "render", "ops", "importlib", "Any", "TYPE_CHECKING"}.isdisjoint(found)
    homes = {name: getattr(each, "__module__", None) for name, each in found.items()}
    modules = {name for name, each in found.items() if isinstance(each, ModuleType)}
    names = "compat contrib debugging errors initializers layers linalg losses math metrics"
    assert modules == {*names.split(), "nn", "random", "summary", "test", "train"}
    assert not [name for name, home in homes.items() if home and not home.startswith("nbgrad")]


def test_a_star_import_gives_everything():
    names = {}
    exec("from nbgrad import *", names)
    assert names.keys() - {"__builtins__"} == set(dir(tf))


def test_a_program_for_the_later_spelling_of_tensorflow_1_runs_too():
    from nbgrad.compat.v1 import Session, constant, initializers

    assert Session is tf.Session
    assert dir(tf.compat.v1) == dir(tf)
    with Session() as session:
        assert session.run(constant(1.0) + initializers.ones()([])) == 2.0


@pytest.mark.parametrize("name", ["keras", "data", "estimator", "image", "FIFOQueue"])
def test_what_is_left_out_says_what_to_do_instead(name):
    with pytest.raises(AttributeError, match=r"(feed|NumPy)"):
        getattr(tf, name)


def test_tf_test_offers_three_functions():
    assert dir(tf.test) == ["assert_gradient", "compute_gradient", "compute_gradient_error"]


@pytest.mark.parametrize(
    "name",
    [
        "debugging",
        "initializers",
        "layers",
        "linalg",
        "losses",
        "math",
        "metrics",
        "nn",
        "random",
        "summary",
    ],
)
def test_a_module_of_tensorflow_shows_what_it_offers_and_nothing_else(name):
    module = getattr(tf, name)
    assert dir(module) == sorted(dir(module)) == module.__all__
    found = [getattr(module, each) for each in dir(module)]
    homes = {getattr(each, "__module__", each.__name__).split(".")[0] for each in found}
    assert homes == {"nbgrad"}


def in_a_fresh_python(program):
    run = [sys.executable, "-c", program]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout


def test_no_advice_is_looked_for_while_modules_load():
    # Each `from … import` asks a module for names that Python has for itself, such as __path__.
    program = "import sys, nbgrad as tf; tf.layers, tf.contrib.layers, tf.train, tf.metrics; "
    assert in_a_fresh_python(program + "print('difflib' in sys.modules)") == "False\n"


@pytest.mark.parametrize(
    "first",
    [
        "import nbgrad.trace.model",
        "import nbgrad.picture.drawing",
        "import nbgrad as tf; tf.draw; tf.explore",
        "from nbgrad.trace.model import Trace",
        "from nbgrad import trace",
    ],
)
def test_trace_is_the_function_though_its_package_has_that_name(first):
    program = f"{first}\nimport nbgrad as tf\nprint(type(tf.trace).__name__)"
    assert in_a_fresh_python(program) == "function\n"


@pytest.mark.parametrize(
    ("package", "act", "who"),
    [
        ("anywidget", "ng.explore", "nbgrad.explore"),
        ("ipywidgets", "ng.explore", "nbgrad.explore"),
        ("matplotlib", "ng.draw(y).save('y.png')", "A picture as a figure, .png or .pdf"),
        ("matplotlib", "ng.draw(y).film().save('y.pdf')", "A picture as a figure, .png or .pdf"),
        ("matplotlib", "ng.draw(y).figure()", "A picture as a figure, .png or .pdf"),
        ("matplotlib", "ng.plot_losses([3.0, 2.0]).html", "A plot"),
        ("matplotlib", "ng.plot_curve(y, x, [0.0, 1.0]).save('y.svg')", "A plot"),
        (
            "latex2mathml",
            "ng.explain(y, x).html",
            "Mathematics in a notebook or as .html (explain, compare)",
        ),
    ],
)
def test_a_missing_package_is_named_with_what_needs_it(package, act, who):
    program = f"""
import sys
sys.modules["{package}"] = None  # as if it were not installed
import nbgrad as ng
x = ng.Variable(3.0, name="x")
y = ng.square(x, name="y")
try:
    {act}
except ModuleNotFoundError as error:
    print(error, error.name, sep="\\n")
"""
    who_needs_it, how_to_get_it, name = in_a_fresh_python(program).splitlines()
    assert who_needs_it.startswith(who)
    assert f" needs the package '{package}', which is not installed." in who_needs_it
    assert f"python -m pip install {package}" in how_to_get_it
    assert name == package


def test_without_any_optional_package_pictures_are_drawn_and_explained_in_words():
    program = """
import sys
for package in ("matplotlib", "anywidget", "ipywidgets", "latex2mathml"):
    sys.modules[package] = None
import nbgrad as ng
x = ng.Variable(3.0, name="x")
y = ng.multiply(ng.sin(x), ng.cos(x), name="y")
drawing = ng.draw(y, x)
for ending in (".svg", ".html", ".txt", ".json", ".tex"):
    assert drawing.writers()[ending]()
for layout in ("mirror", "tape", "paths"):
    assert ng.draw(y, x, layout=layout).html
assert drawing.film().html
assert "dy" in ng.compare(y, x).text
assert "dy" in ng.check_gradient(y, x).text
print(ng.explain(y, x).text.splitlines()[-1].strip())
"""
    assert in_a_fresh_python(program).startswith("dy/dx = ")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A wheel and an sdist, built by the backend that is installed here, without a network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    with ZipFile(next(built.glob("*.whl"))) as archive:
        yield archive


@pytest.fixture(scope="module")
def sdist(built):
    """The names in the sdist, without the folder that all of them are in."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def test_the_wheel_holds_every_file_of_the_package(wheel):
    package = {path for path in (ROOT / "nbgrad").rglob("*") if path.is_file()}
    ours = {path.relative_to(ROOT).as_posix() for path in package if path.suffix != ".pyc"}
    assert {name for name in wheel.namelist() if name.startswith("nbgrad/")} == ours


def test_the_wheel_holds_types_and_the_front_end_and_nothing_beside_the_package(wheel):
    names = set(wheel.namelist())
    assert "nbgrad/py.typed" in names
    static = {Path(name).name for name in names if name.startswith("nbgrad/widgets/static/")}
    assert {"explorer.js", "program.js", "explorer.css"} <= static
    folders = {name.split("/")[0] for name in names}
    assert folders == {"nbgrad", f"nbgrad-{tf.__version__}.dist-info"}


def test_the_sdist_has_all_that_the_project_keeps_and_nothing_that_it_makes(sdist):
    kept = {"go.py", "README.md", "CITATION.cff", "LICENSE", "tests/test_package.py"}
    assert kept | {"notebooks/contents.ipynb", "course/lessons.py", "binder/runtime.txt"} <= sdist
    made = (
        ".venv",
        "__pycache__",
        "node_modules",
        "slides/",
        "handouts/",
        "site/",
        ".pytest_cache",
    )
    assert [name for name in sdist if name.startswith(made) or "/__pycache__" in name] == []


def test_its_page_on_a_package_index_has_addresses_and_classifiers_that_exist(wheel):
    from trove_classifiers import classifiers

    [name] = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    page = message_from_bytes(wheel.read(name))
    assert set(page.get_all("Classifier")) <= classifiers
    urls = dict(line.split(", ") for line in page.get_all("Project-URL"))
    assert {"Homepage", "Source", "Changelog", "Issues"} <= urls.keys()
    assert page["Description-Content-Type"] == "text/markdown"
    assert page["License-Expression"] == "BSD-3-Clause"


def test_the_wheel_runs_on_any_machine(wheel):
    assert wheel.filename.endswith("-py3-none-any.whl")


@pytest.fixture
def go(tmp_path):
    """go.py as a module, in a project of its own."""
    for name in ("go.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    spec = importlib.util.spec_from_file_location("go", tmp_path / "go.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_unknown_command_is_answered_by_a_sentence(go):
    with pytest.raises(SystemExit, match="there is no command 'tset'"):
        go.main("tset")


def test_an_old_python_is_told_so(go, monkeypatch):
    monkeypatch.setattr(go.sys, "version_info", (3, 9))
    with pytest.raises(SystemExit, match="nbgrad needs Python"):
        go.main("test")


def test_without_a_command_it_says_what_it_can_do(go, capsys):
    assert go.main() == 0
    assert "python3 go.py lab" in capsys.readouterr().out


@pytest.fixture
def commands(go, monkeypatch):
    """The commands go.py would run, which here all succeed and do nothing."""
    seen = []
    monkeypatch.setattr(go, "run", lambda *command, **_: seen.append([*map(str, command)]) or 0)
    go.PYTHON.parent.mkdir(parents=True)
    go.PYTHON.touch()
    (go.VENV / "pyvenv.cfg").write_text(f"version = {go.platform.python_version()}")
    return seen


def test_a_second_run_installs_nothing_until_the_project_file_changes(go, commands):
    def installs():
        commands.clear()
        go.main("test")
        return any("install" in command for command in commands)

    assert installs()
    assert not installs()
    with (go.ROOT / "pyproject.toml").open("a") as project:
        project.write("# one more line\n")
    assert installs()


def test_the_test_environment_also_serves_the_lab(go, commands):
    go.main("test")
    commands.clear()
    go.main("lab")
    assert len(commands) == 1


def test_the_lab_opens_the_contents_of_the_course(go, commands):
    go.main("lab")
    [opened] = [each for each in commands[-1] if each.startswith("--LabApp.default_url=")]
    path = opened.partition("/lab/tree/")[2]
    assert path == "notebooks/contents.ipynb"
    assert (ROOT / path).is_file()


def test_further_arguments_are_passed_on(go, commands):
    go.main("lab", "--no-browser", "--port", "9999")
    assert commands[-1][-3:] == ["--no-browser", "--port", "9999"]
    go.main("test", "-k", "name")
    assert commands[-1][1:] == ["-m", "pytest", "-k", "name"]


def test_a_failed_check_is_named_after_all_have_run(go, commands, monkeypatch, capsys):
    go.main("test")
    monkeypatch.setattr(go, "run", lambda *command, **_: int("mypy" in command))
    assert go.main("test") == 1
    assert capsys.readouterr().out.endswith("failed: mypy\n")


def test_a_failed_installation_ends_in_a_sentence(go, commands, monkeypatch):
    monkeypatch.setattr(go, "run", lambda *command, **_: int("--editable" in command))
    with pytest.raises(SystemExit, match="could not be installed"):
        go.main("lab")
