//! A model that Ollama serves: `POST /api/generate`, answers in one piece.

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Request, StatusCode, body::Bytes};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};

use crate::agent::{Model, Trouble};

/// Bytes of one answer.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

pub(crate) struct Ollama {
    url: String,
    model: String,
    http: Client<HttpConnector, Full<Bytes>>,
}

impl Ollama {
    pub(crate) fn new(url: String, model: String) -> Self {
        Self { url, model, http: Client::builder(TokioExecutor::new()).build_http() }
    }
}

impl Model for Ollama {
    async fn complete(&self, prompt: String) -> Result<String, Trouble> {
        let broken = |error: &dyn std::fmt::Display| Trouble::Broken(error.to_string());
        let asks = json!({ "model": self.model, "prompt": prompt, "stream": false });
        let request = Request::post(format!("{}/api/generate", self.url))
            .body(Full::new(Bytes::from(asks.to_string())))
            .map_err(|error| broken(&error))?;
        let response = self.http.request(request).await.map_err(|error| broken(&error))?;
        let status = response.status();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            return Err(Trouble::Busy("the model has no room".to_owned()));
        }
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| broken(&error))?.to_bytes();
        let answer: Value = serde_json::from_slice(&body).map_err(|error| broken(&error))?;
        match answer["response"].as_str() {
            Some(reply) => Ok(reply.to_owned()),
            None => Err(Trouble::Broken(format!("{status}: {answer}"))),
        }
    }
}
