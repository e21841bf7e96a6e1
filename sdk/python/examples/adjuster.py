"""A simple agent: the adjuster of the insurance claim that `flotilla demo` runs.

flotilla demo --leave Triage --leave Decide
python adjuster.py http://localhost:8080
"""

import logging
import sys

from flotilla import Result, Work, Worker

#: Up to this amount nobody looks twice.
SMALL = 5_000
#: From this amount on somebody looks thrice.
LARGE = 60_000

worker = Worker(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080", agent="adjuster", concurrency=4)


@worker.handles("Triage")
async def triage(work: Work) -> Result:
    """Decides how closely a claim is looked at."""
    claimed = work.integer("Claimed")
    if claimed >= LARGE:
        track = "suspicious"
    elif work.boolean("Injury"):
        track = "complex"
    else:
        track = "fast" if claimed <= SMALL else "standard"
    print(f"case {work.case}: {claimed} claimed, {track}", flush=True)
    return {"Track": track}


@worker.handles("Decide")
async def decide(work: Work) -> Result:
    """Decides whether a claim is paid: nobody is liable twice, and no more is paid than the policy's limit."""
    liable = [int(percent.text or 0) for percent in work.input.findall("Reports/Report/OtherLiable")]
    estimates = [int(amount.text or 0) for amount in work.input.findall("Assessments/Assessment/Estimate")]
    if any(percent == 100 for percent in liable):
        decision = "reject"
    else:
        decision = "pay in part" if sum(estimates) > work.integer("Policy/Limit") else "pay"
    print(f"case {work.case}: {decision}", flush=True)
    return {"Decision": decision}


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    worker.run()
