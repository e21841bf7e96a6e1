//! The specifications of a node, in a log of their own: every partition knows them before any of its cases.
//!
//! An unloaded specification takes no launches and is not listed; it is kept as long as the node, since cases
//! that have ended are still shown with its names.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use model::{
    finding::{self, Finding},
    specification::Specification,
};
use store::{Log, Record, Recovery};

use crate::{
    api::{Loaded, Uploaded},
    capabilities::Capabilities,
    config::{SPECIFICATION_BYTES_MAX, SPECIFICATIONS_MAX},
    ids::SpecificationKey,
    record::{self, Made, UnloadedRecord, UploadedRecord},
    rejected::{Fault, Rejected, StartError},
    resourced::Resourced,
    reviews::Reviews,
};

/// All specifications.
pub(crate) struct Catalogue {
    known: RwLock<Known>,
    /// Held while a specification is added, so that two uploads of one key come one after the other.
    /// Absent once the node has ended, although handles may still be around.
    log: Mutex<Option<Box<dyn Log>>>,
}

#[derive(Default)]
struct Known {
    /// Those that take launches.
    by_key: BTreeMap<SpecificationKey, Arc<Loaded>>,
    by_number: BTreeMap<u32, Arc<Loaded>>,
}

impl Catalogue {
    /// Reads the catalogue, or makes it for so many partitions.
    pub(crate) fn recover(
        mut recovery: Box<dyn Recovery>,
        partitions: usize,
    ) -> Result<Self, StartError> {
        let fault = |source| StartError::Store { part: "catalogue".into(), source };
        let mut stored = Vec::new();
        recovery.snapshot(&mut |_, _| Ok(())).map_err(fault)?;
        recovery
            .tail(&mut |record| {
                stored.push(record);
                Ok(())
            })
            .map_err(fault)?;
        let mut log = recovery.into_log().map_err(fault)?.log;
        let mut records = stored.iter();
        match records.next() {
            Some(first) => {
                let made: Made = record::decode(first, record::MADE).map_err(fault)?;
                let stored = made.partitions as usize;
                if stored != partitions {
                    return Err(StartError::Partitions { stored, asked: partitions });
                }
            }
            None => {
                let partitions = u32::try_from(partitions).expect("checked against a small limit");
                let bytes = record::encode(&Made { partitions }, Vec::new());
                log.append(&[Record { tag: record::MADE, bytes: &bytes }]).map_err(fault)?;
            }
        }
        let mut known = Known::default();
        for record in records {
            known.replay(record, fault)?;
        }
        Ok(Self { known: RwLock::new(known), log: Mutex::new(Some(log)) })
    }

    /// Those that take launches, in the order of their keys.
    pub(crate) fn list(&self) -> Vec<Arc<Loaded>> {
        self.read(|known| known.by_key.values().cloned().collect())
    }

    /// All, unloaded ones included.
    pub(crate) fn all(&self) -> Vec<Arc<Loaded>> {
        self.read(|known| known.by_number.values().cloned().collect())
    }

    pub(crate) fn get(&self, key: &SpecificationKey) -> Option<Arc<Loaded>> {
        self.read(|known| known.by_key.get(key).cloned())
    }

    /// As [`Self::get`], by the key's text.
    pub(crate) fn named(&self, key: &str) -> Option<Arc<Loaded>> {
        self.read(|known| known.by_key.get(key).cloned())
    }

    /// What a record calls by this number, unloaded or not.
    pub(crate) fn numbered(&self, number: u32) -> Option<Arc<Loaded>> {
        self.read(|known| known.by_number.get(&number).cloned())
    }

    /// Whether `loaded` takes launches.
    pub(crate) fn takes_launches(&self, loaded: &Loaded) -> bool {
        self.read(|known| {
            known.by_key.get(&loaded.key).is_some_and(|now| now.number == loaded.number)
        })
    }

    fn read<T>(&self, look: impl FnOnce(&Known) -> T) -> T {
        look(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads, verifies, compiles and stores a file. Takes a while: not for an async thread.
    pub(crate) fn upload(&self, xml: &str, at_ms: i64) -> Result<Vec<Uploaded>, Rejected> {
        if xml.len() > SPECIFICATION_BYTES_MAX {
            let size = xml.len();
            return Err(Rejected::TooLarge {
                what: "specification",
                size,
                max: SPECIFICATION_BYTES_MAX,
            });
        }
        let xml: Arc<str> = xml.into();
        let mut loaded = load(&xml, at_ms).map_err(Rejected::Invalid)?;
        // What an earlier release took stays; what comes in now must be understood.
        let findings: Vec<_> = loaded.iter().flat_map(|loaded| &loaded.findings).cloned().collect();
        if finding::has_errors(&findings) {
            return Err(Rejected::Invalid(findings));
        }
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.same(&loaded)? {
            return Ok(known);
        }
        let first =
            self.read(|known| known.by_number.last_key_value().map_or(0, |(number, _)| number + 1));
        let after = first as usize + loaded.len();
        if after > SPECIFICATIONS_MAX {
            let what = "catalogue of specifications";
            return Err(Rejected::TooLarge { what, size: after, max: SPECIFICATIONS_MAX });
        }
        let bytes = record::encode(&UploadedRecord { first, at_ms, xml }, Vec::new());
        append(&mut log, record::UPLOADED, &bytes)?;
        number(&mut loaded, first);
        let uploaded = loaded.iter().map(uploaded).collect();
        self.known.write().unwrap_or_else(PoisonError::into_inner).add(loaded);
        Ok(uploaded)
    }

    /// What was answered when this text was uploaded before; a conflict where another text was.
    fn same(&self, loaded: &[Loaded]) -> Result<Option<Vec<Uploaded>>, Rejected> {
        let mut answers = Vec::new();
        let mut another = None;
        for new in loaded {
            match self.get(&new.key) {
                Some(known) if known.xml == new.xml => answers.push(uploaded(&known)),
                Some(known) => another = Some(known.key.clone()),
                None => {}
            }
        }
        match another {
            Some(key) => Err(Rejected::Conflict(key)),
            None if answers.len() == loaded.len() => Ok(Some(answers)),
            // Part of the file was unloaded since: what is left of it is in the way of the rest.
            None if !answers.is_empty() => Err(Rejected::Conflict(answers[0].key.clone())),
            None => Ok(None),
        }
    }

    /// Takes a specification off the list, so that nothing can be launched from it any more.
    pub(crate) fn hide(&self, key: &SpecificationKey) -> Option<Arc<Loaded>> {
        self.known.write().unwrap_or_else(PoisonError::into_inner).by_key.remove(key)
    }

    /// Puts back what was hidden, unless the key was taken meanwhile.
    pub(crate) fn unhide(&self, loaded: Arc<Loaded>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.by_key.entry(loaded.key.clone()).or_insert(loaded);
    }

    /// Lets go of the store, so that it can be opened again.
    pub(crate) fn close(&self) {
        *self.log.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Makes hiding durable.
    pub(crate) fn unload(&self, number: u32, at_ms: i64) -> Result<(), Rejected> {
        let bytes = record::encode(&UnloadedRecord { number, at_ms }, Vec::new());
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        append(&mut log, record::UNLOADED, &bytes)
    }
}

impl Known {
    fn replay(
        &mut self,
        stored: &store::Stored,
        fault: impl Fn(store::Fault) -> StartError,
    ) -> Result<(), StartError> {
        match stored.tag {
            record::UPLOADED => {
                let record: UploadedRecord =
                    record::decode(stored, record::UPLOADED).map_err(fault)?;
                let mut loaded = load(&record.xml, record.at_ms).map_err(|findings| {
                    StartError::Specification { number: record.first, findings }
                })?;
                number(&mut loaded, record.first);
                self.add(loaded);
            }
            record::UNLOADED => {
                let record: UnloadedRecord =
                    record::decode(stored, record::UNLOADED).map_err(fault)?;
                if let Some(loaded) = self.by_number.get(&record.number) {
                    self.by_key.remove(&loaded.key);
                }
            }
            tag => return Err(fault(record::unknown(stored.position, tag))),
        }
        Ok(())
    }

    fn add(&mut self, loaded: Vec<Loaded>) {
        for loaded in loaded.into_iter().map(Arc::new) {
            self.by_key.insert(loaded.key.clone(), loaded.clone());
            self.by_number.insert(loaded.number, loaded);
        }
    }
}

fn append(log: &mut Option<Box<dyn Log>>, tag: u8, bytes: &[u8]) -> Result<(), Rejected> {
    match log.as_mut().ok_or(Rejected::Stopping)?.append(&[Record { tag, bytes }]) {
        Ok(_) => Ok(()),
        Err(source) => Err(Rejected::Fault(Fault::Catalogue(Arc::new(source)))),
    }
}

fn number(loaded: &mut [Loaded], first: u32) {
    for (loaded, number) in loaded.iter_mut().zip(first..) {
        loaded.number = number;
    }
}

fn uploaded(loaded: &Loaded) -> Uploaded {
    Uploaded { key: loaded.key.clone(), id: loaded.id.clone(), findings: loaded.findings.clone() }
}

/// The specifications of a file, not numbered yet, or all that speaks against it.
fn load(xml: &Arc<str>, at_ms: i64) -> Result<Vec<Loaded>, Vec<Finding>> {
    let set = model::read(xml)?;
    let layout: Option<Arc<str>> = set.layout.map(Into::into);
    let mut loaded = Vec::new();
    let mut refused = Vec::new();
    for specification in set.specifications {
        let mut findings = model::verify(&specification);
        if finding::has_errors(&findings) {
            refused.extend(findings);
            continue;
        }
        match engine::Program::compile(&specification) {
            Ok(program) => {
                findings.extend(engine::or_join::findings(&program));
                let program = Arc::new(program);
                loaded.push(assemble(
                    specification,
                    program,
                    findings,
                    (xml.clone(), layout.clone(), at_ms),
                ));
            }
            Err(errors) => refused.extend(errors),
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    if let Some(twice) = twice(&loaded) {
        let message = format!("the file holds specification {twice} twice");
        let finding =
            Finding::error(format!("Specification:{twice}"), "specification-twice", message);
        return Err(vec![finding.remedy("give each its own identifier or version")]);
    }
    Ok(loaded)
}

fn assemble(
    specification: Specification,
    program: Arc<engine::Program>,
    mut findings: Vec<Finding>,
    (xml, layout, uploaded_at_ms): (Arc<str>, Option<Arc<str>>, i64),
) -> Loaded {
    let id = specification.id();
    let key = SpecificationKey::of(&id);
    let (resourced, unread) = Resourced::of(&program, &specification);
    findings.extend(unread);
    let capabilities = Capabilities::of(&program, &specification, resourced.as_ref());
    let reviews = Reviews::of(&program, &specification, resourced.as_ref());
    let specification = Arc::new(specification);
    Loaded {
        key,
        id,
        xml,
        specification,
        layout,
        program,
        findings,
        uploaded_at_ms,
        number: 0,
        capabilities,
        resourced,
        reviews,
    }
}

fn twice(loaded: &[Loaded]) -> Option<&SpecificationKey> {
    let mut seen = std::collections::BTreeSet::new();
    loaded.iter().map(|loaded| &loaded.key).find(|key| !seen.insert(*key))
}
