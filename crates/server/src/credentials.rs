//! Who may do what changes the server itself: the user `admin` with the password of `YAWL_PASSWORD`.

use axum::http::{HeaderMap, header};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::{
    config::Secret,
    problem::{Code, Failure},
};

#[cfg(test)]
mod tests;

/// The credentials of the one user that there is, if the deployment has set a password.
pub(crate) struct Credentials {
    /// The header that shows them.
    wanted: Option<String>,
}

impl Credentials {
    pub(crate) fn new(password: Option<&Secret>) -> Self {
        let wanted = password.map(|password| {
            format!("Basic {}", BASE64_STANDARD.encode(format!("admin:{}", password.expose())))
        });
        Self { wanted }
    }

    /// Refuses credentials that are wrong. None at all, and any where no password is set, pass.
    pub(crate) fn check_if_given(&self, headers: &HeaderMap) -> Result<(), Failure> {
        match (headers.get(header::AUTHORIZATION), &self.wanted) {
            (Some(given), Some(wanted)) => compare(given.as_bytes(), wanted),
            (None, _) | (_, None) => Ok(()),
        }
    }

    /// Refuses everybody who does not show them; where no password is set nobody can.
    pub(crate) fn require(&self, headers: &HeaderMap) -> Result<(), Failure> {
        let Some(wanted) = &self.wanted else {
            let detail = "this needs credentials and the server has none; start it with YAWL_PASSWORD \
                          and send basic authentication as admin";
            return Err(Failure::new(Code::BadCredentials, detail));
        };
        let given = headers.get(header::AUTHORIZATION).ok_or_else(|| {
            let detail = "this needs credentials; send basic authentication as admin, \
                          the password is set by YAWL_PASSWORD";
            Failure::new(Code::BadCredentials, detail)
        })?;
        compare(given.as_bytes(), wanted)
    }
}

fn compare(given: &[u8], wanted: &str) -> Result<(), Failure> {
    if equal_in_constant_time(given, wanted.as_bytes()) {
        return Ok(());
    }
    let detail =
        "credentials do not match; the user is admin, the password is set by YAWL_PASSWORD";
    Err(Failure::new(Code::BadCredentials, detail))
}

/// Takes as long for a wrong guess as for a nearly right one.
fn equal_in_constant_time(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
