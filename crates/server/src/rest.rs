//! The REST interface under `/api/v1`: one file per noun.

mod cases;
mod events;
mod paging;
mod specifications;
mod work_items;

use axum::{extract::DefaultBodyLimit, http::StatusCode};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::events::Streams;
use crate::app::App;

/// All routes, relative to `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(specifications::list, specifications::upload))
        .routes(routes!(specifications::get, specifications::delete))
        .routes(routes!(specifications::source))
        .routes(routes!(specifications::verify))
        .routes(routes!(cases::list, cases::launch))
        .routes(routes!(cases::launch_batch))
        .routes(routes!(cases::get))
        .routes(routes!(cases::history))
        .routes(routes!(cases::or_joins))
        .routes(routes!(cases::cancel))
        .routes(routes!(cases::suspend))
        .routes(routes!(cases::resume))
        .routes(routes!(work_items::list))
        .routes(routes!(work_items::checkout_batch))
        .routes(routes!(work_items::checkin_batch))
        .routes(routes!(work_items::get))
        .routes(routes!(work_items::checkout))
        .routes(routes!(work_items::checkin))
        .routes(routes!(work_items::skip))
        .routes(routes!(work_items::suspend))
        .routes(routes!(work_items::unsuspend))
        .routes(routes!(work_items::rollback))
        .routes(routes!(work_items::complete_task))
        .routes(routes!(work_items::fail))
        .routes(routes!(work_items::force))
        .routes(routes!(work_items::add_instance))
        .routes(routes!(events::stream))
        // Our own extractors have their own limits, per kind of body.
        .layer(DefaultBodyLimit::disable())
}

/// Answer to what was created.
const CREATED: StatusCode = StatusCode::CREATED;
