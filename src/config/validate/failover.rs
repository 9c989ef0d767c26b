//! `[failover]` and `[watch]`: who moves the writer, what fences the old one, and who watches.

use super::super::file::{FailoverSection, WatchSection};
use super::app::image;
use super::problems::Problems;
use crate::model::spec::Watch;
use crate::model::stack::{FailsOver, Fence};
use crate::model::watch::rules::LEAST_LOSS;
use std::time::Duration;

/// What the file says of failing over.
pub(super) struct Failover {
    pub by: FailsOver,
    pub fence: Fence,
    pub accepts_unproven_fence: bool,
    pub max_data_loss: Duration,
    pub watch: Watch,
}

pub(super) fn failover(
    section: &FailoverSection,
    watch: &WatchSection,
    regions: usize,
    problems: &mut Problems,
) -> Failover {
    let guard_image = image("[failover] guard_image", section.guard_image.as_ref(), regions, problems);
    let image = image("[watch] image", watch.image.as_ref(), regions, problems);
    let who = [("human", FailsOver::Human), ("nobody", FailsOver::Nobody), ("watcher", FailsOver::Watcher)];
    let by = problems.word("[failover] by", section.by.as_ref(), &who, FailsOver::Human);
    let fences = [("aurora", Fence::Aurora), ("guard", Fence::Guard), ("app-lease", Fence::AppLease)];
    let usual = if guard_image.is_some() { Fence::Guard } else { Fence::Aurora };
    let fence = problems.word("[failover] fence", section.fence.as_ref(), &fences, usual);
    let accepts_unproven_fence = section.accept_unproven_fence.unwrap_or(false);
    if let Some(at) = section.fence.as_ref().filter(|_| fence == Fence::Guard && guard_image.is_none()) {
        problems.at(at, "[failover] fence: \"guard\" needs a guard in every task: set [failover] guard_image");
    }
    if let Some(at) = section.guard_image.as_ref().filter(|_| fence != Fence::Guard) {
        problems.at(at, "[failover] guard_image: the fence is another: remove it, or write fence = \"guard\"");
    }
    if let Some(at) = section.by.as_ref().filter(|_| by == FailsOver::Watcher) {
        if image.is_none() {
            problems.at(at, "[failover] by: nothing watches this stack: set [watch] image");
        }
        if !fence.proves() && !accepts_unproven_fence {
            problems.at(
                at,
                "[failover] by: nothing proves that the old writer takes no writes when a watcher promotes another: set \
                 [failover] guard_image, or write accept_unproven_fence = true",
            );
        }
    }
    let max_data_loss = max_data_loss(section, by, problems);
    Failover {
        by,
        fence,
        accepts_unproven_fence,
        max_data_loss,
        watch: Watch { image, guard_image, file: String::new() },
    }
}

/// A watcher is sure only when a while has passed, and cannot know what was written meanwhile.
fn max_data_loss(section: &FailoverSection, by: FailsOver, problems: &mut Problems) -> Duration {
    let least = LEAST_LOSS.as_secs();
    let usual = if by == FailsOver::Watcher { least } else { 60 };
    let Some(given) = &section.max_data_loss_s else { return Duration::from_secs(usual) };
    match u64::try_from(*given.get_ref()) {
        Ok(seconds) if seconds <= 86_400 => {
            if by == FailsOver::Watcher && seconds < least {
                let why = format!(
                    "[failover] max_data_loss_s: {seconds} allows no failover of a watcher: it is sure after three minutes \
                     at the earliest, and all that was written since the last known lag may be lost: write {least} or more"
                );
                problems.at(given, why);
            }
            Duration::from_secs(seconds)
        }
        _ => {
            problems.at(given, "[failover] max_data_loss_s: must be from 0 to 86400 seconds, like 60");
            Duration::from_secs(usual)
        }
    }
}
