// SPDX-License-Identifier: MIT OR Apache-2.0

//! Threads that wait for each other, and memory that they share.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, AtomicU8, AtomicUsize, Ordering};
use std::sync::mpsc::{self, sync_channel};
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, RwLock};
use std::thread;

#[test]
fn threads_come_and_go() {
    for wave in 0..12_u64 {
        let threads: Vec<_> = (0..8)
            .map(|number| thread::spawn(move || wave * number))
            .collect();
        let sum: u64 = threads.into_iter().map(|one| one.join().unwrap()).sum();
        assert_eq!(sum, wave * 28);
    }
}

#[test]
fn channels_lose_nothing() {
    let (sender, receiver) = sync_channel::<u64>(3);
    let (unbounded, all) = mpsc::channel();
    thread::scope(|scope| {
        for number in 0..4 {
            let (sender, unbounded) = (sender.clone(), unbounded.clone());
            scope.spawn(move || {
                for value in 0..250 {
                    sender.send(number * 250 + value).unwrap();
                    unbounded.send(value).unwrap();
                }
            });
        }
        drop((sender, unbounded));
        let mut values: Vec<_> = receiver.iter().collect();
        values.sort_unstable();
        assert_eq!(values, (0..1000).collect::<Vec<_>>());
        assert_eq!(all.iter().sum::<u64>(), 4 * (249 * 250 / 2));
    });
}

#[test]
fn a_condition_is_waited_for() {
    let turn = (Mutex::new(0_usize), Condvar::new());
    thread::scope(|scope| {
        for own in 0..3 {
            let turn = &turn;
            scope.spawn(move || {
                for _ in 0..100 {
                    let mut now = turn.1.wait_while(turn.0.lock().unwrap(), |now| *now % 3 != own);
                    **now.as_mut().unwrap() += 1;
                    turn.1.notify_all();
                }
            });
        }
    });
    assert_eq!(turn.0.into_inner().unwrap(), 300);
}

#[test]
fn readers_never_see_half_of_a_change() {
    let pair = RwLock::new((0_u64, 0_u64));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..300 {
                    let mut pair = pair.write().unwrap();
                    pair.0 += 1;
                    pair.1 += 1;
                }
            });
            scope.spawn(|| {
                for _ in 0..300 {
                    let pair = pair.read().unwrap();
                    assert_eq!(pair.0, pair.1);
                }
            });
        }
    });
    assert_eq!(*pair.read().unwrap(), (600, 600));
}

#[test]
fn atomic_numbers_of_all_sizes_add_up() {
    let (bytes, halves) = (
        [const { AtomicU8::new(0) }; 4],
        [const { AtomicU16::new(0) }; 2],
    );
    let (words, own) = (AtomicU32::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for number in 0..4 {
            let (bytes, halves, words, own) = (&bytes, &halves, &words, &own);
            scope.spawn(move || {
                for _ in 0..1000 {
                    // Neighbours in one word.
                    bytes[number].fetch_add(1, Ordering::Relaxed);
                    halves[number % 2].fetch_add(1, Ordering::AcqRel);
                    words.fetch_add(1 << 16, Ordering::SeqCst);
                    let mut seen = own.load(Ordering::Relaxed);
                    while let Err(now) =
                        own.compare_exchange_weak(seen, seen + 3, Ordering::AcqRel, Ordering::Relaxed)
                    {
                        seen = now;
                    }
                }
            });
        }
    });
    assert!(bytes.iter().all(|byte| byte.load(Ordering::SeqCst) == (1000 % 256) as u8));
    assert!(halves.iter().all(|half| half.load(Ordering::SeqCst) == 2000));
    assert_eq!(words.into_inner(), 4000_u32 << 16);
    assert_eq!(own.into_inner(), 12000);
}

#[cfg(target_has_atomic = "64")]
#[test]
fn wide_numbers_are_never_torn() {
    use std::sync::atomic::AtomicU64;
    let number = AtomicU64::new(0);
    thread::scope(|scope| {
        for pattern in [0, u64::MAX, 0x5555_5555_5555_5555] {
            let number = &number;
            scope.spawn(move || {
                for _ in 0..1000 {
                    number.store(pattern, Ordering::Relaxed);
                    let seen = number.load(Ordering::Relaxed);
                    assert!([0, u64::MAX, 0x5555_5555_5555_5555].contains(&seen), "{seen:x}");
                }
            });
        }
    });
}

/// What is written before a release is there after the acquire.
#[test]
fn messages_arrive_in_order() {
    const ROUNDS: usize = 500;
    let (data, round) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            for value in 1..=ROUNDS {
                while round.load(Ordering::Acquire) != 2 * value - 2 {
                    thread::yield_now();
                }
                data.store(value, Ordering::Relaxed);
                round.store(2 * value - 1, Ordering::Release);
            }
        });
        scope.spawn(|| {
            for value in 1..=ROUNDS {
                while round.load(Ordering::Acquire) != 2 * value - 1 {
                    thread::yield_now();
                }
                assert_eq!(data.load(Ordering::Relaxed), value);
                round.store(2 * value, Ordering::Release);
            }
        });
    });
}

/// Of two that each announce themselves and then look for the other, one at least sees the other.
#[test]
fn the_strongest_order_is_one() {
    for _ in 0..100 {
        let flags = [AtomicBool::new(false), AtomicBool::new(false)];
        let (start, seen) = (Barrier::new(2), AtomicUsize::new(0));
        thread::scope(|scope| {
            for own in 0..2 {
                let (flags, start, seen) = (&flags, &start, &seen);
                scope.spawn(move || {
                    start.wait();
                    flags[own].store(true, Ordering::SeqCst);
                    if flags[1 - own].load(Ordering::SeqCst) {
                        seen.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        assert!(seen.into_inner() > 0);
    }
}

#[test]
fn what_is_done_once_is_done_once() {
    for _ in 0..50 {
        let (once, count) = (Once::new(), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    once.call_once(|| {
                        count.fetch_add(1, Ordering::Relaxed);
                    });
                    assert_eq!(count.load(Ordering::Relaxed), 1);
                });
            }
        });
    }
}

#[test]
fn variables_of_threads_are_dropped_with_them() {
    struct Counted(Arc<AtomicUsize>);
    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    thread_local! { static OWN: RefCell<Vec<Counted>> = const { RefCell::new(Vec::new()) } }
    let count = Arc::new(AtomicUsize::new(0));
    for _ in 0..10 {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let count = count.clone();
                thread::spawn(move || OWN.with_borrow_mut(|own| own.push(Counted(count))))
            })
            .collect();
        threads.into_iter().for_each(|one| one.join().unwrap());
    }
    assert_eq!(count.load(Ordering::SeqCst), 40);
}

#[test]
fn a_panic_ends_its_thread_alone() {
    let lock = Arc::new(Mutex::new(()));
    for _ in 0..10 {
        let held = lock.clone();
        let ended = thread::spawn(move || {
            let _guard = held.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            std::panic::resume_unwind(Box::new(7_u8));
        })
        .join();
        assert_eq!(ended.unwrap_err().downcast_ref::<u8>(), Some(&7));
        assert!(lock.is_poisoned());
    }
}
