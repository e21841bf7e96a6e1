//! Packages of npm, read from its lock files: their licences and which of them we named.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use anyhow::Context as _;
use serde_json::Value;

use super::licences;
use crate::finding::Finding;

/// Licences of single packages, each with the reason why it may stay.
const EXCEPTIONS: &[(&str, &str)] = &[
    // File-wise copyleft, used unchanged; `design.md` names it.
    ("elkjs", "EPL-2.0"),
];
/// Licences that tools of the build may have: none of their text reaches the product.
const TOOLS: &[&str] = &["BlueOak-1.0.0", "CC-BY-4.0", "Python-2.0"];

/// What a lock file says.
pub(crate) struct Lock {
    /// The directory that it stands in.
    place: String,
    /// Names that our own `package.json` states.
    pub(crate) direct: BTreeSet<String>,
    packages: Vec<Package>,
}

struct Package {
    name: String,
    licence: String,
    /// Needed to build or to test, not in what users load.
    is_tool: bool,
}

/// Reads the lock file of the packages that are used at `place`.
pub(crate) fn read(place: &str, text: &str) -> anyhow::Result<Lock> {
    let root: Value = serde_json::from_str(text)
        .with_context(|| format!("{place}/package-lock.json is no JSON"))?;
    let packages = root["packages"]
        .as_object()
        .with_context(|| format!("{place}/package-lock.json has no packages"))?;
    let mut lock = Lock { place: place.to_owned(), direct: BTreeSet::new(), packages: Vec::new() };
    for (path, package) in packages {
        let Some((_, name)) = path.rsplit_once("node_modules/") else {
            for list in ["dependencies", "devDependencies"] {
                let names = package[list].as_object().into_iter().flat_map(|list| list.keys());
                lock.direct.extend(names.cloned());
            }
            continue;
        };
        lock.packages.push(Package {
            name: name.to_owned(),
            licence: package["license"].as_str().unwrap_or_default().to_owned(),
            is_tool: package["dev"].as_bool().unwrap_or_default(),
        });
    }
    Ok(lock)
}

pub(crate) fn check(lock: &Lock) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &lock.packages {
        let (name, licence) = (package.name.as_str(), package.licence.as_str());
        let exceptions = EXCEPTIONS.iter().filter(|(exception, _)| *exception == name);
        let mut also: Vec<&str> = exceptions.map(|(_, licence)| *licence).collect();
        if package.is_tool {
            also.extend(TOOLS);
        }
        if !licences::is_accepted(licence, &also) {
            let message = format!("licence `{licence}` is not among the accepted ones");
            findings.push(Finding::new(
                format!("{}: {name}", lock.place),
                message,
                "choose another package",
            ));
        }
    }
    findings
}
