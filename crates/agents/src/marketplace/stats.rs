//! How large the indexes are, whether they are right, and how they are made anew.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    List, Marketplace,
    index::Index,
    terms::{Term, TermId},
};

/// Sizes of the indexes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexStats {
    pub listings: usize,
    pub live: usize,
    pub stale: usize,
    /// Different offerings.
    pub offerings: usize,
    /// By the name of the index: what it is searched by.
    pub indexes: BTreeMap<&'static str, Depth>,
}

/// How many keys an index has, and how much is under each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Depth {
    pub keys: usize,
    /// Under all keys together. Offerings, where the index is one of offerings; agents under ranks.
    pub entries: usize,
    pub depth_max: usize,
}

impl Depth {
    pub fn depth_avg(self) -> f64 {
        if self.keys == 0 { 0.0 } else { self.entries as f64 / self.keys as f64 }
    }

    fn count(&mut self, depth: usize) {
        if depth > 0 {
            self.keys += 1;
            self.entries += depth;
            self.depth_max = self.depth_max.max(depth);
        }
    }
}

impl Marketplace {
    /// Counts the indexes through: for an operator, not for every scrape.
    pub fn stats(&self) -> IndexStats {
        let mut indexes: BTreeMap<&'static str, Depth> = BTreeMap::new();
        for (term, id) in self.shelf.terms.all() {
            indexes.entry(name(term)).or_default().count(self.depth(id));
        }
        for index in [&self.live, &self.stale] {
            for (_, group) in index.ranks() {
                indexes.entry("rank").or_default().count(group.len());
            }
        }
        IndexStats {
            listings: self.len(),
            live: self.live.agents,
            stale: self.stale.agents,
            offerings: self.shelf.interned.len(),
            indexes,
        }
    }

    fn depth(&self, term: TermId) -> usize {
        let depth = |index: &Index| index.posting(term).map_or(0, |list| list.len());
        depth(&self.live) + depth(&self.stale)
    }

    /// Makes every index anew from the listings, and says which of them had been wrong.
    pub fn resync(&mut self) -> Vec<List> {
        let mut wrong = self.shelf.resync();
        for (index, is_stale) in [(&mut self.live, false), (&mut self.stale, true)] {
            let anew = Index::of(&self.shelf, is_stale);
            wrong.extend(index.differences(&anew));
            *index = anew;
        }
        wrong.sort_unstable();
        wrong.dedup();
        wrong
    }
}

/// Compares every index with one made anew.
///
/// # Panics
///
/// If one of them is not what the listings say.
pub fn check_invariants(market: &Marketplace) {
    assert_eq!(market.shelf.differences(), []);
    for (index, is_stale) in [(&market.live, false), (&market.stale, true)] {
        assert_eq!(index.differences(&Index::of(&market.shelf, is_stale)), [], "stale: {is_stale}");
    }
    assert_eq!(market.len(), market.shelf.slots().count());
}

fn name(term: &Term) -> &'static str {
    match term {
        Term::Word(_) | Term::LongWord => "capability",
        Term::Namespace(_) => "namespace",
        Term::SparqlPattern(_) => "sparql_pattern",
        Term::Wcp(_) => "wcp",
        Term::InputToken(_) => "input_token",
        Term::OutputToken(_) => "output_token",
        Term::BestP99(_) | Term::NoLatency => "latency",
    }
}
