//! `matches()`, `replace()`, `tokenize()`.
//!
//! Patterns are translated from the dialect of XPath to that of the crate `regex`, which matches in linear time: the
//! XPath library's own matcher backtracks, and a pattern such as `(a*)*b` would hold a partition for ever.

use regex::{Captures, Regex, RegexBuilder};
use xsd_schema::{
    types::value::XmlValue,
    xpath::{XPathValue, iterator::XmlItem},
};

use super::{Evaluated, Evaluator, Value};
use crate::{ast::Expr, error::EvaluateError, limits::PATTERN_CHARS_MAX};

/// Bytes that a compiled pattern may take; `a{1000}{1000}` wants gigabytes.
const PROGRAM_BYTES_MAX: usize = 1 << 20;

impl<'e, 'd> Evaluator<'e, 'd> {
    pub(super) fn matches(&mut self, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        let input = self.string_argument(&arguments[0])?;
        let pattern = self.pattern(&arguments[1], arguments.get(2))?;
        Ok(XPathValue::boolean(pattern.is_match(&input)))
    }

    pub(super) fn replace(&mut self, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        let input = self.string_argument(&arguments[0])?;
        let pattern = self.pattern(&arguments[1], arguments.get(3))?;
        refuse_empty_match(&pattern)?;
        let template = self.string_argument(&arguments[2])?;
        let literal = match arguments.get(3) {
            Some(flags) => self.string_argument(flags)?.contains('q'),
            None => false,
        };
        let mut result = String::new();
        let mut from = 0;
        for captures in pattern.captures_iter(&input) {
            let Some(whole) = captures.get(0) else { continue };
            let before = result.len();
            result.push_str(&input[from..whole.start()]);
            if literal {
                result.push_str(&template);
            } else {
                expand(&template, &captures, &mut result)?;
            }
            from = whole.end();
            self.budget.steps(1)?;
            self.budget.text(result.len() - before)?;
        }
        result.push_str(&input[from..]);
        Ok(XPathValue::string(result))
    }

    pub(super) fn tokenize(&mut self, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        let input = self.string_argument(&arguments[0])?;
        let Some(pattern) = arguments.get(1) else {
            let words = input.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
            return self.strings(words);
        };
        let pattern = self.pattern(pattern, arguments.get(2))?;
        refuse_empty_match(&pattern)?;
        if input.is_empty() {
            return Ok(XPathValue::Empty);
        }
        self.strings(pattern.split(&input))
    }

    fn strings<'i>(&mut self, texts: impl Iterator<Item = &'i str>) -> Evaluated<Value<'d>> {
        let mut items = Vec::new();
        for text in texts {
            self.budget.text(text.len())?;
            self.append(
                &mut items,
                XPathValue::from_item(XmlItem::Atomic(XmlValue::string(text))),
            )?;
        }
        Ok(XPathValue::from_sequence(items))
    }

    /// The compiled pattern.
    fn pattern(&mut self, pattern: &'e Expr, flags: Option<&'e Expr>) -> Evaluated<Regex> {
        // Compiling costs microseconds to a millisecond; patterns in loops pay for it.
        const COMPILE_STEPS: u64 = 500;
        let text = self.string_argument(pattern)?;
        let flags = match flags {
            Some(flags) => self.string_argument(flags)?,
            None => String::new(),
        };
        self.budget.steps(COMPILE_STEPS + 20 * text.len() as u64)?;
        compile(&text, &flags).map_err(|error| error.or_at(pattern.at))
    }
}

fn compile(pattern: &str, flags: &str) -> Evaluated<Regex> {
    if let Some(unknown) = flags.chars().find(|flag| !"smixq".contains(*flag)) {
        return Err(EvaluateError::new(
            "FORX0001",
            format!("there is no flag `{unknown}` for patterns"),
        ));
    }
    if pattern.chars().count() > PATTERN_CHARS_MAX {
        return Err(EvaluateError::limit(format!(
            "the pattern has more than {PATTERN_CHARS_MAX} characters"
        )));
    }
    let translated =
        if flags.contains('q') { regex::escape(pattern) } else { translate(pattern, flags)? };
    let built = RegexBuilder::new(&translated)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(true)
        .size_limit(PROGRAM_BYTES_MAX)
        .dfa_size_limit(PROGRAM_BYTES_MAX)
        .build();
    built.map_err(|error| {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or("invalid").trim().to_owned();
        EvaluateError::new("FORX0002", format!("the pattern `{pattern}` cannot be used: {reason}"))
    })
}

/// What differs between the two dialects: `.`, `\i`, `\c`, `\w`, `\s`, subtraction of classes, flag `x`.
fn translate(pattern: &str, flags: &str) -> Evaluated<String> {
    let bad =
        |what: &str| EvaluateError::new("FORX0002", format!("the pattern `{pattern}` {what}"));
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let mut class_depth = 0_u32;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let escaped = chars.next().ok_or_else(|| bad("ends with a lone `\\`"))?;
                out.push_str(
                    escape(escaped).ok_or_else(|| bad("has an escape that is not supported"))?,
                );
                if !matches!(escaped, 'i' | 'I' | 'c' | 'C' | 's' | 'S' | 'w' | 'W') {
                    out.push(escaped);
                }
            }
            ' ' | '\t' | '\r' | '\n' if flags.contains('x') && class_depth == 0 => {}
            '[' => {
                class_depth += 1;
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
            }
            ']' if class_depth > 0 => {
                class_depth -= 1;
                out.push(']');
            }
            '-' if class_depth > 0 && chars.peek() == Some(&'[') => out.push_str("--"),
            '&' | '~' | '-' if class_depth > 0 && chars.peek() == Some(&c) => {
                out.push('\\');
                out.push(c);
            }
            '.' if class_depth == 0 && !flags.contains('s') => out.push_str("[^\\n\\r]"),
            '(' if class_depth == 0 && chars.peek() == Some(&'?') => {
                chars.next();
                if chars.next() != Some(':') {
                    return Err(bad("has a group that is not supported"));
                }
                out.push_str("(?:");
            }
            c => out.push(c),
        }
    }
    Ok(out)
}

/// The translation of `\c`; for escapes that both dialects share, the backslash alone.
fn escape(c: char) -> Option<&'static str> {
    Some(match c {
        'i' => r"[\p{L}\p{Nl}_:]",
        'I' => r"[^\p{L}\p{Nl}_:]",
        'c' => r"[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}_:.\-\x{B7}]",
        'C' => r"[^\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}_:.\-\x{B7}]",
        's' => r"[ \t\n\r]",
        'S' => r"[^ \t\n\r]",
        'w' => r"[^\p{P}\p{Z}\p{C}]",
        'W' => r"[\p{P}\p{Z}\p{C}]",
        'n' | 'r' | 't' | 'd' | 'D' | 'p' | 'P' => r"\",
        '\\' | '|' | '.' | '?' | '*' | '+' | '(' | ')' | '{' | '}' | '-' | '[' | ']' | '^'
        | '$' => r"\",
        _ => return None,
    })
}

fn refuse_empty_match(pattern: &Regex) -> Evaluated<()> {
    if pattern.is_match("") {
        return Err(EvaluateError::new("FORX0003", "the pattern matches the empty string"));
    }
    Ok(())
}

/// Writes a replacement: `$1` is a group, `\$` and `\\` are the characters.
fn expand(template: &str, captures: &Captures<'_>, out: &mut String) -> Evaluated<()> {
    let bad = || {
        EvaluateError::new(
            "FORX0004",
            "in a replacement `$` stands before a digit and `\\` before `$` or `\\`",
        )
    };
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped @ ('\\' | '$')) => out.push(escaped),
                Some(_) | None => return Err(bad()),
            },
            '$' => {
                let digit = |c: char| c.to_digit(10).map(|digit| digit as usize);
                let mut group = chars.next().and_then(digit).ok_or_else(bad)?;
                // Further digits belong to the number as long as there is such a group.
                while let Some(next) = chars.peek().copied().and_then(digit) {
                    if group * 10 + next >= captures.len() {
                        break;
                    }
                    group = group * 10 + next;
                    chars.next();
                }
                out.push_str(captures.get(group).map_or("", |found| found.as_str()));
            }
            c => out.push(c),
        }
    }
    Ok(())
}
