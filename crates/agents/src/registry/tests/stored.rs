//! What is stored: its size, and what is read from damage.

use proptest::prelude::*;

use super::{
    super::{AgentRecord, Ascending, Damaged, Event, Fact, Settings, SnapshotRecord, restore},
    World, run,
};
use crate::ids::{Moment, SessionId, Slot};

/// Bytes for each of `renewed` agents, one in `every` of a million.
fn bytes_each(renewed: u32, every: u32) -> f64 {
    let slots: Ascending<Slot> = (0..renewed).map(|i| Slot(i * every)).collect();
    let event = Event { at: Moment { ms: 3_600_000_000 }, fact: Fact::Renewed { slots } };
    let bytes = postcard::to_stdvec(&event).unwrap().len();
    bytes as f64 / f64::from(renewed)
}

#[test]
fn a_renewal_is_one_to_three_bytes() {
    assert!(bytes_each(16_667, 60) < 1.01, "a second's renewals of a million agents");
    assert!(bytes_each(1_667, 600) < 2.01, "those of a tenth of a second");
    assert!(bytes_each(100, 10_000) < 2.2, "a hundred");
    assert!(bytes_each(10, 100_000) < 4.0, "ten: the head of the event counts");
}

proptest! {
    #[test]
    fn ascending_numbers_are_read_back(slots: Vec<u32>, sessions: Vec<u64>) {
        let slots: Ascending<Slot> = slots.into_iter().map(Slot).collect();
        let bytes = postcard::to_stdvec(&slots).unwrap();
        prop_assert_eq!(postcard::from_bytes::<Ascending<Slot>>(&bytes).unwrap(), slots);
        let sessions: Ascending<SessionId> = sessions.into_iter().map(SessionId).collect();
        let bytes = postcard::to_stdvec(&sessions).unwrap();
        prop_assert_eq!(postcard::from_bytes::<Ascending<SessionId>>(&bytes).unwrap(), sessions);
    }

    #[test]
    fn any_bytes_are_refused_or_ascend(bytes: Vec<u8>) {
        if let Ok(slots) = postcard::from_bytes::<Ascending<Slot>>(&bytes) {
            prop_assert!(slots.windows(2).all(|two| two[0] < two[1]));
        }
    }
}

#[test]
fn steps_that_lead_nowhere_are_refused() {
    let read = |steps: &[u64]| {
        postcard::from_bytes::<Ascending<Slot>>(&postcard::to_stdvec(steps).unwrap())
    };
    assert!(read(&[0, 1, 1]).is_ok());
    assert!(read(&[1, 0]).is_err(), "twice the same");
    assert!(read(&[u64::from(u32::MAX), 1]).is_err(), "too large for a slot");
    assert!(read(&[1, u64::MAX]).is_err(), "too large for a number");
}

/// A snapshot of two agents in one session, and one name in quarantine.
fn snapshot() -> Vec<SnapshotRecord> {
    let mut world = World::new(Settings::default());
    for line in ["open host", "register s1 a b can order as Picker", "quarantine x because y"] {
        run(&mut world, line);
    }
    world.state().snapshot().collect()
}

fn restored(records: Vec<SnapshotRecord>) -> Result<(), Damaged> {
    restore(Settings::default(), records).map(drop)
}

/// The snapshot with its agents changed.
fn with_agents(change: impl Fn(&mut Vec<AgentRecord>)) -> Vec<SnapshotRecord> {
    let mut records = snapshot();
    for record in &mut records {
        if let SnapshotRecord::Agents(agents) = record {
            change(agents);
        }
    }
    records
}

#[test]
fn a_snapshot_that_contradicts_itself_is_refused() {
    assert_eq!(restored(snapshot()), Ok(()));
    assert_eq!(restored(Vec::new()), Err(Damaged::Head));
    assert_eq!(restored(snapshot().split_off(1)), Err(Damaged::Head));
    let mut short = snapshot();
    short.pop();
    let count = Damaged::Count { what: "agents", found: 0, expected: 2 };
    assert_eq!(restored(short), Err(count));
    let twice = with_agents(|agents| agents[1].id = agents[0].id.clone());
    assert!(matches!(restored(twice), Err(Damaged::Twice { what: "agent", .. })));
    let twice = with_agents(|agents| agents[1].slot = agents[0].slot);
    assert!(matches!(restored(twice), Err(Damaged::Twice { what: "slot", .. })));
    let ahead = with_agents(|agents| agents[1].epoch.0 = 3);
    assert_eq!(restored(ahead), Err(Damaged::NeverGiven { what: "epoch", given: 3 }));
    for what in ["a session", "a list of capabilities", "a profile"] {
        let missing = with_agents(|agents| match what {
            "a session" => agents[0].session = Some(SessionId(9)),
            "a profile" => agents[0].profile = Some(9),
            _ => agents[0].capabilities = 9,
        });
        let id = "a".parse().unwrap();
        assert_eq!(restored(missing), Err(Damaged::Missing { id, what }));
    }
}
