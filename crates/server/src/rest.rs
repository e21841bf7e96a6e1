//! The REST interface under `/api/v1`: one file per noun.

mod cases;
mod events;
mod paging;
mod specifications;
mod work_items;

use axum::http::StatusCode;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouter},
    routes,
};

pub(crate) use self::events::Streams;
use crate::app::App;

/// All routes below `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(below(routes!(specifications::list, specifications::upload)))
        .routes(below(routes!(specifications::get, specifications::delete)))
        .routes(below(routes!(specifications::source)))
        .routes(below(routes!(specifications::verify)))
        .routes(below(routes!(cases::list, cases::launch)))
        .routes(below(routes!(cases::launch_batch)))
        .routes(below(routes!(cases::get)))
        .routes(below(routes!(cases::history)))
        .routes(below(routes!(cases::or_joins)))
        .routes(below(routes!(cases::cancel)))
        .routes(below(routes!(cases::suspend)))
        .routes(below(routes!(cases::resume)))
        .routes(below(routes!(work_items::list)))
        .routes(below(routes!(work_items::checkout_batch)))
        .routes(below(routes!(work_items::checkin_batch)))
        .routes(below(routes!(work_items::get)))
        .routes(below(routes!(work_items::checkout)))
        .routes(below(routes!(work_items::checkin)))
        .routes(below(routes!(work_items::skip)))
        .routes(below(routes!(work_items::suspend)))
        .routes(below(routes!(work_items::unsuspend)))
        .routes(below(routes!(work_items::rollback)))
        .routes(below(routes!(work_items::complete_task)))
        .routes(below(routes!(work_items::fail)))
        .routes(below(routes!(work_items::force)))
        .routes(below(routes!(work_items::add_instance)))
        .routes(below(routes!(events::stream)))
}

/// Puts `/api/v1` before a route. Nesting a router would do it too, by two more services for each request.
fn below((schemas, mut paths, methods): UtoipaMethodRouter<App>) -> UtoipaMethodRouter<App> {
    let prefixed = paths.paths.into_iter().map(|(path, item)| (format!("/api/v1{path}"), item));
    paths.paths = prefixed.collect();
    (schemas, paths, methods)
}

/// Answer to what was created.
const CREATED: StatusCode = StatusCode::CREATED;
