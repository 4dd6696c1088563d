//! The house rules that no compiler and no lint holds: who may import whom, which crate is used where, and
//! that no file is forgotten. The tables here are the rule; the crate documentation explains it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it cannot go on")]

use std::{
    collections::BTreeSet,
    fmt, fs,
    path::{Path, PathBuf},
};

use crate::support::rust_tokens::{Token, is_name, text_at, tokens};

/// What each module may name of this crate, besides itself.
const IMPORTS: [(&str, &[&str]); 16] = [
    // Each error type says its kind, so all but the emulator may name it.
    ("kind", &[]),
    ("domain", &["kind"]),
    ("secret", &["kind"]),
    ("host", &["kind"]),
    // It finds key values in bytes, and knows no tenant and no terminal.
    ("scan", &["host", "kind", "secret"]),
    ("config", &["domain", "host", "kind", "output", "secret"]),
    ("api", &["domain", "secret", "host", "kind"]),
    ("output", &["domain", "secret", "kind"]),
    ("error", &["api", "config", "domain", "host", "kind", "output", "secret"]),
    ("context", &["api", "config", "domain", "error", "host", "kind", "output", "secret"]),
    (
        "commands",
        &[
            "context", "api", "config", "domain", "error", "host", "kind", "output", "sandbox", "scan",
            "secret",
        ],
    ),
    ("mcp", &["domain", "secret"]),
    ("cli", &["commands", "config", "domain", "output"]),
    (
        "app",
        &[
            "kind", "domain", "secret", "host", "config", "api", "output", "context", "commands", "cli",
            "error", "mcp", "sandbox",
        ],
    ),
    // The emulator shares no type with the client but the operating system's, so that a mistake of the one cannot hide in
    // the other.
    ("sandbox", &["host"]),
    ("main", &["app"]),
];

/// Where the commands are, each a file or a folder.
const COMMAND_ROOMS: [&str; 5] = ["desired", "keys", "rotation", "setup", "watch"];

/// Crates that belong to certain modules only.
const CRATES: [(&str, &[&str]); 46] = [
    // An error says its kind, and `?` on a type that the caller does not know must not compile.
    ("anyhow", &[]),
    ("eyre", &[]),
    ("secrecy", &["secret"]),
    ("memchr", &["secret", "scan"]),
    ("ignore", &["scan"]),
    ("tar", &["scan"]),
    ("zip", &["scan"]),
    ("percent_encoding", &["output"]),
    ("icu_properties", &["domain"]),
    ("inquire", &["host"]),
    ("console", &["host"]),
    ("indicatif", &["host"]),
    ("toml", &["config", "commands"]),
    ("toml_edit", &["config"]),
    ("keyring_core", &["host"]),
    ("zbus_secret_service_keyring_store", &["host"]),
    ("apple_native_keyring_store", &["host"]),
    ("windows_native_keyring_store", &["host"]),
    ("windows_sys", &["host"]),
    ("winapi_util", &["host"]),
    ("reqwest", &["api"]),
    ("h2", &["api"]),
    ("rustls", &["api", "sandbox"]),
    ("rustls_platform_verifier", &["api"]),
    ("rustls_native_certs", &["api"]),
    ("x509_parser", &["api"]),
    ("aws_lc_rs", &["api", "secret", "sandbox"]),
    ("unicode_width", &["output"]),
    ("csv", &["output", "commands"]),
    ("quick_junit", &["output"]),
    ("rmcp", &["mcp"]),
    // An error's kind is a word of the schema; a file of keys has a schema of its own.
    ("schemars", &["output", "kind", "mcp", "commands"]),
    ("serde_saphyr", &["output"]),
    ("saphyr", &["config", "commands"]),
    ("axum", &["sandbox"]),
    ("rcgen", &["sandbox"]),
    ("tokio_rustls", &["sandbox"]),
    ("flate2", &["sandbox", "scan"]),
    // The client signs with it and the sandbox checks; they share no code of ours.
    ("jsonwebtoken", &["api", "sandbox"]),
    ("clap", &["commands", "cli", "app"]),
    ("clap_complete", &["app"]),
    ("rustix", &["host"]),
    ("nix", &["host"]),
    ("openssl_probe", &["api"]),
    ("etcetera", &["host"]),
    ("tempfile", &["host", "sandbox"]),
];

/// Functions, by the last two names of their paths, that belong to certain modules only.
const FUNCTIONS: [(&str, &[&str], &[&str], &str); 2] = [
    (
        "env",
        &["var", "vars", "var_os", "vars_os", "set_var", "remove_var"],
        &["host"],
        "the environment is read in `host` only",
    ),
    ("process", &["exit", "abort"], &[], "a command returns its exit code, so that drops run"),
];

/// Macros that put text into a message.
const FORMATTING_MACROS: [&str; 4] = ["format", "write", "writeln", "format_args"];

/// Ways to look for the type of an error that has forgotten it. Only below reqwest, whose errors tell what is in them in no
/// other way; and in the store of settings, for early connections and for the answers of several tenants, whose values are not
/// errors.
const DOWNCASTS: [&str; 3] = ["downcast", "downcast_ref", "downcast_mut"];
const DOWNCASTING_FILES: [&str; 5] =
    ["api/early.rs", "api/http.rs", "api/tls.rs", "config/setting.rs", "output/records.rs"];

/// Records whose texts are the server's, and those fields of them that are not, or that no message has.
const SERVER_RECORDS: [(&str, &str, &[&str]); 14] = [
    ("domain/key.rs", "ProvisioningKey", &["ui_config"]),
    ("domain/component.rs", "ComponentRef", &[]),
    ("domain/component.rs", "Zcomponent", &[]),
    ("domain/component.rs", "EnrollmentCert", &[]),
    ("domain/component.rs", "Microtenant", &[]),
    ("domain/component.rs", "Enrolled", &[]),
    ("api/error.rs", "Refusal", &["path"]),
    ("api/error.rs", "SignInError", &["endpoint", "client_id"]),
    // The time to wait is read as a number or a date, and is never told as it came.
    ("api/transport.rs", "Response", &["retry_after"]),
    ("api/pacing/observer.rs", "Exchange", &["path", "outcome"]),
    ("api/client/odd.rs", "OddObject", &[]),
    ("api/client/enrolment.rs", "PlayedEnrolment", &[]),
    ("domain/change.rs", "FieldDifference", &[]),
    ("domain/rotation/request.rs", "Subject", &[]),
];

const PRINTING_MACROS: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];

/// A source file as the checks see it.
#[derive(Clone, Debug)]
struct Source {
    /// The path below `src/`, with `/`.
    path: String,
    text: String,
}

/// A broken rule, and where.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    rule: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src/{}:{}: {}", self.path, self.line, self.rule)
    }
}

#[test]
fn the_source_keeps_the_rules() {
    let findings = check(&sources());
    assert!(findings.is_empty(), "\n{}\n", lines(&findings));
}

#[test]
fn every_text_of_the_server_is_a_type_that_escapes_itself() {
    for (path, record, exceptions) in SERVER_RECORDS {
        let source = fs::read_to_string(root().join("src").join(path)).unwrap();
        let fields = fields_of(&tokens(&source), record);
        let raw = fields.iter().filter(|(_, kind)| kind.iter().any(|name| name == "String"));
        let raw: Vec<_> =
            raw.map(|(name, _)| name.as_str()).filter(|name| !exceptions.contains(name)).collect();
        assert!(
            !fields.is_empty() && raw.is_empty(),
            "src/{path}: {record}: {raw:?} are raw texts of the server"
        );
        assert!(
            exceptions.iter().all(|exception| fields.iter().any(|(name, _)| name == exception)),
            "{record}"
        );
    }
}

#[test]
fn every_module_of_the_table_exists_and_every_module_is_in_the_table() {
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let declared: BTreeSet<_> = declarations(&tokens(&library)).into_iter().map(|(name, _)| name).collect();
    let listed: BTreeSet<_> =
        IMPORTS.iter().map(|(name, _)| (*name).to_owned()).filter(|name| name != "main").collect();
    assert_eq!(declared, listed);
}

#[test]
fn every_file_is_mounted() {
    let mut forgotten = unmounted("src", &["lib.rs", "main.rs"]);
    forgotten.extend(unmounted("tests/cli", &["main.rs"]));
    forgotten.extend(unmounted("tests/api", &["main.rs"]));
    assert!(forgotten.is_empty(), "no `mod` declaration leads to {forgotten:?}");
}

#[test]
fn every_error_type_says_its_kind() {
    let sources: Vec<_> =
        sources().into_iter().filter(|source| !source.path.starts_with("sandbox")).collect();
    let all: Vec<Vec<Token>> = sources.iter().map(|source| without_tests(&tokens(&source.text))).collect();
    let types: Vec<String> = all.iter().flat_map(|tokens| error_types(tokens)).collect();
    // The check sees something: a type of each of the lower modules.
    for known in ["SpanError", "ProxyAddressError", "KeyringError", "ApiError", "ConfigError", "OutputError"]
    {
        assert!(types.iter().any(|name| name == known), "{known} is not found in {types:?}");
    }
    let has = |words: &[&str]| {
        all.iter().any(|tokens| {
            (0..tokens.len())
                .any(|at| words.iter().enumerate().all(|(n, word)| text_at(tokens, at + n) == *word))
        })
    };
    let silent: Vec<_> = types.iter().filter(|name| !has(&["Classified", "for", name.as_str()])).collect();
    assert!(silent.is_empty(), "these do not implement `Classified`: {silent:?}");
}

#[test]
fn an_error_type_is_found_whatever_else_it_derives() {
    let text = "#[derive(Debug, thiserror::Error)]\n#[error(\"x\")]\npub(super) struct A;\n\
                #[derive(thiserror::Error, Debug)]\nenum B { #[error(\"y\")] C }\n#[derive(Debug)]\nstruct D;\n";
    assert_eq!(error_types(&tokens(text)), ["A", "B"]);
}

/// Lists the types that derive `thiserror::Error`.
fn error_types(tokens: &[Token]) -> Vec<String> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        if (text_at(tokens, at), text_at(tokens, at + 2)) != ("thiserror", "Error") {
            continue;
        }
        let next = (at..tokens.len()).find(|at| matches!(text_at(tokens, *at), "struct" | "enum"));
        found.extend(next.map(|at| text_at(tokens, at + 1).to_owned()));
    }
    found
}

#[test]
fn a_planted_violation_is_reported_with_its_place() {
    let planted = [
        ("domain/key.rs", "//! Docs: [`crate::api`].\n\nuse crate::{secret, api::Client};\n"),
        ("output/card.rs", "fn show() {\n    let x = reqwest::get(\"csv::not_code\");\n}\n"),
        ("api/auth.rs", "fn f(s: &S) {\n\n    s.expose_secret();\n}\n"),
        ("context/names.rs", "use anyhow::Result;\n"),
        ("host/env.rs", "fn f() { std::env::var_os(\"A\"); }\n"),
        ("config/mod.rs", "fn f() { std::env::var(\"A\"); }\n"),
        ("config/deep/er.rs", "use super::super::domain::Key;\nuse super::super::super::api::Client;\n"),
        ("error.rs", "use super::app::run;\nfn f() {\n    eprintln!(\"x\");\n}\n"),
        ("commands/keys/list.rs", "use super::delete::run;\nuse crate::commands::rotation::wait;\n"),
        ("commands/keys/create/from.rs", "use super::CreateArgs;\nuse super::super::get::run;\n"),
        ("commands/shared/ask.rs", "use super::input;\nuse crate::commands::keys::get;\n"),
        ("commands/shared/bulk.rs", "fn f(e: &E) {\n    e.source().downcast_ref::<ApiError>();\n}\n"),
        ("error/from.rs", "use crate::commands::CommandOutput;\n"),
        ("commands/shared/bulk/rest.rs", "#[cfg(unix)]\nuse std::os::unix::fs::symlink;\n"),
        ("main.rs", "fn main() {\n    zpakey::cli::parse();\n    std::process::exit(3)\n}\n"),
        ("lib.rs", "//! Docs.\n#[cfg(feature = \"sandbox\")]\npub mod sandbox;\npub use api::Client;\n"),
        (
            "commands/keys/get.rs",
            "fn f() {\n    let x = format!(\"{} {}\", key.id, key.name.raw());\n    key.name.raw();\n}\n",
        ),
    ];
    let expected = [
        "src/api/auth.rs:3: `expose_secret` is called in `secret` only",
        "src/commands/keys/create/from.rs:2: a command may not import `get`: what two of them need is in `commands/shared`",
        "src/commands/keys/get.rs:2: `raw` in `format!`: text of the server is displayed by its own `Display`",
        "src/commands/keys/list.rs:1: a command may not import `delete`: what two of them need is in `commands/shared`",
        "src/commands/keys/list.rs:2: a command may not import `rotation`: what two of them need is in `commands/shared`",
        "src/commands/shared/ask.rs:2: a command may not import `keys`: what two of them need is in `commands/shared`",
        "src/commands/shared/bulk.rs:2: `downcast_ref`: an error keeps its type, and a match on it is whole",
        "src/commands/shared/bulk/rest.rs:1: `unix`: what differs between operating systems is in `host`",
        "src/commands/shared/bulk/rest.rs:2: `os`: what differs between operating systems is in `host`",
        "src/config/deep/er.rs:2: `config` may not import `api`",
        "src/config/mod.rs:1: `env::var`: the environment is read in `host` only",
        "src/context/names.rs:1: `anyhow` is not used",
        "src/domain/key.rs:3: `domain` may not import `api`",
        "src/domain/key.rs:3: `domain` may not import `secret`",
        "src/error.rs:1: `error` may not import `app`",
        "src/error.rs:3: `eprintln!`: an answer is a report, and a message goes through `host`",
        "src/error/from.rs:1: `error` may not import `commands`",
        "src/lib.rs:4: `lib.rs` declares modules and nothing else",
        "src/main.rs:2: `main` may not import `cli`",
        "src/main.rs:3: `process::exit`: a command returns its exit code, so that drops run",
        "src/output/card.rs:2: `reqwest` is used in api only",
    ];
    assert_eq!(lines(&check(&in_memory(&planted))), expected.join("\n"));
}

#[test]
fn what_only_looks_like_a_violation_is_not_reported() {
    let innocent = [
        ("domain/id.rs", "// use crate::api;\n/* reqwest::get */\nconst A: &str = r#\"crate::api \"#;\n"),
        (
            "domain/usage.rs",
            "fn f<'a>(c: char, s: &'a str) -> bool { c == '\"' }\nconst B: char = '\\'';\n\
             #[cfg(test)]\nmod tests {\n    use crate::api;\n    fn f() { println!(\"}\"); }\n}\n",
        ),
        (
            "commands/keys/create/from/input.rs",
            "use super::problems;\nuse crate::commands::{CommandOutput, shared};\nuse crate::commands::keys::create::CreateArgs;\n",
        ),
        ("config/mod.rs", "use crate::domain;\n#[cfg(test)]\nmod tests;\n"),
        ("config/tests.rs", "use crate::output::toml;\nfn f() { std::env::var(\"A\"); }\n"),
        ("output/data.rs", "use crate::output::csv as rows;\nlet x = self::toml::write(Format::csv);\n"),
        ("api/path.rs", "use super::secret;\nlet raw = r#type::new(b'\\'', 0..3);\n"),
        ("commands/keys/exec.rs", "use std::process::{Command, ExitCode};\nuse crate::sandbox::Sandbox;\n"),
        ("lib.rs", "#![forbid(unsafe_code)]\npub mod api;\n"),
    ];
    assert_eq!(lines(&check(&in_memory(&innocent))), "");
}

fn in_memory(files: &[(&str, &str)]) -> Vec<Source> {
    files.iter().map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned() }).collect()
}

fn lines(findings: &[Finding]) -> String {
    findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let source = root().join("src");
    rust_files(&source)
        .into_iter()
        .map(|path| Source {
            text: fs::read_to_string(&path).unwrap(),
            path: path.strip_prefix(&source).unwrap().to_str().unwrap().to_owned(),
        })
        .collect()
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Lists the files below a directory that no `mod` declaration leads to, from the given roots on.
fn unmounted(directory: &str, roots: &[&str]) -> Vec<PathBuf> {
    let directory = root().join(directory);
    let mut waiting: Vec<_> = roots.iter().map(|root| directory.join(root)).collect();
    let mut mounted = BTreeSet::new();
    while let Some(file) = waiting.pop() {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let children = children_of(file.to_str().unwrap());
        for (name, _) in declarations(&tokens(&text)) {
            waiting.push(format!("{children}{name}.rs").into());
            waiting.push(format!("{children}{name}/mod.rs").into());
        }
        mounted.insert(file);
    }
    rust_files(&directory).into_iter().filter(|file| !mounted.contains(file)).collect()
}

/// The start of the paths of the files that a file declares as modules.
fn children_of(path: &str) -> String {
    let (directory, name) = path.rsplit_once('/').map_or(("", path), |(directory, name)| (directory, name));
    let directory = if directory.is_empty() { String::new() } else { format!("{directory}/") };
    match name {
        "mod.rs" | "lib.rs" | "main.rs" => directory,
        name => format!("{directory}{}/", name.trim_end_matches(".rs")),
    }
}

fn check(files: &[Source]) -> Vec<Finding> {
    let parsed: Vec<_> = files.iter().map(|file| (file, tokens(&file.text))).collect();
    // A file that is mounted under `#[cfg(test)]` is test code although nothing in it says so.
    let test_files: Vec<String> = parsed
        .iter()
        .flat_map(|(file, tokens)| {
            let children = children_of(&file.path);
            let tests = declarations(tokens).into_iter().filter(|(_, is_test)| *is_test);
            tests.map(move |(name, _)| format!("{children}{name}")).collect::<Vec<_>>()
        })
        .collect();
    let is_test_file = |path: &str| {
        test_files.iter().any(|test| path == format!("{test}.rs") || path.starts_with(&format!("{test}/")))
    };
    let mut findings = Vec::new();
    for (file, tokens) in parsed {
        if !is_test_file(&file.path) {
            check_file(&file.path, &without_tests(&tokens), &mut findings);
        }
    }
    findings.sort();
    findings.dedup();
    findings
}

fn check_file(path: &str, tokens: &[Token], findings: &mut Vec<Finding>) {
    let mut report = |line: usize, rule: String| findings.push(Finding { path: path.to_owned(), line, rule });
    let module = path.split('/').next().unwrap().trim_end_matches(".rs");
    if module == "lib" {
        if let Some(line) = first_line_besides_modules(tokens) {
            report(line, "`lib.rs` declares modules and nothing else".to_owned());
        }
        return;
    }
    let Some((_, allowed)) = IMPORTS.iter().find(|(name, _)| *name == module) else {
        report(1, format!("module `{module}` is not in the table of imports"));
        return;
    };
    for (name, line) in imports(path, tokens) {
        if name != module && !allowed.contains(&name.as_str()) {
            report(line, format!("`{module}` may not import `{name}`"));
        }
    }
    for (name, line) in other_commands(path, tokens) {
        report(
            line,
            format!("a command may not import `{name}`: what two of them need is in `commands/shared`"),
        );
    }
    for (index, token) in tokens.iter().enumerate() {
        let name = token.text.as_str();
        if let Some((_, owners)) = CRATES.iter().find(|(crate_name, _)| *crate_name == name)
            && !owners.contains(&module)
            && names_a_crate(tokens, index)
        {
            report(
                token.line,
                match owners {
                    [] => format!("`{name}` is not used"),
                    owners => format!("`{name}` is used in {} only", owners.join(", ")),
                },
            );
        }
        let is_cfg = matches!(name, "unix" | "windows" | "target_os" | "target_family")
            && index > 0
            && matches!(text_at(tokens, index - 1), "(" | ",")
            && (index.saturating_sub(8)..index).any(|at| matches!(text_at(tokens, at), "cfg" | "cfg_attr"))
            && (text_at(tokens, index + 1) == "=" || matches!(text_at(tokens, index + 1), ")" | ","));
        let is_of_one_system = name == "os" && index > 1 && text_at(tokens, index - 2) == "std";
        if (is_cfg || is_of_one_system) && module != "host" {
            report(token.line, format!("`{name}`: what differs between operating systems is in `host`"));
        }
        if DOWNCASTS.contains(&name) && !DOWNCASTING_FILES.contains(&path) {
            report(token.line, format!("`{name}`: an error keeps its type, and a match on it is whole"));
        }
        if name == "expose_secret" && module != "secret" {
            report(token.line, "`expose_secret` is called in `secret` only".to_owned());
        }
        if PRINTING_MACROS.contains(&name) && text_at(tokens, index + 1) == "!" {
            report(
                token.line,
                format!("`{name}!`: an answer is a report, and a message goes through `host`"),
            );
        }
        if FORMATTING_MACROS.contains(&name) && text_at(tokens, index + 1) == "!" {
            for line in raw_texts_in(&tokens[index + 2..]) {
                report(
                    line,
                    format!("`raw` in `{name}!`: text of the server is displayed by its own `Display`"),
                );
            }
        }
        for (parent, children, owners, reason) in FUNCTIONS {
            if name != parent || owners.contains(&module) || text_at(tokens, index + 1) != "::" {
                continue;
            }
            for (child, line) in names_after(tokens, index + 2) {
                if children.contains(&child.as_str()) {
                    report(line, format!("`{parent}::{child}`: {reason}"));
                }
            }
        }
    }
}

/// Lists the lines on which a raw text of the server is among the arguments that begin here.
fn raw_texts_in(tokens: &[Token]) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            "raw" if text_at(tokens, index + 1) == "(" => found.push(token.line),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// Lists the public fields of a struct, each with the names in its type.
fn fields_of(tokens: &[Token], record: &str) -> Vec<(String, Vec<String>)> {
    let start =
        (0..tokens.len()).find(|at| text_at(tokens, *at) == "struct" && text_at(tokens, at + 1) == record);
    let body = tokens[start.unwrap()..].iter().skip_while(|token| token.text != "{").skip(1);
    let body: Vec<Token> = body.take_while(|token| token.text != "}").cloned().collect();
    let starts = (0..body.len()).filter(|at| text_at(&body, *at) == "pub" && text_at(&body, at + 2) == ":");
    starts
        .map(|at| {
            let kind = body[at + 3..].iter().take_while(|token| token.text != "pub" && token.text != "#");
            (body[at + 1].text.clone(), kind.map(|token| token.text.clone()).collect())
        })
        .collect()
}

/// Lists the modules of this crate that a file names, each with its line.
fn imports(path: &str, tokens: &[Token]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let depth = children_of(path).matches('/').count();
    let mut index = 0;
    while index < tokens.len() {
        let start = index;
        index += 1;
        if text_at(tokens, start + 1) != "::" || (start > 0 && text_at(tokens, start - 1) == "::") {
            continue;
        }
        match text_at(tokens, start) {
            "crate" => found.extend(names_after(tokens, start + 2)),
            "zpakey" if path == "main.rs" => found.extend(names_after(tokens, start + 2)),
            "super" => {
                let mut steps = 0;
                let mut next = start;
                while text_at(tokens, next) == "super" && text_at(tokens, next + 1) == "::" {
                    steps += 1;
                    next += 2;
                }
                // Inside a module within a file, `super` may mean the file itself; names that are no module
                // of the crate are then no import.
                let names = names_after(tokens, next).into_iter();
                let is_module = |name: &str| IMPORTS.iter().any(|(module, _)| *module == name);
                found.extend(names.filter(|(name, _)| steps >= depth && is_module(name)));
                index = next;
            }
            _ => {}
        }
    }
    found
}

/// Lists what a file of one command names of another, each with its line.
fn other_commands(path: &str, tokens: &[Token]) -> Vec<(String, usize)> {
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let ["commands", room, command, inner @ ..] = parts.as_slice() else { return Vec::new() };
    if *room == "shared" {
        let is_room = |name: &str| COMMAND_ROOMS.contains(&name);
        return paths_in(tokens, &["crate", "commands"]).filter(|(name, _)| is_room(name)).collect();
    }
    let outside =
        paths_in(tokens, &["crate", "commands"]).filter(|(name, _)| COMMAND_ROOMS.contains(&name.as_str()));
    let own: Vec<_> = paths_in(tokens, &["crate", "commands", room, command]).map(|(_, line)| line).collect();
    let outside = outside.filter(|(_, line)| !own.contains(line));
    // As many steps up as this lead out of the folder of the command.
    let way_out = vec!["super"; inner.len() + 1];
    outside.chain(paths_in(tokens, &way_out)).collect()
}

/// Lists the names that follow a path, each with its line.
fn paths_in<'a>(tokens: &'a [Token], path: &'a [&str]) -> impl Iterator<Item = (String, usize)> + 'a {
    let is_there = move |at: usize| {
        path.iter()
            .enumerate()
            .all(|(n, name)| text_at(tokens, at + 2 * n) == *name && text_at(tokens, at + 2 * n + 1) == "::")
    };
    (0..tokens.len())
        .filter(move |at| is_there(*at))
        .flat_map(move |at| names_after(tokens, at + 2 * path.len()))
}

/// Lists the name at an index, or the first name of each path in the braces there.
fn names_after(tokens: &[Token], index: usize) -> Vec<(String, usize)> {
    let Some(first) = tokens.get(index) else { return Vec::new() };
    if first.text != "{" {
        return vec![(first.text.clone(), first.line)];
    }
    let mut names = Vec::new();
    let mut depth = 0_usize;
    for (offset, token) in tokens[index..].iter().enumerate() {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ if depth == 1 && matches!(text_at(tokens, index + offset - 1), "{" | ",") => {
                names.push((token.text.clone(), token.line));
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// Tells whether the name at an index is the start of a path, and so a crate.
fn names_a_crate(tokens: &[Token], index: usize) -> bool {
    let before = if index == 0 { "" } else { text_at(tokens, index - 1) };
    let starts_a_path =
        before != "." && (before != "::" || index < 2 || !is_name(text_at(tokens, index - 2)));
    let after = text_at(tokens, index + 1);
    starts_a_path && (after == "::" || (matches!(before, "use" | "crate") && matches!(after, ";" | "as")))
}

fn first_line_besides_modules(tokens: &[Token]) -> Option<usize> {
    let mut rest = tokens;
    loop {
        rest = match rest {
            [] => return None,
            [hash, ..] if hash.text == "#" => &rest[attribute_length(rest)..],
            [public, module, ..] if public.text == "pub" && module.text == "mod" => &rest[1..],
            [module, _, end, ..] if module.text == "mod" && end.text == ";" => &rest[3..],
            [other, ..] => return Some(other.line),
        };
    }
}

/// Lists the modules that are declared to be in a file of their own, and whether for tests only.
fn declarations(tokens: &[Token]) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut is_test = false;
    let mut index = 0;
    while index < tokens.len() {
        if text_at(tokens, index) == "#" {
            let length = attribute_length(&tokens[index..]);
            is_test |= is_cfg_test(&tokens[index..index + length]);
            index += length;
            continue;
        }
        if text_at(tokens, index) == "mod" && text_at(tokens, index + 2) == ";" {
            found.push((text_at(tokens, index + 1).to_owned(), is_test));
        }
        if !matches!(text_at(tokens, index), "pub" | "mod" | "(" | "crate" | "super" | "in" | ")") {
            is_test = false;
        }
        index += 1;
    }
    found
}

fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        let length = if text_at(tokens, index) == "#" { attribute_length(&tokens[index..]) } else { 0 };
        if length > 0 && is_cfg_test(&tokens[index..index + length]) {
            index += length + item_length(&tokens[index + length..]);
            continue;
        }
        kept.push(tokens[index].clone());
        index += 1;
    }
    kept
}

/// Counts the tokens of the attribute that starts here.
fn attribute_length(tokens: &[Token]) -> usize {
    if !matches!((text_at(tokens, 1), text_at(tokens, 2)), ("[", _) | ("!", "[")) {
        return 1;
    }
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "[" => depth += 1,
            "]" if depth == 1 => return index + 1,
            "]" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

fn is_cfg_test(attribute: &[Token]) -> bool {
    let has = |name: &str| attribute.iter().any(|token| token.text == name);
    has("cfg") && has("test") && !has("not")
}

/// Counts the tokens of the item that starts here: to its semicolon, or to the end of its braces.
fn item_length(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" if depth == 1 => return index + 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            ";" if depth == 0 => return index + 1,
            _ => {}
        }
    }
    tokens.len()
}
