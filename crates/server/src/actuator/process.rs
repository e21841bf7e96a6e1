//! What the kernel knows of this process, read from `/proc`. Elsewhere than on Linux there is nothing.

use std::fs;

#[cfg(test)]
mod tests;

/// Clock ticks in a second as `/proc` counts them: fixed at 100 in Linux's interface to user space.
const TICKS_PER_SECOND: f64 = 100.0;

/// One look at the process.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Process {
    pub(super) cpu_seconds: f64,
    pub(super) resident_bytes: f64,
    pub(super) open_fds: f64,
    pub(super) max_fds: f64,
    pub(super) threads: f64,
    /// Seconds since 1970.
    pub(super) started: f64,
}

impl Process {
    /// Reads `/proc/self`; `None` where there is none.
    pub(super) fn read() -> Option<Self> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let limits = fs::read_to_string("/proc/self/limits").ok()?;
        let booted = fs::read_to_string("/proc/stat").ok()?;
        let fds = fs::read_dir("/proc/self/fd").ok()?.count();
        let fds = u32::try_from(fds).unwrap_or(u32::MAX);
        let mut process = Self { open_fds: f64::from(fds), ..Self::default() };
        process.take_stat(&stat, &booted)?;
        process.take_status(&status);
        process.max_fds = limits.lines().find_map(|line| {
            line.strip_prefix("Max open files")?.split_whitespace().next()?.parse().ok()
        })?;
        Some(process)
    }

    fn take_stat(&mut self, stat: &str, booted: &str) -> Option<()> {
        // The name in parentheses may hold anything; the fields that are wanted stand behind it.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
        self.cpu_seconds = (ticks(11)? + ticks(12)?) / TICKS_PER_SECOND;
        let boot: f64 =
            booted.lines().find_map(|line| line.strip_prefix("btime ")?.parse().ok())?;
        self.started = boot + ticks(19)? / TICKS_PER_SECOND;
        Some(())
    }

    fn take_status(&mut self, status: &str) {
        let number = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key))?;
            line.trim_start_matches(':').split_whitespace().next()?.parse::<f64>().ok()
        };
        self.resident_bytes = number("VmRSS").unwrap_or(0.0) * 1024.0;
        self.threads = number("Threads").unwrap_or(0.0);
    }
}
