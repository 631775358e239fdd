// SPDX-License-Identifier: MIT OR Apache-2.0

//! The vector table's first two words, and the first instruction they lead to.

use core::arch::global_asm;

// The data is where it belongs, because whoever runs this loads segments; nothing is copied out of a flash.
global_asm!(
    ".section .vectors, \"a\"",
    ".word stack_top",
    ".word reset",
    ".section .text.reset, \"ax\"",
    ".global reset",
    ".type reset, %function",
    ".thumb_func",
    "reset:",
    "ldr r0, =stack_top",
    "mov sp, r0",
    "bl begin",
    "udf #0",
);

#[no_mangle]
extern "C" fn begin() -> ! {
    crate::semihosting::exit(crate::main())
}
