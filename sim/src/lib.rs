//! Seeded workloads, a model of what they must lead to, and the laws that hold for any of them. See `docs/testing.md`.

pub mod calls;
pub mod disk;
pub mod disturbed;
pub mod follower;
pub mod histories;
pub mod history;
pub mod kinesis;
pub mod laws;
pub mod linear;
pub mod mappings;
pub mod model;
pub mod plan;
pub mod random;
pub mod scratch;
pub mod workload;
pub mod world;
