"""A real server for the tests that want one: the binary of FLOTILLA_BIN on free ports and a directory of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from flotilla import Client

ROOT = Path(__file__).resolve().parents[3]
HELLO = (ROOT / "examples/hello.yawl").read_text()
FOUR_TASKS = (ROOT / "examples/four_tasks.yawl").read_text()
HELLO_KEY = "UID_flotilla_hello:1.0"
FOUR_TASKS_KEY = "UID_flotilla_four_tasks:1.0"
#: Nothing here takes longer, on the slowest machine.
PATIENCE_S = 30.0


def binary() -> str:
    """The server under test."""
    default = ROOT / "target/debug/flotilla"
    path = os.environ.get("FLOTILLA_BIN", str(default))
    assert Path(path).exists(), f"there is no {path}: build it (cargo build), or name it in FLOTILLA_BIN"
    return path


class Server:
    """A server that can be killed and started again on its port, with its data or without."""

    def __init__(self, data: Path, settings: dict[str, str]) -> None:
        self._data = data
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self) -> None:
        port = self.url.rpartition(":")[2] or "0"
        words = [binary(), "serve", "--data", str(self._data), "--port", port, "--log", "warn"]
        words += ["--management-port", "0", "--registry-port", "0"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FLOTILLA_")}
        self._process = subprocess.Popen(
            words, stdout=subprocess.PIPE, text=True, env=environment | QUICK | self._settings
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        found = re.search(r"listening on (http://\S+)", line)
        assert found, f"the server says {line!r}"
        self.url = found.group(1)

    def kill(self) -> None:
        """As a crash does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.communicate()
            self._process = None

    def forget(self, data: Path) -> None:
        """Starts again with other data."""
        self.kill()
        self._data = data
        self.start()


#: Pauses of tests are short.
QUICK = {
    "FLOTILLA_BACKOFF_BASE_MS": "20",
    "FLOTILLA_BACKOFF_CAP_MS": "100",
    "FLOTILLA_RETRY_REST_MS": "10",
}

ServerOf = Callable[..., Server]


@pytest.fixture
def server_of(tmp_path: Path) -> Iterator[ServerOf]:
    """Starts servers of one test's own, with settings by their names in the environment."""
    servers: list[Server] = []

    def start(**settings: str) -> Server:
        server = Server(tmp_path / f"data-{len(servers)}", settings)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not break it."""
    server = Server(tmp_path_factory.mktemp("server") / "data", {})
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def client(server: Server) -> AsyncIterator[Client]:
    """A client of the shared server, which has the examples."""
    async with Client(server.url) as client:
        await client.specifications.upload(HELLO)
        await client.specifications.upload(FOUR_TASKS)
        yield client


async def until(holds: Callable[[], bool]) -> None:
    """Waits for what no event announces."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.005)
