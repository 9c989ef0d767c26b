//! `tandem watch off`, `on` and `ack`: what humans tell watchers.

use super::{Opened, WatchError};
use crate::cli::journal::who;
use crate::model::text::clean;
use crate::model::watch::inputs::Off;
use crate::watch::switch::{self, Changed};

pub async fn off(opened: &Opened, why: &str) -> Result<(String, u8), WatchError> {
    let at = opened.stage.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let off = Off { who: who(), why: clean(why), at };
    switch::turn_off(&opened.stage.aws, &opened.table, &off).await?;
    Ok(("Watchers are off: none begins anything before tandem watch on.\n".into(), 0))
}

pub async fn on(opened: &Opened) -> Result<(String, u8), WatchError> {
    switch::turn_on(&opened.stage.aws, &opened.table).await?;
    Ok(("Watchers are on: each looks for a whole window before it acts.\n".into(), 0))
}

pub async fn ack(opened: &Opened) -> Result<(String, u8), WatchError> {
    let (aws, table) = (&opened.stage.aws, &opened.table);
    let Some(promotion) = switch::promoted(aws, table).await? else {
        return Ok(("There is nothing to acknowledge: no watcher has moved the writer.\n".into(), 0));
    };
    let what = format!("{} to {} by {} ({})", promotion.from, promotion.to, promotion.by, promotion.at);
    match switch::acknowledge(aws, table, &promotion, &who()).await? {
        Changed::Done => Ok((
            format!("Acknowledged: {what}. Watchers may move the writer again when an hour has passed as well.\n"),
            0,
        )),
        Changed::Not(_) => Err(WatchError::Moved),
    }
}
