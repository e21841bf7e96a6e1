//! Writes planned output. What is copied has the document's form, which is that of a result.

use plain::Child;

use super::{Element, Piece};
use crate::{document::Compact, limits::RESULT_BYTES_MAX};

/// Appends `pieces`; `None` if the document or the length is one for the evaluator.
pub(super) fn pieces(pieces: &[Piece], document: Compact<'_>, out: &mut String) -> Option<()> {
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Element(element) => write_element(element, document, out)?,
            Piece::Path(path) => {
                path.each(document, &mut |child| {
                    let (Child::Element { text, .. } | Child::Text(text)) = child;
                    out.push_str(text);
                    (out.len() <= RESULT_BYTES_MAX).then_some(true)
                })?;
            }
        }
    }
    Some(())
}

fn write_element(element: &Element, document: Compact<'_>, out: &mut String) -> Option<()> {
    out.push_str(&element.start);
    out.push('>');
    let begin = out.len();
    pieces(&element.content, document, out)?;
    end(&element.name, begin, out);
    Some(())
}

/// Ends the element whose content begins at `begin`; one without content becomes an empty tag.
fn end(name: &str, begin: usize, out: &mut String) {
    if out.len() == begin {
        out.pop();
        out.push_str("/>");
    } else {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}
