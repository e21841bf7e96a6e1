//! Pauses grow, end, differ, and never undercut what the server asked for.

use std::time::Duration;

use super::Pauses;
use crate::chance::Chance;

fn ms(attempts: u32, asked_for_ms: Option<u64>) -> u64 {
    let chance = Chance::new().unwrap();
    let pause = Pauses::default().after(attempts, asked_for_ms.map(Duration::from_millis), &chance);
    u64::try_from(pause.as_millis()).unwrap()
}

#[test]
fn a_pause_is_between_half_and_all_of_a_doubling_time() {
    for (attempts, whole) in [(1, 200), (2, 400), (5, 3_200), (9, 30_000), (u32::MAX, 30_000)] {
        for _ in 0..100 {
            let pause = ms(attempts, None);
            assert!((whole / 2..=whole).contains(&pause), "{attempts}: {pause} of {whole}");
        }
    }
}

#[test]
fn a_pause_is_never_shorter_than_the_server_asked_for() {
    assert_eq!(ms(1, Some(5_000)), 5_000);
    assert!(ms(20, Some(1)) >= 15_000);
}

#[test]
fn clients_that_fail_together_come_back_apart() {
    let chance = Chance::new().unwrap();
    let pauses: std::collections::BTreeSet<Duration> =
        (0..100).map(|_| Pauses::default().after(6, None, &chance)).collect();
    assert!(pauses.len() > 90, "{pauses:?}");
}
