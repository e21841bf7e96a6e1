//! The REST interface under `/api/v1`: one file per noun.

mod agents;
mod batch;
mod cases;
mod claims;
mod events;
mod groups;
mod hand_offs;
mod leases;
mod marketplace;
mod paging;
mod participants;
mod positions;
mod reviews;
mod roles;
mod sessions;
mod specifications;
mod streams;
mod work_items;
mod worklists;

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
        .merge(routes_of_agents())
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
        .routes(below(routes!(work_items::requeue)))
        .routes(below(routes!(reviews::list)))
        .routes(below(routes!(reviews::get)))
        .routes(below(routes!(reviews::resolve)))
}

/// Those about agents and people, and what they are given.
fn routes_of_agents() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(below(routes!(sessions::list, sessions::open)))
        .routes(below(routes!(sessions::renew)))
        .routes(below(routes!(sessions::get, sessions::close)))
        .routes(below(routes!(streams::read)))
        .routes(below(routes!(streams::push)))
        .routes(below(routes!(agents::list, agents::register)))
        .routes(below(routes!(agents::count)))
        .routes(below(routes!(agents::get)))
        .routes(below(routes!(agents::renew)))
        .routes(below(routes!(agents::set_states)))
        .routes(below(routes!(agents::drain)))
        .routes(below(routes!(agents::quarantine)))
        .routes(below(routes!(agents::release)))
        .routes(below(routes!(agents::deregister)))
        .routes(below(routes!(claims::claim)))
        .routes(below(routes!(leases::renew)))
        .routes(below(routes!(leases::give_back)))
        .routes(below(routes!(leases::fail)))
        .routes(below(routes!(leases::give_back_one)))
        .routes(below(routes!(leases::fail_one)))
        .routes(below(routes!(hand_offs::offer)))
        .routes(below(routes!(hand_offs::accept)))
        .routes(below(routes!(marketplace::publish)))
        .routes(below(routes!(marketplace::unpublish)))
        .routes(below(routes!(marketplace::search)))
        .routes(below(routes!(marketplace::stats)))
        .routes(below(routes!(marketplace::resync)))
        .routes(below(routes!(participants::list)))
        .routes(below(routes!(participants::get, participants::put, participants::delete)))
        .routes(below(routes!(roles::list)))
        .routes(below(routes!(roles::get, roles::put, roles::delete)))
        .routes(below(routes!(positions::list)))
        .routes(below(routes!(positions::get, positions::put, positions::delete)))
        .routes(below(routes!(groups::list)))
        .routes(below(routes!(groups::get, groups::put, groups::delete)))
        .routes(below(routes!(worklists::list)))
        .routes(below(routes!(worklists::get, worklists::administer)))
        .routes(below(routes!(worklists::list_of_participant)))
        .routes(below(routes!(worklists::act)))
        .routes(below(routes!(worklists::unpile)))
        .routes(below(routes!(worklists::unchain)))
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
