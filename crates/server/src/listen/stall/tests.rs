//! Clients that stop reading.

use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use super::*;

const LIMIT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn a_client_that_never_reads_breaks_the_stream() {
    let (ours, _theirs) = duplex(16);
    let mut stall = Stall::new(ours, LIMIT);
    let error = stall.write_all(&[0; 100]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn a_slow_client_that_goes_on_reading_gets_everything() {
    let (ours, mut theirs) = duplex(16);
    let mut stall = Stall::new(ours, LIMIT);
    let reads = async {
        let mut part = [0; 10];
        for _ in 0..10 {
            // Slower than the limit in sum, faster from one part to the next.
            sleep(LIMIT / 5).await;
            theirs.read_exact(&mut part).await.unwrap();
        }
    };
    let (written, ()) = tokio::join!(stall.write_all(&[0; 100]), reads);
    assert!(written.is_ok());
}
