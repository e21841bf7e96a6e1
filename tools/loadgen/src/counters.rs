//! The server's own counters, before and after: what a report is held against.

use std::collections::BTreeMap;

use sdk::Client;

/// Counters by name and labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Counters(BTreeMap<String, f64>);

pub(crate) const CASES_CREATED: &str = "yawl_cases_created_total";
pub(crate) const RESULTS: &str = r#"yawl_agent_work_item_checkin_count{outcome="success"}"#;

impl Counters {
    pub(crate) async fn read(client: &Client) -> Result<Self, sdk::Error> {
        Ok(Self::parse(&client.metrics().await?))
    }

    fn parse(exposition: &str) -> Self {
        let mut is_counter = false;
        let mut counters = BTreeMap::new();
        for line in exposition.lines() {
            if let Some(described) = line.strip_prefix("# TYPE ") {
                is_counter = described.ends_with(" counter");
            } else if is_counter
                && let Some((name, value)) = line.rsplit_once(' ')
                && let Ok(value) = value.parse()
            {
                counters.insert(name.to_owned(), value);
            }
        }
        Self(counters)
    }

    /// What has been added since; counters that stood still are left out.
    pub(crate) fn since(&self, before: &Self) -> BTreeMap<String, f64> {
        let added = self.0.iter().map(|(name, value)| {
            (name.clone(), value - before.0.get(name).copied().unwrap_or_default())
        });
        added.filter(|(_, added)| *added != 0.0).collect()
    }
}

/// Whether the server has counted what we have, to a thousandth.
pub(crate) fn agree(ours: u64, servers: f64) -> bool {
    let ours = ours as f64;
    (ours - servers).abs() <= (ours.max(servers) / 1_000.0).max(0.5)
}

#[cfg(test)]
mod tests;
