"""The page's modules, joined: the same functions, in one scope."""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest

import nbgrad as ng
from nbgrad.widgets.bundle import (
    COMMENT,
    IMPORT,
    STATIC,
    bundle,
    deflated,
    joined_modules,
    kernels_of,
    modules_in_order,
)

MODULES = {path.name: path.read_text("utf-8") for path in STATIC.glob("*.js")}
TOP_LEVEL = re.compile(
    r"^(?:export )?(?:default )?(?:async )?(?:function\*?|class|const|let|var) (\w+)", re.MULTILINE
)


@pytest.fixture(scope="session")
def node(missing):
    """Where Node is."""
    found = shutil.which("node")
    if not found:
        missing("there is no Node to run the joined module with: apt-get install nodejs")
    return found


def test_a_name_at_the_top_level_is_in_one_module():
    names = [name for text in MODULES.values() for name in TOP_LEVEL.findall(text)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_only_what_can_be_joined(name):
    text = re.sub(r"/\*.*?\*/", "", MODULES[name], flags=re.DOTALL)
    assert text.count("\nimport ") + text.startswith("import ") == len(IMPORT.findall(text))
    assert not re.search(r"^import\b[^;]*\bas\b|^export [{*]|\bimport\(", text, re.MULTILINE)
    without_strings = re.sub(r"""'[^'\n]*'|"[^"\n]*\"""", "", text)
    ends = [line for line in without_strings.split("\n") if line.count("`") % 2]
    assert not ends, "joining takes the indentation out of a template of several lines"


def test_every_module_is_in_it_behind_what_it_imports():
    names = modules_in_order("index.js")
    assert sorted(names) == sorted(MODULES)
    for place, name in enumerate(names):
        assert {*IMPORT.findall(MODULES[name])} <= {*names[:place]}


EQUAL = """
import assert from "node:assert/strict";
const joined = await import(process.argv[2]);
const COMMENT_OR_SPACE = /\\/\\*[^]*?\\*\\/|\\s*\\n\\s*\\/\\/.*| +\\/\\/ [^"'`\\n]*$|\\s+/gm;
const bare = (each) => String(each).replace(COMMENT_OR_SPACE, "");
for (const path of process.argv.slice(3)) {
  for (const [name, each] of Object.entries(await import(path))) {
    if (name === "default") continue;
    if (typeof each === "function") assert.equal(bare(joined[name]), bare(each), name);
    else assert.deepEqual(JSON.stringify(joined[name]), JSON.stringify(each), name);
  }
}
"""


def test_it_runs_and_is_what_the_modules_are(node, tmp_path):
    names = [name for name in modules_in_order("index.js") if name != "index.js"]
    texts = "\n".join(MODULES[name] for name in names)
    exported = re.findall(r"^export (?:async )?(?:function\*?|class|const) (\w+)", texts, re.M)
    (tmp_path / "joined.mjs").write_text(
        f"{joined_modules()}\nexport {{ {', '.join(exported)} }};\n"
    )
    (tmp_path / "equal.mjs").write_text(EQUAL)
    files = ["equal.mjs", "joined.mjs", *(STATIC / name for name in names)]
    done = subprocess.run([node, *(tmp_path / file for file in files)], capture_output=True)
    assert not done.returncode, done.stderr.decode()


UNPACKED = """
LOADER
process.stdout.write(JSON.stringify(await unpack(PACKED)));
"""


@pytest.mark.parametrize("size", [0, 1, 5, 12, 13, 100, 1000, 100_000])
def test_what_is_packed_is_unpacked(node, size):
    texts = {"text": "".join(map(chr, np.random.default_rng(size).integers(32, 900, size)))}
    loader = bundle().loader.partition("const loaded")[0]
    program = UNPACKED.replace("LOADER", loader).replace("PACKED", deflated(json.dumps(texts)))
    command = [node, "--input-type=module"]
    done = subprocess.run(command, input=program, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == texts


def test_what_is_packed_needs_no_escape():
    packed = deflated(joined_modules()).rpartition(",")[0]
    assert json.loads(packed) == packed[1:-1]
    assert "<" not in packed


def test_what_is_edited_is_in_the_next_bundle(monkeypatch, tmp_path):
    shutil.copytree(STATIC, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr("nbgrad.widgets.bundle.STATIC", tmp_path)
    before = bundle()
    (tmp_path / "index.js").write_text(MODULES["index.js"] + "// edited\nglobalThis.edited = 1;\n")
    assert before.key != bundle().key


def test_comments_and_indentation_are_no_part_of_it():
    assert not re.search(r"^ |^//|/\*\*", joined_modules(), re.MULTILINE)
    text = (
        '/** @type {A} */ (a);\n  // why\nb("// no comment"); // at the end\n/**\n * c\n */\nd();'
    )
    assert COMMENT.sub("", text).split() == ["(a);", 'b("//', "no", 'comment");', "d();"]


# Pages of their own ------------------------------------------------------------------------------

RUN = """
const program = new Program(PROGRAM);
const { nodes } = program.run({ inputs: {}, seeds: {}, stopped: [] });
const found = [Object.keys(KERNELS), nodes.map(({ adjoint }) => [...(adjoint.value?.data ?? [])])];
process.stdout.write(JSON.stringify(found));
"""


def scalars():
    x = ng.Variable(3.0, name="x")
    return ng.sin(x * x) / x, x


def layer():
    image = ng.placeholder(ng.float32, [1, 4, 4, 1], name="image")
    kernel = ng.Variable(np.ones([2, 2, 1, 2], np.float32), name="kernel")
    maps = ng.nn.conv2d(image, kernel, [1, 1, 1, 1], "SAME")
    return ng.reduce_sum(ng.nn.softmax(ng.reshape(ng.nn.relu(maps), [2, 16]))), kernel


@pytest.mark.parametrize("asked", [scalars, layer])
def test_a_page_of_its_own_has_the_kernels_that_its_program_calls(node, asked):
    with ng.Graph().as_default():
        explorer = ng.explore(*asked())
    kernels = kernels_of(explorer.program)
    program = RUN.replace("PROGRAM", json.dumps(explorer.program))
    modules = joined_modules(kernels=kernels)
    command = [node, "--input-type=module"]
    done = subprocess.run(command, input=modules + program, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    names, adjoints = json.loads(done.stdout)
    assert {*names} == kernels
    assert len(modules) < 0.95 * len(joined_modules())
    for found, each in zip(adjoints, explorer.trace.nodes, strict=True):
        expected = [] if each.adjoint.value is None else each.adjoint.value.array.ravel()
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
