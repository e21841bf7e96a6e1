//! Replays the folder named on the command line and prints the table.

fn main() -> anyhow::Result<()> {
    let folder =
        std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("name the folder of recordings"))?;
    let summary = conformance::run(folder.as_ref(), &mut std::io::stdout())?;
    if std::env::args().nth(2).is_some() {
        summary
            .families
            .values()
            .flat_map(|family| &family.differences)
            .for_each(|it| println!("{it}"));
    }
    Ok(())
}
