// SPDX-License-Identifier: MIT OR Apache-2.0

//! Nothing: what this crate is for is in `tests`.
