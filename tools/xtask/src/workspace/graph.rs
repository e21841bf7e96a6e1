//! Packages and the arrows between them, read from `cargo metadata`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::Context as _;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

/// The platform that the product runs on: what only other systems need is not in the graph.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Why one package needs another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Arrow {
    /// For its code, or for the script that makes some of it.
    Code,
    /// For its tests alone.
    Tests,
}

#[derive(Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// As the package states it.
    pub(crate) licence: Option<String>,
    pub(crate) is_ours: bool,
    /// Whether the manifest takes the workspace's lints. Read for our own packages only.
    pub(crate) inherits_lints: bool,
    pub(crate) needs: BTreeSet<(usize, Arrow)>,
}

#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) packages: Vec<Package>,
}

impl Graph {
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let metadata = MetadataCommand::new()
            .current_dir(root)
            .other_options(vec!["--filter-platform".to_owned(), PLATFORM.to_owned()])
            .exec()
            .context("cargo metadata")?;
        Self::from_metadata(&metadata)
    }

    fn from_metadata(metadata: &Metadata) -> anyhow::Result<Self> {
        let resolve = metadata.resolve.as_ref().context("cargo metadata gave no resolution")?;
        let wanted: BTreeSet<&PackageId> = resolve.nodes.iter().map(|node| &node.id).collect();
        let members: BTreeSet<&PackageId> = metadata.workspace_members.iter().collect();
        let used = metadata.packages.iter().filter(|package| wanted.contains(&package.id));
        let (mut index, mut graph) = (BTreeMap::new(), Self::default());
        for package in used {
            index.insert(&package.id, graph.packages.len());
            let is_ours = members.contains(&package.id);
            let manifest =
                if is_ours { fs::read_to_string(&package.manifest_path)? } else { String::new() };
            graph.packages.push(Package {
                name: package.name.to_string(),
                version: package.version.to_string(),
                licence: package.license.clone(),
                is_ours,
                inherits_lints: manifest.contains("[lints]\nworkspace = true"),
                needs: BTreeSet::new(),
            });
        }
        for node in &resolve.nodes {
            let from = index[&node.id];
            for dependency in &node.deps {
                let kinds = dependency.dep_kinds.iter().map(|kind| arrow(kind.kind));
                let to = index[&dependency.pkg];
                graph.packages[from].needs.extend(kinds.map(|kind| (to, kind)));
            }
        }
        Ok(graph)
    }

    /// Our own packages.
    pub(crate) fn ours(&self) -> impl Iterator<Item = (usize, &Package)> {
        self.packages.iter().enumerate().filter(|(_, package)| package.is_ours)
    }

    /// Names of the packages of others that ours name in their manifests.
    pub(crate) fn external_direct(&self) -> BTreeSet<String> {
        let needs = self.ours().flat_map(|(_, package)| package.needs.iter());
        let packages = needs.map(|(to, _)| &self.packages[*to]);
        packages.filter(|package| !package.is_ours).map(|package| package.name.clone()).collect()
    }
}

fn arrow(kind: DependencyKind) -> Arrow {
    match kind {
        DependencyKind::Development => Arrow::Tests,
        DependencyKind::Normal | DependencyKind::Build | DependencyKind::Unknown => Arrow::Code,
    }
}

#[cfg(test)]
impl Graph {
    /// A graph out of lines `name [licence]: needed needed ...`; `(name)` is ours, `~name` is needed by tests.
    pub(crate) fn of(text: &str) -> Self {
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let head = |line: &str| line.split(':').next().unwrap_or_default().trim().to_owned();
        let mut graph = Self::default();
        for line in &lines {
            let (head, licence) = match head(line).split_once('[') {
                Some((name, licence)) => {
                    (name.trim().to_owned(), Some(licence.trim_end_matches(']').to_owned()))
                }
                None => (head(line), Some("MIT".to_owned())),
            };
            let is_ours = head.starts_with('(');
            let name = head.trim_matches(['(', ')']).to_owned();
            let version = "1.0.0".to_owned();
            let needs = BTreeSet::new();
            let licence = licence.filter(|licence| !licence.is_empty());
            let inherits_lints = true;
            graph.packages.push(Package { name, version, licence, is_ours, inherits_lints, needs });
        }
        for (from, line) in lines.iter().enumerate() {
            let needed = line.split_once(':').map_or("", |(_, needed)| needed);
            for word in needed.split_whitespace() {
                let kind = if word.starts_with('~') { Arrow::Tests } else { Arrow::Code };
                let name = word.trim_start_matches('~');
                let to = graph.packages.iter().position(|package| package.name == name).unwrap();
                graph.packages[from].needs.insert((to, kind));
            }
        }
        graph
    }
}
