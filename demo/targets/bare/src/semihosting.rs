// SPDX-License-Identifier: MIT OR Apache-2.0

//! Calls to the debugger or emulator on the other side, by Arm's semihosting specification.

use core::arch::asm;

const SYS_WRITEC: u32 = 0x03;
const SYS_EXIT_EXTENDED: u32 = 0x20;
const ADP_STOPPED_APPLICATION_EXIT: u32 = 0x20026;

/// Writes text to the other side's console.
pub fn print(text: &str) {
    for byte in text.bytes() {
        call(SYS_WRITEC, (&raw const byte).cast());
    }
}

/// Ends the program with a status.
pub fn exit(status: u32) -> ! {
    let block = [ADP_STOPPED_APPLICATION_EXIT, status];
    loop {
        call(SYS_EXIT_EXTENDED, block.as_ptr().cast());
    }
}

fn call(operation: u32, argument: *const u8) {
    // SAFETY: the other side reads what the operation says the argument points to, which lives until it has answered.
    unsafe { asm!("bkpt #0xab", inout("r0") operation => _, in("r1") argument) };
}
