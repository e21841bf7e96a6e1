//! What the log costs beside the disk: durable 500-byte records in batches of 1, 64 and 1,024,
//! against the same bytes written and synced raw into a file that was zeroed before.
//!
//! Closed loop, one writer. Raw and store take turns in each round, because a shared disk changes
//! from second to second; the table gives the best and the median of the rounds. Must not fall below
//! half of raw. `cargo bench -p store`, or with a directory on the disk to measure as argument.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use store::{Opened, Options, Position, Record, SEGMENT_BYTES, open};

const RECORD_BYTES: usize = 500;
const BATCHES: [usize; 3] = [1, 64, 1024];
const ROUNDS: usize = 7;
/// How long one measurement lasts, or until its share of a segment is full.
const LASTS: Duration = Duration::from_millis(400);
/// Bytes of one measurement: so a round stays within one segment, as raw stays in its file.
const BYTES_MAX: usize = 24 * 1024 * 1024;

fn main() -> anyhow::Result<()> {
    // Cargo passes `--bench`.
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let below = given.map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).into(), PathBuf::from);
    let directory = tempfile::tempdir_in(&below)?;
    let cores = std::thread::available_parallelism()?;
    println!("{RECORD_BYTES}-byte records, one writer, {cores} cores, in {}", below.display());
    println!("{:>6} {:>22} {:>22} {:>8} {:>10}", "batch", "raw /s", "store /s", "ratio", "MB/s");
    for batch in BATCHES {
        row(directory.path(), batch)?;
    }
    sustained(directory.path())?;
    read_rows(directory.path())
}

/// Measures one batch size and prints its line.
fn row(directory: &Path, batch: usize) -> anyhow::Result<()> {
    let (mut raw, mut stored) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        raw.push(raw_rate(&directory.join("raw"), batch)?);
        stored.push(store_rate(&directory.join(format!("{batch}-{round}")), batch)?);
    }
    let ratio = median(&mut stored) / median(&mut raw);
    let megabytes = median(&mut stored) * RECORD_BYTES as f64 / 1e6;
    println!(
        "{batch:>6} {:>22} {:>22} {ratio:>8.2} {megabytes:>10.1}",
        show(&mut raw),
        show(&mut stored)
    );
    Ok(())
}

/// Prints the rate over many segments, zeroing them included.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
fn sustained(directory: &Path) -> anyhow::Result<()> {
    let (batch, segments) = (1024, 8);
    let path = directory.join("sustained");
    let bytes = vec![7; RECORD_BYTES];
    let records = vec![Record { tag: 7, bytes: &bytes }; batch];
    let mut log = open(&path, Options::default())?.into_log()?.log;
    let appends = segments * usize::try_from(SEGMENT_BYTES)? / (batch * RECORD_BYTES);
    let start = Instant::now();
    for _ in 0..appends {
        log.append(&records)?;
    }
    let rate = (appends * batch) as f64 / start.elapsed().as_secs_f64();
    println!("sustained over {segments} segments of 64 MiB, batch {batch}: {rate:.0} /s");
    drop(log);
    Ok(fs::remove_dir_all(path)?)
}

/// Records a second, appended to a zeroed file and synced.
fn raw_rate(path: &Path, batch: usize) -> anyhow::Result<f64> {
    let mut options = OpenOptions::new();
    let file: File = options.create(true).truncate(true).write(true).open(path)?;
    let zeros = vec![0; 1024 * 1024];
    for at in (0..SEGMENT_BYTES).step_by(zeros.len()) {
        file.write_all_at(&zeros, at)?;
    }
    file.sync_all()?;
    let bytes = vec![7; batch * RECORD_BYTES];
    let mut offset = 0;
    let rate = rate(batch, || {
        file.write_all_at(&bytes, offset)?;
        file.sync_data()?;
        offset += bytes.len() as u64;
        Ok(())
    })?;
    fs::remove_file(path)?;
    Ok(rate)
}

/// Records a second, appended to a store.
fn store_rate(path: &Path, batch: usize) -> anyhow::Result<f64> {
    let Opened { mut log, .. } = open(path, Options::default())?.into_log()?;
    let bytes = vec![7; RECORD_BYTES];
    let records = vec![Record { tag: 7, bytes: &bytes }; batch];
    // Into the first segment, as raw into its file.
    log.append(&records)?;
    let rate = rate(batch, || Ok(log.append(&records).map(drop)?));
    drop(log);
    fs::remove_dir_all(path)?;
    rate
}

/// Calls `append` again and again; gives records a second.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
fn rate(batch: usize, mut append: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let start = Instant::now();
    let mut records = 0;
    while start.elapsed() < LASTS && records * RECORD_BYTES < BYTES_MAX {
        append()?;
        records += batch;
    }
    Ok(records as f64 / start.elapsed().as_secs_f64())
}

/// Prints how fast records are read by position and recovered, from the kernel's cache.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
fn read_rows(directory: &Path) -> anyhow::Result<()> {
    let path = directory.join("read");
    let bytes = vec![7; RECORD_BYTES];
    let records = vec![Record { tag: 7, bytes: &bytes }; 64];
    let mut log = open(&path, Options::default())?.into_log()?.log;
    for _ in 0..3000 {
        log.append(&records)?;
    }
    drop(log);

    let start = Instant::now();
    let opened = open(&path, Options::default())?.into_log()?;
    let next = opened.log.next().0;
    println!("recovery of {next} records without a snapshot: {:?}", start.elapsed());

    // Once through all, so that every segment is open.
    opened.reader.read_from(Position(0), usize::MAX)?;
    let reads = 100_000;
    let start = Instant::now();
    for number in 0..reads {
        opened.reader.read(Position(number * 7919 % next))?;
    }
    let each = start.elapsed() / u32::try_from(reads)?;
    println!("point read, spread over all of them: {each:?}");
    Ok(())
}

fn median(rates: &mut [f64]) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Median, and best of all rounds.
fn show(rates: &mut [f64]) -> String {
    let median = median(rates);
    let best = rates.last().copied().unwrap_or(median);
    format!("{median:.0} (best {best:.0})")
}
