//! Hand-offs: the holder of an item makes a token, the receiver shows it and has the item, in one step.

use agents::{AgentId, Epoch, lease, registry::Absent};
use axum::{Json, extract::State};
use node::{Answered, Command, ItemDetail, LeaseSummary, Rejected};
use wire::{
    Problem, Timestamp,
    claim::ClaimedItem,
    lease::{HandOff, HandOffAcceptance, HandOffOffer},
    review::Ballot,
};

use super::{agents::absent, work_items::ask};
use crate::{
    app::App,
    body::{self, Id, IdempotencyKey},
    from_wire,
    hand_off::{Offer, Refusal},
    problem::{Code, Failure},
    to_wire,
};

/// The holder of an item lets another agent have it: makes a token for that agent. The item stays where it is until the
/// token is accepted.
#[utoipa::path(post, path = "/work-items/{id}/hand-off", tag = "claims", operation_id = "hand_off_work_item",
    params(("id" = String, Path, description = "Such as `7.1:A`, percent-encoded")),
    request_body = HandOff,
    responses(
        (status = 200, body = HandOffOffer),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn offer(
    State(app): State<App>,
    Id(id): Id,
    body::Json(asked): body::Json<HandOff>,
) -> Result<Json<HandOffOffer>, Failure> {
    let (from, to) = (from_wire::agent_id(&asked.from)?, from_wire::agent_id(&asked.to)?);
    let (item, _) = held_under(&app, &id, Epoch(asked.epoch)).await?;
    held(&item, &from, Epoch(asked.epoch))?;
    if app.node.agent(&to).is_none() {
        return Err(absent(Absent::Unknown));
    }
    let ttl_ms = app.hand_offs.ttl_ms();
    let expires_ms = app.node.clock().now_ms().saturating_add_unsigned(ttl_ms);
    let (from, to) = (from.to_string(), to.to_string());
    let offer = Offer { item: id, from, to, epoch: asked.epoch, expires_ms };
    Ok(Json(HandOffOffer {
        token: app.hand_offs.sign(&offer),
        item: offer.item,
        from: offer.from,
        to: offer.to,
        epoch: offer.epoch,
        expires_in_ms: ttl_ms,
        expires_at: Timestamp::from_ms(expires_ms),
    }))
}

/// The item with the lease that this epoch is of: of an item under review, that of a ballot.
async fn held_under(
    app: &App,
    id: &str,
    epoch: Epoch,
) -> Result<(ItemDetail, Option<Ballot>), Failure> {
    let mut item = app.node.item(id).await?;
    let Some(standing) = item.summary.review else { return Ok((item, None)) };
    let review = app.node.review(id).await?;
    let found = review.ballots.into_iter().find(|one| one.lease.epoch == epoch);
    let ballot = found.as_ref().map(|one| Ballot {
        number: one.ballot.0,
        quorum: standing.quorum,
        votes: Vec::new(),
    });
    item.summary.lease = found.map(|one| one.lease);
    Ok((item, ballot))
}

/// Whether the item is held by this agent under this epoch.
fn held(item: &ItemDetail, from: &AgentId, epoch: Epoch) -> Result<(), Failure> {
    let lease = item.summary.lease.as_ref();
    let holder = lease.and_then(|lease| Some((lease.holder.as_ref()?, lease.epoch)));
    let refusal = match holder {
        None => lease::Refusal::StaleEpoch { given: epoch, reason: "nobody holds the item" },
        Some((_, present)) if present != epoch => {
            lease::Refusal::StaleEpoch { given: epoch, reason: "the item has another holder" }
        }
        Some((holder, _)) if holder != from => {
            lease::Refusal::WrongHolder { holder: holder.clone(), claimed: from.clone() }
        }
        Some(_) => return Ok(()),
    };
    Err(Failure::from(Rejected::Lease { item: item.summary.item.clone(), refusal }))
}

/// The receiver takes the item: it is the holder from now on, under a new epoch, and the old one is void. It must be
/// registered, live and capable. A token is good once; with an idempotency key a repetition finds the same answer.
#[utoipa::path(post, path = "/hand-offs/accept", tag = "claims", operation_id = "accept_hand_off",
    params(("Idempotency-Key" = Option<String>, Header, description = "The command's id")),
    request_body = HandOffAcceptance,
    responses(
        (status = 200, body = ClaimedItem),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn accept(
    State(app): State<App>,
    key: IdempotencyKey,
    body::Json(asked): body::Json<HandOffAcceptance>,
) -> Result<Json<ClaimedItem>, Failure> {
    let now_ms = app.node.clock().now_ms();
    let offer = app.hand_offs.read(&asked.token, now_ms).map_err(refused)?;
    if offer.to != asked.agent {
        let detail = format!("the token is for {}, not for {}", offer.to, asked.agent);
        return Err(Failure::new(Code::HandOffWrongAgent, detail));
    }
    let (item, ballot) = held_under(&app, &offer.item, Epoch(offer.epoch)).await?;
    capable(&app, &asked, &item)?;
    let command = Command::HandOff {
        item: offer.item.clone(),
        from: from_wire::agent_id(&offer.from)?,
        epoch: Epoch(offer.epoch),
        to: from_wire::agent_id(&offer.to)?,
    };
    match ask(&app, &offer.item, key.or(None)?, command).await {
        Ok(Answered::HandedOff { epoch, .. }) => Ok(Json(taken((item, ballot), epoch, now_ms))),
        Ok(
            Answered::Done
            | Answered::Started { .. }
            | Answered::Added { .. }
            | Answered::Taken { .. },
        ) => {
            unreachable!("a hand-off is answered with an epoch")
        }
        // The same epoch cannot be handed on twice.
        Err(failure) if matches!(failure.0.code.as_str(), "stale-epoch" | "wrong-holder") => {
            Err(Failure::new(Code::HandOffUsed, failure.0.detail))
        }
        Err(failure) => Err(failure),
    }
}

fn refused(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Forged => Failure::new(
            Code::HandOffForged,
            "the token was not made by this server, or was changed, or the server was restarted since; ask the holder for another",
        ),
        Refusal::Expired { ms_ago } => Failure::new(
            Code::HandOffExpired,
            format!("the token expired {ms_ago} ms ago; ask the holder for another"),
        ),
    }
}

/// Whether the receiver may be given this item: as if it claimed it.
fn capable(app: &App, asked: &HandOffAcceptance, item: &ItemDetail) -> Result<(), Failure> {
    let whom = from_wire::life_of(&asked.agent, asked.epoch)?;
    let can = app.node.may_claim(&whom)?;
    let Some(wanted) = &item.summary.capability else { return Ok(()) };
    if can.iter().any(|capability| capability.as_str() == wanted) {
        return Ok(());
    }
    Err(Failure::from(Rejected::NotCapable(from_wire::capability(wanted)?)))
}

fn taken((item, ballot): (ItemDetail, Option<Ballot>), epoch: Epoch, now_ms: i64) -> ClaimedItem {
    let ItemDetail { summary, data, traceparent, .. } = item;
    let lease: Option<&LeaseSummary> = summary.lease.as_ref();
    let term_ms = lease.and_then(|lease| lease.term_ms).unwrap_or_default();
    ClaimedItem {
        attempt: lease.map_or(0, |lease| lease.attempts) + 1,
        item: summary.item,
        case: summary.case.to_string(),
        specification: summary.specification.to_string(),
        task: summary.task,
        task_name: summary.task_name,
        capability: summary.capability,
        epoch: epoch.0,
        term_ms,
        ends_at: to_wire::agent::ends_at(now_ms, term_ms),
        enabled_at: Timestamp::from_ms(summary.enabled_at_ms),
        data: data.as_deref().unwrap_or_default().to_owned(),
        traceparent: traceparent.map(|trace| trace.to_string()),
        ballot,
    }
}
