"""An agent that asks a model: the adjuster's decision, by whatever can answer a prompt.

The model stands behind a protocol, so that any vendor's client fits in a few lines and tests bring a fake. What the
server refuses goes back to the model, with every rule that the answer broke.
"""

import logging
import os
import sys
from typing import Protocol

import httpx

from flotilla import GiveBack, ProblemError, Result, Work, Worker

#: Answers to one item before the agent gives up. More would cost more than a person's look.
ANSWERS_MAX = 3


class Model(Protocol):
    """Whatever answers a prompt."""

    async def answer(self, prompt: str) -> str:
        """The model's answer to one prompt, as text."""
        ...


class HttpModel:
    """A model behind the chat interface that many servers have, local ones too."""

    def __init__(self, url: str, name: str, key: str | None = None) -> None:
        """`url` is as in http://localhost:11434/v1."""
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=60)
        self._name = name

    async def answer(self, prompt: str) -> str:
        """Asks once."""
        body = {"model": self._name, "messages": [{"role": "user", "content": prompt}]}
        try:
            answer = await self._http.post("chat/completions", json=body)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            # Nobody has looked at the item yet: another agent may, and no attempt is counted.
            raise GiveBack(f"the model is not there: {error}") from error
        return str(answer.json()["choices"][0]["message"]["content"])


def adjuster(server: str, model: Model, name: str = "model-adjuster") -> Worker:
    """An agent that decides claims by asking `model`."""
    worker = Worker(server, agent=name, concurrency=4)

    @worker.handles("Decide")
    async def decide(work: Work) -> Result:
        prompt = f"Decide this insurance claim. Answer with the decision alone.\n\n{work.data}"
        asked = prompt
        for _ in range(ANSWERS_MAX):
            decision = (await model.answer(asked)).strip()
            try:
                await work.check_in({"Decision": decision})
                return None
            except ProblemError as refused:
                broken = "; ".join(violation["message"] for violation in refused.violations)
                asked = f"{prompt}\n\nYour answer {decision!r} was refused: {broken or refused.detail}"
        raise ValueError(f"no answer of the model was taken, the last was {decision!r}")

    return worker


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
    chosen = HttpModel(os.environ["MODEL_URL"], os.environ["MODEL"], os.environ.get("MODEL_KEY"))
    adjuster(address, chosen).run()
