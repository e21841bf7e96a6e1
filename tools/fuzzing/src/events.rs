//! The decoder of stored events, and applying what it gives, in any order.

use engine::{Case, CaseId, Event, apply};

/// Events that make no sense change nothing or something, but never end the process; the case that
/// comes out can be stored and read back.
pub(crate) fn apply_all(bytes: &[u8]) {
    drop(postcard::from_bytes::<Case>(bytes));
    let Ok(events) = postcard::from_bytes::<Vec<Event>>(bytes) else { return };
    let stored = postcard::to_stdvec(&events).expect("events can be stored");
    let again: Vec<Event> = postcard::from_bytes(&stored).expect("and read back");
    assert_eq!(again, events);
    let mut case = Case::new(CaseId::parse("C").expect("a letter"));
    events.iter().for_each(|event| apply(&mut case, event));
    let stored = postcard::to_stdvec(&case).expect("a case can be stored");
    let again: Case = postcard::from_bytes(&stored).expect("and read back");
    assert_eq!(again, case);
}
