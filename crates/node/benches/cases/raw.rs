//! The same bytes in as many appends, each synced, without a node.

use std::{
    fs::File,
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
    time::Duration,
};

use node::Telemetry;

use crate::world::{now, rate};

/// Prints how fast plain files take what a node has just written in `took`, and the ratio.
pub(crate) fn compare(
    below: &Path,
    telemetry: &Telemetry,
    (cases, took): (usize, Duration),
) -> anyhow::Result<()> {
    let (appends, bytes) = (telemetry.append_ms.read().count, telemetry.bytes_appended.get());
    let raw = take(below, (appends, bytes), telemetry.partitions())?;
    println!(
        "  {appends} appends, {} bytes a case; raw: {}, ratio {:.2}",
        bytes / cases as u64,
        rate(cases, raw),
        raw.as_secs_f64() / took.as_secs_f64()
    );
    Ok(())
}

fn take(below: &Path, (appends, bytes): (u64, u64), threads: usize) -> anyhow::Result<Duration> {
    let each = usize::try_from(bytes / appends)?;
    let appends = usize::try_from(appends)? / threads;
    let mut files = Vec::new();
    for thread in 0..threads {
        let mut file = File::create(below.join(format!("raw-{thread}")))?;
        let zeros = vec![0; 1 << 20];
        for _ in 0..=(each * appends) >> 20 {
            file.write_all(&zeros)?;
        }
        file.sync_all()?;
        file.seek(SeekFrom::Start(0))?;
        files.push(file);
    }
    let began = now();
    std::thread::scope(|scope| {
        for mut file in files {
            scope.spawn(move || {
                let record = vec![7; each];
                for _ in 0..appends {
                    file.write_all(&record)
                        .and_then(|()| file.sync_data())
                        .expect("the disk takes it");
                }
            });
        }
    });
    Ok(began.elapsed())
}
