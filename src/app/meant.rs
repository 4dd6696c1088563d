//! What people type for what zpakey calls otherwise: words of other programs, and of the portal.

use clap::Command;

/// Below which command, what is typed, and which command is meant.
const COMMANDS: &[(&str, &[&str], &str)] = &[
    ("", &["login", "signin", "sign-in", "configure", "config", "init", "setup"], "auth login"),
    ("", &["logout", "signout"], "auth logout"),
    ("", &["whoami", "who", "me"], "auth status"),
    ("", &["token"], "auth token"),
    ("", &["show", "describe", "view", "inspect", "read", "info"], "get"),
    ("", &["keys", "key", "search"], "list"),
    ("", &["edit", "set", "modify", "change", "patch", "rename"], "update"),
    ("", &["new", "add", "make", "generate"], "create"),
    ("", &["remove", "del", "destroy"], "delete"),
    ("", &["renew", "replace", "roll"], "rotate"),
    ("", &["revoke", "stop", "deactivate", "suspend"], "disable"),
    ("", &["activate", "reactivate", "unblock", "resume"], "enable"),
    ("", &["secret", "value", "print", "cat"], "reveal"),
    ("", &["run"], "exec"),
    ("", &["which", "whose"], "identify"),
    ("", &["history", "logs", "events"], "log"),
    ("", &["check", "diagnose", "ping"], "doctor"),
    ("", &["profiles", "context", "contexts"], "profile list"),
    ("auth", &["whoami", "show", "list", "info"], "auth status"),
    ("auth", &["signin", "add", "new"], "auth login"),
    ("auth", &["signout", "remove", "rm"], "auth logout"),
    ("profile", &["add", "new", "create", "set", "edit"], "auth login"),
    ("profile", &["delete", "rm", "del"], "profile remove"),
    ("profile", &["switch", "select", "activate"], "profile use"),
    ("profile", &["ls"], "profile list"),
    ("profile", &["get", "describe", "view"], "profile show"),
];

/// What an option that does not exist is typed for.
enum Instead {
    /// An option, if the command has it.
    Long(&'static str),
    /// The same, with this value.
    Form(&'static str),
    None(&'static str),
}

const OPTIONS: &[(&[&str], Instead)] = &[
    (&["usage", "max", "limit", "max-uses", "uses", "max-enrollments"], Instead::Long("max-usage")),
    (&["file", "out", "output-file", "outfile", "save"], Instead::Long("out-file")),
    (&["connector-group", "zcomponent", "group-id", "group-name"], Instead::Long("group")),
    (&["certificate", "enrollment-cert"], Instead::Long("cert")),
    (&["association-type", "kind"], Instead::Long("type")),
    (&["dryrun", "what-if", "plan", "check"], Instead::Long("dry-run")),
    (&["assume-yes", "no-confirm", "confirm", "auto-approve"], Instead::Long("yes")),
    (&["non-interactive", "batch"], Instead::Long("no-input")),
    (&["customer", "tenant", "tenant-id"], Instead::Long("customer-id")),
    (&["domain", "vanity"], Instead::Long("vanity-domain")),
    (&["ca", "ca-cert", "cafile", "ca-file"], Instead::Long("cacert")),
    (&["debug", "trace"], Instead::Long("verbose")),
    (&["silent"], Instead::Long("quiet")),
    (&["fields"], Instead::Long("columns")),
    (&["json"], Instead::Form("json")),
    (&["yaml", "yml"], Instead::Form("yaml")),
    (&["csv"], Instead::Form("csv")),
    (&["ndjson", "jsonl"], Instead::Form("ndjson")),
    (&["table"], Instead::Form("table")),
    (&["wide"], Instead::Form("wide")),
    (
        &["description", "desc", "comment", "notes"],
        Instead::None("a ZPA provisioning key has no description; its name is the only text"),
    ),
    (
        &["expires", "expiry", "expire", "expiration", "expires-at", "expires-in", "ttl", "valid-for"],
        Instead::None(
            "provisioning keys do not expire; `zpakey rotate KEY --if-older-than 90d` replaces an old one",
        ),
    ),
];

/// What is said of something that was typed.
pub(super) struct Meant {
    /// What to type, without the program; not for what does not exist in any form.
    pub(super) instead: Option<String>,
    pub(super) hint: String,
}

impl Meant {
    fn instead(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { hint: format!("use {words}"), instead: Some(words) }
    }
}

/// Returns the command that is meant by a word below the command `path`.
pub(super) fn command(path: &str, word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let row = COMMANDS.iter().find(|(below, words, _)| *below == path && words.contains(&word.as_str()));
    row.map(|(_, _, meant)| *meant)
}

/// Returns what is meant by an option that `command` does not have; `value` is what was typed for it.
pub(super) fn option(command: &Command, typed: &str, value: Option<&str>) -> Option<Meant> {
    let name = typed.strip_prefix("--")?;
    let has = |long: &str| command.get_arguments().any(|argument| argument.get_long() == Some(long));
    match name {
        "format" | "fmt" | "output-format" if has("output") => {
            let form = value.filter(|value| value.parse::<crate::output::Format>().is_ok());
            return Some(Meant::instead(format!("-o {}", form.unwrap_or("FORMAT"))));
        }
        "name" | "id" | "key" => return positional(command, name, value),
        _ => {}
    }
    let (_, meant) = OPTIONS.iter().find(|(names, _)| names.contains(&name))?;
    match meant {
        Instead::Long(long) => has(long).then(|| Meant::instead(format!("--{long}"))),
        Instead::Form(form) => has("output").then(|| Meant::instead(format!("-o {form}"))),
        Instead::None(why) => Some(Meant { instead: None, hint: (*why).to_owned() }),
    }
}

/// A key is named by its place and not by an option.
fn positional(command: &Command, name: &str, value: Option<&str>) -> Option<Meant> {
    let first = command.get_positionals().next()?;
    let place = first.get_value_names()?.first()?.as_str();
    if !["NAME", "KEY"].contains(&place) {
        return None;
    }
    let word = match (name, value) {
        ("id", Some(id)) => format!("id:{id}"),
        ("id", None) => "id:ID".to_owned(),
        (_, Some(value)) => value.to_owned(),
        (_, None) => place.to_owned(),
    };
    let line = format!("{} {}", command.get_name(), crate::context::quoted(&word));
    let hint = format!("{place} is an argument, not an option: zpakey {line}");
    Some(Meant { instead: Some(line), hint })
}
