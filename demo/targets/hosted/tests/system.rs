// SPDX-License-Identifier: MIT OR Apache-2.0

//! What the standard library asks of the system: threads, unwinding, files, sockets, time.

use std::cell::Cell;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{mpsc, Mutex};
use std::time::{Duration, Instant, SystemTime};

// Emscripten has threads only where a program asks for them.
#[cfg(not(target_os = "emscripten"))]
#[test]
fn threads_share_and_finish() {
    let atomic = AtomicUsize::new(0);
    let locked = Mutex::new(0_u64);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    atomic.fetch_add(1 << 8, Ordering::Relaxed);
                    *locked.lock().unwrap() += 1;
                }
            });
        }
    });
    assert_eq!(atomic.into_inner(), 4000 << 8);
    assert_eq!(locked.into_inner().unwrap(), 4000);
}

// Emscripten has threads only where a program asks for them.
#[cfg(not(target_os = "emscripten"))]
#[test]
fn threads_have_their_own_variables() {
    thread_local! { static OWN: Cell<u32> = const { Cell::new(1) } }
    OWN.set(2);
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::spawn(move || sender.send(OWN.get()).unwrap());
    assert_eq!(receiver.recv(), Ok(1));
    thread.join().unwrap();
    assert_eq!(OWN.get(), 2);
}

#[test]
fn panics_unwind_and_are_caught() {
    struct Flag<'a>(&'a Cell<bool>);
    impl Drop for Flag<'_> {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let dropped = Cell::new(false);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _flag = Flag(&dropped);
        panic!("on purpose");
    }));
    let payload = caught.expect_err("the closure panics");
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"on purpose"));
    assert!(dropped.get());
}

#[test]
fn files_are_written_renamed_and_read() {
    let folder = std::env::temp_dir().join(format!("hosted-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let (first, second) = (folder.join("first"), folder.join("second"));
    std::fs::File::create(&first)
        .unwrap()
        .write_all(&[7; 100_000])
        .unwrap();
    std::fs::rename(&first, &second).unwrap();
    let mut bytes = Vec::new();
    std::fs::File::open(&second)
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    assert_eq!(bytes, vec![7; 100_000]);
    assert_eq!(std::fs::metadata(&second).unwrap().len(), 100_000);
    let names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["second"]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn clocks_advance() {
    let start = Instant::now();
    std::thread::sleep(Duration::from_millis(2));
    assert!(start.elapsed() >= Duration::from_millis(2));
    let since_2020 = SystemTime::UNIX_EPOCH + Duration::from_secs(1_577_836_800);
    assert!(SystemTime::now() > since_2020);
}

#[cfg(not(target_os = "emscripten"))]
#[test]
fn sockets_carry_bytes() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let mut text = String::new();
        listener
            .accept()
            .unwrap()
            .0
            .read_to_string(&mut text)
            .unwrap();
        text
    });
    std::net::TcpStream::connect(address)
        .unwrap()
        .write_all(b"over the loopback")
        .unwrap();
    assert_eq!(thread.join().unwrap(), "over the loopback");
}
