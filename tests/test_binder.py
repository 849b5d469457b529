"""Binder would build the lesson's environment, as its own builder plans it, without Docker."""

import os
import re
import subprocess
from importlib.metadata import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parent.parent
BADGE = re.compile(r"https://mybinder\.org/v2/gh/nbgrad/nbgrad/main\?urlpath=lab/tree/([^\s)]+)")


@pytest.fixture
def plan(monkeypatch):
    """The plan that repo2docker makes for this folder."""
    from repo2docker.app import Repo2Docker

    monkeypatch.chdir(ROOT)
    app = Repo2Docker()
    plans = (kind(base_image=app.base_image) for kind in app.buildpacks)
    plan = next(plan for plan in plans if plan.detect())
    plan.platform = "linux/amd64"
    return plan


def test_it_is_built_as_a_python_project_from_the_binder_folder(plan):
    assert type(plan).__name__ == "PythonBuildPack"
    assert plan.binder_dir == "binder"


def test_its_python_is_one_that_nbgrad_runs_on(plan):
    assert plan.python_version in SpecifierSet(metadata("nbgrad")["Requires-Python"])


def test_it_installs_nbgrad_with_extras_that_exist(plan):
    assert "binder/requirements.txt" in plan.render(build_args={})
    [line] = (ROOT / "binder/requirements.txt").read_text("utf-8").splitlines()
    extras = re.fullmatch(r"-e \.\[(.+)\]", line)[1].split(",")
    assert set(extras) <= set(metadata("nbgrad").get_all("Provides-Extra"))


def test_its_last_step_is_a_program_that_bash_can_read(plan):
    assert plan.get_post_build_scripts() == ["binder/postBuild"]
    assert os.access(ROOT / "binder/postBuild", os.X_OK)
    subprocess.run(["bash", "-n", ROOT / "binder/postBuild"], check=True)


def test_the_badge_in_the_readme_opens_the_contents():
    readme = (ROOT / "README.md").read_text("utf-8")
    [path] = set(BADGE.findall(readme))
    assert path == "notebooks/contents.ipynb"
    assert (ROOT / path).is_file()
    assert f"/v2/gh/<you>/<your repository>/<branch>?urlpath=lab/tree/{path}\n" in readme
