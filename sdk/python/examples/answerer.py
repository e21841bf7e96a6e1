"""A simple agent: answers the questions of examples/hello.yawl.

python answerer.py http://localhost:8080
"""

import sys

from flotilla import Result, Work, Worker

worker = Worker(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080", agent="answerer", concurrency=4)


@worker.handles("Answer")
async def answer(work: Work) -> Result:
    """Answers one question."""
    return {"Reply": f"{work.text('Question')} Forty-two."}


if __name__ == "__main__":
    worker.run()
