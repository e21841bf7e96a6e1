"""What the pages tell a reader to do: the ten lines, the examples, the walk of a newcomer."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from flotilla import Client, ProblemError, Worker

from .conftest import PATIENCE_S, ROOT, Server, binary

SDK = ROOT / "sdk/python"
sys.path.insert(0, str(SDK / "examples"))

from model_backed import adjuster  # noqa: E402  # the example as it stands

CLAIM = (ROOT / "examples/insurance_claim.yawl").read_text()


@asynccontextmanager
async def running(*words: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program, asked to end in the end; it must end well."""
    program = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, env=dict(os.environ) | environment, cwd=ROOT
    )
    try:
        yield program
        program.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            assert await program.wait() == 0
    finally:
        if program.returncode is None:
            program.kill()
        await program.communicate()


async def line_of(program: asyncio.subprocess.Process, pattern: str) -> re.Match[str]:
    """The next line that a program says in which the pattern is."""
    assert program.stdout is not None
    async with asyncio.timeout(PATIENCE_S * 3):
        while line := (await program.stdout.readline()).decode():
            if found := re.search(pattern, line):
                return found
    raise AssertionError(f"it ended without saying {pattern}")


async def ended(client: Client, case: str) -> str:
    async with asyncio.timeout(PATIENCE_S * 3):
        while (status := (await client.cases.get(case))["status"]) == "running":
            await asyncio.sleep(0.02)
    return status


def block(page: Path, language: str, after: str = "") -> str:
    """The first block of a language in a page, after a heading."""
    text = page.read_text()
    text = text[text.index(after) :]
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found, f"{page} has no block of {language} after {after!r}"
    return found.group(1)


async def test_the_lines_of_the_readme_are_an_agent(client: Client, server: Server) -> None:
    snippet = block(SDK / "README.md", "python")
    assert len([line for line in snippet.splitlines() if line]) <= 10
    launched = await client.cases.launch("UID_flotilla_hello:1.0")
    async with running(sys.executable, "-c", snippet.replace("http://localhost:8080", server.url)):
        assert await ended(client, launched["case"]) == "completed"
    detail = await client.cases.get(launched["case"])
    assert detail.get("output") == "<Hello><Reply>You asked: What is the answer?</Reply></Hello>"
    with pytest.raises(ProblemError, match="no-such-agent"):
        await client.agents.get("ann")


async def test_the_simple_example_answers(client: Client, server: Server) -> None:
    launched = await client.cases.launch("UID_flotilla_hello:1.0")
    async with running(sys.executable, str(SDK / "examples/answerer.py"), server.url):
        assert await ended(client, launched["case"]) == "completed"


class FakeModel:
    """Answers what it was told to, and keeps what it was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.prompts: list[str] = []

    async def answer(self, prompt: str) -> str:
        self.prompts.append(prompt)
        return self.answers.pop(0)


#: The gateway of the claim that the model is asked about, as a process of its own.
ONE_TASK = re.sub(
    r"<processControlElements>.*?</processControlElements>",
    """<processControlElements>
      <inputCondition id="start"><flowsInto><nextElementRef id="Decide"/></flowsInto></inputCondition>
      <task id="Decide"><flowsInto><nextElementRef id="end"/></flowsInto><join code="xor"/><split code="and"/>
        <completedMappings><mapping>
          <expression query="&lt;Reply&gt;{/Decide/Decision/text()}&lt;/Reply&gt;"/><mapsTo>Reply</mapsTo>
        </mapping></completedMappings>
        <decomposesTo id="Decide"/></task>
      <outputCondition id="end"/>
    </processControlElements>""",
    (ROOT / "examples/hello.yawl").read_text().replace("UID_flotilla_hello", "UID_flotilla_decide"),
    count=1,
    flags=re.DOTALL,
)
DECISION = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:simpleType name="DecisionType">
  <xs:restriction base="xs:string"><xs:enumeration value="pay"/><xs:enumeration value="reject"/></xs:restriction>
</xs:simpleType></xs:schema>"""
GATEWAY = """<decomposition id="Decide" xsi:type="WebServiceGatewayFactsType">
  <outputParam><index>0</index><name>Decision</name><type>DecisionType</type></outputParam>
  <externalInteraction>manual</externalInteraction></decomposition>
</specification>"""


@pytest.fixture
async def decide(client: Client) -> str:
    """A specification with one decision; its key."""
    document = re.sub(r"<xs:schema [^>]*/>", DECISION, ONE_TASK)
    document = re.sub(r'<decomposition id="Answer".*?</decomposition>\s*', "", document, flags=re.DOTALL)
    uploaded = await client.specifications.upload(document.replace("</specification>", GATEWAY, 1))
    return uploaded["specifications"][0]["key"]


async def test_a_model_is_told_what_was_wrong_with_its_answer(client: Client, server: Server, decide: str) -> None:
    launched = await client.cases.launch(decide)
    model = FakeModel("Well, I would say", " pay\n")
    worker: Worker = adjuster(server.url, model)
    working = asyncio.create_task(worker.work())
    assert await ended(client, launched["case"]) == "completed"
    worker.drain()
    await working
    assert (await client.cases.get(launched["case"])).get("output") == "<Hello><Reply>pay</Reply></Hello>"
    assert "'Well, I would say' was refused" in model.prompts[1]
    assert "Decision" in model.prompts[1] or "enumeration" in model.prompts[1]


async def test_a_model_that_never_answers_well_fails_the_item(client: Client, server: Server, decide: str) -> None:
    launched = await client.cases.launch(decide)
    model = FakeModel("a", "b", "c", "pay")
    worker: Worker = adjuster(server.url, model)
    working = asyncio.create_task(worker.work())
    assert await ended(client, launched["case"]) == "completed"
    worker.drain()
    await working
    assert model.answers == []


async def test_a_newcomer_follows_the_page_and_the_agent_finishes_the_example(tmp_path: Path) -> None:
    """The commands of README.md, to the letter but for ports, pace and where the wheel comes from."""
    wheel = os.environ.get("FLOTILLA_WHEEL")
    if wheel is None:
        pytest.skip("FLOTILLA_WHEEL names no wheel: cargo xtask sdk-test makes one")
    page = block(ROOT / "README.md", "sh", "## Write an agent")
    commands = [shlex.split(line, comments=True) for line in page.splitlines()]
    demo, venv, install, agent = (
        next(command for command in commands if mark in command)
        for mark in ("./run-demo", "venv", "./sdk/python", "sdk/python/examples/adjuster.py")
    )
    free = ["--port", "0", "--management-port", "0", "--think", "20", "--cases", "5"]
    ours = {"python3": sys.executable, "./sdk/python": wheel}

    def as_here(command: list[str]) -> list[str]:
        return [ours.get(word, word.replace("target/agent", str(tmp_path / "agent"))) for word in command]

    async with running(binary(), "demo", *demo[1:], *free) as server:
        url = (await line_of(server, r"page +(http://\S+?)/$")).group(1)
        for command in (venv, install):
            await asyncio.to_thread(subprocess.run, as_here(command), cwd=ROOT, check=True)
        async with Client(url) as client:
            async with running(*as_here(agent), url, PYTHONPATH="") as adjuster_:
                case = (await line_of(adjuster_, r"case (\S+): (?:pay|reject)")).group(1)
                assert await ended(client, case) == "completed"
            happened = [entry["detail"] async for entry in client.cases.history(case)]
            assert any("adjuster" in detail for detail in happened)
