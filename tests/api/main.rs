//! The library and the emulator, over real HTTP.

mod client;
mod client_lists;
mod client_settling;
mod client_tokens;
mod client_tries;
mod client_waiting;
mod properties;
mod properties_files;
mod properties_redactor;
mod sandbox;
mod sandbox_actor;
mod sandbox_enroll;
mod sandbox_faults;
mod sandbox_files;
mod sandbox_groups;
mod sandbox_keys;
mod sandbox_lies;
mod sandbox_lists;
mod sandbox_load;
mod sandbox_model;
mod sandbox_quirks;
mod sandbox_recorded;
mod sandbox_signin;
mod sandbox_tls;
mod sandbox_wire;
mod wire;
