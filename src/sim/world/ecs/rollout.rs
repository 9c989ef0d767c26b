//! The arithmetic of a rolling update.

/// Where a service stands. `new` are the PRIMARY deployment's tasks, `old` those of the others,
/// `spent` those of any that were found unhealthy; all of them are still wanted to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stand {
    pub desired: u32,
    pub minimum_healthy_percent: u32,
    pub maximum_percent: u32,
    pub new_live: u32,
    pub new_ready: u32,
    pub old_live: u32,
    pub old_ready: u32,
    pub spent: u32,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moves {
    pub start: u32,
    pub stop_new: u32,
    pub stop_old: u32,
    pub stop_spent: u32,
}

/// The next moves: at least minimumHealthyPercent (rounded up) stay ready, at most maximumPercent
/// (rounded down) live, and an unhealthy task stays until another can serve, if there is room for it.
pub fn moves(stand: Stand) -> Moves {
    let share = |percent: u32| u64::from(stand.desired) * u64::from(percent);
    let ceiling = (share(stand.maximum_percent) / 100) as u32;
    let floor = share(stand.minimum_healthy_percent).div_ceil(100) as u32;
    let live = stand.new_live + stand.old_live + stand.spent;
    let ready = stand.new_ready + stand.old_ready;

    let missing = stand.desired.saturating_sub(stand.new_live);
    let room = ceiling.saturating_sub(live);
    let shortage = missing.saturating_sub(room);
    let stop_spent = if ready >= stand.desired { stand.spent } else { stand.spent.min(shortage) };

    let superseded = (stand.old_live + stand.new_ready).saturating_sub(stand.desired);
    let spare = ready.saturating_sub(floor) + (stand.old_live - stand.old_ready.min(stand.old_live));
    let stop_old = stand.old_live.min(superseded.max(shortage.saturating_sub(stop_spent))).min(spare);
    Moves { start: missing.min(room), stop_new: stand.new_live.saturating_sub(stand.desired), stop_old, stop_spent }
}

/// How many tasks may fail before the circuit breaker trips (ECS Developer Guide, deployment circuit
/// breaker).
pub fn threshold(desired: u32) -> u32 {
    desired.div_ceil(2).clamp(3, 200)
}

/// Seconds to wait after the `round`th launch in a row (from 1) whose tasks never came to run: it
/// doubles from 10 (assumed) to 15 minutes (ECS Developer Guide, service throttle logic).
pub fn back_off_s(round: u32) -> u64 {
    (10_u64 << round.saturating_sub(1).min(10)).min(900)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stand(desired: u32, minimum: u32, maximum: u32) -> Stand {
        Stand { desired, minimum_healthy_percent: minimum, maximum_percent: maximum, ..Stand::default() }
    }

    #[test]
    fn new_tasks_come_before_old_ones_go() {
        let before = Stand { old_live: 4, old_ready: 4, ..stand(4, 100, 200) };
        assert_eq!(moves(before), Moves { start: 4, ..Moves::default() });
        let between = Stand { new_live: 4, new_ready: 1, ..before };
        assert_eq!(moves(between), Moves { stop_old: 1, ..Moves::default() });
    }

    #[test]
    fn without_room_old_ones_go_first_down_to_the_floor() {
        let before = Stand { old_live: 4, old_ready: 4, ..stand(4, 50, 100) };
        assert_eq!(moves(before), Moves { stop_old: 2, ..Moves::default() });
        let stuck = Stand { old_live: 1, old_ready: 1, ..stand(1, 100, 100) };
        assert_eq!(moves(stuck), Moves::default());
    }

    #[test]
    fn an_unhealthy_task_waits_for_its_replacement_when_there_is_room() {
        let found = Stand { new_live: 1, new_ready: 1, spent: 1, ..stand(2, 100, 200) };
        assert_eq!(moves(found), Moves { start: 1, ..Moves::default() });
        assert_eq!(moves(Stand { new_live: 2, new_ready: 2, ..found }).stop_spent, 1);
        assert_eq!(moves(Stand { maximum_percent: 100, ..found }).stop_spent, 1);
    }

    #[test]
    fn the_breaker_and_the_back_off_have_bounds() {
        assert_eq!([1, 6, 7, 100, 1000].map(threshold), [3, 3, 4, 50, 200]);
        assert_eq!([1, 2, 7, 8, 40].map(back_off_s), [10, 20, 640, 900, 900]);
    }

    proptest! {
        /// Whatever the numbers, a rolling update that makes every move and sees every task become
        /// ready ends with just the desired tasks, and never leaves its bounds on the way.
        #[test]
        fn a_rolling_update_keeps_its_bounds_and_ends(desired in 1_u32..60, minimum in 0_u32..=100, more in 1_u32..=100) {
            let maximum = 100 + more;
            let floor = (desired * minimum).div_ceil(100);
            let ceiling = desired * maximum / 100;
            prop_assume!(floor < desired || ceiling > desired);
            let mut now = Stand { old_live: desired, old_ready: desired, ..stand(desired, minimum, maximum) };
            for _ in 0..200 {
                let next = moves(now);
                now.old_live -= next.stop_old;
                now.old_ready = now.old_ready.min(now.old_live);
                now.new_live += next.start;
                prop_assert!(now.new_ready + now.old_ready >= floor);
                prop_assert!(now.new_live + now.old_live <= ceiling);
                now.new_ready = now.new_live;
            }
            prop_assert_eq!((now.new_live, now.old_live), (desired, 0));
        }
    }
}
