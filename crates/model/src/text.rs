//! The second layer of escapes that values of variables carry.
//!
//! A structured value stands in a document as text with its markup escaped; the reference unescapes
//! once more after parsing, so `&amp;lt;` in the document is `<` in the value, too.

/// The five predefined entities and what they stand for.
const ENTITIES: [(&str, char); 5] =
    [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\'')];

/// Replaces the predefined entities, each once, from left to right.
pub(crate) fn unescape(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        result.push_str(before);
        let entity = ENTITIES.iter().find(|(entity, _)| tail.starts_with(entity));
        let (length, character) = entity.map_or((1, '&'), |(entity, c)| (entity.len(), *c));
        result.push(character);
        rest = &tail[length..];
    }
    result.push_str(rest);
    result
}

/// The text that [`unescape`] turns into `value`.
pub(crate) fn escape(value: &str) -> String {
    value.replace('&', "&amp;")
}
