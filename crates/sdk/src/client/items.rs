//! Work items: look one up, bring results.

use wire::{
    Outcome, Page,
    limits::PAGE_MAX,
    work_item::{
        Checkin, CheckinBatch, CheckinEntry, CheckinResult, CheckinResults, ItemDone, WorkItem,
    },
};

use super::{Client, Each, Repeat, each};
use crate::error::Error;

impl Client {
    pub async fn work_item(&self, item: &str) -> Result<WorkItem, Error> {
        self.get(&format!("/api/v1/work-items/{}", wire::segment::encode(item))).await
    }

    /// Work items of that status, such as `Enabled`: the first page.
    pub async fn work_items_of_status(&self, status: &str) -> Result<Page<WorkItem>, Error> {
        let status = wire::segment::encode(status);
        self.get(&format!("/api/v1/work-items?status={status}")).await
    }

    /// Items that failed too often and wait for an operator; `after` is the `next` of the page before.
    pub async fn dead_letters(&self, after: Option<&str>) -> Result<Page<WorkItem>, Error> {
        let after = super::after(after);
        self.get(&format!("/api/v1/work-items?lease=dead-letter&limit={PAGE_MAX}{after}")).await
    }

    /// Brings the result of an item that is held under this epoch. It counts once.
    pub async fn complete(&self, item: &str, epoch: u64, data: &str) -> Result<ItemDone, Error> {
        let command_id = Some(self.command_id());
        self.check_in(
            item,
            &Checkin {
                data: data.to_owned(),
                epoch: Some(epoch),
                command_id,
                ..Checkin::default()
            },
        )
        .await
    }

    /// Checks an item in. With a command id it counts once; without one it may be refused the second time.
    pub async fn check_in(&self, item: &str, result: &Checkin) -> Result<ItemDone, Error> {
        let path = format!("/api/v1/work-items/{}/checkin", wire::segment::encode(item));
        self.post(&path, result, Repeat::Safe).await
    }

    /// Brings many results. Each with a command id counts once.
    pub async fn complete_many(&self, results: Vec<CheckinEntry>) -> Result<Each<ItemDone>, Error> {
        let count = results.len();
        let path = "/api/v1/work-items/checkin";
        let answer: CheckinResults =
            self.post(path, &CheckinBatch { results }, Repeat::Safe).await?;
        let outcomes = answer.results.into_iter().map(|result| match result {
            CheckinResult::Done(done) => Outcome::Done(done),
            CheckinResult::Refused { problem } => Outcome::Refused { problem },
        });
        each(outcomes.collect(), count)
    }
}
