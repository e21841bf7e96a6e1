//! A server as a process of its own: started here, asked for its processor time, ended with the benchmark.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::Context as _;

pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let name = command.get_program().to_owned();
        let child = command.spawn().with_context(|| format!("{} starts", name.display()))?;
        Ok(Self(child))
    }

    /// Starts it and gives the first line that it prints.
    pub(crate) fn start_and_read(command: &mut Command) -> anyhow::Result<(Self, String)> {
        let mut process = Self::start(command.stdout(Stdio::piped()))?;
        let output = process.0.stdout.take().context("its output is piped")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        Ok((process, line))
    }

    /// Processor time of all its threads so far.
    pub(crate) fn processor(&self) -> anyhow::Result<Duration> {
        /// Linux counts in hundredths of a second.
        const TICK: Duration = Duration::from_millis(10);
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        let (_, rest) = stat.rsplit_once(')').context("stat has a name")?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        Ok(TICK * (fields[11].parse::<u32>()? + fields[12].parse::<u32>()?))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has no data that anybody wants.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
