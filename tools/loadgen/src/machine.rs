//! The machine that a figure is from, and how much of it this process used. From `/proc`; empty elsewhere.

use std::time::Duration;

use serde::Serialize;

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub kernel: String,
    pub load_before: String,
    pub load_after: String,
}

impl Machine {
    pub(crate) fn look() -> Self {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        let information = read("/proc/cpuinfo");
        let model = information.lines().find_map(|line| line.strip_prefix("model name\t: "));
        Self {
            processor: model.unwrap_or_default().to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load_before: read("/proc/loadavg").trim().to_owned(),
            load_after: String::new(),
        }
    }

    pub(crate) fn look_again(&mut self) {
        self.load_after = Self::look().load_before;
    }
}

/// Clock ticks of the kernel's accounts in a second: what Linux has said on every machine for decades.
const TICKS: u64 = 100;

/// Processor time of this process so far.
pub(crate) fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may have blanks; user and system time are the 12th and 13th field after it.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks: u64 =
        after.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1_000 / TICKS)
}
