//! What operators and their tools ask: health, metrics. On the public and on the management port.
//!
//! Paths and names are those that existing dashboards, alerts and probes use; they are a contract.

mod exposition;
mod health;
mod metrics;
mod process;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use self::exposition::{Family, Reading};
use crate::{
    app::App,
    problem::{Code, Failure},
};

/// All routes below `/actuator`.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/actuator/health", get(whole))
        .route("/actuator/health/liveness", get(liveness))
        .route("/actuator/health/readiness", get(readiness))
        .route("/actuator/prometheus", get(prometheus))
        .route("/actuator/metrics", get(names))
        .route("/actuator/metrics/{name}", get(one))
}

async fn whole(State(app): State<App>) -> Response {
    answer(health::whole(&app))
}

async fn liveness(State(app): State<App>) -> Response {
    answer(health::liveness(&app))
}

async fn readiness(State(app): State<App>) -> Response {
    answer(health::readiness(&app))
}

fn answer(health: health::Health) -> Response {
    let status = if health.is_up() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health)).into_response()
}

async fn prometheus(State(app): State<App>) -> Response {
    let text = exposition::text(&metrics::families(&app));
    ([(header::CONTENT_TYPE, exposition::CONTENT_TYPE)], text).into_response()
}

async fn names(State(app): State<App>) -> Json<Value> {
    let names: Vec<_> = metrics::families(&app).into_iter().map(|family| family.name).collect();
    Json(json!({ "names": names }))
}

/// The form of Spring Boot's actuator, which runbooks read with `jq '.measurements[0].value'`.
async fn one(State(app): State<App>, Path(name): Path<String>) -> Result<Json<Value>, Failure> {
    let families = metrics::families(&app);
    let family = families.into_iter().find(|family| family.name == name).ok_or_else(|| {
        Failure::new(
            Code::NoSuchMetric,
            format!("no metric {name:?}; GET /actuator/metrics lists all names"),
        )
    })?;
    Ok(Json(json!({
        "name": family.name,
        "description": family.help,
        "baseUnit": family.unit(),
        "measurements": measurements(&family),
        "availableTags": tags(&family),
    })))
}

fn measurements(family: &Family) -> Vec<Value> {
    match &family.reading {
        Reading::Gauge(samples) => {
            let sum: f64 = samples.iter().map(|sample| sample.value).sum();
            vec![json!({ "statistic": "VALUE", "value": sum })]
        }
        Reading::Counter(count) => vec![json!({ "statistic": "COUNT", "value": count })],
        Reading::Histogram(buckets) => vec![
            json!({ "statistic": "COUNT", "value": buckets.count }),
            json!({ "statistic": "TOTAL_TIME", "value": buckets.sum }),
        ],
    }
}

fn tags(family: &Family) -> Vec<Value> {
    let Reading::Gauge(samples) = &family.reading else { return Vec::new() };
    let values: Vec<_> =
        samples.iter().filter_map(|sample| Some(&sample.label.as_ref()?.1)).collect();
    match samples.first().and_then(|sample| sample.label.as_ref()) {
        Some((name, _)) => vec![json!({ "tag": name, "values": values })],
        None => Vec::new(),
    }
}
