//! `format-date()`, `format-dateTime()`, `format-time()` in English, with numbers and names.

use xsd_schema::{
    XmlTypeCode,
    types::value::{TimezoneOffset, XmlAtomicValue, XmlValueKind},
    xpath::XPathValue,
};

use super::{Evaluated, Evaluator, Value, operators::is_untyped, types::cast_atom};
use crate::{ast::Expr, error::EvaluateError};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Digits that a marker may ask for.
const WIDTH_MAX: usize = 20;

/// What a value has: a date, a time of day, or both.
#[derive(Debug, Default)]
struct Moment {
    date: Option<(i32, u8, u8)>,
    /// Hour, minute, and seconds as written.
    time: Option<(u8, u8, String)>,
    zone: Option<TimezoneOffset>,
}

/// `[M01]`, `[MNn,*-3]`: component, presentation, fewest and most characters.
struct Marker<'p> {
    component: char,
    presentation: &'p str,
    least: usize,
    most: usize,
}

impl<'e, 'd> Evaluator<'e, 'd> {
    /// `code` is the type that the function takes.
    pub(super) fn format_moment(
        &mut self,
        code: XmlTypeCode,
        arguments: &'e [Expr],
    ) -> Evaluated<Value<'d>> {
        let value = self.eval(&arguments[0])?;
        let Some(atom) = self.atom(value)? else { return Ok(XPathValue::Empty) };
        let atom = if is_untyped(&atom) { cast_atom(&atom, code)? } else { atom };
        let moment = match atom.value {
            XmlValueKind::Atomic(XmlAtomicValue::Date(date)) if code == XmlTypeCode::Date => {
                Moment {
                    date: Some((date.year, date.month, date.day)),
                    time: None,
                    zone: date.timezone,
                }
            }
            XmlValueKind::Atomic(XmlAtomicValue::Time(time)) if code == XmlTypeCode::Time => {
                let clock = (time.hour, time.minute, time.second.to_string());
                Moment { date: None, time: Some(clock), zone: time.timezone }
            }
            XmlValueKind::Atomic(XmlAtomicValue::DateTime(moment))
                if code == XmlTypeCode::DateTime =>
            {
                Moment {
                    date: Some((moment.year, moment.month, moment.day)),
                    time: Some((moment.hour, moment.minute, moment.second.to_string())),
                    zone: moment.timezone,
                }
            }
            XmlValueKind::Atomic(_)
            | XmlValueKind::List { .. }
            | XmlValueKind::Union(_)
            | XmlValueKind::UntypedAtomic(_) => {
                return Err(EvaluateError::new(
                    "XPTY0004",
                    "the value to format is of another type; convert it with `xs:date()` or its kin",
                ));
            }
        };
        let picture = self.string_argument(&arguments[1])?;
        let text = formatted(&moment, &picture).map_err(|error| error.or_at(arguments[1].at))?;
        self.budget.text(text.len())?;
        Ok(XPathValue::string(text))
    }
}

fn formatted(moment: &Moment, picture: &str) -> Evaluated<String> {
    let bad =
        |what: &str| EvaluateError::new("FOFD1340", format!("the picture `{picture}` {what}"));
    let mut out = String::new();
    let mut rest = picture;
    while let Some(at) = rest.find(['[', ']']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("[[").or_else(|| rest.strip_prefix("]]")) {
            out.push_str(&rest[..1]);
            rest = after;
            continue;
        }
        let end = rest.find(']').filter(|_| rest.starts_with('['));
        let Some(end) = end else { return Err(bad("has a bracket without its other half")) };
        let marker = Marker::parse(&rest[1..end])
            .ok_or_else(|| bad("has a marker that is not supported"))?;
        out.push_str(&marker.render(moment, &bad)?);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

impl<'p> Marker<'p> {
    fn parse(text: &'p str) -> Option<Self> {
        let text = text.trim();
        let component = text.chars().next()?;
        let rest = &text[component.len_utf8()..];
        let (presentation, width) = rest.split_once(',').unwrap_or((rest, ""));
        let (least, most) = width.split_once('-').unwrap_or((width, ""));
        let number = |text: &str, without: usize| match text.trim() {
            "" | "*" => Some(without),
            digits => digits.parse().ok().filter(|width| *width <= WIDTH_MAX),
        };
        // `[Y01]` shows two digits of the year, `[Y0001]` four, `[Y1]` all.
        let digits = presentation.bytes().take_while(u8::is_ascii_digit).count();
        let wanted = if digits > 1 { digits } else { 0 };
        if digits > WIDTH_MAX {
            return None;
        }
        let most_wanted = if component == 'Y' && wanted > 1 { wanted } else { usize::MAX };
        Some(Self {
            component,
            presentation,
            least: number(least, wanted)?,
            most: number(most, most_wanted)?,
        })
    }

    fn render(&self, moment: &Moment, bad: &dyn Fn(&str) -> EvaluateError) -> Evaluated<String> {
        let missing = || {
            let message = format!("the value has nothing for `[{}]`", self.component);
            EvaluateError::new("FOFD1350", message)
        };
        let date = || moment.date.ok_or_else(missing);
        let time = || moment.time.as_ref().ok_or_else(missing);
        let text = match self.component {
            'Y' => {
                return self
                    .year(date()?.0)
                    .ok_or_else(|| bad("has a presentation that is not supported"));
            }
            'M' => self.number_or_name(
                u32::from(date()?.1),
                MONTHS.get(usize::from(date()?.1).wrapping_sub(1)).copied(),
            ),
            'D' => self.number_or_name(u32::from(date()?.2), None),
            'd' => self.number_or_name(day_of_year(date()?), None),
            'F' => {
                let day = day_of_week(date()?);
                if self.presentation.is_empty() {
                    return Ok(self.cut(DAYS[day]));
                }
                self.number_or_name(u32::try_from(day).unwrap_or(0) + 1, Some(DAYS[day]))
            }
            'H' => self.number_or_name(u32::from(time()?.0), None),
            'h' => self.number_or_name((u32::from(time()?.0) + 11) % 12 + 1, None),
            'm' => self.padded(u32::from(time()?.1)),
            's' => self.padded(
                time()?.2.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(0),
            ),
            'f' => Some(self.fraction(&time()?.2)),
            'P' => {
                let half = if time()?.0 < 12 { "a.m." } else { "p.m." };
                Some(if self.presentation == "N" { half.to_uppercase() } else { half.to_owned() })
            }
            'Z' | 'z' => Some(zone(moment.zone, self.component == 'z')),
            _ => None,
        };
        text.ok_or_else(|| bad("has a marker that is not supported"))
    }

    fn year(&self, year: i32) -> Option<String> {
        if !self.is_number() {
            return None;
        }
        let digits = year.unsigned_abs().to_string();
        let from = digits.len().saturating_sub(self.most);
        Some(format!("{:0>1$}", &digits[from..], self.least))
    }

    fn is_number(&self) -> bool {
        self.presentation.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn number_or_name(&self, number: u32, name: Option<&str>) -> Option<String> {
        match (self.presentation, name) {
            ("N", Some(name)) => Some(self.cut(&name.to_uppercase())),
            ("n", Some(name)) => Some(self.cut(&name.to_lowercase())),
            ("Nn", Some(name)) => Some(self.cut(name)),
            ("1o" | "o", _) => Some(format!("{number}{}", ordinal(number))),
            (_, _) if self.is_number() => Some(format!("{number:0>0$}", self.least)),
            (_, _) => None,
        }
    }

    /// Minutes and seconds have two digits unless one is asked for.
    fn padded(&self, number: u32) -> Option<String> {
        let least = if self.presentation.is_empty() && self.least == 0 { 2 } else { self.least };
        self.is_number().then(|| format!("{number:0>least$}"))
    }

    fn fraction(&self, seconds: &str) -> String {
        let fraction =
            seconds.split_once('.').map_or("", |(_, fraction)| fraction.trim_end_matches('0'));
        let fraction = if self.most < fraction.len() { &fraction[..self.most] } else { fraction };
        format!("{fraction:0<0$}", self.least.max(1))
    }

    fn cut(&self, name: &str) -> String {
        name.chars().take(self.most).collect()
    }
}

fn zone(zone: Option<TimezoneOffset>, named: bool) -> String {
    let Some(TimezoneOffset(minutes)) = zone else { return String::new() };
    let sign = if minutes < 0 { '-' } else { '+' };
    let prefix = if named { "GMT" } else { "" };
    format!("{prefix}{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

fn ordinal(number: u32) -> &'static str {
    match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        (_, _) => "th",
    }
}

fn day_of_year((year, month, day): (i32, u8, u8)) -> u32 {
    const BEFORE: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let before = BEFORE.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or(0);
    before + u32::from(day) + u32::from(is_leap && month > 2)
}

/// 0 is Monday. (T. Sakamoto's method)
fn day_of_week((year, month, day): (i32, u8, u8)) -> usize {
    const SHIFT: [i64; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let year = i64::from(year) - i64::from(month < 3);
    let shift = SHIFT.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or(0);
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let from_sunday = (year + leaps + shift + i64::from(day)).rem_euclid(7);
    usize::try_from((from_sunday + 6) % 7).unwrap_or(0)
}
