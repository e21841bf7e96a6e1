"""What the interface sends and takes: made from docs/openapi.json by `cargo xtask sdk-types`, not by hand."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict


class Acted(TypedDict):
    """
    What became of it.
    """

    data: NotRequired[str | None]
    """
    Of a started item: input data as XML.
    """
    epoch: NotRequired[int | None]
    """
    Of an item that an agent has started: to be shown with the result, and renewed.
    """
    item: str
    """
    The item's id, which changes when it is started.
    """


class Action1(TypedDict):
    """
    Takes an offered item. Where the system starts what is allocated, it is started.
    """

    action: Literal["accept"]


class Action2(TypedDict):
    """
    Starts an allocated item.
    """

    action: Literal["start"]


class Action3(TypedDict):
    """
    Gives an allocated item back: it is distributed again, without this participant.
    """

    action: Literal["deallocate"]


class Action4(TypedDict):
    """
    Gives an allocated item to somebody else.
    """

    action: Literal["delegate"]
    to: str


class Action5(TypedDict):
    """
    Gives a started item to somebody else, with its data as it was when it was started.
    """

    action: Literal["reallocate-stateless"]
    to: str


class Action6(TypedDict):
    """
    The same with its data as it is.
    """

    action: Literal["reallocate-stateful"]
    to: str


class Action7(TypedDict):
    """
    Puts a started item aside.
    """

    action: Literal["suspend"]


class Action8(TypedDict):
    """
    Takes it up again.
    """

    action: Literal["resume"]


class Action9(TypedDict):
    """
    Has an allocated item completed without anybody's work.
    """

    action: Literal["skip"]


class Action10(TypedDict):
    """
    Has every item of the item's task from now on, over all cases; this one is started.
    """

    action: Literal["pile"]


class Action11(TypedDict):
    """
    Has every item of the item's case from now on that is offered to the participant; this one is started.
    """

    action: Literal["chain"]


Action: TypeAlias = Action1 | Action2 | Action3 | Action4 | Action5 | Action6 | Action7 | Action8 | Action9 | Action10 | Action11
"""
What a participant does with an item.
"""


class AdministratorAction1(TypedDict):
    """
    Offers an item that is not started: to 1,000 participants at most.
    """

    action: Literal["offer"]
    to: list[str]


class AdministratorAction2(TypedDict):
    """
    Allocates an item that is not started.
    """

    action: Literal["allocate"]
    to: str


class AdministratorAction3(TypedDict):
    """
    Starts an item for somebody.
    """

    action: Literal["start"]
    to: str


class AdministratorAction4(TypedDict):
    """
    Takes an item from whoever has it and distributes it anew.
    """

    action: Literal["redistribute"]


AdministratorAction: TypeAlias = AdministratorAction1 | AdministratorAction2 | AdministratorAction3 | AdministratorAction4
"""
What an administrator does with an item.
"""


class AgentDone(TypedDict):
    """
    The agent that was acted on.
    """

    agent: str


class AgentNames(TypedDict):
    """
    Agents by name, in whichever life: to drain, to release from quarantine.
    """

    agents: list[str]
    """
    At most 10,000.
    """


Answer: TypeAlias = Literal["yes", "no", "unknown"]


Arrival: TypeAlias = Literal["new", "same", "updated", "replaced"]


class BTreeMap(TypedDict):
    height: float
    width: float
    x: float
    y: float


BTreeMap1: TypeAlias = dict[str, dict[str, BTreeMap]]


class Cancelled(TypedDict):
    """
    Event `cancelled`: the item that the agent holds is gone from the net, or was taken away. A result under this epoch
    is refused.
    """

    agent: str
    case: str
    epoch: int
    """
    Of the lease that is over.
    """
    item: str
    reason: str
    """
    `cancelled` (by the net, or by an operator), `case-cancelled`, `case-ended` (it came to its end without the item),
    `withdrawn`, `rolled-back`, `completed-elsewhere` or `handed-off`. There may be more one day.
    """


class CaseDone(TypedDict):
    """
    The case that was acted on.
    """

    case: str


class Category(TypedDict):
    name: str
    subcategory: NotRequired[str | None]


class Change(TypedDict):
    """
    One message of the event stream.
    """

    case: str
    position: int
    """
    Rises within a case; ask again for what was read at a lower position.
    """
    what: str
    """
    What happened, such as `launched` or `completed`.
    """


class CheckedOut(TypedDict):
    """
    The item that now executes. Its id differs from the enabled item's.
    """

    data: str
    """
    Input data as XML.
    """
    item: str


class CheckoutBatch(TypedDict):
    """
    Check out many.
    """

    items: list[str]
    """
    At most 10,000 ids.
    """


Claim = TypedDict(
    "Claim",
    {
        "agent": str,
        "capabilities": NotRequired[list[str] | None],
        "class": NotRequired[str],
        "epoch": int,
        "max": NotRequired[int],
        "term_ms": NotRequired[int],
        "wait_ms": NotRequired[int],
    },
)


ConditionKind: TypeAlias = Literal["input", "output", "ordinary"]


class Contract(TypedDict):
    """
    A kind of transition that an agent can stand in for.
    """

    input_tokens: NotRequired[list[str]]
    maintains_soundness: NotRequired[bool]
    output_tokens: NotRequired[list[str]]
    wcp_patterns: NotRequired[list[int]]
    """
    Numbers of control-flow patterns, 1 to 43.
    """


class Counts(TypedDict):
    """
    How many agents there are.
    """

    draining: int
    live: int
    """
    As of the last look, a tenth of a second ago.
    """
    quarantined: int
    """
    Names in quarantine, whether an agent has them now or not.
    """
    registered: int
    stale: int
    """
    Registered and not live.
    """
    states: dict[str, int]
    """
    By state, such as `DISCOVERING`.
    """


class Coverage(TypedDict):
    """
    What of the knowledge graph an agent understands.
    """

    construct_templates: NotRequired[list[str]]
    namespaces: NotRequired[list[str]]
    sparql_patterns: NotRequired[list[str]]


class Depth(TypedDict):
    """
    How many keys an index has, and how much is under each.
    """

    depth_avg: float
    depth_max: int
    entries: int
    keys: int


Flow = TypedDict(
    "Flow",
    {
        "from": str,
        "is_default": bool,
        "label": NotRequired[str | None],
        "predicate": NotRequired[str | None],
        "to": str,
        "tokens": int,
    },
)


Gate: TypeAlias = Literal["and", "or", "xor"]


class Given(TypedDict):
    """
    A result that may be left out: for `force` and `fail`.
    """

    command_id: NotRequired[str | None]
    data: NotRequired[str | None]


class GroupEntry(TypedDict):
    above: NotRequired[str | None]
    """
    The group that it is part of.
    """
    name: NotRequired[str]


HandOff = TypedDict(
    "HandOff",
    {
        "epoch": int,
        "from": str,
        "to": str,
    },
)


class HandOffAcceptance(TypedDict):
    """
    The receiver takes the item.
    """

    agent: str
    """
    The receiver.
    """
    epoch: int
    """
    As the receiver's registration gave it.
    """
    token: str


class Held(TypedDict):
    """
    The lease under which the item in the path is held.
    """

    command_id: NotRequired[str | None]
    epoch: int


class HeldItem(TypedDict):
    command_id: NotRequired[str | None]
    epoch: int
    item: str


class HeldItems(TypedDict):
    """
    Items that their holder gives back.
    """

    items: list[HeldItem]
    """
    At most 10,000.
    """


class Incarnation(TypedDict):
    """
    An agent in one of its lives.
    """

    agent: str
    epoch: int
    """
    As the registration gave it.
    """


class Incarnations(TypedDict):
    """
    Agents in their present lives: to renew, to deregister, to take off the marketplace.
    """

    agents: list[Incarnation]
    """
    At most 10,000.
    """


class Incident(TypedDict):
    """
    A task that the engine could not go on with; resuming the case tries again.
    """

    item: str
    """
    `7:A`: the task A of the net that runs as 7.
    """
    reason: str


class ItemDone(TypedDict):
    """
    The work item that was acted on or added.
    """

    item: str


class Lagged(TypedDict):
    """
    Sent as event `lagged` to a reader that was too slow: it must read afresh what it shows.
    """

    missed: int


class LatencyProfile(TypedDict):
    """
    How long calls take at a graph of one size: percentiles in milliseconds, none less than the one before it.
    """

    graph_triples: int
    p50_ms: int
    p95_ms: int
    p99_ms: int


class Lease(TypedDict):
    """
    Who holds an item, or why nobody may.
    """

    attempts: int
    """
    Claims without a result so far.
    """
    epoch: int
    """
    The last one given for this item.
    """
    holder: NotRequired[str | None]
    standing: str
    """
    `held`, `free`, `resting` or `dead-letter`.
    """


class LeaseEnded(TypedDict):
    """
    Event `lease-ended`: the lease was not renewed in time.
    """

    agent: str
    epoch: int
    item: str


class LeaseRenewal(TypedDict):
    epoch: int
    item: str
    term_ms: NotRequired[int]
    """
    From now on: 1,000 to 86,400,000.
    """


class LeaseRenewals(TypedDict):
    """
    Lets leases go on.
    """

    leases: list[LeaseRenewal]
    """
    At most 10,000.
    """


class Lifetime(TypedDict):
    """
    How long an agent that is not renewed stays.
    """

    dead_after_ms: int
    """
    From then on it is gone and registers again.
    """
    renew_every_ms: int
    """
    Renew so often: one renewal may then be lost.
    """
    stale_after_ms: int
    """
    From then on it gets no work and is not found.
    """


class Mark1(TypedDict):
    """
    A condition.
    """

    tokens: int


class Mark2(TypedDict):
    """
    A busy task's instances.
    """

    active: int
    complete: int
    entered: int
    executing: int


Mark: TypeAlias = Mark1 | Mark2


class NewInstance(TypedDict):
    """
    One more instance of a running multiple-instance task.
    """

    command_id: NotRequired[str | None]
    data: str
    """
    XML element for the instance's formal parameter.
    """


class OpenSession(TypedDict):
    """
    Asks for a session.
    """

    host: NotRequired[str]
    """
    Where its agents run, for people: at most 128 bytes.
    """


class OrJoin1(TypedDict):
    """
    No further token can arrive: it may start.
    """

    answer: Literal["enabled"]


class OrJoin2(TypedDict):
    """
    It waits, because a token can still arrive.
    """

    answer: Literal["waits"]
    input: str
    """
    The condition before the task that the token can reach.
    """
    path: list[str]
    """
    Ids of conditions and tasks in turn, from where the token is now to `input`.
    """


class OrJoin3(TypedDict):
    """
    It waits, because the net is too large to rule out within one test that a token arrives.
    """

    answer: Literal["undecided"]


class OrJoin4(TypedDict):
    """
    An OR-join that has a token before it and has not started.
    """

    marked: list[str]
    """
    Conditions before the task that hold a token.
    """
    net: str
    """
    The net's id.
    """
    running: str
    """
    The running net, such as `7` or `7.2`.
    """
    task: str
    unmarked: list[str]
    """
    Conditions before the task that hold none.
    """


class OrJoin5(OrJoin1, OrJoin4):
    """
    An OR-join that has a token before it and has not started.
    """


class OrJoin6(OrJoin2, OrJoin4):
    """
    An OR-join that has a token before it and has not started.
    """


class OrJoin7(OrJoin3, OrJoin4):
    """
    An OR-join that has a token before it and has not started.
    """


OrJoin: TypeAlias = OrJoin5 | OrJoin6 | OrJoin7
"""
An OR-join that has a token before it and has not started.
"""


class OrJoinAnswer1(TypedDict):
    """
    No further token can arrive: it may start.
    """

    answer: Literal["enabled"]


class OrJoinAnswer2(TypedDict):
    """
    It waits, because a token can still arrive.
    """

    answer: Literal["waits"]
    input: str
    """
    The condition before the task that the token can reach.
    """
    path: list[str]
    """
    Ids of conditions and tasks in turn, from where the token is now to `input`.
    """


class OrJoinAnswer3(TypedDict):
    """
    It waits, because the net is too large to rule out within one test that a token arrives.
    """

    answer: Literal["undecided"]


OrJoinAnswer: TypeAlias = OrJoinAnswer1 | OrJoinAnswer2 | OrJoinAnswer3
"""
Whether the join may start.
"""


class OrJoins(TypedDict):
    """
    The OR-joins of a case that have a token before them and have not started.
    """

    items: list[OrJoin]


class OutcomeAgentDone1(TypedDict):
    """
    The agent that was acted on.
    """

    agent: str


class OutcomeItemDone1(TypedDict):
    """
    The work item that was acted on or added.
    """

    item: str


class OutcomePushing1(TypedDict):
    """
    Work is pushed to this agent.
    """

    agent: str
    in_hand: int
    """
    Pushed items that it still holds, as when the stream broke and was opened again.
    """


class OutcomeQuarantined1(TypedDict):
    """
    A name that is in quarantine.
    """

    agent: str
    registered: bool
    """
    Whether an agent of this name is registered now.
    """


class OutcomeRegistered1(TypedDict):
    """
    An agent is registered.
    """

    agent: str
    arrival: Arrival
    epoch: int
    """
    Of this life: shown with everything that the agent asks for.
    """
    slot: int


class OutcomeReleased1(TypedDict):
    """
    A name that is not in quarantine.
    """

    agent: str
    was_quarantined: bool
    """
    Whether it had been.
    """


class OutcomeRenewed1(TypedDict):
    """
    What a renewed agent should know.
    """

    agent: str
    draining: bool
    """
    Finish what is held; nothing new is given.
    """
    quarantined: bool


class OutcomeSessionAgents1(TypedDict):
    """
    A session that was renewed or closed.
    """

    agents: int
    """
    How many agents it has, or had. A host that knows of more registers them again.
    """
    session: int


class OutcomeStateSet1(TypedDict):
    """
    The state that an agent is in now.
    """

    agent: str
    changed: bool
    """
    Whether it was in another one before.
    """
    state: str


class Item3(GroupEntry):
    """
    A part of the organisation that positions belong to.
    """

    group: str


class PageGroup(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item3]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


class Item9(TypedDict):
    """
    A session as it is listed.
    """

    agents: int
    host: str
    """
    Where its agents run, for people.
    """
    opened_ms_ago: int
    renewed_ms_ago: int
    session: int
    streamed: bool
    """
    Whether somebody reads its stream.
    """


class PageSessionSummary(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item9]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


Part: TypeAlias = float
"""
A part of a whole, 0 to 1, to four decimals.
"""


ParticipantKind: TypeAlias = Literal["person", "agent"]


class Position(TypedDict):
    """
    A place in the document, or in a query's text; both counted from 1.
    """

    column: int
    line: int


class PositionEntry(TypedDict):
    group: NotRequired[str | None]
    """
    The group that it belongs to.
    """
    name: NotRequired[str]


Pricing: TypeAlias = Literal["PER_QUERY", "PER_CYCLE", "FLAT"]


class PushTo(TypedDict):
    agent: str
    capabilities: NotRequired[list[str] | None]
    """
    What of its capabilities it wants to use. Absent: all of them.
    """
    epoch: int
    """
    As the registration gave it.
    """
    max_in_hand: int
    """
    Pushed items that it holds at once, 1 to 1,000.
    """
    term_ms: NotRequired[int]
    """
    How long the agent may be silent on each item: 1,000 to 86,400,000.
    """


class Pushing(TypedDict):
    """
    Work is pushed to this agent.
    """

    agent: str
    in_hand: int
    """
    Pushed items that it still holds, as when the stream broke and was opened again.
    """


class QuarantineBatch(TypedDict):
    """
    No more work for agents of these names until they are released, whether they are there now or not.
    """

    agents: list[str]
    """
    At most 10,000.
    """
    reason: str
    """
    For people: at most 256 bytes.
    """


class Quarantined(TypedDict):
    """
    A name that is in quarantine.
    """

    agent: str
    registered: bool
    """
    Whether an agent of this name is registered now.
    """


class Query2(TypedDict):
    """
    Which agents. All kinds answer live agents, cheapest first, then by worst latency, then by name.
    """

    kind: Literal["namespace"]
    namespace: str


class Query3(TypedDict):
    """
    Which agents. All kinds answer live agents, cheapest first, then by worst latency, then by name.
    """

    kind: Literal["max-cost"]
    max_cost_per_cycle: float


class Query4(TypedDict):
    """
    The worst p99 of all profiles is at most this; agents without a profile are left out. Ordered by it.
    """

    kind: Literal["max-latency"]
    max_p99_ms: int


class Query5(TypedDict):
    """
    A control-flow pattern by its number, 1 to 43.
    """

    kind: Literal["wcp-pattern"]
    wcp_pattern: int


class Query6(TypedDict):
    """
    Which agents. All kinds answer live agents, cheapest first, then by worst latency, then by name.
    """

    agent: str
    kind: Literal["id"]


class Query7(TypedDict):
    """
    Which agents. All kinds answer live agents, cheapest first, then by worst latency, then by name.
    """

    kind: Literal["all-live"]


QueueName: TypeAlias = Literal["unoffered", "offered", "allocated", "started", "suspended"]
"""
A queue of the worklist.
"""


class Released(TypedDict):
    """
    A name that is not in quarantine.
    """

    agent: str
    was_quarantined: bool
    """
    Whether it had been.
    """


class Renewed(TypedDict):
    """
    What a renewed agent should know.
    """

    agent: str
    draining: bool
    """
    Finish what is held; nothing new is given.
    """
    quarantined: bool


class Resolution(TypedDict):
    """
    A person settles what a review did not.
    """

    by: str
    """
    Who says so: 1 to 128 characters, kept in the history.
    """
    command_id: NotRequired[str | None]
    data: str
    """
    The result: XML element named as the task's decomposition, one child per output parameter.
    """


class Resynced(TypedDict):
    """
    The indexes were made anew.
    """

    wrong: list[str]
    """
    Those that had been wrong.
    """


class RoleEntry(TypedDict):
    above: NotRequired[str | None]
    """
    The role that its members have too.
    """
    name: NotRequired[str]


class Secondary(TypedDict):
    """
    People and things that a task needs.
    """

    categories: list[Category]
    participants: list[str]
    resources: list[str]
    roles: list[str]


class Session(TypedDict):
    """
    A session that is open. Renew it, and all its agents are renewed.
    """

    lifetime: Lifetime
    session: int


class SessionAgents(TypedDict):
    """
    A session that was renewed or closed.
    """

    agents: int
    """
    How many agents it has, or had. A host that knows of more registers them again.
    """
    session: int


class SessionRenewals(TypedDict):
    """
    Sessions to renew.
    """

    sessions: list[int]
    """
    At most 10,000.
    """


class SessionSummary(TypedDict):
    """
    A session as it is listed.
    """

    agents: int
    host: str
    """
    Where its agents run, for people.
    """
    opened_ms_ago: int
    renewed_ms_ago: int
    session: int
    streamed: bool
    """
    Whether somebody reads its stream.
    """


Severity: TypeAlias = Literal["error", "warning"]
"""
Whether and how much a finding matters.
"""


class SlotQuery(TypedDict):
    """
    What a transition asks of an agent. What is left out is not asked for.
    """

    capability_keyword: NotRequired[str | None]
    """
    A part of domain or description, without regard to case.
    """
    graph_triples: NotRequired[int | None]
    """
    1,000,000 if absent.
    """
    input_tokens: NotRequired[list[str]]
    max_cost_per_cycle: NotRequired[float | None]
    max_p99_ms: NotRequired[int | None]
    """
    Holds for the profile that is nearest to `graph_triples`. An agent without a profile passes.
    """
    must_maintain_soundness: NotRequired[bool]
    namespaces: NotRequired[list[str]]
    output_tokens: NotRequired[list[str]]
    sparql_patterns: NotRequired[list[str]]
    wcp_pattern: NotRequired[int | None]
    """
    This and the next three must hold for one contract of the agent.
    """


Soundness: TypeAlias = Literal["sound", "unsound", "undecided"]
"""
Whether every case can complete, with nothing left behind, and every task can be reached.
"""


class Standing(TypedDict):
    """
    Where the review of an item stands.
    """

    phase: str
    """
    `voting`, `escalated`, `human-needed` or `unresolved`.
    """
    quorum: int
    """
    Agents that answer.
    """
    voted: int
    """
    Votes so far.
    """


class StateChange(TypedDict):
    agent: str
    epoch: int
    state: str
    """
    `INITIALIZING`, `DISCOVERING`, `PROCESSING`, `STOPPING` or `STOPPED`; also `CREATED` (the first), `REASONING`,
    `ACTING`, `REPORTING` (processing) and `FAILED` (stopped).
    """


class StateChanges(TypedDict):
    """
    What agents say that they are doing.
    """

    changes: list[StateChange]
    """
    At most 10,000.
    """


class StateSet(TypedDict):
    """
    The state that an agent is in now.
    """

    agent: str
    changed: bool
    """
    Whether it was in another one before.
    """
    state: str


class Stats(TypedDict):
    """
    Sizes of the marketplace.
    """

    indexes: dict[str, Depth]
    """
    By what is searched: `capability`, `namespace`, `wcp`, `rank` and so on.
    """
    listings: int
    live: int
    offerings: int
    """
    Different offerings.
    """
    stale: int


class Step(TypedDict):
    """
    One step of a walk.
    """

    busy: list[str]
    """
    Busy tasks, after the step.
    """
    text: str
    """
    Which task, and what was chosen where there was a choice.
    """
    tokens: dict[str, int]
    """
    Tokens of each marked condition, after the step.
    """


class Tallied(TypedDict):
    """
    The votes for one answer.
    """

    answer: str
    confidence: Part
    """
    Mean confidence of those.
    """
    votes: int
    """
    Votes that count.
    """


TaskKind: TypeAlias = Literal["atomic", "composite", "empty"]


class TaskPrivilege(TypedDict):
    """
    A privilege that the task gives.
    """

    all: bool
    """
    Whether everybody has it. Those who are named then are the exceptions.
    """
    name: str
    """
    Such as `canSuspend`.
    """
    participants: list[str]
    roles: list[str]


Termination: TypeAlias = Literal["explicit", "implicit"]


Timestamp: TypeAlias = str
"""
RFC 3339, in UTC
"""


class Unchain(TypedDict):
    """
    A case that a participant has chained.
    """

    case: str


class Unpile(TypedDict):
    """
    A task that a participant has piled.
    """

    specification: str
    task: str


Verdict: TypeAlias = Literal["valid", "invalid"]


class Violation(TypedDict):
    """
    One rule that a value breaks.
    """

    message: str
    path: str
    """
    The element, as a path from the data's root: `/Order/Total`.
    """
    rule: str
    """
    The rule's name.
    """
    value: str
    """
    The value that broke it.
    """


class Vote(TypedDict):
    """
    An agent's answer.
    """

    agent: str
    answer: str
    """
    The result as XML.
    """
    ballot: NotRequired[int | None]
    confidence: Part
    reasoning: str
    """
    At most 512 characters.
    """


class WorkItem(TypedDict):
    """
    A work item. Lists leave `data` and `output` out (null).
    """

    capability: NotRequired[str | None]
    """
    What an agent must be able to do to claim it.
    """
    case: str
    completed_at: NotRequired[Timestamp | None]
    data: NotRequired[str | None]
    """
    Input data as XML, once fired.
    """
    enabled_at: Timestamp
    group: NotRequired[int | None]
    """
    Items of one deferred choice share a number.
    """
    item: str
    """
    `7:A` while enabled, `7.1:A` once fired.
    """
    lease: NotRequired[Lease | None]
    net: str
    """
    The net that the task is of.
    """
    output: NotRequired[str | None]
    """
    The result as XML, once completed.
    """
    review: NotRequired[Standing | None]
    specification: str
    started_at: NotRequired[Timestamp | None]
    status: str
    """
    `Enabled`, `Fired`, `Executing`, `Complete`, `Is parent`, `Deadlocked`, `Suspended`,
    `ForcedComplete` or `Failed`.
    """
    task: str
    task_name: str
    timer_due_at: NotRequired[Timestamp | None]


class Ballot(TypedDict):
    """
    What an agent holds of an item under review.
    """

    number: int
    """
    1 to the quorum for a vote, 0 for the arbiter's word.
    """
    quorum: int
    """
    Agents that answer the item.
    """
    votes: list[Vote]
    """
    What the arbiter has to decide between; empty for those who vote.
    """


class CaseHead(TypedDict):
    """
    What a list and the case itself both show.
    """

    case: str
    ended_at: NotRequired[Timestamp | None]
    launched_at: Timestamp
    open_items: int
    """
    Work items that wait for someone or are worked on.
    """
    specification: str
    status: str
    """
    `scheduled`, `running`, `suspended`, `completed`, `deadlocked`, `emptied` or `cancelled`.
    """


class CaseSummary(CaseHead):
    """
    A case in a list.
    """

    incidents: int
    """
    Tasks that the engine could not go on with.
    """


class Checkin(TypedDict):
    """
    A result.
    """

    command_id: NotRequired[str | None]
    """
    The same id again gives the same answer and counts once.
    """
    confidence: NotRequired[Part | None]
    data: str
    """
    XML element named as the task's decomposition, one child per output parameter.
    """
    epoch: NotRequired[int | None]
    """
    Of the lease under which the item is held. Left out by whoever checked it out without one.
    """
    reasoning: NotRequired[str | None]
    """
    Why, for people who look into a review. Cut at 512 characters.
    """


class CheckinEntry(TypedDict):
    command_id: NotRequired[str | None]
    confidence: NotRequired[Part | None]
    data: str
    epoch: NotRequired[int | None]
    """
    Of the lease under which the item is held, if it is.
    """
    item: str
    reasoning: NotRequired[str | None]
    """
    Why, for people who look into a review. Cut at 512 characters.
    """


class ClaimedItem(TypedDict):
    """
    An item that the agent holds now.
    """

    attempt: int
    """
    Which attempt this is, 1 for the first.
    """
    ballot: NotRequired[Ballot | None]
    capability: NotRequired[str | None]
    """
    What the task asks of an agent: one of those that the claim named, in small letters.
    """
    case: str
    data: str
    """
    Input data as XML.
    """
    enabled_at: Timestamp
    ends_at: Timestamp
    """
    When the lease ends if it is not renewed, by the server's wall clock. What counts is `term_ms`.
    """
    epoch: int
    """
    Of the lease: shown with the result.
    """
    item: str
    specification: str
    task: str
    task_name: str
    term_ms: int
    """
    How long the agent may be silent, counted from this answer.
    """
    traceparent: NotRequired[str | None]
    """
    Of the request that launched the case, if it had one (W3C Trace Context): work on the item is part of that trace.
    """


class Condition(TypedDict):
    id: str
    kind: ConditionKind
    name: NotRequired[str | None]


class Cost(TypedDict):
    """
    What calling the agent costs.
    """

    base_price_per_cycle: NotRequired[float]
    construct_queries_per_call: NotRequired[float]
    llm_inference_ratio: NotRequired[float]
    """
    Share of the calls that a language model answers, 0 to 1.
    """
    pricing: NotRequired[Pricing]


class Finding(TypedDict):
    """
    One statement of the verifier about one element.
    """

    element: str
    """
    `AtomicTask:A`, `Condition:c`, `YNet:N`.
    """
    message: str
    position: NotRequired[Position | None]
    remedy: str
    rule: str
    """
    A stable code in kebab case.
    """
    severity: Severity


class GivenItem(TypedDict):
    """
    An item that participants are asked to do.
    """

    case: str
    enabled_at: Timestamp
    item: str
    """
    `7:A` until it is started, `7.1:A` then.
    """
    lease: NotRequired[Lease | None]
    number: int
    """
    Its place in every queue: items are older than those with greater numbers.
    """
    participants: list[str]
    """
    Whom it is offered to, or who has it.
    """
    queue: QueueName
    reason: NotRequired[str | None]
    """
    Why it is offered to nobody: `fresh`, `by-administrator`, `nobody-named`, `nobody-left`, `not-started`, `full`.
    """
    specification: str
    started_at: NotRequired[Timestamp | None]
    status: str
    """
    The net's status of it, as `GET /work-items/{id}` gives it.
    """
    task: str
    task_name: str


class GivenItemDetail(GivenItem):
    """
    One item with what its task says beside whom it is for.
    """

    deallocated_by: list[str]
    """
    Who gave it back.
    """
    privileges: list[TaskPrivilege]
    """
    What can be done with it by those who have the privilege.
    """
    secondary: Secondary
    """
    What the task needs beside whoever does it. Nothing is reserved.
    """


class Group(GroupEntry):
    """
    A part of the organisation that positions belong to.
    """

    group: str


HandOffOffer = TypedDict(
    "HandOffOffer",
    {
        "epoch": int,
        "expires_at": Timestamp,
        "expires_in_ms": int,
        "from": str,
        "item": str,
        "to": str,
        "token": str,
    },
)


class HeldBallot(TypedDict):
    """
    A ballot that was claimed.
    """

    lease: Lease
    number: int


class HistoryEntry(TypedDict):
    """
    One thing that happened.
    """

    at: Timestamp
    detail: str
    """
    In words and names.
    """
    event: str
    """
    What happened, such as `enabled` or `case-ended`.
    """
    position: int
    """
    Rises within a case.
    """


class Launch(TypedDict):
    """
    Asks for a new case.
    """

    case: NotRequired[str | None]
    """
    A name for the case: 1 to 128 letters, digits, `_` or `-`. Numbered if absent.
    """
    command_id: NotRequired[str | None]
    """
    The same id again gives the same answer and no second case.
    """
    data: NotRequired[str | None]
    """
    XML element named as the root net or the specification, one child per input parameter.
    """
    specification: str
    """
    The specification's key.
    """
    start_at: NotRequired[Timestamp | None]
    traceparent: NotRequired[str | None]
    """
    The trace that the case belongs to, as W3C Trace Context writes it. Instead of the header of this name.
    """


class LaunchBatch(TypedDict):
    """
    Asks for many cases in one durable write.
    """

    launches: list[Launch]
    """
    At most 10,000.
    """


class Launched(TypedDict):
    """
    A case that exists.
    """

    case: str
    launched_at: Timestamp
    specification: str
    status: str


class LeaseEnding(TypedDict):
    """
    Event `lease-ending`: a lease ends soon and was not renewed. Once for each term.
    """

    agent: str
    ends_at: Timestamp
    """
    By the server's wall clock. What counts is `left_ms`.
    """
    epoch: int
    item: str
    left_ms: int


class LeaseRenewed(TypedDict):
    """
    A lease that goes on.
    """

    ends_at: Timestamp
    """
    By the server's wall clock. What counts is `left_ms`.
    """
    item: str
    left_ms: int


class Offering(TypedDict):
    """
    What an agent offers. All texts together have at most 16 KiB.
    """

    content_hash: NotRequired[str]
    """
    SHA-256 of the file that the offering was generated from, in hexadecimal; or empty.
    """
    cost: NotRequired[Cost]
    """
    4. Cost.
    """
    coverage: NotRequired[Coverage]
    """
    2. Ontological coverage.
    """
    description: NotRequired[str]
    """
    A sentence or two, at most 1,024 bytes.
    """
    domain: str
    """
    1. Capability: a name, at most 128 bytes.
    """
    fit: NotRequired[list[Contract]]
    """
    3. Workflow fit: kinds of transitions that the agent can stand in for.
    """
    latency: NotRequired[list[LatencyProfile]]
    """
    5. Latency at graphs of several sizes. None: undeclared.
    """
    spec_version: NotRequired[str]


class OutcomeLeaseRenewed1(TypedDict):
    """
    A lease that goes on.
    """

    ends_at: Timestamp
    """
    By the server's wall clock. What counts is `left_ms`.
    """
    item: str
    left_ms: int


class Item(TypedDict):
    """
    A registered agent.
    """

    agent: str
    capabilities: list[str]
    description: str
    draining: bool
    endpoint: str
    epoch: int
    host: NotRequired[str | None]
    """
    Of its session.
    """
    liveness: str
    """
    `live`, `stale` or `dead`.
    """
    metadata: dict[str, str]
    name: str
    offering: NotRequired[Offering | None]
    quarantine: NotRequired[str | None]
    """
    Why it is in quarantine, if it is.
    """
    renewed_ms_ago: int
    session: NotRequired[int | None]
    slot: int
    state: str
    """
    `INITIALIZING`, `DISCOVERING`, `PROCESSING`, `STOPPING` or `STOPPED`.
    """
    version: str


class PageAgent(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


class Item1(CaseHead):
    """
    A case in a list.
    """

    incidents: int
    """
    Tasks that the engine could not go on with.
    """


class PageCaseSummary(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item1]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


class Item2(TypedDict):
    """
    An item that participants are asked to do.
    """

    case: str
    enabled_at: Timestamp
    item: str
    """
    `7:A` until it is started, `7.1:A` then.
    """
    lease: NotRequired[Lease | None]
    number: int
    """
    Its place in every queue: items are older than those with greater numbers.
    """
    participants: list[str]
    """
    Whom it is offered to, or who has it.
    """
    queue: QueueName
    reason: NotRequired[str | None]
    """
    Why it is offered to nobody: `fresh`, `by-administrator`, `nobody-named`, `nobody-left`, `not-started`, `full`.
    """
    specification: str
    started_at: NotRequired[Timestamp | None]
    status: str
    """
    The net's status of it, as `GET /work-items/{id}` gives it.
    """
    task: str
    task_name: str


class PageGivenItem(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item2]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


class Item4(TypedDict):
    """
    One thing that happened.
    """

    at: Timestamp
    detail: str
    """
    In words and names.
    """
    event: str
    """
    What happened, such as `enabled` or `case-ended`.
    """
    position: int
    """
    Rises within a case.
    """


class PageHistoryEntry(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item4]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


class Item6(PositionEntry):
    """
    A place in the organisation that participants hold.
    """

    position: str


class PagePosition(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item6]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


class Item7(Standing):
    """
    A review in a list.
    """

    case: str
    item: str
    specification: str
    task: str
    task_name: str


class PageReviewSummary(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item7]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


class Item8(RoleEntry):
    """
    What several participants can be addressed by.
    """

    role: str


class PageRole(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item8]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


class Item10(TypedDict):
    """
    A work item. Lists leave `data` and `output` out (null).
    """

    capability: NotRequired[str | None]
    """
    What an agent must be able to do to claim it.
    """
    case: str
    completed_at: NotRequired[Timestamp | None]
    data: NotRequired[str | None]
    """
    Input data as XML, once fired.
    """
    enabled_at: Timestamp
    group: NotRequired[int | None]
    """
    Items of one deferred choice share a number.
    """
    item: str
    """
    `7:A` while enabled, `7.1:A` once fired.
    """
    lease: NotRequired[Lease | None]
    net: str
    """
    The net that the task is of.
    """
    output: NotRequired[str | None]
    """
    The result as XML, once completed.
    """
    review: NotRequired[Standing | None]
    specification: str
    started_at: NotRequired[Timestamp | None]
    status: str
    """
    `Enabled`, `Fired`, `Executing`, `Complete`, `Is parent`, `Deadlocked`, `Suspended`,
    `ForcedComplete` or `Failed`.
    """
    task: str
    task_name: str
    timer_due_at: NotRequired[Timestamp | None]


class PageWorkItem(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item10]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


class ParticipantEntry(TypedDict):
    """
    What is known of a participant.
    """

    available: NotRequired[bool]
    """
    Whether work can be given now.
    """
    capabilities: NotRequired[list[str]]
    """
    At most 200. Those of an agent's registration need not be repeated.
    """
    cost_per_hour: NotRequired[int | None]
    """
    What an hour costs, in millionths of a unit of account: for the allocators that ask what work costs.
    """
    kind: NotRequired[ParticipantKind]
    login: NotRequired[str]
    """
    What variables of a net name the participant by: unique. The id where it is left out.
    """
    name: NotRequired[str]
    positions: NotRequired[list[str]]
    """
    At most 200 ids of positions.
    """
    privileges: NotRequired[list[str]]
    """
    Of `canChooseItemToStart`, `canStartConcurrent`, `canReorder`, `canViewTeamItems`, `canViewOrgGroupItems`,
    `canChainExecution` and `canManageCases`.
    """
    roles: NotRequired[list[str]]
    """
    At most 200 ids of roles.
    """


class Problem(TypedDict):
    """
    What went wrong, where, and what to do about it.
    """

    code: str
    """
    Stable, in kebab case: what programs decide on.
    """
    detail: str
    """
    This occurrence: the place and the remedy.
    """
    findings: NotRequired[list[Finding]]
    """
    What verification found in a specification.
    """
    retry_after_ms: NotRequired[int | None]
    """
    When a repetition makes sense.
    """
    status: int
    """
    The HTTP status, repeated for batches and logs.
    """
    title: str
    """
    The code in words.
    """
    type: str
    """
    `urn:flotilla:problem:` and the code; docs/api.md describes each.
    """
    violations: NotRequired[list[Violation]]
    """
    What data broke, all of it at once.
    """


class Publication(TypedDict):
    agent: str
    epoch: int
    """
    As the registration gave it.
    """
    offering: Offering


class Publications(TypedDict):
    """
    Publishes what agents offer, in place of what each offered before.
    """

    listings: list[Publication]
    """
    At most 10,000.
    """


class Push(TypedDict):
    """
    Says to which agents of the session work is pushed from now on, in place of what was said before.
    """

    agents: list[PushTo]
    """
    At most 10,000. None: nothing more is pushed.
    """


class PushedItem(ClaimedItem):
    """
    Event `item`: work that was claimed for an agent which asked for it. The agent holds it now.
    """

    agent: str


class Query1(SlotQuery):
    """
    Those that can stand in for a transition: all that is asked at once.
    """

    kind: Literal["transition-slot"]


Query: TypeAlias = Query1 | Query2 | Query3 | Query4 | Query5 | Query6 | Query7
"""
Which agents. All kinds answer live agents, cheapest first, then by worst latency, then by name.
"""


class Registration(TypedDict):
    """
    What an agent says about itself.
    """

    agent: str
    """
    Its name, unique on this server: 1 to 128 letters, digits and `. _ : @ / -`.
    """
    capabilities: list[str]
    """
    What it can do: at most 64 words or phrases, compared without regard to case.
    """
    description: NotRequired[str]
    endpoint: NotRequired[str]
    """
    Where the agent itself can be reached, if it can.
    """
    metadata: NotRequired[dict[str, str]]
    """
    Anything else: at most 16 entries.
    """
    name: NotRequired[str]
    offering: NotRequired[Offering | None]
    version: NotRequired[str]


class RegistrationBatch(TypedDict):
    """
    Registers agents: one, or up to 10,000 under one durable write.
    """

    agents: list[Registration]
    session: NotRequired[int | None]
    """
    The session that renews them. Without one each is renewed by its own name.
    """


class ReviewSummary(Standing):
    """
    A review in a list.
    """

    case: str
    item: str
    specification: str
    task: str
    task_name: str


class Role(RoleEntry):
    """
    What several participants can be addressed by.
    """

    role: str


class Search(TypedDict):
    """
    Asks for agents.
    """

    after: NotRequired[str | None]
    """
    The `next` of the page before, with the same query.
    """
    limit: NotRequired[int | None]
    """
    1 to 1,000; 50 if absent.
    """
    query: Query
    staleness_ms: NotRequired[int | None]
    """
    How long ago an agent's last renewal may be: 30,000 to 300,000; the latter if absent.
    """


SessionEvent: TypeAlias = PushedItem | Cancelled | LeaseEnding | LeaseEnded | Lagged
"""
One message of the stream of a session. Its name is the event's, `data` has the fields.
"""


class SoundnessFinding(Finding):
    """
    A way in which a case can go wrong, or advice.
    """

    cycle: list[Step]
    """
    What can then be repeated for ever.
    """
    walk: list[Step]
    """
    How to get there, from the launch on. Empty where nothing has to happen, for advice, and for a walk of more than 500 steps.
    """


class SpecificationSummary(TypedDict):
    """
    A specification in a list.
    """

    cases_running: int
    documentation: NotRequired[str | None]
    identifier: NotRequired[str | None]
    key: str
    name: NotRequired[str | None]
    nets: list[str]
    """
    Ids of all nets, in document order.
    """
    root_net: NotRequired[str | None]
    """
    Id of the root net.
    """
    uploaded_at: Timestamp
    uri: str
    version: str


class Specifications(TypedDict):
    """
    All loaded specifications, by key.
    """

    items: list[SpecificationSummary]


class Task(TypedDict):
    cancels: list[str]
    """
    Ids of the elements that lose their tokens when this task ends. An implicit condition is
    `c{source_target}`.
    """
    decomposes_to: NotRequired[str | None]
    id: str
    join: Gate
    kind: TaskKind
    multi_instance: bool
    name: NotRequired[str | None]
    split: Gate
    timer: bool


class UploadedSpecification(TypedDict):
    """
    One accepted specification.
    """

    findings: list[Finding]
    """
    Warnings only: errors refuse the upload.
    """
    identifier: NotRequired[str | None]
    key: str
    """
    `<identifier, or uri where there is none>:<version>`.
    """
    name: NotRequired[str | None]
    uri: str
    version: str


class Verified(TypedDict):
    """
    Answer to a verification.
    """

    findings: list[Finding]
    soundness: NotRequired[Soundness | None]
    verdict: Verdict


class Agent(TypedDict):
    """
    A registered agent.
    """

    agent: str
    capabilities: list[str]
    description: str
    draining: bool
    endpoint: str
    epoch: int
    host: NotRequired[str | None]
    """
    Of its session.
    """
    liveness: str
    """
    `live`, `stale` or `dead`.
    """
    metadata: dict[str, str]
    name: str
    offering: NotRequired[Offering | None]
    quarantine: NotRequired[str | None]
    """
    Why it is in quarantine, if it is.
    """
    renewed_ms_ago: int
    session: NotRequired[int | None]
    slot: int
    state: str
    """
    `INITIALIZING`, `DISCOVERING`, `PROCESSING`, `STOPPING` or `STOPPED`.
    """
    version: str


class CaseDetail(CaseHead):
    """
    A case with all that can be seen of it.
    """

    data: dict[str, str]
    """
    Running net, such as `7` or `7.2`, → XML of its variables.
    """
    incidents: list[Incident]
    items: list[WorkItem]
    leftover: dict[str, Mark]
    """
    Of a case that ended in a deadlock: the tokens that no task could take.
    """
    marking: dict[str, Mark]
    """
    `case/element` of each marked element, such as `7/c1` or `7.2/A`, → what it holds.
    """
    output: NotRequired[str | None]
    """
    Output data of the root net, once completed.
    """
    traceparent: NotRequired[str | None]
    """
    Of the request that launched it, if it had one.
    """


class CheckinBatch(TypedDict):
    """
    Check in many.
    """

    results: list[CheckinEntry]
    """
    At most 10,000.
    """


class CheckinResult1(TypedDict):
    problem: Problem


CheckinResult: TypeAlias = ItemDone | CheckinResult1


class CheckinResults(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[CheckinResult]


class CheckoutResult1(TypedDict):
    problem: Problem


CheckoutResult: TypeAlias = CheckedOut | CheckoutResult1


class CheckoutResults(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[CheckoutResult]


class Claimed(TypedDict):
    """
    What an agent got.
    """

    items: list[ClaimedItem]
    retry_after_ms: NotRequired[int | None]
    """
    If there is nothing: when to ask again. Also the header `Retry-After`, in seconds.
    """


class LaunchResult1(TypedDict):
    problem: Problem


LaunchResult: TypeAlias = Launched | LaunchResult1


class LaunchResults(TypedDict):
    """
    Answers in the order of the launches.
    """

    results: list[LaunchResult]


class Listing(TypedDict):
    """
    An agent with what it offers.
    """

    agent: str
    last_heartbeat_ms_ago: int
    offering: Offering
    registered_ms_ago: int


class Net(TypedDict):
    """
    One net of a specification.
    """

    conditions: list[Condition]
    flows: list[Flow]
    id: str
    is_root: bool
    name: NotRequired[str | None]
    tasks: list[Task]
    termination: Termination
    """
    When a case of it is over; `implicit` is an extension.
    """


class NetSoundness(TypedDict):
    """
    Each net is judged alone; a composite task counts as one that ends.
    """

    findings: list[SoundnessFinding]
    net: str
    no_dead_tasks: Answer
    """
    Every task can start in some case.
    """
    open: NotRequired[str | None]
    """
    Why the search ended before all states were seen.
    """
    option_to_complete: Answer
    """
    From wherever a case is it can still complete.
    """
    outcome: Soundness
    proper_completion: Answer
    """
    When a case completes no token is left.
    """
    states: int
    """
    States looked at and OR-joins tested.
    """
    weakly_sound: Answer
    """
    A case can complete, and the other two hold.
    """


class OutcomeAgentDone2(TypedDict):
    """
    What became of one entry.
    """

    problem: Problem


OutcomeAgentDone: TypeAlias = OutcomeAgentDone1 | OutcomeAgentDone2
"""
What became of one entry.
"""


class OutcomeItemDone2(TypedDict):
    """
    What became of one entry.
    """

    problem: Problem


OutcomeItemDone: TypeAlias = OutcomeItemDone1 | OutcomeItemDone2
"""
What became of one entry.
"""


class OutcomeLeaseRenewed2(TypedDict):
    """
    What became of one entry.
    """

    problem: Problem


OutcomeLeaseRenewed: TypeAlias = OutcomeLeaseRenewed1 | OutcomeLeaseRenewed2
"""
What became of one entry.
"""


class OutcomePushing2(TypedDict):
    """
    What became of one entry.
    """

    problem: Problem


OutcomePushing: TypeAlias = OutcomePushing1 | OutcomePushing2
"""
What became of one entry.
"""


class OutcomeQuarantined2(TypedDict):
    """
    What became of one entry.
    """

    problem: Problem


OutcomeQuarantined: TypeAlias = OutcomeQuarantined1 | OutcomeQuarantined2
"""
What became of one entry.
"""


class OutcomeRegistered2(TypedDict):
    """
    What became of one entry.
    """

    problem: Problem


OutcomeRegistered: TypeAlias = OutcomeRegistered1 | OutcomeRegistered2
"""
What became of one entry.
"""


class OutcomeReleased2(TypedDict):
    """
    What became of one entry.
    """

    problem: Problem


OutcomeReleased: TypeAlias = OutcomeReleased1 | OutcomeReleased2
"""
What became of one entry.
"""


class OutcomeRenewed2(TypedDict):
    """
    What became of one entry.
    """

    problem: Problem


OutcomeRenewed: TypeAlias = OutcomeRenewed1 | OutcomeRenewed2
"""
What became of one entry.
"""


class OutcomeSessionAgents2(TypedDict):
    """
    What became of one entry.
    """

    problem: Problem


OutcomeSessionAgents: TypeAlias = OutcomeSessionAgents1 | OutcomeSessionAgents2
"""
What became of one entry.
"""


class OutcomeStateSet2(TypedDict):
    """
    What became of one entry.
    """

    problem: Problem


OutcomeStateSet: TypeAlias = OutcomeStateSet1 | OutcomeStateSet2
"""
What became of one entry.
"""


class Item5(ParticipantEntry):
    """
    Whoever may be given work by name.
    """

    participant: str


class PageParticipant(TypedDict):
    """
    Entries in the order of their ids.
    """

    items: list[Item5]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """


class Participant(ParticipantEntry):
    """
    Whoever may be given work by name.
    """

    participant: str


class Registrations(TypedDict):
    """
    What became of each registration, and how to stay registered.
    """

    lifetime: Lifetime
    results: list[OutcomeRegistered]
    """
    In the order of the request.
    """


class ResultsAgentDone(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[OutcomeAgentDone]


class ResultsItemDone(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[OutcomeItemDone]


class ResultsLeaseRenewed(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[OutcomeLeaseRenewed]


class ResultsPushing(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[OutcomePushing]


class ResultsQuarantined(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[OutcomeQuarantined]


class ResultsReleased(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[OutcomeReleased]


class ResultsRenewed(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[OutcomeRenewed]


class ResultsSessionAgents(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[OutcomeSessionAgents]


class ResultsStateSet(TypedDict):
    """
    Answers in the order of the request.
    """

    results: list[OutcomeStateSet]


class Review(ReviewSummary):
    """
    A review with all that can be seen of it.
    """

    arbiter: NotRequired[str | None]
    ballots: list[HeldBallot]
    """
    Ballots that were claimed and are not used up.
    """
    confidence_min: Part
    """
    Votes below it do not count.
    """
    fallback_to_human: bool
    """
    Whether a person is asked when neither votes nor arbiter settle it.
    """
    severity: str
    """
    `LOW`, `MEDIUM`, `HIGH` or `CRITICAL`.
    """
    strategy: str
    """
    `MAJORITY_VOTE`, `ESCALATE`, `HUMAN_FALLBACK` or `HYBRID`.
    """
    supermajority: NotRequired[Part | None]
    tally: list[Tallied]
    timeout_ms: int
    """
    Time for the votes, and again for the arbiter.
    """
    votes: list[Vote]
    votes_min: int


class SoundnessDetail(TypedDict):
    """
    What is known of a specification's soundness.
    """

    nets: list[NetSoundness]
    """
    In document order.
    """
    outcome: Soundness
    """
    The worst of any net.
    """


class SpecificationDetail(SpecificationSummary):
    """
    A specification with what is needed to draw it.
    """

    findings: list[Finding]
    layout: NotRequired[BTreeMap1 | None]
    nets_detail: list[Net]
    soundness: NotRequired[SoundnessDetail | None]


class Uploaded(TypedDict):
    """
    Answer to an upload: one entry per specification of the document.
    """

    specifications: list[UploadedSpecification]


class Found(TypedDict):
    """
    Part of an answer.
    """

    items: list[Listing]
    next: NotRequired[str | None]
    """
    Give this as `after` to go on; null at the end.
    """
    partial: bool
    """
    Looking for more would have taken too long: the page is short, and `next` goes on.
    """
