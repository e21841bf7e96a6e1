//! What operators and their tools ask: health, metrics. On the public and on the management port.
//!
//! Paths and names are those that existing dashboards, alerts and probes use; they are a contract.

mod exposition;
mod health;
mod metrics;
mod process;

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use self::exposition::{Family, Label, Reading, Sample};
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
        .route("/actuator/health/discovery", get(discovery))
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

async fn discovery(State(app): State<App>) -> Result<Response, Failure> {
    Ok(answer(health::discovery(&app).await?))
}

fn answer(health: health::Health) -> Response {
    let status = if health.is_up() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health)).into_response()
}

async fn prometheus(State(app): State<App>) -> Response {
    let text = exposition::text(&metrics::families(&app).await);
    ([(header::CONTENT_TYPE, exposition::CONTENT_TYPE)], text).into_response()
}

async fn names(State(app): State<App>) -> Json<Value> {
    let names: Vec<_> =
        metrics::families(&app).await.into_iter().map(|family| family.name).collect();
    Json(json!({ "names": names }))
}

/// The form of Spring Boot's actuator, which runbooks read with `jq '.measurements[0].value'`.
async fn one(State(app): State<App>, Path(name): Path<String>) -> Result<Json<Value>, Failure> {
    let families = metrics::families(&app).await;
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
    let sum = |series: &[Sample<f64>]| series.iter().map(|sample| sample.value).sum::<f64>();
    match &family.reading {
        Reading::Gauge(series) => vec![json!({ "statistic": "VALUE", "value": sum(series) })],
        Reading::Counter(series) => vec![json!({ "statistic": "COUNT", "value": sum(series) })],
        Reading::Histogram { series, .. } => {
            let count: u64 = series.iter().map(|sample| sample.value.count).sum();
            let total: f64 = series.iter().map(|sample| sample.value.sum).sum();
            vec![
                json!({ "statistic": "COUNT", "value": count }),
                json!({ "statistic": "TOTAL_TIME", "value": total }),
            ]
        }
    }
}

/// Every label with the values that it has.
fn tags(family: &Family) -> Vec<Value> {
    let labels: Vec<&[Label]> = match &family.reading {
        Reading::Gauge(series) | Reading::Counter(series) => {
            series.iter().map(|sample| &*sample.labels).collect()
        }
        Reading::Histogram { series, .. } => series.iter().map(|sample| &*sample.labels).collect(),
    };
    let mut tags: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in labels.into_iter().flatten() {
        tags.entry(name).or_default().push(value);
    }
    tags.into_iter().map(|(tag, values)| json!({ "tag": tag, "values": values })).collect()
}
