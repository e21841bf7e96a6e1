//! Claims: an agent asks for work, waits for it if it likes, and is handed items under leases.

use std::ops::RangeInclusive;

use agents::{
    Capability,
    lease::{TERM_MS_MAX, TERM_MS_MIN},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
};
use node::{ClaimRequest, Rejected};
use wire::{
    Problem, claim,
    limits::{CLAIM_ITEMS_MAX, CLAIM_WAIT_MS_MAX, CLASS_BYTES_MAX},
};

use crate::{
    app::App,
    body, from_wire,
    listen::stopped,
    problem::{Code, Failure},
    to_wire,
};

/// Claims work: up to `max` items, checked out under leases, durably. With `wait_ms` the answer comes when there is
/// work, or when the time is over. A client that goes away while it waits loses nothing. Who found nothing is told when
/// to come back.
#[utoipa::path(post, path = "/claims", tag = "claims", operation_id = "claim_work",
    request_body = claim::Claim,
    responses(
        (status = 200, body = claim::Claimed),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn claim(
    State(app): State<App>,
    body::Json(asked): body::Json<claim::Claim>,
) -> Result<(HeaderMap, Json<claim::Claimed>), Failure> {
    let request = request(asked)?;
    let mut stop = app.stop.clone();
    // Dropped on either side of the race, or with the connection, a claim gives back what it got.
    let granted = tokio::select! {
        granted = app.node.claim(request) => granted?,
        () = stopped(&mut stop) => return Err(Rejected::Stopping.into()),
    };
    let now_ms = app.node.clock().now_ms();
    let items = granted.items.into_iter().map(|item| to_wire::agent::claimed(item, now_ms));
    let mut headers = HeaderMap::new();
    if let Some(ms) = granted.retry_after_ms {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1_000).max(1)));
    }
    let (items, retry_after_ms) = (items.collect(), granted.retry_after_ms);
    Ok((headers, Json(claim::Claimed { items, retry_after_ms })))
}

fn request(asked: claim::Claim) -> Result<ClaimRequest, Failure> {
    let claim::Claim { agent, epoch, capabilities, max, wait_ms, term_ms, class } = asked;
    within("max", max as u64, 1..=CLAIM_ITEMS_MAX as u64)?;
    within("wait_ms", wait_ms, 0..=CLAIM_WAIT_MS_MAX)?;
    term(term_ms)?;
    let is_word = !class.is_empty() && class.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_word || class.len() > CLASS_BYTES_MAX {
        let detail =
            format!("class: use 1 to {CLASS_BYTES_MAX} visible ASCII characters, or leave it out");
        return Err(Failure::new(Code::ClaimInvalid, detail));
    }
    let capabilities = wanted(capabilities.as_deref())?;
    let agent = from_wire::life_of(&agent, epoch)?;
    Ok(ClaimRequest { agent, class, capabilities, items_max: max, wait_ms, term_ms })
}

/// What of its capabilities an agent wants to use; none: all.
pub(super) fn wanted(named: Option<&[String]>) -> Result<Option<Vec<Capability>>, Failure> {
    let capabilities = named.map(from_wire::capabilities).transpose()?;
    if capabilities.as_ref().is_some_and(Vec::is_empty) {
        let detail = "capabilities: names none; leave it out to claim by all of the agent's";
        return Err(Failure::new(Code::ClaimInvalid, detail));
    }
    Ok(capabilities)
}

pub(super) fn term(term_ms: u64) -> Result<(), Failure> {
    within("term_ms", term_ms, TERM_MS_MIN..=TERM_MS_MAX)
}

pub(super) fn within(field: &str, value: u64, allowed: RangeInclusive<u64>) -> Result<(), Failure> {
    if allowed.contains(&value) {
        return Ok(());
    }
    let (min, max) = (allowed.start(), allowed.end());
    let detail = format!("{field}: is {value}, allowed are {min} to {max}");
    Err(Failure::new(Code::ClaimInvalid, detail))
}
