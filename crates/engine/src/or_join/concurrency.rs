//! Which places can hold tokens at the same time: an upper bound, found in polynomial time.
//!
//! The concurrency relation of Kovalyov and Esparza (1996), taken from the current marking instead of the
//! initial one, and for reset nets: a reset ends what it empties. A marking that needs two tokens
//! in places that are not related cannot be covered, so the search need not look at it.

use super::{
    bits::{Bits, ones},
    reset_net::{Part, Place, ResetNet, Transition},
    work::Work,
};

pub(super) struct Concurrency {
    places: Vec<Place>,
    /// The row of each place; none for a place that no token reaches.
    rows: Vec<Option<usize>>,
    words: usize,
    /// By row, the places where a further token can be while the row's place holds one.
    bits: Vec<u64>,
    held: Bits,
    /// The transitions that can fire.
    pub(super) live: Bits,
}

impl Concurrency {
    /// What can come of `marking` within `part`. Ends early where the work is spent: the caller must look.
    pub(super) fn new(net: &ResetNet, part: &Part, marking: &[u32], work: &mut Work) -> Self {
        let places: Vec<Place> = part.places.iter().collect();
        let mut rows = vec![None; net.places()];
        places.iter().enumerate().for_each(|(row, place)| rows[*place] = Some(row));
        let words = places.len().div_ceil(64);
        let mut relation = Self {
            rows,
            words,
            bits: vec![0; words * places.len()],
            held: Bits::below(places.len()),
            live: Bits::below(net.transitions.len()),
            places,
        };
        relation.relate_marked(marking);
        relation.spread(net, part, work);
        relation
    }

    /// Whether a token can be in `place`, and each of `others` at the same time.
    pub(super) fn allows(&self, place: Place, others: &[Place]) -> bool {
        let Some(row) = self.rows[place].filter(|row| self.held.contains(*row)) else {
            return false;
        };
        others.iter().all(|other| self.rows[*other].is_some_and(|other| self.related(row, other)))
    }

    fn related(&self, row: usize, other: usize) -> bool {
        self.bits[row * self.words + other / 64] >> (other % 64) & 1 == 1
    }

    /// Relates two places; whether that is new.
    fn relate(&mut self, row: usize, other: usize) -> bool {
        let is_new = !self.related(row, other);
        self.bits[row * self.words + other / 64] |= 1 << (other % 64);
        self.bits[other * self.words + row / 64] |= 1 << (row % 64);
        is_new
    }

    fn relate_marked(&mut self, marking: &[u32]) {
        let marked = |row: &usize| marking[self.places[*row]] > 0;
        let marked: Vec<usize> = (0..self.places.len()).filter(marked).collect();
        for &row in &marked {
            self.held.insert(row);
            for &other in &marked {
                if row != other || marking[self.places[row]] > 1 {
                    self.relate(row, other);
                }
            }
        }
    }

    /// Fires transitions until nothing new comes of it.
    fn spread(&mut self, net: &ResetNet, part: &Part, work: &mut Work) {
        let mut pending: Vec<usize> = part.transitions.iter().collect();
        let mut queued = part.transitions.clone();
        let mut changed = Vec::new();
        while let Some(transition) = pending.pop() {
            queued.remove(transition);
            work.spend(1);
            let preset = &net.transitions[transition].preset;
            if !(0..preset.len()).all(|at| self.allows(preset[at], &preset[..at])) {
                continue;
            }
            self.live.insert(transition);
            self.fire(&net.transitions[transition], &mut changed, work);
            if work.is_spent() {
                return;
            }
            for row in changed.drain(..) {
                let consumers = net.consumers[self.places[row]].iter();
                let consumers = consumers.filter(|it| part.transitions.contains(**it));
                pending.extend(consumers.filter(|it| queued.insert(**it)));
            }
        }
    }

    /// Relates what the transition puts out to itself and to what can stay meanwhile. Gives the rows that changed.
    fn fire(&mut self, it: &Transition, changed: &mut Vec<usize>, work: &mut Work) {
        let stays = self.stays(&it.preset, &it.reset);
        let row_of = |place: &Place| self.rows[*place];
        let put: Vec<usize> = it.postset.iter().filter_map(row_of).collect();
        for (at, &row) in put.iter().enumerate() {
            if self.held.insert(row) {
                changed.push(row);
            }
            for (word, staying) in stays.iter().enumerate() {
                let new = staying & !self.bits[row * self.words + word];
                for other in ones(new).map(|bit| word * 64 + bit) {
                    self.relate(row, other);
                    changed.extend([row, other]);
                }
            }
            for &other in &put[..at] {
                if self.relate(row, other) {
                    changed.extend([row, other]);
                }
            }
        }
        work.spend((1 + it.preset.len() + put.len()) * (1 + self.words) + changed.len());
    }

    /// Where tokens can be beside those of `preset`, once `reset` is empty: a row of bits.
    fn stays(&self, preset: &[Place], reset: &[Place]) -> Vec<u64> {
        let mut stays = vec![u64::MAX; self.words];
        for row in preset.iter().filter_map(|place| self.rows[*place]) {
            let bits = &self.bits[row * self.words..(row + 1) * self.words];
            stays.iter_mut().zip(bits).for_each(|(stay, bits)| *stay &= bits);
        }
        for row in reset.iter().filter_map(|place| self.rows[*place]) {
            stays[row / 64] &= !(1 << (row % 64));
        }
        stays
    }
}
