//! Seeds and faults of the sandbox.

#![no_main]

#[path = "../../tests/api/targets.rs"]
#[allow(dead_code, reason = "each target uses one of the functions")]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    targets::seeds(data);
});
