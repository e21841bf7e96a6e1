//! Where the logs live: a directory with one store per partition, one for the catalogue and one for the agents, or
//! memory.

use std::path::{Path, PathBuf};

use store::{Keep, Memory, Options, Recovery};

use crate::rejected::StartError;

/// A few specifications; zeroing and scanning more would only delay the start.
const CATALOGUE_SEGMENT_BYTES: u64 = 4 * 1024 * 1024;

/// Every renewal is a record, and no history is read from them.
const AGENTS_KEEP: Keep = Keep::Tail;

/// The stores of one node.
#[derive(Clone, Debug)]
pub struct Storage(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Disk { directory: PathBuf, options: Options },
    Memory { catalogue: Memory, agents: Memory, partitions: Vec<Memory> },
}

impl Storage {
    /// A directory, made if it does not exist.
    pub fn disk(directory: PathBuf) -> Self {
        Self::disk_with(directory, Options::default())
    }

    /// A directory whose partitions are opened with these options.
    pub fn disk_with(directory: PathBuf, options: Options) -> Self {
        Self(Kind::Disk { directory, options })
    }

    /// Memory for so many partitions. Clones share the content: start a node on a clone to restart it.
    pub fn memory(partitions: usize) -> Self {
        let partitions = (0..partitions).map(|_| Memory::new()).collect();
        let agents = Memory::keeping(AGENTS_KEEP);
        Self(Kind::Memory { catalogue: Memory::new(), agents, partitions })
    }

    /// The store of one partition in memory, to arrange faults. `None` on disk.
    pub fn memory_of(&self, partition: usize) -> Option<&Memory> {
        match &self.0 {
            Kind::Disk { .. } => None,
            Kind::Memory { partitions, .. } => partitions.get(partition),
        }
    }

    /// The catalogue's store in memory, to arrange faults. `None` on disk.
    pub fn memory_of_catalogue(&self) -> Option<&Memory> {
        match &self.0 {
            Kind::Disk { .. } => None,
            Kind::Memory { catalogue, .. } => Some(catalogue),
        }
    }

    /// The agents' store in memory, to arrange faults. `None` on disk.
    pub fn memory_of_agents(&self) -> Option<&Memory> {
        match &self.0 {
            Kind::Disk { .. } => None,
            Kind::Memory { agents, .. } => Some(agents),
        }
    }

    pub(crate) fn open_agents(&self) -> Result<Box<dyn Recovery>, StartError> {
        match &self.0 {
            Kind::Disk { directory, options } => {
                let options = Options { keep: AGENTS_KEEP, ..*options };
                open_directory(&directory.join("agents"), options, "agents".into())
            }
            Kind::Memory { agents, .. } => Ok(agents.open()),
        }
    }

    /// Length of all files of the agents. `None` in memory.
    pub(crate) fn agents_bytes(&self) -> Option<u64> {
        let Kind::Disk { directory, .. } = &self.0 else { return None };
        let files = std::fs::read_dir(directory.join("agents")).ok()?;
        // A file that is removed meanwhile takes nothing.
        Some(files.filter_map(|file| Some(file.ok()?.metadata().ok()?.len())).sum())
    }

    pub(crate) fn open_catalogue(&self) -> Result<Box<dyn Recovery>, StartError> {
        match &self.0 {
            Kind::Disk { directory, options } => {
                let segment_bytes = options.segment_bytes.min(CATALOGUE_SEGMENT_BYTES);
                let options = Options { segment_bytes, ..*options };
                open_directory(&directory.join("catalogue"), options, "catalogue".into())
            }
            Kind::Memory { catalogue, .. } => Ok(catalogue.open()),
        }
    }

    pub(crate) fn open_partition(&self, partition: usize) -> Result<Box<dyn Recovery>, StartError> {
        match &self.0 {
            Kind::Disk { directory, options } => {
                let name = format!("partition-{partition:03}");
                open_directory(&directory.join(name), *options, part(partition))
            }
            Kind::Memory { partitions, .. } => {
                let stored = partitions.len();
                let memory = partitions.get(partition);
                Ok(memory.ok_or(StartError::Partitions { stored, asked: partition + 1 })?.open())
            }
        }
    }
}

/// What a partition is called in messages.
pub(crate) fn part(partition: usize) -> String {
    format!("partition {partition}")
}

fn open_directory(
    directory: &Path,
    options: Options,
    part: String,
) -> Result<Box<dyn Recovery>, StartError> {
    std::fs::create_dir_all(directory).map_err(|source| StartError::Directory {
        directory: directory.display().to_string(),
        source,
    })?;
    store::open(directory, options).map_err(|source| StartError::Store { part, source })
}
