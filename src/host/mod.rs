//! The machine under us: the clock and the disk. Nothing above reads time or files in another way.

pub mod clock;
pub mod disk;

pub use clock::Clock;
pub use disk::Disk;
