//! Where the logs live: a directory with one store per partition and one for the catalogue, or memory.

use std::path::PathBuf;

use store::{Memory, Recovery};

use crate::rejected::StartError;

/// The stores of one node.
#[derive(Clone, Debug)]
pub struct Storage(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Disk(PathBuf),
    Memory { catalogue: Memory, partitions: Vec<Memory> },
}

impl Storage {
    /// A directory, made if it does not exist.
    pub fn disk(directory: PathBuf) -> Self {
        Self(Kind::Disk(directory))
    }

    /// Memory for so many partitions. Clones share the content: start a node on a clone to restart it.
    pub fn memory(partitions: usize) -> Self {
        let partitions = (0..partitions).map(|_| Memory::new()).collect();
        Self(Kind::Memory { catalogue: Memory::new(), partitions })
    }

    /// The store of one partition in memory, to arrange faults. `None` on disk.
    pub fn memory_of(&self, partition: usize) -> Option<&Memory> {
        match &self.0 {
            Kind::Disk(_) => None,
            Kind::Memory { partitions, .. } => partitions.get(partition),
        }
    }

    pub(crate) fn open_catalogue(&self) -> Result<Box<dyn Recovery>, StartError> {
        match &self.0 {
            Kind::Disk(directory) => {
                open_directory(directory.join("catalogue"), "catalogue".into())
            }
            Kind::Memory { catalogue, .. } => Ok(catalogue.open()),
        }
    }

    pub(crate) fn open_partition(&self, partition: usize) -> Result<Box<dyn Recovery>, StartError> {
        match &self.0 {
            Kind::Disk(directory) => {
                let name = format!("partition-{partition:03}");
                open_directory(directory.join(name), part(partition))
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

fn open_directory(directory: PathBuf, part: String) -> Result<Box<dyn Recovery>, StartError> {
    std::fs::create_dir_all(&directory).map_err(|source| StartError::Directory {
        directory: directory.display().to_string(),
        source,
    })?;
    store::open(&directory, store::Options::default())
        .map_err(|source| StartError::Store { part, source })
}
