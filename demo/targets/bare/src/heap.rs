// SPDX-License-Identifier: MIT OR Apache-2.0

//! A heap that never gives back, enough for a program that ends.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr::null_mut;

const SIZE: usize = 64 * 1024;

#[repr(align(8))]
struct Heap {
    memory: UnsafeCell<[u8; SIZE]>,
    used: UnsafeCell<usize>,
}

// SAFETY: there is one thread and no interrupt.
unsafe impl Sync for Heap {}

#[global_allocator]
static HEAP: Heap = Heap { memory: UnsafeCell::new([0; SIZE]), used: UnsafeCell::new(0) };

// SAFETY: memory is handed out once, aligned, from within the array.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let used = self.used.get();
        let start = (*used).next_multiple_of(layout.align());
        let end = start + layout.size();
        if layout.align() > align_of::<Self>() || end > SIZE {
            return null_mut();
        }
        *used = end;
        self.memory.get().cast::<u8>().add(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
