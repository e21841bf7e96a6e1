//! The moment that an evaluation takes as the present.

/// What `current-date()` and its kin give. An input, never the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: i64,
    /// Minutes that local time is ahead of UTC; also the time zone of dates that name none.
    pub offset_minutes: i16,
}

/// Time zones of XML Schema reach 14 hours either way.
const OFFSET_MINUTES_MAX: i16 = 14 * 60;

const DAY_MS: i64 = 86_400_000;

impl Now {
    pub(crate) fn offset(self) -> i16 {
        self.offset_minutes.clamp(-OFFSET_MINUTES_MAX, OFFSET_MINUTES_MAX)
    }

    /// As `xs:dateTime` writes it, in local time.
    pub(crate) fn to_date_time(self) -> String {
        let local = self.unix_ms.saturating_add(i64::from(self.offset()) * 60_000);
        let (year, month, day) = civil(local.div_euclid(DAY_MS));
        let ms = local.rem_euclid(DAY_MS);
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
        let sign = if year < 0 { "-" } else { "" };
        let year = year.unsigned_abs();
        let zone = match self.offset() {
            0 => "Z".to_owned(),
            minutes => {
                let sign = if minutes < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        };
        format!(
            "{sign}{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}{zone}",
            ms % 1_000
        )
    }
}

/// Year, month and day of the day `days` after 1970-01-01. (H. Hinnant, "chrono-compatible low-level date algorithms")
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}
