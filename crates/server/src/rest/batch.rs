//! Batches: an entry that cannot be read is refused alone, the others are asked about together.

use wire::{Outcome, Results};

use crate::problem::Failure;

/// Where the entries of a request stand: those that were refused, and room for the answers to the others.
pub(super) struct Places(Vec<Option<Failure>>);

/// Reads each entry. What could be read goes on; the places keep what was wrong with the rest.
pub(super) fn read<E, T>(
    entries: impl IntoIterator<Item = E>,
    read: impl Fn(E) -> Result<T, Failure>,
) -> (Vec<T>, Places) {
    let mut good = Vec::new();
    let mut places = Vec::new();
    for entry in entries {
        match read(entry) {
            Ok(entry) => {
                good.push(entry);
                places.push(None);
            }
            Err(failure) => places.push(Some(failure)),
        }
    }
    (good, Places(places))
}

impl Places {
    /// Of as many things as there were entries, those whose entry could be read.
    pub(super) fn of<T>(&self, all: Vec<T>) -> Vec<T> {
        let read = all.into_iter().zip(&self.0).filter(|(_, refused)| refused.is_none());
        read.map(|(one, _)| one).collect()
    }

    /// Puts the answers beside the refusals, in the order of the request.
    pub(super) fn fill<T>(
        self,
        answers: impl IntoIterator<Item = Result<T, Failure>>,
    ) -> Vec<Outcome<T>> {
        let mut answers = answers.into_iter();
        let outcome = |refused: Option<Failure>| match refused {
            Some(failure) => Err(failure),
            None => answers.next().expect("one for each entry that was read"),
        };
        self.0.into_iter().map(outcome).map(self::outcome).collect()
    }

    pub(super) fn results<T>(
        self,
        answers: impl IntoIterator<Item = Result<T, Failure>>,
    ) -> axum::Json<Results<T>> {
        axum::Json(Results { results: self.fill(answers) })
    }
}

fn outcome<T>(answer: Result<T, Failure>) -> Outcome<T> {
    match answer {
        Ok(done) => Outcome::Done(done),
        Err(failure) => Outcome::Refused { problem: failure.0 },
    }
}
