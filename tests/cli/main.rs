//! The program, run as users run it: against the emulator over real HTTP, at real terminals where it asks.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes them with SNAPSHOTS=overwrite")]

mod architecture;
mod auth;
mod bulk;
mod ci;
mod clouds;
mod completion;
mod create;
mod delete;
mod doctor;
mod enroll;
mod environment;
mod errors;
mod examples;
mod generated;
mod get;
mod grants;
mod help;
mod leaks;
mod list;
mod log;
mod look;
mod lost_answers;
mod microtenants;
mod profiles;
mod proxies;
mod proxy;
mod readme;
mod requests;
mod reveal;
mod sandbox_commands;
mod schema;
mod sources;
mod streams;
mod support;
mod terminal_completion;
mod terminal_create;
mod terminal_deletion;
mod terminal_names;
mod terminal_output;
mod terminal_questions;
mod terminal_restored;
mod tls;
mod token_cache;
mod update;
