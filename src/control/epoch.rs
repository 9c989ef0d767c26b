//! The epoch in the control table: who may write. It is read strongly consistent, from the first Region that answers.

use super::lease::Table;
use crate::cloud::Aws;
use crate::cloud::control;
use crate::model::epoch::{Epoch, PK, SK};
use crate::model::outcome::{CallError, ErrorClass};

/// What stands there; `None`: nobody was ever deposed.
///
/// # Errors
/// As the table answers; when what stands there is no epoch.
pub async fn read(aws: &Aws, table: &Table) -> Result<Option<Epoch>, CallError> {
    let Some(item) = control::get(aws, &table.regions, &table.name, PK, SK).await? else { return Ok(None) };
    let broken = || CallError::new(ErrorClass::Invalid, "what stands in the place of the epoch is none");
    Epoch::of(&item).ok_or_else(broken).map(Some)
}
