//! What holds in a case, as lines of a trace.

use std::fmt::Write as _;

use engine::{
    Case, Program,
    case::ItemStatus,
    view::{Mark, View, view},
};

/// The case's end, its tokens, items and incidents, and its data where that is not as `data` was. What there is
/// none of has no line. An item whose instances are at work is left out: they are there.
pub(super) fn show(program: &Program, case: &Case, data: &mut String) -> String {
    let seen: View = view(program, case);
    let mut text = String::new();
    let status = case.status.name();
    if status != "running" {
        writeln!(text, "case     {status}").expect("a string");
    }
    let prefix = format!("{}/", case.id);
    let mut line = |label: &str, parts: Vec<String>| {
        if !parts.is_empty() {
            writeln!(text, "{label:<8} {}", parts.join(", ")).expect("a string");
        }
    };
    let places = |marks: &std::collections::BTreeMap<String, Mark>| {
        marks.iter().map(|(place, mark)| show_mark(&prefix, place, *mark)).collect()
    };
    line("tokens", places(&seen.marking));
    line("left", places(&seen.leftover));
    let items = seen.items.iter().filter(|(_, item)| item.status != ItemStatus::IsParent);
    line("items", items.map(|(id, item)| format!("{id} {}", item.status)).collect());
    line("incident", seen.incidents.iter().map(|(at, why)| format!("{at}: {why}")).collect());
    let now = seen.data.get(&case.id.to_string()).cloned();
    let nothing = format!("<{0}></{0}>", program.root_net().id);
    if let Some(now) = now.filter(|now| now != data && *now != nothing) {
        line("data", vec![now.clone()]);
        *data = now;
    }
    text
}

/// `C/c{Pack_Ship}` with two tokens: `Pack→Ship (2)`. Places of the root net go without its name.
fn show_mark(prefix: &str, place: &str, mark: Mark) -> String {
    let place = place.strip_prefix(prefix).unwrap_or(place);
    let implicit =
        |place: &str| Some(place.strip_prefix("c{")?.strip_suffix('}')?.replace('_', "→"));
    let place = match place.rsplit_once('/') {
        Some((net, place)) => implicit(place).map(|place| format!("{net}/{place}")),
        None => implicit(place),
    }
    .unwrap_or_else(|| place.to_owned());
    match mark {
        Mark::Tokens(1) => place,
        Mark::Tokens(tokens) => format!("{place} ({tokens})"),
        Mark::Busy([1, ..]) => format!("{place} busy"),
        Mark::Busy([active, _, _, complete]) => {
            format!("{place} busy ({complete} of {active} complete)")
        }
    }
}
