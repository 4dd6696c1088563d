//! A server of the Model Context Protocol on standard input and output, for programs that act for people.
//!
//! It does what the commands do, by running them: a tool is a command line that is made of arguments which are checked
//! first. So nothing is done here in a second way, and what commands do not print, the server does not have. It never
//! prints by itself either: the protocol's library writes to standard output, and the server's answers have passed
//! `text::clean`.
//!
//! | file | what it has |
//! |---|---|
//! | `server.rs` | the protocol: the list of tools, calls, their end |
//! | `tools.rs` `arguments.rs` | the tools, what is said of them, their arguments |
//! | `reading.rs` `proposing.rs` `writing.rs` | what each tool runs |
//! | `lines.rs` | command lines that write |
//! | `limits.rs` | what a person allowed |
//! | `runner.rs` | how a command is run, and what was read in the last seconds |
//! | `answers.rs` `text.rs` | results, errors, and text of a tenant as data |

mod answers;
mod arguments;
mod limits;
mod lines;
mod proposing;
mod reading;
mod runner;
mod server;
mod text;
mod tools;
mod writing;

pub use proposing::{Draft, DraftStore};
pub use runner::{Ran, Run, Runner};
pub use server::{Ended, Server, serve};
pub use writing::Deliveries;
