//! How a process is asked to end.

use crate::error::Error;

/// A future that ends when the process is asked to end, by Ctrl-C or by SIGTERM.
#[cfg(unix)]
pub(super) fn asked_to_end() -> Result<impl Future<Output = ()>, Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::Signals)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::Signals)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// A future that ends when the process is asked to end by Ctrl-C.
#[cfg(not(unix))]
pub(super) fn asked_to_end() -> Result<impl Future<Output = ()>, Error> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
