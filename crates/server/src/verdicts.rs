//! Verdicts on the soundness of what is loaded.
//!
//! An upload is judged before it is taken, and its verdict is kept. After a restart nothing is kept: a verdict follows
//! from the document and a counted limit, so that who asks first has it judged again and gets the same.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use node::{Loaded, ids::SpecificationKey};
use soundness::{Limit, Verdict};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{
    config::Policy,
    problem::{Code, Failure},
};

/// Documents judged at the same time: the search keeps a core busy, and the partitions need theirs.
const JUDGES_MAX: usize = 1;

/// Shared by all handlers.
pub(crate) struct Verdicts {
    pub(crate) policy: Policy,
    judges: Arc<Semaphore>,
    kept: Mutex<BTreeMap<SpecificationKey, Kept>>,
}

/// Of one specification while it is loaded: its key may be given to another document later.
struct Kept {
    loaded: Weak<Loaded>,
    verdict: Arc<Verdict>,
}

impl Verdicts {
    pub(crate) fn new(policy: Policy) -> Self {
        Self { policy, judges: Arc::new(Semaphore::new(JUDGES_MAX)), kept: Mutex::default() }
    }

    /// Judges on a thread of its own, when its turn has come. The turn lasts until the work is done, also if nobody
    /// waits for it any more.
    pub(crate) async fn judge<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = Arc::clone(&self.judges).acquire_owned().await;
        let judged = spawn_blocking(move || {
            let judged = work();
            drop(turn);
            judged
        });
        judged.await.map_err(|_panicked| {
            Failure::new(Code::Internal, "verification met a defect; please report the document")
        })
    }

    pub(crate) fn keep(&self, loaded: &Arc<Loaded>, verdict: Arc<Verdict>) {
        let mut kept = self.lock();
        // What was unloaded goes: there are never more verdicts than loaded specifications.
        kept.retain(|_, kept| kept.loaded.strong_count() > 0);
        kept.insert(loaded.key.clone(), Kept { loaded: Arc::downgrade(loaded), verdict });
    }

    /// The verdict on a loaded specification; nothing where the policy is not to look.
    pub(crate) async fn of(&self, loaded: &Arc<Loaded>) -> Result<Option<Arc<Verdict>>, Failure> {
        if self.policy == Policy::Off {
            return Ok(None);
        }
        if let Some(kept) = self.kept(loaded) {
            return Ok(Some(kept));
        }
        let program = Arc::clone(&loaded.program);
        let verdict = self.judge(move || soundness::judge(&program, Limit::UPLOAD)).await?;
        let verdict = Arc::new(verdict);
        self.keep(loaded, Arc::clone(&verdict));
        Ok(Some(verdict))
    }

    fn kept(&self, loaded: &Arc<Loaded>) -> Option<Arc<Verdict>> {
        let kept = self.lock();
        let kept = kept.get(&loaded.key)?;
        let is_same = Weak::ptr_eq(&kept.loaded, &Arc::downgrade(loaded));
        is_same.then(|| Arc::clone(&kept.verdict))
    }

    /// What is kept is whole between two statements: a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<SpecificationKey, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
