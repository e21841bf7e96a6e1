//! What holds for any play with a worklist.

use proptest::prelude::*;

use super::*;

/// Any command on two cases, two tasks and five participants.
fn commands() -> impl Strategy<Value = Vec<String>> {
    let verbs = prop::sample::select(vec![
        "distribute",
        "distribute",
        "accept",
        "accept",
        "start",
        "start",
        "deallocate",
        "suspend",
        "resume",
        "skip",
        "pile",
        "start-for",
        "refuse",
        "chain",
        "unchain",
        "allocate",
        "delegate",
        "hand",
        "hand-fresh",
        "offer",
        "redistribute",
        "complete",
        "withdraw",
        "close",
        "rename",
    ]);
    let item = || prop::sample::select(vec!["1a", "1b", "2a", "2b", "3a"]);
    let name = || prop::sample::select(vec!["ann", "bob", "cid", "eve", "bot:1"]);
    let line =
        (verbs, item(), name(), name(), item()).prop_map(
            |(verb, item, by, to, other)| match verb {
                "distribute" | "redistribute" | "refuse" | "complete" | "withdraw" | "close" => {
                    format!("{verb} {item}")
                }
                "rename" => format!("rename {item} {other}"),
                "delegate" | "hand" | "hand-fresh" | "offer" => format!("{verb} {item} {by} {to}"),
                _ => format!("{verb} {item} {by}"),
            },
        );
    prop::collection::vec(line, 0..80)
}

/// Commands that ask for something new each time.
fn repeats(line: &str) -> bool {
    ["redistribute", "refuse", "offer", "close"].iter().any(|verb| line.starts_with(verb))
}

proptest! {
    #[test]
    fn replay_equals_live_and_duplicates_change_nothing(
        lines in commands(),
        allocate in prop::sample::select(vec!["user", "RandomChoice", "RoundRobinByTime"]),
        start in prop::sample::select(vec!["user", "system"]),
        away in prop::sample::select(vec!["ann", "bob", "eve"]),
    ) {
        let mut play = Play::new(resourcing_with(&roles("clerk"), allocate, start, ALL));
        play.world.set_available(away, false);
        for line in &lines {
            let before = play.worklist.clone();
            if play.give(command(line)).is_err() {
                prop_assert_eq!(&play.worklist, &before);
            } else if !repeats(line) {
                let after = play.worklist.clone();
                // The same again is refused or nothing, unless the first one made room for it.
                let again = play.give(command(line)).unwrap_or_default();
                prop_assert!(again.is_empty() || play.worklist != after, "{}: {:?}", line, again);
                if line.starts_with("accept") || line.starts_with("start") {
                    prop_assert_eq!(again, []);
                }
            }
        }
        let (mut replayed, mut history) = (Worklist::default(), History::default());
        for event in &play.events {
            let stored = postcard::to_allocvec(event).unwrap();
            let event = postcard::from_bytes(&stored).unwrap();
            apply(&mut replayed, &event);
            history.note(&event);
        }
        let mut built = History::default();
        history.parts().for_each(|part| built.restore(part));
        prop_assert_eq!(built, history);
        prop_assert_eq!(replayed, play.worklist);
    }

    #[test]
    fn nobody_away_is_given_an_item_and_each_item_has_one_holder(lines in commands()) {
        let mut play = Play::new(clerks(ALL));
        play.world.set_available("bob", false);
        for line in &lines {
            let _ = play.give(command(line));
        }
        prop_assert!(play.worklist.queues(&who("bob")).is_none());
        for (id, item) in play.worklist.items() {
            let stands_in = ["ann", "cid", "dan", "eve", "bot:1"].into_iter().filter(|name| {
                play.worklist.queues(&who(name)).is_some_and(|queues| {
                    [&queues.allocated, &queues.started, &queues.suspended]
                        .iter()
                        .any(|queue| queue.values().any(|other| other == id))
                })
            });
            let is_held = matches!(
                item.status,
                Status::Allocated(_) | Status::Started(_) | Status::Suspended(_)
            );
            prop_assert_eq!(stands_in.count(), usize::from(is_held));
        }
    }
}
