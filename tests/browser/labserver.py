"""A JupyterLab of one's own, on loopback, that shares no setting with the user's.

It serves Notebook 7 too, where that is installed. NBGRAD_JUPYTER names the Python of another
environment whose JupyterLab, Notebook and kernel are then used.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

SETTINGS = {
    # No news and no update notice: both would cover the page and ask the network.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # A test must not find the outputs that an earlier one left in a notebook.
    "docmanager-extension/plugin": {"autosave": False},
    # Every cell stays in the page, so that a test finds those below the fold as well.
    "notebook-extension/tracker": {"windowingMode": "none"},
}
# The ports that a kernel is given may be given to another one before it has them: not by files.
SOCKETS = ["--KernelManager.transport=ipc"] if sys.platform == "linux" else []


@dataclass(frozen=True)
class LabServer:
    """Where a running JupyterLab is, the token it lets in, its process, and what that has said."""

    url: str
    token: str
    process: subprocess.Popen
    log: list[str]

    def check(self):
        """Say so if it has ended: whatever a test waits for does not come then."""
        code = self.process.poll()
        if code is not None:
            raise RuntimeError(f"JupyterLab has ended with {code}:\n" + "".join(self.log[-30:]))

    def address(self, path):
        return f"{self.url}{path}?token={self.token}"

    def has_notebook(self):
        """Whether it serves Notebook 7 too."""
        try:
            urlopen(self.address("tree")).close()
        except HTTPError:
            return False
        return True


@contextmanager
def lab_server(notebooks, home, patience=120):
    """Serve a copy of the folder `notebooks`, all that Jupyter writes being kept in `home`.

    Leaving the block ends the server. It stops its kernels first.
    """
    home = Path(home)
    root = shutil.copytree(notebooks, home / "notebooks")
    token, port = secrets.token_hex(16), free_port()
    command = [
        *(os.environ.get("NBGRAD_JUPYTER") or sys.executable, "-m", "jupyter", "lab"),
        *("--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}"),
        "--expose-app-in-browser",  # as window.jupyterapp, which the tests command
        "--JupyterNotebookApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",  # asks no index for extensions
        *SOCKETS,
    ]
    # The path of a socket has to be short.
    runtime = tempfile.TemporaryDirectory(prefix="lab", ignore_cleanup_errors=True)
    process = subprocess.Popen(
        command,
        env=private_environment(home) | {"JUPYTER_RUNTIME_DIR": runtime.name},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # an interrupted test run ends it here, not through the terminal
    )
    log = []
    threading.Thread(target=follow, args=(process.stderr, log), daemon=True).start()
    try:
        if not accepts_connections(port, process, patience):
            raise RuntimeError("JupyterLab did not start:\n" + "".join(log))
        yield LabServer(f"http://127.0.0.1:{port}/", token, process, log)
    finally:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        runtime.cleanup()


def accepts_connections(port, process, patience):
    """Wait for the server itself: its log says that it is running before it listens."""
    end = time.monotonic() + patience
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return True
    return False


def follow(stream, log):
    """Read to the end, for a full pipe would stop the server."""
    with stream:
        log.extend(stream)


def private_environment(home):
    """Keep this Jupyter apart from the user's, with the SETTINGS above."""
    folders = {
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "IPYTHONDIR": home / "ipython",
        "MPLCONFIGDIR": home / "matplotlib",
    }
    for plugin, values in SETTINGS.items():
        file = home / "settings/@jupyterlab" / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    return os.environ | {name: str(folder) for name, folder in folders.items()}


def free_port():
    """A port below those that systems give to outgoing connections, so that none takes it."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
