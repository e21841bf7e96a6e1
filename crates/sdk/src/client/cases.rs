//! Cases: launch and look up.

use wire::{
    Outcome, Page,
    case::{
        CaseDetail, CaseDone, CaseSummary, Launch, LaunchBatch, LaunchResult, LaunchResults,
        Launched,
    },
    limits::PAGE_MAX,
};

use super::{Client, Each, Repeat, each};
use crate::error::Error;

impl Client {
    /// Launches a case. Without a command id it gets one, so that it happens once.
    pub async fn launch(&self, launch: Launch) -> Result<Launched, Error> {
        self.post("/api/v1/cases", &self.once(launch), Repeat::Safe).await
    }

    /// Launches many cases under one durable write. Those without a command id get one.
    pub async fn launch_many(&self, launches: Vec<Launch>) -> Result<Each<Launched>, Error> {
        let launches: Vec<Launch> = launches.into_iter().map(|one| self.once(one)).collect();
        let count = launches.len();
        let answer: LaunchResults =
            self.post("/api/v1/cases/batch", &LaunchBatch { launches }, Repeat::Safe).await?;
        let outcomes = answer.results.into_iter().map(|result| match result {
            LaunchResult::Launched(launched) => Outcome::Done(launched),
            LaunchResult::Refused { problem } => Outcome::Refused { problem },
        });
        each(outcomes.collect(), count)
    }

    pub async fn case(&self, case: &str) -> Result<CaseDetail, Error> {
        self.get(&format!("/api/v1/cases/{}", wire::segment::encode(case))).await
    }

    /// Cases whose ids begin so, in their order; `after` is the `next` of the page before.
    pub async fn cases(
        &self,
        prefix: &str,
        after: Option<&str>,
    ) -> Result<Page<CaseSummary>, Error> {
        let prefix = wire::segment::encode(prefix);
        let after = super::after(after);
        self.get(&format!("/api/v1/cases?limit={PAGE_MAX}&prefix={prefix}{after}")).await
    }

    pub async fn cancel_case(&self, case: &str) -> Result<CaseDone, Error> {
        let path = format!("/api/v1/cases/{}/cancel", wire::segment::encode(case));
        let ask = self.asks(hyper::Method::POST, &path).key(self.command_id());
        super::read(&self.send(ask, Repeat::Safe).await?)
    }

    fn once(&self, launch: Launch) -> Launch {
        let command_id = launch.command_id.or_else(|| Some(self.command_id()));
        Launch { command_id, ..launch }
    }
}
