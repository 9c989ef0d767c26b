//! The machine under us: the clock, the disk and the log. Nothing above reads time or files in
//! another way.

pub mod clock;
pub mod disk;
pub mod logs;

pub use clock::Clock;
pub use disk::Disk;
