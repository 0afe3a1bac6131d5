//! Batches that several threads prepare ahead, returned in the order of their steps.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

use anyhow::Context;

/// Maximum number of batches that each thread keeps ready.
const AHEAD: usize = 2;

/// The batches of a range of steps. Each of `count` threads makes every `count`-th batch.
pub struct Batches<B> {
    lanes: Vec<Receiver<anyhow::Result<B>>>,
    next: usize,
}

impl<B: Send> Batches<B> {
    /// Starts `threads` threads, at least one, that make the batches of `steps` until this is dropped.
    pub fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        steps: std::ops::Range<u64>,
        threads: usize,
        make: &'scope (impl Fn(u64) -> anyhow::Result<B> + Sync),
    ) -> Self
    where
        B: 'scope,
    {
        let threads = threads.max(1);
        let lanes = (0..threads)
            .map(|lane| {
                let (sender, receiver) = sync_channel(AHEAD);
                let steps = steps.clone();
                scope.spawn(move || {
                    for step in steps.skip(lane).step_by(threads) {
                        // The receiver is gone when the training has failed or stopped early.
                        if sender.send(make(step)).is_err() {
                            break;
                        }
                    }
                });
                receiver
            })
            .collect();
        Self { lanes, next: 0 }
    }

    /// Returns the batch of the next step; blocks until it is ready.
    ///
    /// # Errors
    /// Fails if the batch could not be made, or if its thread has ended.
    pub fn next(&mut self) -> anyhow::Result<B> {
        let lane = &self.lanes[self.next];
        self.next = (self.next + 1) % self.lanes.len();
        lane.recv().context("a batch thread ended early")?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn batches_come_in_order_however_long_each_takes() {
        let make = |step: u64| {
            thread::sleep(Duration::from_millis((step * 7) % 5));
            Ok(step)
        };
        for threads in [0, 1, 3, 8] {
            let made: Vec<u64> = thread::scope(|scope| {
                let mut batches = Batches::start(scope, 5..25, threads, &make);
                (5..25).map(|_| batches.next().expect("a batch")).collect()
            });
            assert_eq!(made, (5..25).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_arrives_and_dropping_ends_the_threads() {
        let make = |step: u64| {
            anyhow::ensure!(step != 2, "no batch {step}");
            Ok(step)
        };
        thread::scope(|scope| {
            let mut batches = Batches::start(scope, 0..1_000_000, 2, &make);
            assert!(batches.next().is_ok() && batches.next().is_ok());
            let error = batches.next().expect_err("step 2").to_string();
            assert_eq!(error, "no batch 2");
            drop(batches);
        });
    }
}
