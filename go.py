#!/usr/bin/env python3
"""Commands that set nbgrad up and put it to work.

    python3 go.py lab  [arguments for JupyterLab]   open the contents of the course
    python3 go.py test [arguments for pytest]       run every check; with arguments, only pytest

    python3 go.py slides  [lesson …]   lessons as slides that open without a network or a kernel
    python3 go.py talk    lesson       the same slides beside a kernel, to change code in
    python3 go.py handout [lesson …]   lessons on A4 with blanks, and their keys
    python3 go.py site    [lesson …]   a site of lessons, alive without a server, and the reference

A lesson is its number or its name; without one, all are meant.
The first run makes an environment in .venv and installs nbgrad there. Later runs start at
once, until pyproject.toml changes.
"""

# This file meets machines on which nothing is installed yet. So it uses the standard library
# alone, and no syntax newer than the sentence that tells an old Python it is too old.
import hashlib
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "nbgrad-stamp"
CONTENTS = "notebooks/contents.ipynb"
EXTRAS = ("lab", "course", "site", "test")  # each includes those before it
# Two files of tests at a time: a test with a browser mostly waits.
PYTEST = "pytest -n 2 --dist loadfile --benchmark-disable"
CHECKS = ("ruff check", "ruff format --check", "mypy", PYTEST)


def main(command="--help", *arguments):
    """Do what the command line asks for; return the exit code."""
    if command in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    if command not in COMMANDS:
        fail(f"there is no command {command!r}; there are: {', '.join(COMMANDS)}")
    if sys.version_info < (3, 10):
        fail(f"nbgrad needs Python 3.10 or newer, and this is {platform.python_version()}")
    extra, act = COMMANDS[command]
    prepare(extra)
    return act(*arguments)


def lab(*arguments):
    """Open JupyterLab on the contents of the course, until it is closed."""
    say(f"JupyterLab opens {CONTENTS}; Ctrl-C here ends it")
    # All of the project is served, so that a student can also open the engine's source.
    options = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/lab/tree/{CONTENTS}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return run(PYTHON, "-m", "jupyter", "lab", *options, *arguments)


def test(*arguments):
    """Run every check and name those that fail; with arguments, run pytest alone."""
    if arguments:
        return run(PYTHON, "-m", "pytest", *arguments)
    failed = []
    for check in CHECKS:
        say(check)
        if run(PYTHON, "-m", *check.split()) != 0:
            failed.append(check)
    say("failed: " + ", ".join(failed) if failed else "every check passed")
    return len(failed)


def course(module):
    """Make a command of a module of `course/`, which says itself what it does."""
    return lambda *arguments: run(PYTHON, "-m", f"course.{module}", *arguments)


COMMANDS = {
    "lab": ("lab", lab),
    "test": ("test", test),
    "slides": ("course", course("slides")),
    "talk": ("course", course("talk")),
    "handout": ("course", course("handout")),
    "site": ("site", course("site")),
}


def prepare(extra):
    """Install nbgrad[extra] in .venv, unless that has been done."""
    recipe = fingerprint()
    done = STAMP.read_text() if PYTHON.exists() and STAMP.exists() else None
    if done in (f"{wider} {recipe}" for wider in EXTRAS[EXTRAS.index(extra) :]):
        return
    began = time.monotonic()
    make_environment()
    say(f"installing nbgrad[{extra}] (a minute or less; most of it is JupyterLab)")
    wanted = ("install", "--quiet", "--editable", f".[{extra}]")
    pip, uv = (PYTHON, "-m", "pip"), (PYTHON, "-m", "uv", "pip")
    # uv is several times quicker; pip knows company mirrors and unusual machines.
    by_uv = (
        run(*pip, "install", "--quiet", "--only-binary=:all:", "uv", quiet=True) == 0
        and run(*uv, *wanted, "--compile-bytecode", "--python", PYTHON) == 0
    )
    if not by_uv and run(*pip, *wanted) != 0:
        fail("nbgrad could not be installed: the lines above say why (is there a network?)")
    # JupyterLab would lay a question about news over the contents.
    notices = "@jupyterlab/apputils-extension:announcements"
    run(PYTHON, "-m", "jupyter", "labextension", "disable", notices, quiet=True)
    STAMP.write_text(f"{extra} {recipe}")
    say(f"ready after {time.monotonic() - began:.0f} s")


def fingerprint():
    """Identify what would be installed: for which project file, Python and place."""
    facts = [(ROOT / "pyproject.toml").read_text("utf-8"), platform.python_version(), str(ROOT)]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def make_environment():
    """Make .venv with a pip in it, unless there is one of this very Python."""
    version = platform.python_version()
    if not (PYTHON.exists() and version in (VENV / "pyvenv.cfg").read_text("utf-8")):
        say(f"making .venv with Python {version}")
        if run(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV) != 0:
            fail("that did not work: the lines above say why (apt-get install python3-venv?)")
    # Debian's bare Python has no ensurepip, but there may be a pip, or uv, to send one.
    sources = (
        (PYTHON, "-m", "pip", "--version"),
        (PYTHON, "-m", "ensurepip", "--default-pip"),
        (sys.executable, "-m", "pip", "--python", PYTHON, "install", "pip"),
        ("uv", "pip", "install", "--python", PYTHON, "pip"),
    )
    if not any(run(*source, quiet=True) == 0 for source in sources):
        fail("this Python has no pip, ensurepip or uv; on Debian: apt-get install python3-venv")


def run(*command, quiet=False):
    """Run a command in the project's folder to its end; return its exit code."""
    output = subprocess.DEVNULL if quiet else None
    try:
        process = subprocess.Popen([*map(str, command)], cwd=ROOT, stdout=output, stderr=output)
    except FileNotFoundError:
        return 127  # as a shell answers
    interrupted = False
    while process.poll() is None:
        try:
            process.wait()
        except KeyboardInterrupt:
            interrupted = True  # the command heard it too: JupyterLab asks, pytest tidies up
    if interrupted:
        sys.exit(process.returncode)
    return process.returncode


def say(sentence):
    """Print a line, ahead of what the next command prints."""
    print("go.py:", sentence, flush=True)


def fail(sentence):
    """End with a sentence."""
    sys.exit(f"go.py: {sentence}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
