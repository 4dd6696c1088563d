//! The program, run as users run it: against the emulator over real HTTP, at real terminals where it asks.

mod architecture;
mod environment;
mod examples;
mod generated;
mod help;
mod leaks;
mod look;
mod lost_answers;
mod readme;
mod support;
