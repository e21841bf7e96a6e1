//! Which lists to walk: for each thing that is asked for, some lists hold all offerings that have it; the
//! shortest such choice is walked, and all else is tested.

use std::iter::successors;

use super::{
    super::{
        index::Index,
        ordered::Ordered,
        shelf::{OfferingId, Shelf},
        terms::{Term, bits, words},
    },
    Wanted,
};

type Lists<'a> = Vec<&'a Ordered<OfferingId>>;

/// Lists that together hold every offering of the index that can be what is wanted. None of them: nothing can.
pub(super) fn shortest<'a>(shelf: &Shelf, index: &'a Index, wanted: &Wanted<'_>) -> Lists<'a> {
    let everything = vec![index.everything()];
    let covers = by_term(shelf, index, wanted)
        .chain(by_keyword(shelf, index, wanted))
        .chain(by_latency(shelf, index, wanted));
    let len = |lists: &Lists<'_>| lists.iter().map(|list| list.len()).sum::<usize>();
    // Walking many lists at once costs more per step than walking one.
    covers.chain([everything]).min_by_key(|lists| (len(lists), lists.len())).unwrap_or_default()
}

/// One cover for each term that an offering must have: the list of that term.
fn by_term<'a>(
    shelf: &Shelf,
    index: &'a Index,
    wanted: &Wanted<'_>,
) -> impl Iterator<Item = Lists<'a>> {
    let slot = &wanted.slot;
    let namespaces = slot.namespaces.iter().cloned().map(Term::Namespace);
    let patterns = slot.sparql_patterns.iter().cloned().map(Term::SparqlPattern);
    let inputs = slot.input_tokens.iter().cloned().map(Term::InputToken);
    let outputs = slot.output_tokens.iter().cloned().map(Term::OutputToken);
    let wcp = slot.wcp_pattern.map(Term::Wcp);
    let terms = namespaces.chain(patterns).chain(inputs).chain(outputs).chain(wcp);
    terms.map(|term| shelf.terms.id(&term).and_then(|id| index.posting(id)).into_iter().collect())
}

/// The longest word of the keyword lies within one word of each text that holds the keyword.
fn by_keyword<'a>(shelf: &Shelf, index: &'a Index, wanted: &Wanted<'_>) -> Option<Lists<'a>> {
    let part = words(wanted.keyword.as_deref()?).max_by_key(|word| word.len())?;
    let found = shelf.terms.words_with(part)?;
    let long = shelf.terms.id(&Term::LongWord);
    Some(found.into_iter().chain(long).filter_map(|id| index.posting(id)).collect())
}

/// An offering without a profile passes; of the others, the best p99 at least must be low enough.
fn by_latency<'a>(shelf: &Shelf, index: &'a Index, wanted: &Wanted<'_>) -> Option<Lists<'a>> {
    let most = bits(wanted.slot.max_p99_ms?);
    let best = successors(Some(0), |bits| Some(bits + 1)).take_while(|bits| *bits <= most);
    let terms = best.map(Term::BestP99).chain([Term::NoLatency]);
    let ids = terms.filter_map(|term| shelf.terms.id(&term));
    Some(ids.filter_map(|id| index.posting(id)).collect())
}
