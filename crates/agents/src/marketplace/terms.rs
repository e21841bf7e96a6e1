//! What offerings can be found by: each word, namespace, pattern and so on has a number while an offering uses it.
//!
//! A keyword is a part of a text, so words are found by their parts: a list of all ends of all words stands in
//! alphabetical order, and what begins with the part looked for stands there in a row.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{
    offering::{Offering, Wcp},
    ordered::Ordered,
};

/// A longer word is under [`Term::LongWord`]: its ends would cost more than they are worth.
const WORD_BYTES_MAX: usize = 64;
/// Words that a keyword may be part of and still help: the lists of all are walked together.
pub(super) const WORDS_MAX: usize = 64;

/// A property that an offering has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Term {
    /// Letters and digits in a row, of domain or description, in lower case.
    Word(SmolStr),
    LongWord,
    Namespace(SmolStr),
    SparqlPattern(SmolStr),
    Wcp(Wcp),
    InputToken(SmolStr),
    OutputToken(SmolStr),
    /// The number of bits of the smallest p99: less than two to the power of that.
    BestP99(u32),
    NoLatency,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TermId(u32);

#[derive(Debug, Default)]
pub(super) struct Terms {
    ids: BTreeMap<Term, TermId>,
    entries: Vec<Option<Entry>>,
    free: Vec<TermId>,
    ends: Ordered<End>,
}

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    term: Term,
    /// Offerings that have it.
    uses: u32,
}

/// The end of a word, from a byte on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    word: TermId,
    from: u8,
}

impl TermId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// All terms that an offering is found by.
pub(super) fn of(offering: &Offering) -> BTreeSet<Term> {
    let mut terms = BTreeSet::new();
    for word in words(offering.folded()) {
        terms.insert(match word.len() {
            ..=WORD_BYTES_MAX => Term::Word(word.into()),
            _ => Term::LongWord,
        });
    }
    terms.extend(offering.coverage.namespaces.iter().cloned().map(Term::Namespace));
    terms.extend(offering.coverage.sparql_patterns.iter().cloned().map(Term::SparqlPattern));
    for contract in &offering.fit {
        terms.extend(contract.wcp_patterns.iter().copied().map(Term::Wcp));
        terms.extend(contract.input_tokens.iter().cloned().map(Term::InputToken));
        terms.extend(contract.output_tokens.iter().cloned().map(Term::OutputToken));
    }
    terms.insert(offering.best_p99_ms().map_or(Term::NoLatency, |ms| Term::BestP99(bits(ms))));
    terms
}

/// Letters and digits in a row. What is a row in a part of a text lies within one row of the text.
pub(super) fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

pub(super) fn bits(ms: u64) -> u32 {
    u64::BITS - ms.leading_zeros()
}

impl Terms {
    pub(super) fn id(&self, term: &Term) -> Option<TermId> {
        self.ids.get(term).copied()
    }

    pub(super) fn term(&self, id: TermId) -> &Term {
        &self.entry(id).term
    }

    /// Counts an offering that has these terms.
    pub(super) fn take(&mut self, terms: BTreeSet<Term>) -> Box<[TermId]> {
        let taken = terms.into_iter().map(|term| {
            let id = self.id(&term).unwrap_or_else(|| self.put(term));
            self.entry_mut(id).uses += 1;
            id
        });
        taken.collect()
    }

    /// Counts an offering less; a term that none has any more is forgotten.
    pub(super) fn release(&mut self, ids: &[TermId]) {
        for &id in ids {
            let entry = self.entry_mut(id);
            entry.uses -= 1;
            if entry.uses == 0 {
                self.forget(id);
            }
        }
    }

    /// Words that `part` is part of, at most [`WORDS_MAX`]; `None` if there are more.
    pub(super) fn words_with(&self, part: &str) -> Option<BTreeSet<TermId>> {
        let mut words = BTreeSet::new();
        let ends = self.ends.from(|end| self.end(end) < part);
        // A word can have several ends that begin so, but the look must end.
        for (looks, end) in ends.take_while(|end| self.end(*end).starts_with(part)).enumerate() {
            words.insert(end.word);
            if words.len() > WORDS_MAX || looks > 4 * WORDS_MAX {
                return None;
            }
        }
        Some(words)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&Term, TermId)> {
        self.ids.iter().map(|(term, id)| (term, *id))
    }

    fn put(&mut self, term: Term) -> TermId {
        let entry = Some(Entry { term: term.clone(), uses: 0 });
        let id = match self.free.pop() {
            Some(id) => {
                self.entries[id.index()] = entry;
                id
            }
            None => {
                self.entries.push(entry);
                TermId(
                    u32::try_from(self.entries.len() - 1).expect("memory ends before numbers do"),
                )
            }
        };
        for end in ends_of(id, &term) {
            let (entries, at) = (&self.entries, end_key(&self.entries, end));
            self.ends.insert(end, |other| end_key(entries, other).cmp(&at));
        }
        self.ids.insert(term, id);
        id
    }

    fn forget(&mut self, id: TermId) {
        let term = self.term(id).clone();
        for end in ends_of(id, &term) {
            let (entries, at) = (&self.entries, end_key(&self.entries, end));
            self.ends.remove(|other| end_key(entries, other).cmp(&at));
        }
        self.ids.remove(&term);
        self.entries[id.index()] = None;
        self.free.push(id);
    }

    fn end(&self, end: End) -> &str {
        end_key(&self.entries, end).0
    }

    fn entry(&self, id: TermId) -> &Entry {
        self.entries[id.index()].as_ref().expect("an offering uses it")
    }

    fn entry_mut(&mut self, id: TermId) -> &mut Entry {
        self.entries[id.index()].as_mut().expect("an offering uses it")
    }

    /// The same numbers with lists and counts made anew from the terms of all offerings.
    pub(super) fn rebuilt<'a>(&self, taken: impl Iterator<Item = &'a [TermId]>) -> Self {
        let mut entries = self.entries.clone();
        for entry in entries.iter_mut().flatten() {
            entry.uses = 0;
        }
        for id in taken.flatten() {
            if let Some(entry) = &mut entries[id.index()] {
                entry.uses += 1;
            }
        }
        let mut rebuilt = Self { entries, free: self.free.clone(), ..Self::default() };
        let ids: Vec<TermId> = (0..)
            .zip(&rebuilt.entries)
            .filter_map(|(id, entry)| entry.as_ref().map(|_| TermId(id)))
            .collect();
        for id in ids {
            let term = rebuilt.term(id).clone();
            for end in ends_of(id, &term) {
                let (entries, at) = (&rebuilt.entries, end_key(&rebuilt.entries, end));
                rebuilt.ends.insert(end, |other| end_key(entries, other).cmp(&at));
            }
            rebuilt.ids.insert(term, id);
        }
        rebuilt
    }
}

/// The numbers that are free may be given in any order.
impl PartialEq for Terms {
    fn eq(&self, other: &Self) -> bool {
        self.ids == other.ids && self.entries == other.entries && self.ends == other.ends
    }
}

fn ends_of(word: TermId, term: &Term) -> impl Iterator<Item = End> + use<> {
    let text = if let Term::Word(text) = term { text.as_str() } else { "" };
    let from: Vec<u8> = text.char_indices().map(|(from, _)| from as u8).collect();
    from.into_iter().map(move |from| End { word, from })
}

fn end_key(entries: &[Option<Entry>], end: End) -> (&str, TermId, u8) {
    let term = entries[end.word.index()].as_ref().map(|entry| &entry.term);
    let text = if let Some(Term::Word(text)) = term { &text[usize::from(end.from)..] } else { "" };
    (text, end.word, end.from)
}
