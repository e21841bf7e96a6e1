//! Which variables a query takes apart, as far as its text shows: names between `/<data root>/` and `/`.

/// The names in `/root/NAME/` anywhere in `query`, repeated ones too. A path that ends at the name is
/// not among them, as in the reference: it passes the element on, and that may be empty.
pub(super) fn names_read<'q>(query: &'q str, root: &str) -> Vec<&'q str> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{B7}');
    let prefix = format!("/{root}/");
    let name_after = |(at, _): (usize, &str)| {
        let rest: &'q str = &query[at + prefix.len()..];
        let end = rest.find(|c: char| !is_name(c))?;
        (end > 0 && rest[end..].starts_with('/')).then_some(&rest[..end])
    };
    query.match_indices(&prefix).filter_map(name_after).collect()
}
