//! Looks at what surrounds a stack: the account, its permissions and quotas, what AWS offers. Only reads.

mod access;
mod caller;
mod database;
mod held;
mod image;
mod offers;
mod quotas;
mod zone;

pub use access::{ACCESS, access};
pub use caller::{Caller, caller};
pub use database::{Global, global};
pub use held::{Held, held};
pub use image::{EcrImage, image};
pub use offers::{Offers, offers};
pub use quotas::quota;
pub use zone::{Zone, zone};

/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 50;
