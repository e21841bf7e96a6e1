//! The decoder of stored events and cases, and replaying what it gives: of any specification, in any order.

use std::sync::OnceLock;

use engine::{
    Case, CaseId, Command, Event, Inputs, Now, Program, check_case, check_invariants, replay,
    view::view,
};

/// The first byte says which of them the rest is read with.
pub const SPECIFICATIONS: [&str; 4] = [
    include_str!("../../../testdata/fuzz/specification/netgen-0.yawl"),
    include_str!("../../../testdata/fuzz/specification/netgen-1.yawl"),
    include_str!("../../../testdata/fuzz/specification/netgen-2.yawl"),
    include_str!("../../../testdata/fuzz/specification/netgen-3.yawl"),
];

/// Items of one case that commands are tried on.
const ITEMS: usize = 4;

/// What does not fit the specification is refused; all else can be looked at, stored and read back.
pub(crate) fn replay_all(bytes: &[u8]) {
    let Some((which, rest)) = bytes.split_first() else { return };
    let program = program(usize::from(*which));
    if let Ok(case) = postcard::from_bytes::<Case>(rest)
        && check_case(program, &case).is_ok()
    {
        look_at(program, &case);
    }
    let Ok(events) = postcard::from_bytes::<Vec<Event>>(rest) else { return };
    let stored = postcard::to_stdvec(&events).expect("events can be stored");
    let again: Vec<Event> = postcard::from_bytes(&stored).expect("and read back");
    assert_eq!(again, events);
    let mut case = Case::new(CaseId::parse("C").expect("a letter"));
    if replay(program, &mut case, &events).is_ok() {
        look_at(program, &case);
    }
}

fn program(which: usize) -> &'static Program {
    static PROGRAMS: [OnceLock<Program>; SPECIFICATIONS.len()] =
        [const { OnceLock::new() }; SPECIFICATIONS.len()];
    let which = which % SPECIFICATIONS.len();
    PROGRAMS[which].get_or_init(|| {
        let set = model::read(SPECIFICATIONS[which]).expect("it was generated");
        Program::compile(&set.specifications[0]).expect("it was generated to compile")
    })
}

/// A case that holds its invariants can also be gone on with, whatever its data are.
fn look_at(program: &Program, case: &Case) {
    let stored = postcard::to_stdvec(case).expect("a case can be stored");
    let again: Case = postcard::from_bytes(&stored).expect("and read back");
    assert_eq!(again, *case);
    drop(view(program, case));
    if check_invariants(program, case).is_err() {
        return;
    }
    let inputs = Inputs { now: Now { unix_ms: 1_000_000, offset_minutes: 0 }, seed: 7 };
    let items = case.items.keys().take(ITEMS).flat_map(|item| {
        [
            Command::Start { item: item.clone() },
            Command::Complete { item: item.clone(), data: "<W1/>".to_owned() },
            Command::Force { item: item.clone(), data: None },
            Command::Skip { item: item.clone() },
            Command::CancelItem { item: item.clone() },
        ]
    });
    for command in items.chain([Command::FireDue, Command::ResumeCase, Command::CancelCase]) {
        drop(engine::decide(program, case, command, inputs));
    }
}
