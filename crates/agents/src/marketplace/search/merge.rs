//! Several ordered lists walked as one.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::super::{
    index::Index,
    offering::Rank,
    ordered::Walk,
    shelf::{OfferingId, Shelf},
};
use crate::ids::{AgentId, Slot};

/// Agents of one rank, of several lists, by id.
pub(super) struct Agents<'a> {
    shelf: &'a Shelf,
    lists: Vec<Walk<'a, Slot>>,
    /// The next agent of each list that has one.
    heads: BinaryHeap<Reverse<(&'a AgentId, Slot, usize)>>,
    pub(super) rank: Option<Rank>,
}

impl<'a> Agents<'a> {
    pub(super) fn new(shelf: &'a Shelf) -> Self {
        Self { shelf, lists: Vec::new(), heads: BinaryHeap::new(), rank: None }
    }

    pub(super) fn push(&mut self, list: Walk<'a, Slot>) {
        if self.heads.is_empty() {
            self.lists.clear();
        }
        self.lists.push(list);
        self.refill(self.lists.len() - 1);
    }

    /// Whether all agents that are left come after this place or at it.
    pub(super) fn is_due_after(&self, rank: Rank, agent: &AgentId) -> bool {
        let head = self.heads.peek().map(|Reverse((id, _, _))| (self.rank, Some(*id)));
        head.is_none_or(|head| head >= (Some(rank), Some(agent)))
    }

    fn refill(&mut self, list: usize) {
        if let Some(slot) = self.lists[list].next() {
            self.heads.push(Reverse((self.shelf.agent(slot), slot, list)));
        }
    }
}

impl Iterator for Agents<'_> {
    type Item = Slot;

    fn next(&mut self) -> Option<Slot> {
        let Reverse((_, slot, list)) = self.heads.pop()?;
        self.refill(list);
        Some(slot)
    }
}

/// Where an offering stands, which it is, and the list it comes from.
type Head<'a> = (Rank, &'a AgentId, OfferingId, usize);

/// Offerings of several lists of one or two indexes, in the order of rank and first agent, each once per index.
#[derive(Default)]
pub(super) struct Arrivals<'a> {
    lists: Vec<(&'a Index, Walk<'a, OfferingId>)>,
    heads: BinaryHeap<Reverse<Head<'a>>>,
}

impl<'a> Arrivals<'a> {
    pub(super) fn push(&mut self, shelf: &'a Shelf, index: &'a Index, list: Walk<'a, OfferingId>) {
        self.lists.push((index, list));
        self.refill(shelf, self.lists.len() - 1);
    }

    pub(super) fn peek(&self) -> Option<(Rank, &'a AgentId)> {
        self.heads.peek().map(|Reverse((rank, first, _, _))| (*rank, *first))
    }

    /// Call it after [`Arrivals::peek`] gave one.
    pub(super) fn next(&mut self, shelf: &'a Shelf) -> (&'a Index, OfferingId) {
        let Reverse(head) = self.heads.pop().expect("one was seen");
        self.refill(shelf, head.3);
        // An agent is in one index, so who has the same first agent is the same offering of another list.
        while let Some(Reverse(same)) = self.heads.peek()
            && same.1 == head.1
        {
            let list = same.3;
            self.heads.pop();
            self.refill(shelf, list);
        }
        (self.lists[head.3].0, head.2)
    }

    fn refill(&mut self, shelf: &'a Shelf, list: usize) {
        let (index, walk) = &mut self.lists[list];
        let Some(offering) = walk.next() else { return };
        if let (rank, Some(first)) = index.key(shelf, offering) {
            self.heads.push(Reverse((rank, first, offering, list)));
        }
    }
}
