//! `[failover]` and `[watch]`: who moves the writer, what fences the old one, and who watches.

use super::super::file::{FailoverSection, WatchSection};
use super::app::image;
use super::problems::Problems;
use crate::model::spec::Watch;
use crate::model::stack::{FailsOver, Fence};
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
    let max_data_loss_s = section.max_data_loss_s.as_ref().map_or(60, |seconds| {
        if !(0..=86_400).contains(seconds.get_ref()) {
            problems.at(seconds, "[failover] max_data_loss_s: must be from 0 to 86400 seconds, like 60");
        }
        *seconds.get_ref()
    });
    Failover {
        by,
        fence,
        accepts_unproven_fence,
        max_data_loss: Duration::from_secs(max_data_loss_s.unsigned_abs()),
        watch: Watch { image, guard_image, file: String::new() },
    }
}
