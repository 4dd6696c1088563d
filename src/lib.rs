//! zpakey: the whole life of Zscaler Private Access provisioning keys, from a terminal or a script.
//!
//! This page is the map. It follows one command from what was typed to what is printed, and names the file of each
//! step; then it says what may import what, and where each decision is made.
//!
//! # One command in ten steps
//!
//! `zpakey update build-runners --min-remaining 10`
//!
//! 1. **`main.rs`** calls [`app::main`], which switches core dumps off, takes the machine as a [`host::Host`]
//!    (environment, streams, terminals, time, the person at the terminal), and turns a panic into exit code 1.
//! 2. **`cli.rs`, `commands/keys/update.rs`** are the arguments as typed, parsed by clap; an option of a setting is read as
//!    that setting is. Help, version, completions and
//!    the schema end here: no configuration is read for them. The environment is not read by clap.
//! 3. **`config/`** resolves [`config::Settings`]: option, named profile, environment, active profile, the vendor's file,
//!    default, in one function, over one table of settings (`config/vars.rs`). Each source is a `config/layer.rs`, whose texts
//!    are read once, by the setting (`config/setting.rs`, `config/values.rs`); a value that counts and is wrong ends here. A
//!    credential is taken from one of them whole (`config/credential.rs`).
//! 4. **`app/prepare.rs`** decides the look of the answer ([`output::Rendering`]) and checks `--columns` and `--field` before
//!    anything is sent; `app/stand_in.rs` starts the sandbox if it stands in for a tenant.
//! 5. **`context.rs`** is what the command may touch. It has no stdout. The client is set up at its first use; the
//!    secret is fetched then from where it is kept (`config/secret_source.rs`), and the trust store is read, where https
//!    is spoken.
//! 6. **`commands/keys/update.rs`** runs: a function from context and arguments to a `CommandOutput` (the report, and how the
//!    command ended) or an [`error::CommandError`]. It finds the key by `commands/shared/lookup.rs`: one list for each type, in
//!    flight together.
//! 7. **`api/client/updating.rs`, `api/client/key_write.rs`** read the key, apply the [`domain::KeyChange`], send the full
//!    writable set and read the key back. `api/wire.rs` is the JSON exactly as sent; from there on only `domain` types are seen.
//! 8. **`api/pacing.rs`, `api/auth.rs`, `api/http.rs`** carry each request: pacing alone decides what is sent again
//!    and waits for the API, within a budget that all processes of the user share (`api/budget.rs`, `api/ledger.rs`); auth signs
//!    (with the token that an earlier run kept, `api/token_store.rs`), http sends once.
//! 9. **`output/`** turns the report into bytes: whole answers only, in a buffer that is wiped.
//! 10. **`app/conclude.rs`** ends the run: it writes the answer, then runs the one thing that may follow it (`AfterOutput`: the
//!     key that was shown is sealed, or the sandbox is served), and says what failed. `error/diagnose.rs` decides what is said,
//!     and the kind of the error (`kind.rs`), which each error type knows itself, is the exit code.
//!
//! What takes something away from a key is looked at once more by `commands/shared/second_look.rs`, for all keys of a command
//! together: another writer may have read it before and written it back since.
//! Many keys are written by `commands/shared/bulk.rs`, which stops between two writes where `host/shutdown.rs` heard someone ask
//! for the end; `app/rest.rs` then writes the command for the rest: it takes what was typed apart by clap's definitions, and
//! every command line that a message prints comes from that (`context/command_line.rs`). `context/reporter.rs` shows how far it is, and
//! `context/eta.rs` how long it takes.
//!
//! A key value is in the answer of `reveal`, `create --reveal` and `rotate --reveal`, and in no other. `commands/shared/destination.rs` puts it into a private file
//! (`host/private_file.rs`); `commands/keys/reveal/clipboard.rs` puts it on the clipboard (`host/clipboard.rs`) and clears that; `commands/keys/exec.rs` gives it to a program, whose signals and end are in `commands/shared/child.rs` and
//! whose file is a `host/secret_file.rs`; `commands/shared/rotation/delivery.rs` hands over that of a rotation; `commands/keys/identify.rs` compares hashes of texts that someone else has
//! (`secret/held.rs`).
//! All that goes to standard error, but for the mask that `--ci github` tells the runner, passes the redactor of `secret/redactor.rs`, which learns each secret where it is made, on
//! any thread; what hooks print there comes through `host/child_output.rs`.
//! Each write, however it ends, and each text that is handed over is an entry of the log of this machine
//! (`context/audit_log.rs`); `api/client/writes.rs` and the writer of answers tell it.
//!
//! Once the answer is out, `context/names.rs` keeps the names that the client saw. A shell that asks at the Tab key is
//! answered from them by `app/completion.rs`, before anything of the above.
//!
//! `zpakey rotate build-runners` goes the same way, but for step 7: its order is decided by a machine without I/O
//! ([`domain::rotation`]), whose effects `commands/shared/rotation/driver.rs` performs. `commands/rotation/rotate.rs` is its handler: it
//! shows the plan and asks, hands the text over (`commands/shared/rotation/delivery.rs`), and tells what came of it.
//!
//! `zpakey mcp` serves agents: [`mcp`] turns each call of a tool into a command line, which `app/agent_server.rs` runs in this
//! process, on streams of its own; so an agent has what commands print, and no command line that prints a key value.
//!
//! `zpakey scan` reads files, archives and git history by [`scan`], which knows no tenant: it returns hashes and places.
//! `commands/keys/scan.rs` compares them with the keys of the tenant. `zpakey audit` (`commands/watch/audit.rs`) reads lists and
//! hands them to rules that are pure functions (`domain/audit.rs`). `zpakey metrics` writes what both know for Prometheus.
//!
//! With `--profile '*'` a command is for several tenants (`config/profile_choice.rs`): `app/fleet.rs` makes a context for each and
//! `context/fleet.rs` asks so many at a time. A command whose `reach` is `Each` is run once for each, and `output/tenants.rs` joins the
//! answers; one that is `Together` is run once and reads each itself.
//!
//! `zpakey diff` and `zpakey apply` read a file of keys (`commands/shared/desired.rs`) and one list of each type, and plan by a pure
//! function ([`domain::desired`]). `apply` writes as `create`, `update` and `rotate` do.
//!
//! # What may import what
//!
//! Imports go down this table and nothing points back; a test walks `src/` and holds it.
//!
//! | module | may name |
//! |---|---|
//! | [`kind`] | nothing of the crate |
//! | [`sandbox`] | host |
//! | [`domain`], [`secret`], [`host`] | kind |
//! | [`config`] | domain, host, kind, output, secret |
//! | [`api`] | domain, secret, host, kind |
//! | [`output`] | domain, secret, kind |
//! | [`error`] | api, config, domain, host, kind, output, secret |
//! | [`context`] | error, api, config, domain, host, kind, output, secret |
//! | [`scan`] | host, kind, secret |
//! | [`commands`] | context, error, api, config, domain, host, kind, output, scan, secret, sandbox (one command) |
//! | [`cli`] | commands, config, domain, output |
//! | [`app`] | all |
//!
//! So [`api`], [`domain`] and [`secret`] can be used as a library, a command cannot print or know an exit code, and
//! the emulator cannot share a mistake with the client, because it shares no types with it but those of the
//! operating system.
//!
//! # Where a decision is made
//!
//! | decision | place |
//! |---|---|
//! | which profiles a pattern, a list or an index means | `config/profile_choice.rs` |
//! | which value of a setting counts | [`config::Settings::resolve`] |
//! | what a setting's text may be | `config/values.rs` |
//! | which credential counts, and that it is whole | `config/credential.rs` |
//! | whom TLS trusts | `api/tls.rs` |
//! | who signs in, and who waits for it | `api/auth.rs` |
//! | where a secret's text may go | the list of sinks in [`secret`] |
//! | what must not be said, and in which encodings | `secret/redactor.rs` |
//! | what is logged of reveals and writes | `context/audit_log.rs` |
//! | whether another user could have written a file | `host/trust.rs` |
//! | whether other users can read a secret's file, and something can be done about it | `host/reading.rs` |
//! | how long another process's lock is waited for | `api/lock.rs`, with the patience of its callers |
//! | how a command line to run next is written | `context/command_line.rs`, by `Context::again` and `Context::command` |
//! | waiting for the API | `api/pacing.rs`; for a second look `commands/shared/second_look.rs`, for a lock `api/lock.rs` |
//! | which exit code an error has | [`kind::ErrorKind::exit_code`]; a run with an answer: `app/exit.rs` |
//! | what is done about a 429 and any other outcome | `api/pacing/decide.rs`; of a sign-in `api/auth.rs` |
//! | what kind of failure an error is | the error itself: [`kind::Classified`] |
//! | what is said about the error of a library module | [`error::diagnose`], by a match on its type |
//! | what a command refuses, and what it hints at then | the command; if several do, `commands/shared/refusals.rs` |
//! | what is done once the answer is written | `commands::AfterOutput`, called by `app/conclude.rs` |
//! | what a rotation does next, and what it refuses | [`domain::rotation`] |
//! | where a rotation hands a text over | `commands/shared/rotation/delivery.rs` |
//! | whether someone is asked | `commands/shared/ask.rs` |
//! | which variables no program that we run gets | [`config::vars::own_secrets`], `Context::withheld` |
//! | what of a server's text is escaped | [`domain::escape`], by [`domain::ServerText`] and the formats |
//! | whether the program ends at once when asked to | `host/shutdown.rs` |
//! | how Terraform's language is written, and its state read | `commands/shared/terraform/hcl.rs`, `state.rs` |
//! | what is a key value in any bytes, and how deep encodings and archives are undone | [`scan`] |
//! | what a file of keys changes, and what stops it | `domain/desired.rs` |
//! | what may stand in a file of keys, and where it is wrong | `commands/shared/desired.rs` |
//! | whether a plan that was written down still holds | `commands/shared/desired/stored.rs` |
//! | what an audit finds, and what a key is for | `domain/audit.rs` |
//! | which of two keys of one name a Terraform apply has renamed | `commands/shared/terraform/wreck.rs` |
//! | which argument is completed with which names | `app/completion/values.rs` |
//! | what the emulator invents | the table in [`sandbox`] |
//!
//! # How to add things
//!
//! A command is one file in `commands/keys/`, `commands/rotation/`, `commands/desired/`, `commands/watch/` or `commands/setup/` with its arguments and their
//! `RunCommand`, and three lines elsewhere: its `mod`, its variant of `Command`, and its line in `with_args!` beside it. The first page of
//! the help lists it by `HEADINGS` in `cli/help.rs`, where the headings of options are, too.
//!
//! A field of an answer is a field of its view's struct in `output/`, with its doc comment and what fills it. The JSON, the
//! names that `--columns` and `--field` take, CSV and the schema follow from it: the doc comment is the schema's
//! description, and `SNAPSHOTS=overwrite cargo test --test cli -- generated` writes `output/schema.json`. If a table is to
//! have it, the view's `COLUMNS` have it too: header, field, and the function from the view to its cell. A view that is
//! new implements `output::View` and stands in the list `ANSWERS` of `output/schema.rs`.
//!
//! A setting is a `static` with its entry of the table in `config/vars.rs`, where its text gets its type, and, if it has an
//! option, a field of `GlobalArgs` in `cli.rs` and its line in `GlobalArgs::options` below. `settings.get(&vars::NAME)` is
//! its value, already checked.
//!
//! A refusal is one expression, where it is decided: `CommandError::new(kind, message).detail(…).hint(…)`. An error type of a
//! library module implements [`kind::Classified`], and gets a `From` in `error/from.rs` if commands use `?` on it.
//!
//! `docs/contributing.md` has the rest: tests, words, commits.
//!
//! # What is read last before a command says that it is done
//!
//! A 2xx proves nothing: what answers may be a proxy, and another writer may have acted since. A write goes through
//! [`api::KeyWrite`]: a read of the key, the write directly behind it, a read again.
//!
//! | command | last read |
//! |---|---|
//! | `create` | the answer to the POST, which is the key; the key itself if that answer is not what was asked for: it is the answer then, with exit code 6 |
//! | `update` | the key; of several, one list of each type, and each key alone that the list does not show as wanted; where something was taken away, the same once more 3 s later |
//! | `delete`, `purge` | the key, which has to be gone, up to three times |
//! | `rotate`, `rotate --rollback` | the list of the type, half of `--settle` after the last write |
//! | `retire`, `disable` | the key behind the write, and once more 3 s later; of several, one list of each type after one wait |
//! | `enable` | the key |
//! | `reveal`, `exec`, `create --if-exists skip --out-file` | the list that finds the key, else the key itself, whose value has to have the shape of one |
//! | `apply` | as `create`, `update` and `rotate`; for keys that it created, one list of each type: another run may have made one of the same name |
//! | `diff`, `list`, `get`, `export`, `scan`, `identify`, `audit`, `metrics`, `status`, `groups`, `certs`, `microtenants`, `wait` | each list, which has to be a whole page and to have what it says it has |
//! | `auth login` | the keys of each type, with the credential that is then saved |
//!
//! # What the vendor does not document
//!
//! Whether names are unique, what a PUT does to fields that it leaves out, whether `enabled: false` counts at
//! creation, how a sealed key reads, what deleting a key does to its connectors. zpakey is right either way: it
//! looks before it creates, sends the full writable set, reads back and says what is not as wanted, and refuses to
//! delete a key that connectors carry. The table in [`sandbox`] lists each such behaviour with its source.

#![cfg_attr(not(windows), forbid(unsafe_code))]

pub mod api;
pub mod app;
pub mod cli;
#[expect(missing_docs, reason = "for the library's modules only")]
pub mod commands;
#[expect(missing_docs, reason = "for the library's modules only")]
pub mod config;
#[expect(missing_docs, reason = "for the library's modules only")]
pub mod context;
pub mod domain;
#[expect(missing_docs, reason = "for the library's modules only")]
pub mod error;
#[expect(missing_docs, reason = "for the library's modules only")]
pub mod host;
#[expect(missing_docs, reason = "for the library's modules only")]
pub mod kind;
#[expect(missing_docs, reason = "for the library's modules only")]
pub mod mcp;
#[expect(missing_docs, reason = "for the library's modules only")]
pub mod output;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[expect(missing_docs, reason = "for the library's modules only")]
pub mod scan;
pub mod secret;
