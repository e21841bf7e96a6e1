//! The page at `/`: the built web UI inside the binary, or a plain page that says how to build it.

use axum::{
    Router,
    http::{StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use rust_embed::RustEmbed;

use crate::{
    app::App,
    problem::{Code, Failure},
};

#[cfg(test)]
mod tests;

/// Everything that Vite wrote. In a debug build the files are read when asked for.
#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Dist;

/// A file whose name holds a hash of its content never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(index))
        .route("/assets/{*path}", get(asset))
        .route("/favicon.svg", get(asset))
}

async fn index() -> Response {
    match Dist::get("index.html") {
        Some(file) => Html(file.data.into_owned()).into_response(),
        None => Html(ABSENT).into_response(),
    }
}

async fn asset(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let Some(file) = Dist::get(path) else {
        let detail = format!("no file {path:?}; GET / has the names of the current ones");
        return Failure::new(Code::NoSuchRoute, detail).into_response();
    };
    let cache = if path.starts_with("assets/") { FOR_EVER } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, media_type(path)), (header::CACHE_CONTROL, cache)];
    (StatusCode::OK, headers, file.data.into_owned()).into_response()
}

/// By ending. What Vite does not write is sent as bytes, which a browser does not run.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json" | "map") => "application/json",
        Some("woff2") => "font/woff2",
        Some(_) | None => "application/octet-stream",
    }
}

const ABSENT: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Flotilla</title>
<h1>Flotilla is running</h1>
<p>This build has no web page. Build it with <code>cargo xtask ui</code> (needs Node 18 or later), then build
the server again.</p>
<ul>
<li><a href=\"/api/v1/openapi.json\">Description of the REST interface</a> (OpenAPI 3.1)</li>
<li><a href=\"/api/v1/specifications\">Specifications</a></li>
<li><a href=\"/api/v1/cases\">Cases</a></li>
<li><a href=\"/actuator/health\">Health</a></li>
</ul>
</html>
";
