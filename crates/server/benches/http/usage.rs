//! What the process has used so far, as Linux counts it.

use std::{fs, time::Duration};

use anyhow::Context as _;

#[derive(Default)]
pub(crate) struct Usage {
    /// Processor time of all threads.
    pub(crate) processor: Duration,
    /// How often a thread went to sleep; threads that have ended are not counted.
    pub(crate) switches: u64,
}

impl Usage {
    pub(crate) fn read() -> anyhow::Result<Self> {
        /// Linux counts in hundredths of a second.
        const TICK: Duration = Duration::from_millis(10);
        let stat = fs::read_to_string("/proc/self/stat")?;
        let (_, rest) = stat.rsplit_once(')').context("stat has a name")?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let (user, system): (u32, u32) = (fields[11].parse()?, fields[12].parse()?);
        let mut switches = 0;
        for thread in fs::read_dir("/proc/self/task")? {
            let Ok(status) = fs::read_to_string(thread?.path().join("status")) else { continue };
            let line =
                status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            switches += line.context("it is counted")?.trim().parse::<u64>()?;
        }
        Ok(Self { processor: TICK * (user + system), switches })
    }

    pub(crate) fn since(&self, before: &Self) -> Self {
        Self {
            processor: self.processor - before.processor,
            switches: self.switches.saturating_sub(before.switches),
        }
    }
}
