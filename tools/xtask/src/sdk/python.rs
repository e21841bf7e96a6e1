//! The Python SDK: its types, and its tests in an environment of their own with the wheel that users would install.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail, ensure};

use super::{DESCRIPTION, server, target};
use crate::step;

/// Where the SDK stands.
const DIRECTORY: &str = "sdk/python";
/// The types, within the SDK.
const TYPES: &str = "src/flotilla/types.py";
/// First line of the types.
const HEADER: &str = r#""""What the interface sends and takes: made from docs/openapi.json by `cargo xtask sdk-types`, not by hand.""""#;
/// What is asked of a Python: new enough, and able to make environments.
const ABLE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
/// Names under which one may be: first what the user has chosen, then the system's own.
const PYTHONS: &[&str] = &["python3", "/usr/bin/python3"];

/// Writes the types anew.
pub(crate) fn types(root: &Path) -> anyhow::Result<()> {
    let python = Environment::prepare(root)?;
    python.generate(root, &root.join(DIRECTORY).join(TYPES))
}

/// Holds the types against the description, and runs every check and test of the SDK.
pub(crate) fn test(root: &Path) -> anyhow::Result<()> {
    let python = Environment::prepare(root)?;
    let fresh = target(root).join("sdk-python/types.py");
    python.generate(root, &fresh)?;
    let committed = fs::read_to_string(root.join(DIRECTORY).join(TYPES))?;
    ensure!(
        fs::read_to_string(fresh)? == committed,
        "{DIRECTORY}/{TYPES} is not what {DESCRIPTION} says; run `cargo xtask sdk-types`"
    );
    python.run(root, &["-m", "ruff", "format", "--check", "--quiet"])?;
    python.run(root, &["-m", "ruff", "check", "--quiet"])?;
    python.run(root, &["-m", "mypy"])?;
    python.run(root, &["-m", "pytest"])
}

/// A Python with the SDK's wheel and what its tests need.
struct Environment {
    python: PathBuf,
    wheel: PathBuf,
}

impl Environment {
    /// Makes the environment, or brings it up to date.
    fn prepare(root: &Path) -> anyhow::Result<Self> {
        let directory = target(root).join("sdk-python");
        let python = directory.join("venv/bin/python");
        // A Python that was replaced leaves an environment behind that does not start.
        if !works(&python) {
            let venv = directory.join("venv");
            step::run(root, able()?, &["-m", "venv", "--clear", text(&venv)?])?;
        }
        let wheels = directory.join("wheels");
        if wheels.exists() {
            fs::remove_dir_all(&wheels)?;
        }
        let pip = |arguments: &[&str]| {
            let common = ["-m", "pip", "--quiet", "--disable-pip-version-check"];
            step::run(root, text(&python)?, &[&common, arguments].concat())
        };
        pip(&["wheel", "--no-deps", "--wheel-dir", text(&wheels)?, DIRECTORY])?;
        let mut made = fs::read_dir(&wheels)?;
        let wheel = made.next().context("pip wheel has made no wheel")??.path();
        pip(&["install", &format!("{}[test]", text(&wheel)?)])?;
        // Its version is the same, what is in it may not be.
        pip(&["install", "--force-reinstall", "--no-deps", text(&wheel)?])?;
        Ok(Self { python, wheel })
    }

    /// Writes the types that the description gives to `file`.
    fn generate(&self, root: &Path, file: &Path) -> anyhow::Result<()> {
        let arguments = [
            "-m",
            "datamodel_code_generator",
            "--input",
            DESCRIPTION,
            "--input-file-type=openapi",
            "--output",
            text(file)?,
            "--output-model-type=typing.TypedDict",
            "--target-python-version=3.11",
            "--use-standard-collections",
            "--use-union-operator",
            "--use-schema-description",
            "--use-field-description",
            "--use-double-quotes",
            "--no-use-closed-typed-dict",
            "--naming-strategy=primary-first",
            "--formatters=builtin",
            "--custom-file-header",
            HEADER,
        ];
        step::run(root, text(&self.python)?, &arguments)
    }

    /// Runs Python in the SDK's directory, with a server's binary and the wheel at hand.
    fn run(&self, root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
        let mut command = Command::new(&self.python);
        command.args(arguments).current_dir(root.join(DIRECTORY));
        command.env("FLOTILLA_BIN", server(root)).env("FLOTILLA_WHEEL", &self.wheel);
        // Nothing of theirs is left in the checkout.
        let caches = target(root).join("sdk-python/caches");
        for cache in ["MYPY_CACHE_DIR", "RUFF_CACHE_DIR", "PYTHONPYCACHEPREFIX"] {
            command.env(cache, caches.join(cache));
        }
        step::run_command(command)
    }
}

/// The first Python that will do.
fn able() -> anyhow::Result<&'static str> {
    let Some(python) = PYTHONS.iter().find(|name| works(Path::new(name))) else {
        bail!(
            "the Python SDK needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)"
        );
    };
    Ok(python)
}

fn works(python: &Path) -> bool {
    Command::new(python).args(["-c", ABLE]).output().is_ok_and(|output| output.status.success())
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().with_context(|| format!("{} is no UTF-8", path.display()))
}
