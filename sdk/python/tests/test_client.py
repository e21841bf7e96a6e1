"""The client at a real server."""

from __future__ import annotations

import pytest

from flotilla import Client, ProblemError, xml
from flotilla.types import CheckinEntry, HeldItem, Launch, LeaseRenewal, Offering

from .conftest import FOUR_TASKS_KEY, HELLO, HELLO_KEY, Server
from .fake import Asked, losing


async def registered(client: Client, agent: str, *capabilities: str) -> int:
    answer = await client.agents.register([{"agent": agent, "capabilities": list(capabilities)}])
    assert answer.lifetime["renew_every_ms"] > 0
    (result,) = answer.results
    assert not isinstance(result, ProblemError)
    return result["epoch"]


async def test_specifications_are_uploaded_verified_read_and_deleted(client: Client) -> None:
    uploaded = await client.specifications.upload(HELLO)
    assert [one["key"] for one in uploaded["specifications"]] == [HELLO_KEY]
    assert await client.specifications.source(HELLO_KEY) == HELLO
    detail = await client.specifications.get(FOUR_TASKS_KEY)
    assert detail["soundness"] is not None
    listed = await client.specifications.list()
    assert {HELLO_KEY, FOUR_TASKS_KEY} <= {one["key"] for one in listed["items"]}
    verified = await client.specifications.verify(HELLO.replace('Ref id="end_Hello"', 'Ref id="nowhere"'))
    assert verified["verdict"] == "invalid"
    with pytest.raises(ProblemError) as refused:
        await client.specifications.upload(HELLO.replace('Ref id="end_Hello"', 'Ref id="nowhere"'))
    assert refused.value.code == "specification-invalid"
    assert refused.value.findings
    other = HELLO.replace("UID_flotilla_hello", "UID_flotilla_other")
    await client.specifications.upload(other)
    await client.specifications.delete("UID_flotilla_other:1.0")
    with pytest.raises(ProblemError, match="no-such-specification"):
        await client.specifications.get("UID_flotilla_other:1.0")


async def test_cases_are_launched_listed_suspended_and_cancelled(client: Client) -> None:
    launched = await client.cases.launch(HELLO_KEY, case="of-the-client")
    assert launched["case"] == "of-the-client"
    with pytest.raises(ProblemError, match="case-exists"):
        await client.cases.launch(HELLO_KEY, case="of-the-client")
    assert (await client.cases.suspend("of-the-client"))["case"] == "of-the-client"
    assert (await client.cases.get("of-the-client"))["status"] == "suspended"
    await client.cases.resume("of-the-client")
    assert "launched" in [entry["event"] async for entry in client.cases.history("of-the-client")]
    page = await client.cases.page(prefix="of-the", limit=1)
    assert [case["case"] for case in page.items] == ["of-the-client"]
    await client.cases.cancel("of-the-client")
    assert (await client.cases.get("of-the-client"))["status"] == "cancelled"


async def test_many_are_launched_at_once_each_with_its_own_answer_and_listed_page_by_page(client: Client) -> None:
    launches: list[Launch] = [{"specification": HELLO_KEY, "case": f"batch-{at}"} for at in range(5)]
    answers = await client.cases.launch_many([*launches, {"specification": "none:1"}])
    assert [isinstance(answer, ProblemError) for answer in answers] == [False] * 5 + [True]
    seen = [case["case"] async for case in client.cases.each(prefix="batch-")]
    assert sorted(seen) == [f"batch-{at}" for at in range(5)]
    after: str | None = None
    pages: list[str] = []
    while True:
        page = await client.cases.page(prefix="batch-", after=after, limit=2)
        pages.extend(case["case"] for case in page.items)
        if (after := page.next) is None:
            break
    assert sorted(pages) == sorted(seen)
    for case in seen:
        await client.cases.cancel(case)


async def test_a_launch_whose_answer_is_lost_happens_once(client: Client, server: Server) -> None:
    lost: list[str] = []

    def is_lost(asked: Asked) -> bool:
        if asked.path.startswith("/api/v1/cases") and len(lost) < 2:
            lost.append(asked.path)
            return True
        return False

    before = {case["case"] async for case in client.cases.each()}
    async with losing(server.url, is_lost) as through, Client(through) as unlucky:
        launched = await unlucky.cases.launch(HELLO_KEY)
        lost.clear()
        many = await unlucky.cases.launch_many([{"specification": HELLO_KEY}])
    assert not isinstance(many[0], ProblemError)
    after = {case["case"] async for case in client.cases.each()}
    assert after - before == {launched["case"], many[0]["case"]}
    for case in after - before:
        await client.cases.cancel(case)


async def test_people_check_out_and_check_in(client: Client) -> None:
    await client.cases.launch(HELLO_KEY, case="by-hand")
    (item,) = [item async for item in client.work_items.each(case="by-hand")]
    out = await client.work_items.check_out(item["item"])
    data = xml.parse(out["data"])
    assert xml.text_of(data, "Question") == "What is the answer?"
    detail = await client.work_items.get(out["item"])
    assert (detail["status"], detail.get("data")) == ("Executing", out["data"])
    with pytest.raises(ProblemError) as refused:
        await client.work_items.check_in(out["item"], "<Answer><Reply>1</Reply><Reply>2</Reply></Answer>")
    assert [broken["path"] for broken in refused.value.violations]
    await client.work_items.check_in(out["item"], xml.write(data.tag, {"Reply": 42}))
    assert (await client.cases.get("by-hand"))["status"] == "completed"


async def test_items_are_claimed_renewed_given_back_failed_and_checked_in_in_batches(client: Client) -> None:
    epoch = await registered(client, "batches", "Answer")
    cases = [(await client.cases.launch(HELLO_KEY))["case"] for _ in range(4)]
    claimed = (await client.claims.claim("batches", epoch, items_max=10, wait_s=1, term_s=30))["items"]
    assert sorted(item["case"] for item in claimed) == sorted(cases)
    renewals: list[LeaseRenewal] = [{"item": item["item"], "epoch": item["epoch"]} for item in claimed]
    renewals.append({"item": claimed[0]["item"], "epoch": claimed[0]["epoch"] - 1, "term_ms": 60_000})
    renewed = await client.leases.renew(renewals)
    assert [isinstance(answer, ProblemError) for answer in renewed] == [False] * 4 + [True]
    last = renewed[-1]
    assert isinstance(last, ProblemError)
    assert last.code == "stale-epoch"
    held: list[HeldItem] = [{"item": item["item"], "epoch": item["epoch"]} for item in claimed]
    assert not isinstance((await client.leases.give_back([held[0]]))[0], ProblemError)
    assert not isinstance((await client.leases.fail([held[1]]))[0], ProblemError)
    results: list[CheckinEntry] = [
        {"item": item["item"], "epoch": item["epoch"], "data": "<Answer><Reply>yes</Reply></Answer>"}
        for item in claimed
    ]
    answers = await client.work_items.check_in_many(results)
    assert [isinstance(answer, ProblemError) for answer in answers] == [True, True, False, False]
    for case in (claimed[0]["case"], claimed[1]["case"]):
        await client.cases.cancel(case)


async def test_a_claim_that_finds_nothing_says_when_to_come_back(client: Client) -> None:
    epoch = await registered(client, "idle", "What nobody asks for")
    claimed = await client.claims.claim("idle", epoch, kind="tests")
    assert claimed["items"] == []
    assert (claimed.get("retry_after_ms") or 0) > 0
    with pytest.raises(ProblemError, match="not-capable"):
        await client.claims.claim("idle", epoch, capabilities=["Answer"])
    with pytest.raises(ProblemError, match="stale-agent"):
        await client.claims.claim("idle", epoch + 1)


async def test_sessions_renew_their_agents_and_take_them_along(client: Client) -> None:
    session = await client.sessions.open("host of tests")
    number = session["session"]
    agents = await client.agents.register(
        [{"agent": f"of-session-{at}", "capabilities": ["Session work"]} for at in range(3)], session=number
    )
    assert not any(isinstance(result, ProblemError) for result in agents.results)
    renewed, unknown = await client.sessions.renew([number, 10**12])
    assert not isinstance(renewed, ProblemError)
    assert renewed["agents"] == 3
    assert isinstance(unknown, ProblemError)
    assert unknown.code == "no-such-session"
    names = [agent["agent"] async for agent in client.agents.each(session=number)]
    assert names == ["of-session-0", "of-session-1", "of-session-2"]
    assert (await client.agents.page(capability="session WORK", limit=1)).items[0]["host"] == "host of tests"
    assert (await client.sessions.close(number))["agents"] == 3


async def test_agents_say_what_they_do_and_leave(client: Client) -> None:
    epoch = await registered(client, "talks", "Talking")
    (said,) = await client.agents.set_states([{"agent": "talks", "epoch": epoch, "state": "DISCOVERING"}])
    assert not isinstance(said, ProblemError)
    assert said["state"] == "DISCOVERING"
    (renewed,) = await client.agents.renew([{"agent": "talks", "epoch": epoch}])
    assert not isinstance(renewed, ProblemError)
    assert not renewed["draining"]
    (gone,) = await client.agents.deregister([{"agent": "talks", "epoch": epoch}])
    assert not isinstance(gone, ProblemError)


async def test_what_agents_offer_is_found(client: Client) -> None:
    epoch = await registered(client, "cheap", "Selling")
    offering: Offering = {"domain": "Selling of things", "cost": {"base_price_per_cycle": 0.25}}
    (published,) = await client.marketplace.publish([{"agent": "cheap", "epoch": epoch, "offering": offering}])
    assert not isinstance(published, ProblemError)
    found = await client.marketplace.search({"kind": "max-cost", "max_cost_per_cycle": 0.5}, limit=5)
    assert [listing["agent"] for listing in found["items"]] == ["cheap"]
    assert (await client.marketplace.stats())["listings"] >= 1
    (taken_off,) = await client.marketplace.unpublish([{"agent": "cheap", "epoch": epoch}])
    assert not isinstance(taken_off, ProblemError)
    with pytest.raises(ProblemError, match="query-invalid"):
        await client.marketplace.search({"kind": "wcp-pattern", "wcp_pattern": 99})
