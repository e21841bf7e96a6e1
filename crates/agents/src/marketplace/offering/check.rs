//! What makes a draft an offering. Each refusal names the field.

use std::fmt;

use smol_str::SmolStr;

use super::{Contract, Cost, Coverage, Draft, LatencyProfile};

/// A name, shown in lists.
pub const DOMAIN_BYTES_MAX: usize = 128;
/// A sentence or two; every keyword is looked for in it.
pub const DESCRIPTION_BYTES_MAX: usize = 1024;
/// A namespace or the type of a token: an IRI.
pub const TERM_BYTES_MAX: usize = 256;
/// A SPARQL pattern or a CONSTRUCT template.
pub const QUERY_BYTES_MAX: usize = 4096;
/// Each becomes an entry of the index.
pub const NAMESPACES_MAX: usize = 64;
/// Each becomes an entry of the index.
pub const QUERIES_MAX: usize = 64;
/// All of them may be tried for one query.
pub const CONTRACTS_MAX: usize = 43;
/// Of one contract and direction. Each becomes an entry of the index.
pub const TOKENS_MAX: usize = 32;
/// More sizes of graphs say nothing new.
pub const PROFILES_MAX: usize = 16;
pub const SPEC_VERSION_BYTES_MAX: usize = 64;
/// SHA-256 in hexadecimal.
pub const CONTENT_HASH_BYTES: usize = 64;
/// All texts together: a million agents with an offering of their own must fit into memory.
pub const OFFERING_BYTES_MAX: usize = 16 * 1024;

/// Which field is wrong, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct InvalidOffering {
    /// As in `latency[2].p95_ms`.
    pub field: String,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    #[error("is empty")]
    Empty,
    #[error("has {bytes} bytes, at most {max} are allowed")]
    TooLong { bytes: usize, max: usize },
    #[error("has {found} entries, at most {max} are allowed")]
    TooMany { found: usize, max: usize },
    #[error("holds the control character {found:?}")]
    ControlCharacter { found: char },
    #[error("is {found}, allowed is {allowed}")]
    Range { found: f64, allowed: &'static str },
    #[error("is 0, a graph has at least one triple")]
    NoTriples,
    #[error("is {found} and less than the percentile before it, {before}")]
    Descending { found: u64, before: u64 },
    #[error("is neither empty nor 64 hexadecimal digits")]
    NotAHash,
}

impl Problem {
    pub(in crate::marketplace) fn of(self, field: impl fmt::Display) -> InvalidOffering {
        InvalidOffering { field: field.to_string(), problem: self }
    }
}

pub(super) fn checked(mut draft: Draft) -> Result<Draft, InvalidOffering> {
    trim(&mut draft.domain);
    trim(&mut draft.description);
    line("domain", &draft.domain, DOMAIN_BYTES_MAX)?;
    text("description", &draft.description, DESCRIPTION_BYTES_MAX)?;
    coverage(&mut draft.coverage)?;
    count("fit", draft.fit.len(), CONTRACTS_MAX)?;
    for (at, contract) in draft.fit.iter_mut().enumerate() {
        self::contract(at, contract)?;
    }
    sort(&mut draft.fit);
    draft.cost = cost(draft.cost)?;
    count("latency", draft.latency.len(), PROFILES_MAX)?;
    for (at, profile) in draft.latency.iter().enumerate() {
        latency(at, profile)?;
    }
    sort(&mut draft.latency);
    line("spec_version", &draft.spec_version, SPEC_VERSION_BYTES_MAX)?;
    draft.content_hash = content_hash(draft.content_hash)?;
    match bytes(&draft) {
        bytes if bytes > OFFERING_BYTES_MAX => {
            Err(Problem::TooLong { bytes, max: OFFERING_BYTES_MAX }.of("offering"))
        }
        _ => Ok(draft),
    }
}

fn coverage(coverage: &mut Coverage) -> Result<(), InvalidOffering> {
    let Coverage { namespaces, sparql_patterns, construct_templates } = coverage;
    let lists: [(_, _, _, Entry); 3] = [
        ("coverage.namespaces", namespaces, NAMESPACES_MAX, term),
        ("coverage.sparql_patterns", sparql_patterns, QUERIES_MAX, query),
        ("coverage.construct_templates", construct_templates, QUERIES_MAX, query),
    ];
    for (field, list, max, check) in lists {
        entries(&field, list, max, check)?;
    }
    Ok(())
}

fn contract(at: usize, contract: &mut Contract) -> Result<(), InvalidOffering> {
    let Contract { wcp_patterns, input_tokens, output_tokens, maintains_soundness: _ } = contract;
    // More than there are patterns can only be repetitions.
    let field = format_args!("fit[{at}].wcp_patterns");
    count(field, wcp_patterns.len(), usize::from(super::Wcp::MAX))?;
    sort(wcp_patterns);
    entries(&format_args!("fit[{at}].input_tokens"), input_tokens, TOKENS_MAX, term)?;
    entries(&format_args!("fit[{at}].output_tokens"), output_tokens, TOKENS_MAX, term)
}

fn cost(mut cost: Cost) -> Result<Cost, InvalidOffering> {
    let numbers = [
        ("cost.construct_queries_per_call", &mut cost.construct_queries_per_call, f64::MAX),
        ("cost.llm_inference_ratio", &mut cost.llm_inference_ratio, 1.0),
        ("cost.base_price_per_cycle", &mut cost.base_price_per_cycle, f64::MAX),
    ];
    for (field, number, max) in numbers {
        // No comparison holds for what is not a number.
        if !(0.0..=max).contains(number) {
            let allowed = if max == 1.0 { "0 to 1" } else { "a finite number from 0" };
            return Err(Problem::Range { found: *number, allowed }.of(field));
        }
        // Zero has two forms.
        *number += 0.0;
    }
    Ok(cost)
}

fn latency(at: usize, profile: &LatencyProfile) -> Result<(), InvalidOffering> {
    let LatencyProfile { graph_triples, p50_ms, p95_ms, p99_ms } = *profile;
    let wrong = |name, problem: Problem| Err(problem.of(format_args!("latency[{at}].{name}")));
    if graph_triples == 0 {
        return wrong("graph_triples", Problem::NoTriples);
    }
    for (name, found, before) in [("p95_ms", p95_ms, p50_ms), ("p99_ms", p99_ms, p95_ms)] {
        if found < before {
            return wrong(name, Problem::Descending { found, before });
        }
    }
    // The largest number stands for "undeclared".
    if p99_ms == u64::MAX {
        let found = u64::MAX as f64;
        return wrong("p99_ms", Problem::Range { found, allowed: "less than 2^64 - 1" });
    }
    Ok(())
}

fn content_hash(hash: SmolStr) -> Result<SmolStr, InvalidOffering> {
    let is_hash =
        hash.len() == CONTENT_HASH_BYTES && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    match hash.is_empty() || is_hash {
        true => Ok(hash.to_ascii_lowercase().into()),
        false => Err(Problem::NotAHash.of("content_hash")),
    }
}

/// A check of one entry of a list.
type Entry = fn(&dyn fmt::Display, &str) -> Result<(), InvalidOffering>;

fn entries(
    field: &dyn fmt::Display,
    list: &mut Vec<SmolStr>,
    max: usize,
    check: Entry,
) -> Result<(), InvalidOffering> {
    count(field, list.len(), max)?;
    for (at, entry) in list.iter().enumerate() {
        check(&format_args!("{field}[{at}]"), entry)?;
    }
    sort(list);
    Ok(())
}

fn term(field: &dyn fmt::Display, term: &str) -> Result<(), InvalidOffering> {
    line(field, term, TERM_BYTES_MAX)
}

fn query(field: &dyn fmt::Display, query: &str) -> Result<(), InvalidOffering> {
    if query.trim().is_empty() {
        return Err(Problem::Empty.of(field));
    }
    text(field, query, QUERY_BYTES_MAX)
}

/// One line that is not blank.
pub(in crate::marketplace) fn line(
    field: impl fmt::Display,
    line: &str,
    max: usize,
) -> Result<(), InvalidOffering> {
    if line.trim().is_empty() {
        return Err(Problem::Empty.of(field));
    }
    match line.chars().find(|c| c.is_control()) {
        Some(found) => Err(Problem::ControlCharacter { found }.of(field)),
        None => text(field, line, max),
    }
}

fn text(field: impl fmt::Display, text: &str, max: usize) -> Result<(), InvalidOffering> {
    if text.len() > max {
        return Err(Problem::TooLong { bytes: text.len(), max }.of(field));
    }
    let is_wrong = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    match text.chars().find(is_wrong) {
        Some(found) => Err(Problem::ControlCharacter { found }.of(field)),
        None => Ok(()),
    }
}

pub(in crate::marketplace) fn count(
    field: impl fmt::Display,
    found: usize,
    max: usize,
) -> Result<(), InvalidOffering> {
    if found > max { Err(Problem::TooMany { found, max }.of(field)) } else { Ok(()) }
}

fn bytes(draft: &Draft) -> usize {
    let Coverage { namespaces, sparql_patterns, construct_templates } = &draft.coverage;
    let tokens = draft.fit.iter().flat_map(|contract| {
        [&contract.input_tokens, &contract.output_tokens].into_iter().flatten()
    });
    let lists = [namespaces, sparql_patterns, construct_templates].into_iter().flatten();
    let named = [&draft.domain, &draft.description, &draft.spec_version, &draft.content_hash];
    lists.chain(tokens).chain(named).map(|text| text.len()).sum()
}

fn sort<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
    list.shrink_to_fit();
}

fn trim(text: &mut SmolStr) {
    if text.trim().len() != text.len() {
        *text = text.trim().into();
    }
}
