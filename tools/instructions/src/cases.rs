//! Deciding, and storing what was decided: the case of four tasks, with its typed data and without.

use std::hint::black_box;

use anyhow::{Context as _, ensure};
use engine::{
    Case, CaseId, Command, Event, Inputs, Launch, Now, Program, Refusal, apply,
    case::ItemStatus,
    view::{ItemView, view},
};
use model::specification::{Decomposition, Specification};

use crate::Path;

const FOUR_TASKS: &str = include_str!("../../../examples/four_tasks.yawl");
const OR_JOIN: &str = include_str!("../../../examples/or_join.yawl");

const INPUTS: Inputs =
    Inputs { now: Now { unix_ms: 1_795_242_600_000, offset_minutes: 0 }, seed: 7 };

/// A case with its program, played by sample results.
struct Play {
    program: Program,
    case: Case,
    events: Vec<Event>,
}

impl Play {
    fn new(text: &str, with_data: bool) -> anyhow::Result<Self> {
        let set = model::read(text).map_err(|findings| anyhow::anyhow!("{findings:?}"))?;
        let mut specification =
            set.specifications.into_iter().next().context("one specification")?;
        if !with_data {
            strip(&mut specification);
        }
        let program =
            Program::compile(&specification).map_err(|findings| anyhow::anyhow!("{findings:?}"))?;
        let case = Case::new(case_id());
        let mut play = Self { program, case, events: Vec::new() };
        let decision = engine::launch(&play.program, launch_command(), INPUTS)?;
        play.take(decision.events);
        Ok(play)
    }

    fn take(&mut self, events: Vec<Event>) {
        events.iter().for_each(|event| apply(&mut self.case, event));
        self.events.extend(events);
    }

    fn run(&mut self, command: Command) -> anyhow::Result<()> {
        let decision = engine::decide(&self.program, &self.case, command, INPUTS)?;
        self.take(decision.events);
        Ok(())
    }

    fn items(&self, status: ItemStatus) -> Vec<ItemView> {
        let items = view(&self.program, &self.case).items.into_values();
        items.filter(|item| item.status == status).collect()
    }

    fn first(&self, status: ItemStatus) -> anyhow::Result<ItemView> {
        self.items(status).into_iter().next().with_context(|| format!("an item that is {status}"))
    }

    fn completion(&self, item: &ItemView) -> anyhow::Result<Command> {
        let nets = self.program.nets.iter();
        let task = nets.flat_map(|net| &net.tasks).find(|task| task.id == item.task);
        let task = task.context("the task of an item")?;
        let data = self.program.sample_output(task, &mut |below| below - 1);
        Ok(Command::Complete { item: item.key.clone(), data })
    }

    /// Brings the case to its second task, started: data has been read and written once.
    fn reach_second_task(&mut self) -> anyhow::Result<()> {
        let item = self.first(ItemStatus::Enabled)?;
        self.run(Command::Start { item: item.key })?;
        let item = self.first(ItemStatus::Executing)?;
        self.run(self.completion(&item)?)?;
        let item = self.first(ItemStatus::Enabled)?;
        self.run(Command::Start { item: item.key })
    }

    /// Goes on deciding the same command on the same case.
    fn decide(self, command: Command) -> anyhow::Result<Path> {
        let decision = engine::decide(&self.program, &self.case, command.clone(), INPUTS)?;
        ensure!(!decision.events.is_empty(), "{command:?} does nothing");
        Ok(Box::new(move || {
            let command = black_box(command.clone());
            drop(black_box(engine::decide(&self.program, &self.case, command, INPUTS)));
        }))
    }
}

fn case_id() -> CaseId {
    CaseId::parse("case-4711").expect("letters and digits")
}

fn launch_command() -> Launch {
    Launch { case: case_id(), data: None, start_at_ms: None }
}

/// Takes parameters and mappings away.
fn strip(specification: &mut Specification) {
    for decomposition in &mut specification.decompositions {
        match decomposition {
            Decomposition::Net(net) => {
                net.head.outputs.clear();
                net.locals.clear();
                for task in &mut net.tasks {
                    task.starting.clear();
                    task.completed.clear();
                }
            }
            Decomposition::Gateway(gateway) => {
                gateway.head.inputs.clear();
                gateway.head.outputs.clear();
            }
        }
    }
}

pub(crate) fn launch(with_data: bool) -> anyhow::Result<Path> {
    let Play { program, .. } = Play::new(FOUR_TASKS, with_data)?;
    let command = launch_command();
    Ok(Box::new(move || {
        drop(black_box(engine::launch(&program, black_box(command.clone()), INPUTS)));
    }))
}

/// One case from launch to end: a start and a completion for each task.
pub(crate) fn whole(with_data: bool) -> anyhow::Result<Path> {
    let mut play = Play::new(FOUR_TASKS, with_data)?;
    let mut commands = Vec::new();
    while !play.case.has_ended() {
        let item = play.first(ItemStatus::Enabled)?;
        let start = Command::Start { item: item.key };
        play.run(start.clone())?;
        let item = play.first(ItemStatus::Executing)?;
        let complete = play.completion(&item)?;
        play.run(complete.clone())?;
        commands.extend([start, complete]);
    }
    let Play { program, .. } = play;
    let go = move || -> Result<Case, Refusal> {
        let mut case = engine::launch(&program, black_box(launch_command()), INPUTS)?.case;
        for command in &commands {
            case = engine::decide(&program, &case, black_box(command.clone()), INPUTS)?.case;
        }
        Ok(case)
    };
    ensure!(go()?.has_ended(), "the case does not end");
    Ok(Box::new(move || drop(black_box(go()))))
}

pub(crate) fn start(with_data: bool) -> anyhow::Result<Path> {
    let mut play = Play::new(FOUR_TASKS, with_data)?;
    let item = play.first(ItemStatus::Enabled)?;
    play.run(Command::Start { item: item.key })?;
    let item = play.first(ItemStatus::Executing)?;
    play.run(play.completion(&item)?)?;
    let item = play.first(ItemStatus::Enabled)?.key;
    play.decide(Command::Start { item })
}

pub(crate) fn complete(with_data: bool) -> anyhow::Result<Path> {
    let mut play = Play::new(FOUR_TASKS, with_data)?;
    play.reach_second_task()?;
    let item = play.first(ItemStatus::Executing)?;
    let command = play.completion(&item)?;
    play.decide(command)
}

/// A branch comes in and the join still waits for another one.
pub(crate) fn or_join() -> anyhow::Result<Path> {
    let mut play = Play::new(OR_JOIN, true)?;
    let item = play.first(ItemStatus::Enabled)?;
    play.run(Command::Start { item: item.key })?;
    let item = play.first(ItemStatus::Executing)?;
    play.run(play.completion(&item)?)?;
    let items = play.items(ItemStatus::Enabled);
    ensure!(items.len() > 1, "the split gives one branch only: {items:?}");
    for item in items {
        play.run(Command::Start { item: item.key })?;
    }
    let item = play.first(ItemStatus::Executing)?;
    let command = play.completion(&item)?;
    play.decide(command)
}

/// Four events of one start and one completion with data.
fn events() -> anyhow::Result<(Play, Vec<u8>)> {
    let mut play = Play::new(FOUR_TASKS, true)?;
    play.reach_second_task()?;
    let bytes = postcard::to_stdvec(&play.events)?;
    Ok((play, bytes))
}

pub(crate) fn events_encode() -> anyhow::Result<Path> {
    let (play, bytes) = events()?;
    let mut room = Vec::with_capacity(bytes.len());
    Ok(Box::new(move || {
        room.clear();
        let taken = std::mem::take(&mut room);
        room = postcard::to_extend(black_box(&play.events), taken).unwrap_or_default();
    }))
}

pub(crate) fn events_decode() -> anyhow::Result<Path> {
    let (_, bytes) = events()?;
    Ok(Box::new(move || {
        drop(black_box(postcard::from_bytes::<Vec<Event>>(black_box(&bytes))));
    }))
}

pub(crate) fn events_apply() -> anyhow::Result<Path> {
    let (play, _) = events()?;
    Ok(Box::new(move || {
        let mut case = Case::new(case_id());
        black_box(&play.events).iter().for_each(|event| apply(&mut case, event));
        black_box(case);
    }))
}

pub(crate) fn case_encode() -> anyhow::Result<Path> {
    let (play, _) = events()?;
    let mut room = Vec::with_capacity(4096);
    Ok(Box::new(move || {
        room.clear();
        let taken = std::mem::take(&mut room);
        room = postcard::to_extend(black_box(&play.case), taken).unwrap_or_default();
    }))
}

/// What reading a snapshot does per open case.
pub(crate) fn case_decode() -> anyhow::Result<Path> {
    let (play, _) = events()?;
    let bytes = postcard::to_stdvec(&play.case)?;
    Ok(Box::new(move || {
        drop(black_box(postcard::from_bytes::<Case>(black_box(&bytes))));
    }))
}
