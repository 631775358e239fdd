// SPDX-License-Identifier: MIT OR Apache-2.0

//! Timers, signals and new processes, while other threads go on.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{mpsc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
const SIGUSR1: i32 = 16;
#[cfg(target_arch = "sparc64")]
const SIGUSR1: i32 = 30;
#[cfg(not(any(target_arch = "mips", target_arch = "mips64", target_arch = "sparc64")))]
const SIGUSR1: i32 = 10;
const SIGALRM: i32 = 14;

extern "C" {
    fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
    fn kill(process: i32, number: i32) -> i32;
    fn ualarm(first: u32, then: u32) -> u32;
}

static SIGNALS: AtomicUsize = AtomicUsize::new(0);
static TICKS: AtomicUsize = AtomicUsize::new(0);

extern "C" fn count_signal(_: i32) {
    SIGNALS.fetch_add(1, Ordering::SeqCst);
}

extern "C" fn count_tick(_: i32) {
    TICKS.fetch_add(1, Ordering::SeqCst);
}

/// Runs `work` while three threads take a lock and let it go.
fn while_others_lock(work: impl FnOnce()) {
    let (ended, locked) = (AtomicBool::new(false), Mutex::new(0_u64));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !ended.load(Ordering::Acquire) {
                    *locked.lock().unwrap() += 1;
                    thread::yield_now();
                }
            });
        }
        work();
        ended.store(true, Ordering::Release);
    });
}

fn wait_until(holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain");
        thread::yield_now();
    }
}

#[test]
fn signals_are_handled_in_any_thread() {
    unsafe { signal(SIGUSR1, count_signal) };
    let process = std::process::id() as i32;
    while_others_lock(|| {
        for _ in 0..50 {
            let before = SIGNALS.load(Ordering::SeqCst);
            assert_eq!(unsafe { kill(process, SIGUSR1) }, 0);
            wait_until(|| SIGNALS.load(Ordering::SeqCst) > before);
        }
    });
}

#[test]
fn a_timer_interrupts_again_and_again() {
    unsafe { signal(SIGALRM, count_tick) };
    while_others_lock(|| {
        unsafe { ualarm(1000, 1000) };
        wait_until(|| TICKS.load(Ordering::SeqCst) >= 20);
        unsafe { ualarm(0, 0) };
    });
}

#[test]
fn sleepers_wake_in_time_and_not_before() {
    thread::scope(|scope| {
        for number in 1..5 {
            scope.spawn(move || {
                let (time, start) = (Duration::from_millis(number * 3), Instant::now());
                thread::sleep(time);
                assert!(start.elapsed() >= time);
            });
        }
    });
    let (_sender, receiver) = mpsc::channel::<()>();
    let start = Instant::now();
    assert_eq!(
        receiver.recv_timeout(Duration::from_millis(5)),
        Err(mpsc::RecvTimeoutError::Timeout)
    );
    assert!(start.elapsed() >= Duration::from_millis(5));
    let parked = thread::spawn(|| thread::park_timeout(Duration::from_secs(600)));
    parked.thread().unpark();
    parked.join().unwrap();
}

#[test]
#[ignore = "started by the test below"]
fn child() {
    println!("the child has run");
}

#[test]
fn threads_start_processes_at_the_same_time() {
    while_others_lock(|| {
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let own = std::env::current_exe().unwrap();
                    let words = ["child", "--exact", "--ignored", "--nocapture"];
                    let output = Command::new(own).args(words).output().unwrap();
                    let text = String::from_utf8_lossy(&output.stdout);
                    assert!(output.status.success(), "{output:?}");
                    assert!(text.contains("the child has run"), "{output:?}");
                });
            }
        });
    });
}
