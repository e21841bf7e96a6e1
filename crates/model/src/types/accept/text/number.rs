//! Numbers in plain digits, and the ranges that they must lie in.

use super::super::super::shape::{Bound, Facets};

/// Digits of a number that is read here: all fit an `i128` once scaled.
const DIGITS_MAX: usize = 18;
/// Digits behind the point that count when numbers are compared.
const SCALE: u32 = 18;

/// `-`, digits.
pub(super) fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    is_digits(digits) && digits.len() <= DIGITS_MAX
}

/// `-`, digits, `.`, digits; the point only between digits.
pub(super) fn is_decimal(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    is_digits(whole) && is_digits(fraction) && whole.len() + fraction.len() <= DIGITS_MAX
}

/// A decimal, perhaps with an exponent of so many digits.
pub(super) fn is_float(text: &str, exponent_digits: usize) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return is_decimal(text) };
    let exponent = exponent.strip_prefix('-').unwrap_or(exponent);
    is_decimal(mantissa) && is_digits(exponent) && exponent.len() <= exponent_digits
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Least and greatest value.
#[derive(Debug)]
pub(super) enum Range {
    All,
    /// Of integers: no number that [`is_integer`] takes is beyond an `i64`.
    Whole(i64, i64),
    Scaled(i128, i128),
}

impl Range {
    /// `None` if a bound is not in plain digits.
    pub(super) fn of(facets: &Facets, is_whole: bool) -> Option<Self> {
        let minimum = end(facets.minimum.as_ref(), i128::MIN, 1)?;
        let maximum = end(facets.maximum.as_ref(), i128::MAX, -1)?;
        if (minimum, maximum) == (i128::MIN, i128::MAX) {
            return Some(Self::All);
        }
        let unit = 10_i128.pow(SCALE);
        let whole = |number: i128| number.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        Some(match is_whole {
            // The least integer that is not below, the greatest that is not above.
            true => Self::Whole(
                whole(-(minimum.saturating_neg().div_euclid(unit))),
                whole(maximum.div_euclid(unit)),
            ),
            false => Self::Scaled(minimum, maximum),
        })
    }

    /// Whether a number lies inside. A text that is no decimal does so only if all do.
    pub(super) fn holds(&self, text: &str) -> bool {
        match self {
            Self::All => true,
            Self::Whole(minimum, maximum) => {
                text.parse().is_ok_and(|number| (*minimum..=*maximum).contains(&number))
            }
            Self::Scaled(minimum, maximum) => {
                scaled(text).is_some_and(|number| (*minimum..=*maximum).contains(&number))
            }
        }
    }
}

/// A bound as the last number inside, `inward` being the smallest step away from it.
fn end(bound: Option<&Bound>, none: i128, inward: i128) -> Option<i128> {
    let Some(bound) = bound else { return Some(none) };
    let number = scaled(&bound.value)?;
    Some(if bound.exclusive { number + inward } else { number })
}

/// A decimal times 10 to the power of [`SCALE`].
fn scaled(text: &str) -> Option<i128> {
    // One digit more than in values: the bounds of `long` and `unsignedLong` have 19 and 20.
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_short = whole.len() <= DIGITS_MAX + 2 && fraction.len() <= SCALE as usize;
    if !is_short || !is_digits(whole) || !(fraction.is_empty() || is_digits(fraction)) {
        return None;
    }
    let digits = |text: &str| text.bytes().fold(0, |sum, byte| sum * 10 + i128::from(byte - b'0'));
    let places = u32::try_from(fraction.len()).ok()?;
    let sum = digits(whole) * 10_i128.pow(SCALE) + digits(fraction) * 10_i128.pow(SCALE - places);
    Some(if text.starts_with('-') { -sum } else { sum })
}
