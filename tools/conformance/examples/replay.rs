//! Replays the folder named on the command line and prints the table.

fn main() -> anyhow::Result<()> {
    let folder =
        std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("name the folder of recordings"))?;
    conformance::run(folder.as_ref(), &mut std::io::stdout())?;
    Ok(())
}
