//! Futures that run at once, polled by whoever waits for them.

use crate::probe::Boxed;
use std::future::poll_fn;
use std::task::Poll;

/// What each of them came to, in their order.
pub async fn together<T>(futures: Vec<Boxed<'_, T>>) -> Vec<T> {
    let mut running: Vec<Option<Boxed<'_, T>>> = futures.into_iter().map(Some).collect();
    let mut ended: Vec<Option<T>> = running.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (slot, end) in running.iter_mut().zip(&mut ended) {
            if let Some(future) = slot
                && let Poll::Ready(value) = future.as_mut().poll(context)
            {
                *end = Some(value);
                *slot = None;
            }
        }
        if running.iter().all(Option::is_none) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    ended.into_iter().flatten().collect()
}
