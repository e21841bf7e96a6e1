//! Which variables a query reads, as far as its text shows: names behind `/<data root>/`.

/// The names that follow `/root/` in `query`, repeated ones too.
pub(super) fn names_read<'q>(query: &'q str, root: &str) -> Vec<&'q str> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{B7}');
    let prefix = format!("/{root}/");
    let after = |(at, _): (usize, &str)| {
        let rest = &query[at + prefix.len()..];
        let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        &rest[..end]
    };
    query.match_indices(&prefix).map(after).filter(|name| !name.is_empty()).collect()
}
