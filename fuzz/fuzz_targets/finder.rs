//! What `identify` finds in a file.

#![no_main]

#[path = "../../tests/api/targets.rs"]
#[allow(dead_code, reason = "each target uses one of the functions")]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::finder(data);
});
