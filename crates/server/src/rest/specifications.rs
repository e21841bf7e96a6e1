//! Specifications: upload, list, get, source, delete, verify.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use node::{Loaded, Rejected, ids::SpecificationKey};
use soundness::{Limit, Outcome};
use wire::{
    Problem,
    specification::{
        SpecificationDetail, Specifications, Uploaded, UploadedSpecification, Verified,
    },
};

use super::CREATED;
use crate::{
    app::App,
    body::{Id, Xml},
    config::Policy,
    layout,
    problem::{Code, Failure},
    to_wire,
    verdict::{self, Soundness, Verdict as Judged, worst},
};

/// Uploads a .yawl document. The same document again gives the same answer.
///
/// Findings of the rules `sound-*` say how a case can go wrong; whether that refuses the upload is the
/// server's policy.
#[utoipa::path(post, path = "/specifications", tag = "specifications", operation_id = "upload_specifications",
    request_body(content = String, content_type = "application/xml", description = "At most 6 MiB"),
    responses(
        (status = 201, body = Uploaded),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "With findings"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn upload(
    State(app): State<App>,
    Xml(document): Xml,
) -> Result<(StatusCode, Json<Uploaded>), Failure> {
    let judged = match app.verdicts.policy {
        Policy::Off => Vec::new(),
        Policy::Refuse | Policy::Warn => judge(&app, document.clone()).await?.1,
    };
    if app.verdicts.policy == Policy::Refuse && worst(&judged) == Some(Outcome::Unsound) {
        return Err(unsound(&judged));
    }
    let uploaded = app.node.upload(&document).await?;
    let mut specifications: Vec<_> = uploaded.iter().map(|one| describe(&app, one)).collect();
    let said = specifications.iter_mut().zip(&uploaded).zip(&judged);
    for ((specification, uploaded), soundness) in said {
        specification.findings.extend(to_wire::findings(&soundness.findings));
        if let Some(loaded) = app.node.specification(&uploaded.key) {
            app.verdicts.keep(&loaded, Arc::clone(&soundness.verdict));
        }
    }
    Ok((CREATED, Json(Uploaded { specifications })))
}

/// Validity, and for what is valid the soundness of each specification.
async fn judge(app: &App, document: String) -> Result<(Judged, Vec<Soundness>), Failure> {
    let judging = app.verdicts.judge(move || {
        let judged = verdict::judge(document.as_bytes());
        let soundness = if judged.is_valid() { judged.soundness(Limit::UPLOAD) } else { vec![] };
        (judged, soundness)
    });
    judging.await
}

/// A refusal with the walks that go wrong.
fn unsound(judged: &[Soundness]) -> Failure {
    let findings: Vec<_> = judged.iter().flat_map(|one| to_wire::findings(&one.findings)).collect();
    let first = findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
    let detail = format!(
        "{first}; mend the net, or let the server warn instead of refuse (FLOTILLA_SOUNDNESS=warn)"
    );
    let mut failure = Failure::new(Code::SpecificationUnsound, detail);
    failure.0.findings = findings;
    failure
}

fn describe(app: &App, uploaded: &node::Uploaded) -> UploadedSpecification {
    let loaded = app.node.specification(&uploaded.key);
    let name = loaded.and_then(|loaded| to_wire::specification_name(&loaded.specification));
    to_wire::uploaded(uploaded, name)
}

/// Lists all loaded specifications.
#[utoipa::path(get, path = "/specifications", tag = "specifications", operation_id = "list_specifications",
    responses(
        (status = 200, body = Specifications),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn list(State(app): State<App>) -> Json<Specifications> {
    let loaded = app.node.specifications();
    let items =
        loaded.iter().map(|one| to_wire::specification_summary(one, app.node.open_cases(one)));
    Json(Specifications { items: items.collect() })
}

/// Gets one specification with its nets, the author's layout, and whether a case can go wrong.
#[utoipa::path(get, path = "/specifications/{key}", tag = "specifications", operation_id = "get_specification",
    params(("key" = String, Path, description = "`<identifier or uri>:<version>`, percent-encoded")),
    responses(
        (status = 200, body = SpecificationDetail),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn get(
    State(app): State<App>,
    Id(key): Id,
) -> Result<Json<SpecificationDetail>, Failure> {
    let loaded = find(&app, &key)?;
    let verdict = app.verdicts.of(&loaded).await?;
    let specification = &loaded.specification;
    Ok(Json(SpecificationDetail {
        summary: to_wire::specification_summary(&loaded, app.node.open_cases(&loaded)),
        findings: to_wire::findings(&loaded.findings),
        soundness: verdict.map(|verdict| to_wire::soundness::detail(&loaded.program, &verdict)),
        nets_detail: specification.nets().map(|net| to_wire::net(specification, net)).collect(),
        layout: loaded.layout.as_deref().and_then(|text| layout::read(text, &loaded.id.uri)),
    }))
}

/// Gets the document as it was uploaded.
#[utoipa::path(get, path = "/specifications/{key}/source", tag = "specifications",
    operation_id = "get_specification_source",
    params(("key" = String, Path, description = "`<identifier or uri>:<version>`, percent-encoded")),
    responses(
        (status = 200, body = String, content_type = "application/xml"),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn source(
    State(app): State<App>,
    Id(key): Id,
) -> Result<impl IntoResponse, Failure> {
    let loaded = find(&app, &key)?;
    // Shown as text, not run: a document may hold anything.
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    ];
    Ok((headers, loaded.xml.to_string()))
}

/// Unloads a specification. Refused while cases of it are open.
#[utoipa::path(delete, path = "/specifications/{key}", tag = "specifications",
    operation_id = "delete_specification",
    params(("key" = String, Path, description = "`<identifier or uri>:<version>`, percent-encoded")),
    responses(
        (status = 204),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn delete(State(app): State<App>, Id(key): Id) -> Result<StatusCode, Failure> {
    app.node.unload(&SpecificationKey::named(&key)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Verifies a .yawl document without loading it.
#[utoipa::path(post, path = "/specifications/verify", tag = "specifications",
    operation_id = "verify_specifications",
    request_body(content = String, content_type = "application/xml", description = "At most 6 MiB"),
    responses(
        (status = 200, body = Verified),
        (status = "default", body = Problem, content_type = "application/problem+json", description = "A problem")))]
pub(super) async fn verify(
    State(app): State<App>,
    Xml(document): Xml,
) -> Result<Json<Verified>, Failure> {
    let (judged, soundness) = judge(&app, document).await?;
    Ok(Json(to_wire::verified(&judged, &soundness)))
}

fn find(app: &App, key: &str) -> Result<Arc<Loaded>, Failure> {
    let key = SpecificationKey::named(key);
    let loaded = app.node.specification(&key);
    loaded.ok_or_else(|| Failure::from(Rejected::NoSuchSpecification(key)))
}
