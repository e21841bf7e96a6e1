//! The description of the REST interface, generated from the handlers, and the routes it comes with.

use axum::{Json, Router, routing::get};
use utoipa::{
    OpenApi as _,
    openapi::{ComponentsBuilder, OpenApi},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{app::App, rest};

#[cfg(test)]
mod tests;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Flotilla",
        description = "Workflow engine for fleets of agents: specifications, cases, work items, agents.\n\n\
            Every error is a problem (RFC 9457) with a stable code; docs/api.md has the table. An id in a path is \
            one segment: encode every byte but A-Z a-z 0-9 - . _ ~. A command repeated with the same \
            Idempotency-Key gives the same answer and happens once.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    tags(
        (name = "specifications", description = "What can be run"),
        (name = "cases", description = "What runs or has run"),
        (name = "work items", description = "What is to be done"),
        (name = "agents", description = "Who is there and what they can do"),
        (name = "claims", description = "Who does it: work under leases"),
        (name = "reviews", description = "Several agents answer one item, one answer counts"),
        (name = "marketplace", description = "What agents offer, and finding who offers it"),
        (name = "organisation", description = "Who may be given work by name"),
        (name = "worklists", description = "What participants are asked to do, and what they do with it"),
        (name = "events", description = "What is going on")
    )
)]
struct Description;

/// The REST routes with their description.
pub(crate) fn routes() -> (Router<App>, OpenApi) {
    let (router, mut description) =
        OpenApiRouter::with_openapi(Description::openapi()).merge(rest::routes()).split_for_parts();
    // A client generator wants every schema by name, also where no route mentions it.
    description.components.get_or_insert_with(|| ComponentsBuilder::new().build());
    (router, description)
}

/// Serves the description.
pub(crate) fn describe(description: &OpenApi) -> Router<App> {
    let description = serde_json::to_value(description).expect("a description is plain data");
    Router::new().route("/api/v1/openapi.json", get(move || async move { Json(description) }))
}
