//! Specifications: what an agent's author uploads to try it.

use hyper::Method;
use wire::specification::Uploaded;

use super::{Client, Repeat, read};
use crate::error::Error;

impl Client {
    /// Loads the specifications of a `.yawl` document. Loading the same again is no error.
    pub async fn upload(&self, document: &str) -> Result<Uploaded, Error> {
        let ask = self.asks(Method::POST, "/api/v1/specifications").xml(document);
        read(&self.send(ask, Repeat::Safe).await?)
    }
}
