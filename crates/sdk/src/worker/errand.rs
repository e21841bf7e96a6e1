//! One errand: an item from its claim to the moment when the server knows how it ended.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use tokio::time::{Instant, sleep, timeout};
use tracing::{Instrument as _, debug, info_span, warn};
use wire::{Problem, lease::HeldItem, work_item::Checkin};

use super::{
    Plan,
    cancellation::Reason,
    failure::{Failure, Output},
    report::{Ended, How},
    work::Work,
};
use crate::error::Error;

/// The item is no longer the agent's: what it says about it comes too late.
const TOO_LATE: [&str; 5] =
    ["stale-epoch", "wrong-holder", "no-such-item", "no-such-case", "lease-held"];
/// Somebody has suspended the item or its case: the result waits until it goes on, or until the lease is lost.
const WAITING: [&str; 2] = ["wrong-status", "case-not-running"];
/// An answer that does not come is waited for so long: the worker asks again by itself.
const PATIENCE: Duration = Duration::from_secs(15);
/// Characters of a reason that are kept: it goes into logs.
const REASON_CHARS_MAX: usize = 1_000;

/// What is to be told to the server.
enum Word {
    Result(String),
    GiveBack(String),
    Fail(String),
}

/// Lets the handler of an item work and tells the server what came of it.
pub(super) async fn run(plan: Arc<Plan>, work: Work) -> Ended {
    let (item, case, epoch) = (work.item.item.clone(), work.item.case.clone(), work.item.epoch);
    let trace_id = work.trace.map(|trace| trace.trace_id());
    let span = info_span!("work", item, case, task = work.item.task, epoch, trace_id);
    let how = go(&plan, work).instrument(span).await;
    Ended { item, case, epoch, how }
}

async fn go(plan: &Plan, work: Work) -> How {
    let told = match handle(plan, work.clone()).await {
        Ok(output) => match output.into_xml() {
            Ok(data) => Word::Result(data),
            Err(error) => Word::Fail(format!("the result cannot be written: {error}")),
        },
        Err(Stop::Lost(reason)) => return How::Lost(reason),
        Err(Stop::Failure(Failure::GiveBack(reason))) => Word::GiveBack(short(&reason)),
        Err(Stop::Failure(Failure::Fail(reason))) => Word::Fail(short(&reason)),
    };
    tell(plan, &work, told).await
}

/// Why a handler gave nothing.
enum Stop {
    Failure(Failure),
    Lost(Reason),
}

/// Runs the handler, which has a while to end by itself once it is cancelled.
async fn handle(plan: &Plan, work: Work) -> Result<Output, Stop> {
    let cancellation = work.cancellation.clone();
    let Some(handler) = plan.handlers.of(&work.item) else {
        let asked = work.item.capability.as_deref().unwrap_or("nothing that it says");
        let reason = format!("the agent has no handler for this item, which asks for {asked}");
        return Err(Stop::Failure(Failure::Fail(reason)));
    };
    let handling = AssertUnwindSafe(async { handler(work).await }).catch_unwind();
    let patience = async {
        cancellation.cancelled().await;
        sleep(plan.settings.grace).await;
    };
    // A handler that is dropped ends where it waits.
    let result = tokio::select! {
        result = handling => Some(result),
        () = patience => None,
    };
    let lost = cancellation.reason().filter(|reason| *reason != Reason::Draining);
    match (result, lost) {
        (_, Some(reason)) => Err(Stop::Lost(reason)),
        (None, None) => {
            let reason = "the agent stops before the work is done";
            Err(Stop::Failure(Failure::give_back(reason)))
        }
        (Some(Ok(result)), None) => result.map_err(Stop::Failure),
        (Some(Err(panic)), None) => {
            let reason = format!("the handler panicked: {}", said(panic.as_ref()));
            Err(Stop::Failure(Failure::Fail(reason)))
        }
    }
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}

fn short(reason: &str) -> String {
    reason.chars().take(REASON_CHARS_MAX).collect()
}

/// Tells the server until it has answered, or until there is no sense in it: one term after the lease has ended.
async fn tell(plan: &Plan, work: &Work, mut word: Word) -> How {
    let client = work.client.impatient(PATIENCE);
    let mut rejected: Option<Box<Problem>> = None;
    let mut command_id = client.command_id();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let error = match send(&client, work, &word, &command_id).await {
            Ok(()) => return done(word, rejected),
            Err(error) => error,
        };
        let code = error.code().unwrap_or_default().to_owned();
        let waits = WAITING.contains(&code.as_str());
        if let Error::Refused(problem) = error {
            let is_lost = work.cancellation.reason().is_some_and(|r| r != Reason::Draining);
            if TOO_LATE.contains(&code.as_str()) || (waits && is_lost) {
                warn!(code, detail = problem.detail, "it came too late");
                return How::TooLate(problem);
            }
            // What was refused has done nothing; the same id might only bring the same answer.
            command_id = client.command_id();
            let passes = problem.retry_after_ms.is_some() || problem.status >= 500;
            if waits && work.cancellation.is_cancelled() {
                let Word::Result(_) = word else { return How::Unknown(problem.detail) };
                word = Word::GiveBack("the agent stops while the item is suspended".to_owned());
                continue;
            }
            if !passes && !waits {
                let Word::Result(_) = word else { return How::Unknown(problem.detail) };
                let reason = format!("the result was refused ({code}): {}", problem.detail);
                (word, attempts) = (Word::Fail(short(&reason)), 0);
                rejected = Some(problem);
                continue;
            }
            pause(plan, work, attempts, problem.retry_after_ms.map(Duration::from_millis)).await;
        } else {
            debug!(%error, attempts, "telling again");
            if is_pointless(work) {
                return How::Unknown(error.to_string());
            }
            pause(plan, work, attempts, None).await;
        }
    }
}

/// Waits before the next attempt; while the worker drains, not long.
async fn pause(plan: &Plan, work: &Work, attempts: u32, asked_for: Option<Duration>) {
    let pause = plan.client.pauses().after(attempts, asked_for, plan.client.chance());
    let pause = pause.min((Duration::from_millis(work.item.term_ms) / 4).max(PAUSE_MIN));
    // Whoever is cancelled meanwhile looks at once whether that was its own doing.
    let _ = timeout(pause, work.cancellation.cancelled()).await;
    if work.cancellation.is_cancelled() {
        sleep(pause.min(CANCELLED_PAUSE)).await;
    }
}

/// Whatever the term is, nobody is asked without a pause.
const PAUSE_MIN: Duration = Duration::from_millis(50);
/// Between two attempts of somebody who was cancelled.
const CANCELLED_PAUSE: Duration = Duration::from_millis(200);

fn is_pointless(work: &Work) -> bool {
    let term = Duration::from_millis(work.item.term_ms);
    Instant::now() > *work.lease_ends.borrow() + term
}

async fn send(
    client: &crate::client::Client,
    work: &Work,
    word: &Word,
    command_id: &str,
) -> Result<(), Error> {
    let (item, epoch, command_id) = (&work.item.item, work.item.epoch, Some(command_id.to_owned()));
    let held = |command_id| vec![HeldItem { item: item.clone(), epoch, command_id }];
    let answers = match word {
        Word::Result(data) => {
            let result = Checkin {
                data: data.clone(),
                epoch: Some(epoch),
                command_id,
                ..Checkin::default()
            };
            return client.check_in(item, &result).await.map(drop);
        }
        Word::GiveBack(_) => client.give_back_many(held(command_id)).await?,
        Word::Fail(reason) => {
            warn!(reason, "the item could not be done");
            client.fail_many(held(command_id)).await?
        }
    };
    for answer in answers {
        answer?;
    }
    Ok(())
}

fn done(word: Word, rejected: Option<Box<Problem>>) -> How {
    match (word, rejected) {
        (_, Some(problem)) => How::Rejected(problem),
        (Word::Result(_), None) => How::Completed,
        (Word::GiveBack(reason), None) => How::GivenBack { reason },
        (Word::Fail(reason), None) => How::Failed { reason },
    }
}
