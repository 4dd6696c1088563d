//! The library and the emulator, over real HTTP.

mod sandbox;
mod sandbox_faults;
mod sandbox_files;
mod sandbox_keys;
mod sandbox_lists;
mod sandbox_signin;
