//! Asks the server how every case of the run stands.

use std::collections::{BTreeMap, BTreeSet};

use sdk::Client;

use crate::ledger::Standing;

/// All cases whose names begin so, by the number behind it.
pub(crate) async fn cases(
    client: &Client,
    prefix: &str,
) -> Result<BTreeMap<usize, Standing>, sdk::Error> {
    let dead = dead_letters(client, prefix).await?;
    let mut standings = BTreeMap::new();
    let mut after: Option<String> = None;
    loop {
        let page = client.cases(prefix, after.as_deref()).await?;
        for summary in page.items {
            let number = summary.head.case.strip_prefix(prefix).and_then(|text| text.parse().ok());
            let Some(number) = number else { continue };
            let standing = match summary.head.status.as_str() {
                "completed" => Standing::Completed,
                _ if dead.contains(&summary.head.case) => Standing::DeadLetter,
                _ => Standing::Open,
            };
            standings.insert(number, standing);
        }
        after = page.next;
        if after.is_none() {
            return Ok(standings);
        }
    }
}

/// Cases of the run that wait for an operator.
async fn dead_letters(client: &Client, prefix: &str) -> Result<BTreeSet<String>, sdk::Error> {
    let mut dead = BTreeSet::new();
    let mut after: Option<String> = None;
    loop {
        let page = client.dead_letters(after.as_deref()).await?;
        dead.extend(
            page.items.into_iter().map(|item| item.case).filter(|case| case.starts_with(prefix)),
        );
        after = page.next;
        if after.is_none() {
            return Ok(dead);
        }
    }
}
