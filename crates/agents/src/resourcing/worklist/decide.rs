//! What a command means to a worklist: who may do what with an item, and where it goes.

use std::collections::BTreeSet;

use super::{
    CHAINS_MAX, Command, Context, Event, ITEMS_MAX, OFFERS_MAX, Reallocation, Refusal,
    state::{Item, Status, Worklist},
};
use crate::resourcing::{
    distribute::{Distribution, OFFER_MAX, Reason, Standing, distribute},
    facts::{Facts, is_available},
    ids::{CaseId, ItemId, ParticipantId, TaskKey},
    organisation::UserPrivilege,
    specification::{Initiator, Privilege, Resourcing},
};

type Answer = Result<Vec<Event>, Refusal>;

/// User privileges of an agent that the organisation does not have: it takes what work it likes, as many items as
/// it likes, and has no say in what others get.
const OF_AGENTS: [UserPrivilege; 2] =
    [UserPrivilege::ChooseItemToStart, UserPrivilege::StartConcurrent];

/// Decides what `command` means. The caller stores the events, then applies them.
pub fn decide(worklist: &Worklist, context: &Context<'_>, command: Command) -> Answer {
    let desk = Desk { worklist, context };
    match command {
        Command::Distribute { item, case, task } => desk.receive(item, case, task),
        Command::AcceptOffer { item, by } => desk.accept(item, by),
        Command::Start { item, by } => desk.start(item, by),
        Command::Deallocate { item, by } => desk.deallocate(item, by),
        Command::Delegate { item, by, to } => desk.delegate(item, &by, to),
        Command::Reallocate { item, by, to, how } => desk.reallocate(item, &by, to, how),
        Command::Suspend { item, by } => desk.suspend(item, &by),
        Command::Resume { item, by } => desk.resume(item, &by),
        Command::Skip { item, by } => desk.skip(item, by),
        Command::Pile { item, by } => desk.pile(item, by),
        Command::Chain { item, by } => desk.chain(item, by),
        Command::Unchain { case, by } => desk.unchain(case, &by),
        Command::Offer { item, to } => desk.offer(item, to),
        Command::Allocate { item, to } => desk.allocate(item, to),
        Command::StartFor { item, to } => desk.start_for(item, to),
        Command::Redistribute { item } => desk.redistribute(item),
        Command::Refuse { item } => desk.refuse(item),
        Command::Follow { item, is_suspended } => Ok(desk.follow(item, is_suspended)),
        Command::Rename { item, to } => desk.rename(item, to),
        Command::Complete { item } => Ok(desk.complete(item)),
        Command::Withdraw { item } => Ok(desk.withdraw(item)),
        Command::CloseCase { case } => Ok(desk.close(case)),
    }
}

/// One command's view.
struct Desk<'c> {
    worklist: &'c Worklist,
    context: &'c Context<'c>,
}

/// Steps from the net and from administrators.
impl Desk<'_> {
    fn receive(&self, item: ItemId, case: CaseId, task: TaskKey) -> Answer {
        if self.worklist.items.contains_key(&item) {
            return Ok(Vec::new());
        }
        if self.worklist.items.len() >= ITEMS_MAX {
            return Err(Refusal::Full { what: "items", max: ITEMS_MAX });
        }
        let placed = self.place(&item, &case, &task, &BTreeSet::new());
        let number = self.worklist.next;
        Ok(vec![Event::Received { item, case, task, number }, placed])
    }

    fn offer(&self, item: ItemId, to: BTreeSet<ParticipantId>) -> Answer {
        self.not_begun(&item)?;
        if to.is_empty() {
            return Err(Refusal::NobodyNamed(item));
        }
        if to.len() > OFFER_MAX {
            return Err(Refusal::TooManyNamed { count: to.len(), max: OFFER_MAX });
        }
        for who in &to {
            self.available(who)?;
        }
        if self.worklist.offers() + to.len() > OFFERS_MAX {
            return Err(Refusal::Full { what: "offers", max: OFFERS_MAX });
        }
        Ok(vec![Event::Offered { item, to, at: self.context.now }])
    }

    fn allocate(&self, item: ItemId, to: ParticipantId) -> Answer {
        let status = self.not_begun(&item)?;
        if *status == Status::Allocated(to.clone()) {
            return Ok(Vec::new());
        }
        self.available(&to)?;
        Ok(vec![Event::Allocated { item, to, at: self.context.now }])
    }

    fn start_for(&self, item: ItemId, to: ParticipantId) -> Answer {
        if self.item(&item)?.status == Status::Started(to.clone()) {
            return Ok(Vec::new());
        }
        let mut events = self.allocate(item.clone(), to.clone())?;
        events.push(Event::Started { item, by: to, at: self.context.now });
        Ok(events)
    }

    fn refuse(&self, item: ItemId) -> Answer {
        self.item(&item)?;
        let reason = Reason::NotStarted;
        Ok(vec![Event::Returned { item: item.clone() }, Event::Unoffered { item, reason }])
    }

    fn follow(&self, item: ItemId, is_suspended: bool) -> Vec<Event> {
        match self.worklist.items.get(&item).map(|item| &item.status) {
            Some(Status::Started(_)) if is_suspended => vec![Event::Suspended { item }],
            Some(Status::Suspended(_)) if !is_suspended => vec![Event::Resumed { item }],
            Some(
                Status::Started(_)
                | Status::Suspended(_)
                | Status::Unoffered(_)
                | Status::Offered(_)
                | Status::Allocated(_),
            )
            | None => Vec::new(),
        }
    }

    fn redistribute(&self, id: ItemId) -> Answer {
        let item = self.item(&id)?;
        let placed = self.place(&id, &item.case, &item.task, &item.deallocated_by);
        Ok(vec![Event::Returned { item: id }, placed])
    }

    fn rename(&self, item: ItemId, to: ItemId) -> Answer {
        if item == to {
            return Ok(Vec::new());
        }
        self.item(&item)?;
        if self.worklist.items.contains_key(&to) {
            return Err(Refusal::NameTaken(to));
        }
        Ok(vec![Event::Renamed { item, to }])
    }

    fn complete(&self, item: ItemId) -> Vec<Event> {
        match self.worklist.items.get(&item).map(|item| &item.status) {
            Some(Status::Started(by) | Status::Suspended(by)) => {
                vec![Event::Completed { item, by: by.clone(), at: self.context.now }]
            }
            // Somebody outside completed it: it is nobody's work.
            Some(Status::Unoffered(_) | Status::Offered(_) | Status::Allocated(_)) => {
                vec![Event::Withdrawn { item }]
            }
            None => Vec::new(),
        }
    }

    fn withdraw(&self, item: ItemId) -> Vec<Event> {
        let is_there = self.worklist.items.contains_key(&item);
        if is_there { vec![Event::Withdrawn { item }] } else { Vec::new() }
    }

    fn close(&self, case: CaseId) -> Vec<Event> {
        let chained = self.worklist.chained.contains_key(&case);
        let unchained = chained.then(|| Event::Unchained { case: case.clone() });
        unchained.into_iter().chain([Event::CaseClosed { case }]).collect()
    }
}

/// Steps of participants.
impl Desk<'_> {
    fn accept(&self, item: ItemId, by: ParticipantId) -> Answer {
        match &self.item(&item)?.status {
            Status::Offered(to) if to.contains(&by) => {}
            Status::Offered(_) => return Err(Refusal::NotOffered { item, by }),
            // A retried request must not fail: the participant has what it asks for.
            Status::Allocated(holder) | Status::Started(holder) if *holder == by => {
                return Ok(Vec::new());
            }
            Status::Allocated(holder) | Status::Started(holder) | Status::Suspended(holder) => {
                return Err(Refusal::NotHolder { item, holder: holder.clone(), by });
            }
            status @ Status::Unoffered(_) => return Err(wrong(item, status)),
        }
        let at = self.context.now;
        let allocated = Event::Allocated { item: item.clone(), to: by.clone(), at };
        Ok(match self.context.resourcing.start {
            Initiator::User => vec![allocated],
            Initiator::System => vec![allocated, Event::Started { item, by, at }],
        })
    }

    fn start(&self, id: ItemId, by: ParticipantId) -> Answer {
        let item = self.item(&id)?;
        if item.status == Status::Started(by.clone()) {
            return Ok(Vec::new());
        }
        self.allocated_to(&id, &by)?;
        let queues = self.worklist.queues(&by);
        let is_oldest =
            queues.and_then(|queues| queues.allocated.keys().next()) == Some(&item.number);
        if !is_oldest {
            self.user_privilege(&by, UserPrivilege::ChooseItemToStart)?;
        }
        if queues.is_some_and(|queues| !queues.started.is_empty()) {
            self.user_privilege(&by, UserPrivilege::StartConcurrent)?;
        }
        Ok(vec![Event::Started { item: id, by, at: self.context.now }])
    }

    fn deallocate(&self, id: ItemId, by: ParticipantId) -> Answer {
        let item = self.item(&id)?;
        self.allocated_to(&id, &by)?;
        self.privilege(&by, Privilege::Deallocate)?;
        let mut without = item.deallocated_by.clone();
        without.insert(by.clone());
        let placed = self.place(&id, &item.case, &item.task, &without);
        Ok(vec![Event::Deallocated { item: id, by }, placed])
    }

    fn delegate(&self, item: ItemId, by: &ParticipantId, to: ParticipantId) -> Answer {
        if self.item(&item)?.status == Status::Allocated(to.clone()) {
            return Ok(Vec::new());
        }
        self.allocated_to(&item, by)?;
        self.privilege(by, Privilege::Delegate)?;
        self.available(&to)?;
        Ok(vec![Event::Delegated { item, to }])
    }

    fn reallocate(
        &self,
        item: ItemId,
        by: &ParticipantId,
        to: ParticipantId,
        how: Reallocation,
    ) -> Answer {
        if self.item(&item)?.status == Status::Started(to.clone()) {
            return Ok(Vec::new());
        }
        self.started_by(&item, by)?;
        let privilege = match how {
            Reallocation::Stateless => Privilege::ReallocateStateless,
            Reallocation::Stateful => Privilege::ReallocateStateful,
        };
        self.privilege(by, privilege)?;
        self.available(&to)?;
        Ok(vec![Event::Reallocated { item, to, how }])
    }

    fn suspend(&self, item: ItemId, by: &ParticipantId) -> Answer {
        if self.item(&item)?.status == Status::Suspended(by.clone()) {
            return Ok(Vec::new());
        }
        self.started_by(&item, by)?;
        self.privilege(by, Privilege::Suspend)?;
        Ok(vec![Event::Suspended { item }])
    }

    fn resume(&self, item: ItemId, by: &ParticipantId) -> Answer {
        match &self.item(&item)?.status {
            Status::Suspended(holder) if holder == by => Ok(vec![Event::Resumed { item }]),
            Status::Started(holder) if holder == by => Ok(Vec::new()),
            Status::Suspended(holder) => {
                Err(Refusal::NotHolder { holder: holder.clone(), item, by: by.clone() })
            }
            status @ (Status::Unoffered(_)
            | Status::Offered(_)
            | Status::Allocated(_)
            | Status::Started(_)) => Err(wrong(item, status)),
        }
    }

    fn skip(&self, item: ItemId, by: ParticipantId) -> Answer {
        self.allocated_to(&item, &by)?;
        self.privilege(&by, Privilege::Skip)?;
        Ok(vec![Event::Skipped { item, by }])
    }

    fn pile(&self, id: ItemId, by: ParticipantId) -> Answer {
        let item = self.item(&id)?;
        let task = item.task.clone();
        if item.status != Status::Started(by.clone()) {
            self.allocated_to(&id, &by)?;
        }
        self.privilege(&by, Privilege::Pile)?;
        match self.context.facts.piled_by(&task) {
            Some(piler) if *piler != by => Err(Refusal::Piled { task, by: piler.clone() }),
            Some(_) | None => Ok(self.taken(id, item, by).into_iter().collect()),
        }
    }

    fn chain(&self, id: ItemId, by: ParticipantId) -> Answer {
        let item = self.item(&id)?;
        let case = item.case.clone();
        match &item.status {
            Status::Offered(to) if to.contains(&by) => {}
            Status::Offered(_) => return Err(Refusal::NotOffered { item: id, by }),
            Status::Started(holder) if *holder == by => {}
            Status::Unoffered(_)
            | Status::Allocated(_)
            | Status::Started(_)
            | Status::Suspended(_) => self.allocated_to(&id, &by)?,
        }
        self.user_privilege(&by, UserPrivilege::ChainExecution)?;
        let mut events = match self.worklist.chained.get(&case) {
            Some(chainer) if *chainer != by => {
                return Err(Refusal::Chained { case, by: chainer.clone() });
            }
            Some(_) => Vec::new(),
            None if self.worklist.chained.len() >= CHAINS_MAX => {
                return Err(Refusal::Full { what: "chained cases", max: CHAINS_MAX });
            }
            None => vec![Event::Chained { case, by: by.clone() }],
        };
        events.extend(self.taken(id, item, by));
        Ok(events)
    }

    fn unchain(&self, case: CaseId, by: &ParticipantId) -> Answer {
        match self.worklist.chained.get(&case) {
            Some(chainer) if chainer == by => Ok(vec![Event::Unchained { case }]),
            Some(chainer) => Err(Refusal::Chained { case, by: chainer.clone() }),
            None => Ok(Vec::new()),
        }
    }

    /// The start of an item that a pile or a chain brings with it.
    fn taken(&self, id: ItemId, item: &Item, by: ParticipantId) -> Option<Event> {
        let is_started = matches!(item.status, Status::Started(_));
        (!is_started).then_some(Event::Started { item: id, by, at: self.context.now })
    }
}

/// Guards, and the way to the rule of distribution.
impl<'c> Desk<'c> {
    fn item(&self, id: &ItemId) -> Result<&'c Item, Refusal> {
        self.worklist.items.get(id).ok_or_else(|| Refusal::NoSuchItem(id.clone()))
    }

    /// The status of an item that nobody works on.
    fn not_begun(&self, id: &ItemId) -> Result<&'c Status, Refusal> {
        match &self.item(id)?.status {
            status @ (Status::Unoffered(_) | Status::Offered(_) | Status::Allocated(_)) => {
                Ok(status)
            }
            status @ (Status::Started(_) | Status::Suspended(_)) => Err(wrong(id.clone(), status)),
        }
    }

    fn allocated_to(&self, id: &ItemId, by: &ParticipantId) -> Result<(), Refusal> {
        match &self.item(id)?.status {
            Status::Allocated(holder) => is_holder(id, holder, by),
            status @ (Status::Unoffered(_)
            | Status::Offered(_)
            | Status::Started(_)
            | Status::Suspended(_)) => Err(wrong(id.clone(), status)),
        }
    }

    fn started_by(&self, id: &ItemId, by: &ParticipantId) -> Result<(), Refusal> {
        match &self.item(id)?.status {
            Status::Started(holder) => is_holder(id, holder, by),
            status @ (Status::Unoffered(_)
            | Status::Offered(_)
            | Status::Allocated(_)
            | Status::Suspended(_)) => Err(wrong(id.clone(), status)),
        }
    }

    fn available(&self, who: &ParticipantId) -> Result<(), Refusal> {
        if is_available(self.context.facts, who) {
            Ok(())
        } else {
            Err(Refusal::NotAvailable(who.clone()))
        }
    }

    fn privilege(&self, by: &ParticipantId, privilege: Privilege) -> Result<(), Refusal> {
        if has_privilege(self.context.resourcing, self.context.facts, by, privilege) {
            Ok(())
        } else {
            Err(Refusal::NoPrivilege { by: by.clone(), privilege })
        }
    }

    fn user_privilege(&self, by: &ParticipantId, privilege: UserPrivilege) -> Result<(), Refusal> {
        let person = self.context.facts.organisation().participant(by);
        let has = match person {
            Some(person) => person.privileges.contains(&privilege),
            None => OF_AGENTS.contains(&privilege),
        };
        if has { Ok(()) } else { Err(Refusal::NoUserPrivilege { by: by.clone(), privilege }) }
    }

    /// The event that distributes an item whose past is `deallocated_by`.
    fn place(
        &self,
        id: &ItemId,
        case: &CaseId,
        task: &TaskKey,
        deallocated_by: &BTreeSet<ParticipantId>,
    ) -> Event {
        let Context { resourcing, facts, now: at, seed } = *self.context;
        let standing = Standing {
            piled_by: facts.piled_by(task),
            chained_by: self.worklist.chained.get(case),
            deallocated_by,
            allocated: &|who| self.allocated_without(id, who),
        };
        let item = id.clone();
        match distribute(resourcing, facts, &standing, seed) {
            Distribution::Unoffered(reason) => Event::Unoffered { item, reason },
            Distribution::Offered(to) if self.worklist.offers() + to.len() > OFFERS_MAX => {
                Event::Unoffered { item, reason: Reason::Full }
            }
            Distribution::Offered(to) => Event::Offered { item, to, at },
            Distribution::Allocated(to) => Event::Allocated { item, to, at },
            Distribution::Started(by) => Event::Started { item, by, at },
        }
    }

    /// How many allocated items somebody has beside this one.
    fn allocated_without(&self, id: &ItemId, who: &ParticipantId) -> usize {
        let is_holder = |item: &Item| item.status == Status::Allocated(who.clone());
        let has_this = self.worklist.items.get(id).is_some_and(is_holder);
        self.worklist.allocated(who) - usize::from(has_this)
    }
}

/// Whether the task gives the privilege to somebody.
fn has_privilege(
    resourcing: &Resourcing,
    facts: &dyn Facts,
    who: &ParticipantId,
    privilege: Privilege,
) -> bool {
    resourcing.privileges.get(&privilege).is_some_and(|grant| {
        let is_named = grant.named.participants.contains(who)
            || grant.named.roles.iter().any(|role| facts.organisation().has_role(who, role));
        grant.all != is_named
    })
}

fn is_holder(id: &ItemId, holder: &ParticipantId, by: &ParticipantId) -> Result<(), Refusal> {
    if holder == by {
        Ok(())
    } else {
        Err(Refusal::NotHolder { item: id.clone(), holder: holder.clone(), by: by.clone() })
    }
}

fn wrong(item: ItemId, status: &Status) -> Refusal {
    Refusal::WrongStatus { item, status: status.name() }
}
