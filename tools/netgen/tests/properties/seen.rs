//! What can be seen of a case, by net: tokens, busy tasks, offered tasks. Reads the engine's public view.

use std::collections::{BTreeMap, BTreeSet};

use engine::{
    Case, Program,
    case::ItemStatus,
    view::{Mark, View, view},
};

/// A case in names.
pub(crate) struct Seen {
    pub(crate) view: View,
    /// By the path of each running net, such as `C.2`.
    pub(crate) nets: BTreeMap<String, NetSeen>,
}

/// One running net.
#[derive(Default)]
pub(crate) struct NetSeen {
    /// The net's id.
    pub(crate) id: String,
    pub(crate) tokens: BTreeMap<String, u32>,
    pub(crate) busy: BTreeSet<String>,
    /// Tasks whose item can be started, or could if it were not suspended.
    pub(crate) offered: BTreeSet<String>,
}

impl Seen {
    pub(crate) fn new(program: &Program, case: &Case) -> Self {
        let view = view(program, case);
        let mut nets: BTreeMap<String, NetSeen> = BTreeMap::new();
        for (path, document) in &view.data {
            // The root element of a net's data is named after the net.
            let end = document.find(['>', '/']).expect("a data document");
            let id = document[1..end].to_owned();
            nets.insert(path.clone(), NetSeen { id, ..NetSeen::default() });
        }
        for (place, mark) in view.marking.iter().chain(&view.leftover) {
            let (path, element) = place.split_once('/').expect("a path and an element");
            let net = nets.get_mut(path).expect("a running net holds it");
            match mark {
                Mark::Tokens(tokens) => drop(net.tokens.insert(element.to_owned(), *tokens)),
                Mark::Busy(_) => drop(net.busy.insert(element.to_owned())),
            }
        }
        for (id, item) in &view.items {
            let (path, task) = id.split_once(':').expect("a path and a task");
            let is_offer = matches!(item.status, ItemStatus::Enabled | ItemStatus::Suspended);
            // An instance has a path of its own, which is no net's unless its task is composite.
            if is_offer && let Some(net) = nets.get_mut(path) {
                net.offered.insert(task.to_owned());
            }
        }
        for net in nets.values_mut() {
            // The parent of instances can be suspended, too.
            let NetSeen { offered, busy, .. } = net;
            offered.retain(|task| !busy.contains(task));
        }
        Self { view, nets }
    }
}
