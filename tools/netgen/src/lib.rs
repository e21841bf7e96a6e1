//! Core: random specifications from seeds, and results for their work items.
//!
//! ```text
//!   seed, Shape ──specification──▶ Specification (every construct of YAWL that the shape allows)
//!                                      ├── structured: refined from one task, block by block, so that it is sound
//!                                      └── free: any flows and gates, so that it may deadlock, livelock or leave tokens
//!   Specification, decomposition, Random ──result──▶ a valid output document
//! ```
//!
//! The same seed and shape give the same specification on every machine. What comes out passes
//! verification without an error. Loops always hold a work item, and their way out depends on the
//! variable `n`, which the loop's last task writes: whoever plays it with random results gets out.
//!
//! Names: the root net `N`, subnets `N1`, `N2`; tasks `T1`, `T2` across all nets; explicit conditions
//! `c1`, `c2`; every net's input `i` and output `o`; gateways `W1`, `W2`.

mod data;
mod draft;
mod dress;
mod free;
mod random;
mod shape;
mod structured;

use model::specification::{
    Decomposition, MetaData, SchemaVersion, Specification, SpecificationSet,
};

pub use data::{result, value};
pub use random::Random;
pub use shape::{Construct, Form, Shape};

use dress::Wardrobe;

/// The specification of this seed.
pub fn specification(seed: u64, shape: &Shape) -> Specification {
    let mut wardrobe = Wardrobe::new(Random::new(seed), shape);
    let mut root = wardrobe.net("N", shape.tasks, 0);
    root.is_root = true;
    let mut decompositions = vec![Decomposition::Net(root)];
    decompositions.extend(wardrobe.subnets.into_iter().map(Decomposition::Net));
    decompositions.extend(wardrobe.gateways.into_iter().map(Decomposition::Gateway));
    Specification {
        uri: format!("netgen_{seed}"),
        name: None,
        documentation: None,
        meta: MetaData { identifier: Some(format!("UID_netgen_{seed}")), ..MetaData::default() },
        schema_version: SchemaVersion::V4_0,
        schema: shape.has(Construct::Data).then(|| data::SCHEMA.to_owned()),
        decompositions,
    }
}

/// The specification of this seed as a `.yawl` document.
pub fn text(seed: u64, shape: &Shape) -> String {
    model::write(&SpecificationSet {
        version: SchemaVersion::V4_0,
        specifications: vec![specification(seed, shape)],
        layout: None,
    })
}
