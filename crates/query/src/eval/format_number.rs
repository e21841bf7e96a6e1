//! `format-number()` with the default decimal format, without exponents.

use xsd_schema::{XmlTypeCode, types::value::XmlValue, xpath::XPathValue};

use super::{Evaluated, Evaluator, Value, operators::is_untyped, types::cast_atom};
use crate::{ast::Expr, error::EvaluateError};

/// Digits before or after the point that a picture may ask for.
const DIGITS_MAX: usize = 100;

/// One half of a picture, taken apart.
#[derive(Debug, Default, Clone)]
struct Picture {
    prefix: String,
    suffix: String,
    least_whole: usize,
    least_fraction: usize,
    most_fraction: usize,
    /// How many digits stand to the right of each `,`, ascending.
    groups: Vec<usize>,
    /// Places that `%` or `‰` shift the number by.
    shift: usize,
}

impl<'e, 'd> Evaluator<'e, 'd> {
    pub(super) fn format_number(&mut self, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        let value = self.eval(&arguments[0])?;
        let number = match self.atom(value)? {
            None => XmlValue::double(f64::NAN),
            Some(atom) if is_untyped(&atom) => cast_atom(&atom, XmlTypeCode::Double)?,
            Some(atom) if atom.type_code.is_numeric() => atom,
            Some(_) => {
                return Err(EvaluateError::new(
                    "XPTY0004",
                    "`format-number()` needs a number; convert with `number()`",
                ));
            }
        };
        let picture = self.string_argument(&arguments[1])?;
        let text = formatted(&number, &picture).map_err(|error| error.or_at(arguments[1].at))?;
        self.budget.text(text.len())?;
        Ok(XPathValue::string(text))
    }
}

fn formatted(number: &XmlValue, picture: &str) -> Evaluated<String> {
    let mut halves = picture.split(';');
    let positive = Picture::parse(halves.next().unwrap_or(""), picture)?;
    let negative = match halves.next() {
        Some(half) => Picture::parse(half, picture)?,
        None => Picture { prefix: format!("-{}", positive.prefix), ..positive.clone() },
    };
    if halves.next().is_some() {
        return Err(bad(picture, "has more than one `;`"));
    }
    // Display of a double is the shortest decimal that reads back as the same number, without an exponent.
    let is_decimal =
        matches!(number.type_code, XmlTypeCode::Decimal) || number.as_integer().is_some();
    let text = match number.as_double() {
        Some(double) if double.is_nan() => return Ok("NaN".to_owned()),
        Some(double) if !is_decimal => format!("{double}"),
        Some(_) | None => number.to_string_value(),
    };
    let (digits, half) = match text.strip_prefix('-') {
        Some(digits) => (digits, &negative),
        None => (text.as_str(), &positive),
    };
    let body = if digits == "inf" { "Infinity".to_owned() } else { half.body(digits) };
    Ok(format!("{}{body}{}", half.prefix, half.suffix))
}

impl Picture {
    fn parse(half: &str, whole: &str) -> Evaluated<Self> {
        let is_active = |c: char| c.is_ascii_digit() || matches!(c, '#' | '.' | ',');
        let begin = half.find(is_active).ok_or_else(|| bad(whole, "shows no digit"))?;
        let end = half.rfind(is_active).map_or(half.len(), |at| at + 1);
        let (prefix, core, suffix) = (&half[..begin], &half[begin..end], &half[end..]);
        if !core.chars().all(is_active) {
            return Err(bad(whole, "has other characters between its digits"));
        }
        let (integer, fraction) = core.split_once('.').unwrap_or((core, ""));
        if fraction.contains(['.', ',']) {
            return Err(bad(whole, "has a second `.`, or a `,` behind it"));
        }
        let digits: String = integer.chars().filter(|c| *c != ',').collect();
        let optional = digits.chars().take_while(|c| *c == '#').count();
        let mut least_fraction = fraction.chars().take_while(char::is_ascii_digit).count();
        if digits[optional..].contains('#')
            || fraction[least_fraction..].contains(|c: char| c != '#')
        {
            return Err(bad(whole, "mixes `#` and `0`"));
        }
        if digits.is_empty() && fraction.is_empty() {
            return Err(bad(whole, "shows no digit"));
        }
        if digits.len() > DIGITS_MAX || fraction.len() > DIGITS_MAX {
            return Err(bad(whole, "shows too many digits"));
        }
        let mut least_whole = digits.len() - optional;
        // At least one digit is shown, on the side that the picture has. (F&O 3.1, 4.7.4)
        if least_whole == 0 && least_fraction == 0 {
            if fraction.is_empty() {
                least_whole = 1;
            } else {
                least_fraction = 1;
            }
        }
        let groups = integer.char_indices().filter(|(_, c)| *c == ',');
        let mut groups: Vec<usize> =
            groups.map(|(at, _)| integer[at..].chars().filter(|c| *c != ',').count()).collect();
        groups.reverse();
        let signs: String = [prefix, suffix].concat();
        let shift = if signs.contains('%') {
            2
        } else if signs.contains('‰') {
            3
        } else {
            0
        };
        Ok(Self {
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
            least_whole,
            least_fraction,
            most_fraction: fraction.len(),
            groups,
            shift,
        })
    }

    /// The digits of the number as the picture wants them.
    fn body(&self, number: &str) -> String {
        let (integer, fraction) = number.split_once('.').unwrap_or((number, ""));
        let mut digits: Vec<u8> =
            [integer, fraction].concat().bytes().map(|digit| digit - b'0').collect();
        let mut point = integer.len() + self.shift;
        digits.resize(digits.len().max(point), 0);
        if round_half_even(&mut digits, point + self.most_fraction) {
            point += 1;
        }
        digits.resize(digits.len().max(point + self.least_fraction), 0);
        while digits.len() > point + self.least_fraction && digits.last() == Some(&0) {
            digits.pop();
        }
        let zeros = digits[..point].iter().take_while(|digit| **digit == 0).count();
        let padding = self.least_whole.saturating_sub(point - zeros);
        let mut whole: Vec<u8> = vec![0; padding];
        whole.extend(&digits[zeros..point]);
        let fraction = &digits[point..];
        if whole.is_empty() && fraction.is_empty() {
            whole.push(0);
        }
        let mut text = String::new();
        for (index, digit) in whole.iter().enumerate() {
            let right = whole.len() - index;
            if index > 0 && self.is_group_border(right) {
                text.push(',');
            }
            text.push(char::from(b'0' + digit));
        }
        if !fraction.is_empty() {
            text.push('.');
            text.extend(fraction.iter().map(|digit| char::from(b'0' + digit)));
        }
        text
    }

    /// Whether a `,` stands before the digit that is `right` digits from the point: as in the picture, and onward at the
    /// same distance if the picture's are all alike.
    fn is_group_border(&self, right: usize) -> bool {
        let Some(first) = self.groups.first().copied().filter(|first| *first > 0) else {
            return false;
        };
        let regular =
            self.groups.iter().enumerate().all(|(index, group)| *group == first * (index + 1));
        if regular { right.is_multiple_of(first) } else { self.groups.contains(&right) }
    }
}

/// Keeps `keep` digits. True if rounding up made the number a digit longer.
fn round_half_even(digits: &mut Vec<u8>, keep: usize) -> bool {
    if digits.len() <= keep {
        return false;
    }
    let rest = digits.split_off(keep);
    let is_half = rest[0] == 5 && rest[1..].iter().all(|digit| *digit == 0);
    let is_odd = digits.last().is_some_and(|digit| digit % 2 == 1);
    let up = if is_half { is_odd } else { rest[0] >= 5 };
    if !up {
        return false;
    }
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return false;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
    true
}

fn bad(picture: &str, what: &str) -> EvaluateError {
    EvaluateError::new("FODF1310", format!("the picture `{picture}` {what}"))
}
