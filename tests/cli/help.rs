//! Help: complete, true, and never a way for a value to get out.

use std::collections::BTreeSet;

use clap::{Arg, Command, CommandFactory};
use snapbox::str;
use zpakey::{
    cli::{
        Cli,
        help::{HEADINGS, OPTION_HEADINGS},
    },
    commands::TOPICS,
    config::{
        Description,
        vars::{OTHER_VARIABLES, descriptions},
    },
    error::ErrorKind as Kind,
};

use crate::support::{Home, Run, assert_is};

/// Every command by the words that call it, the program itself first.
fn commands() -> Vec<(Vec<String>, Command)> {
    let mut program = Cli::command();
    program.build();
    let mut found = vec![(Vec::new(), program)];
    let mut next = 0;
    while let Some((words, command)) = found.get(next).cloned() {
        for subcommand in command.get_subcommands() {
            let mut words = words.clone();
            words.push(subcommand.get_name().to_owned());
            found.push((words, subcommand.clone()));
        }
        next += 1;
    }
    found
}

fn takes_value(argument: &Arg) -> bool {
    argument.get_action().takes_values()
}

/// The words of a text, wherever its lines were broken.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn clap_cannot_read_the_environment() {
    // The environment is read in `config::vars` alone. clap would print the values of variables in its help.
    let manifest: toml::Table = toml::from_str(include_str!("../../Cargo.toml")).unwrap();
    let features = manifest["dependencies"]["clap"]["features"].as_array().unwrap();
    let has = |name: &str| features.iter().any(|feature| feature.as_str() == Some(name));
    assert!(has("derive") && !has("env"), "{features:?}");
}

#[test]
fn no_option_takes_a_secrets_value() {
    for (words, command) in commands() {
        // One of a few words is no secret.
        let is_free = |argument: &&Arg| takes_value(argument) && argument.get_possible_values().is_empty();
        for argument in command.get_arguments().filter(is_free) {
            let long = argument.get_long().unwrap_or_default();
            let names = format!("{} {long}", argument.get_id()).to_lowercase().replace('_', "-");
            for word in ["secret", "token", "password", "passphrase", "private", "credential", "key-text"] {
                assert!(!names.contains(word) || long.ends_with("-file"), "{words:?} --{long}");
            }
        }
    }
}

#[test]
fn everything_that_can_be_typed_has_help() {
    for (words, command) in commands() {
        assert!(command.get_about().is_some(), "{words:?}");
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.len() > 5, "{words:?} {}", argument.get_id());
            assert!(!help.ends_with('.'), "{words:?} {}: a full stop", argument.get_id());
        }
    }
}

#[test]
fn every_command_at_the_end_of_the_tree_has_examples() {
    for (words, command) in commands().iter().filter(|(_, command)| !command.has_subcommands()) {
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(after.starts_with("Examples:\n  $ zpakey "), "{words:?}: {after}");
    }
}

#[test]
fn an_options_help_names_its_variables() {
    let program = Cli::command();
    for row in descriptions() {
        let Some(long) = row.option.and_then(|option| option.strip_prefix("--")) else { continue };
        let argument = program.get_arguments().find(|argument| argument.get_long() == Some(long)).unwrap();
        let help = one_line(&argument.get_help().unwrap().to_string());
        let listed = row.variables().collect::<Vec<_>>().join(", ");
        assert!(help.contains(&format!("[env: {listed}")), "--{long}: {help}");
        assert!(help.ends_with(']'), "--{long}: {help}");
    }
}

fn with_every_variable(run: Run) -> Run {
    let settings = descriptions().flat_map(Description::variables);
    let others = OTHER_VARIABLES.iter().map(|(name, _)| *name);
    settings.chain(others).fold(run, |run, name| run.env(name, "ValueOfAVariable"))
}

#[test]
fn help_prints_no_value_of_a_variable() {
    let home = Home::new();
    for (mut words, _) in commands() {
        words.push("--help".to_owned());
        with_every_variable(home.zpakey(&words[..])).run().code(0).lacks("ValueOfAVariable");
    }
    for topic in TOPICS {
        with_every_variable(home.zpakey(["help", topic])).run().code(0).lacks("ValueOfAVariable");
    }
}

#[test]
fn every_variable_is_in_the_topic_environment() {
    let text = Home::new().zpakey("help environment").run().code(0).stdout;
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    for row in descriptions() {
        for name in row.variables() {
            assert!(words.contains(name), "{name}");
        }
    }
    for (name, _) in OTHER_VARIABLES {
        assert!(words.contains(name), "{name}");
    }
}

#[test]
fn the_short_help_is_shorter_than_the_long_one() {
    let home = Home::new();
    for (words, _) in commands() {
        let text = |flag: &str| {
            let mut words = words.clone();
            words.push(flag.to_owned());
            home.zpakey(words).run().code(0).stdout
        };
        let (short, long) = (text("-h"), text("--help"));
        assert!(short.len() < long.len(), "{words:?}");
    }
}

#[test]
fn every_command_stands_under_one_heading() {
    let program = Cli::command();
    let placed = || HEADINGS.iter().flat_map(|heading| heading.lines).flat_map(|line| line.commands);
    for command in program.get_subcommands() {
        let times = placed().filter(|name| **name == command.get_name()).count();
        assert_eq!(times, 1, "{}: give it a line of HEADINGS in src/cli/help.rs", command.get_name());
    }
    for name in placed() {
        assert!(program.find_subcommand(name).is_some(), "{name} is no command");
    }
}

#[test]
fn the_first_page_fits_a_screen() {
    let page = Home::new().zpakey("-h").run().code(0).stdout;
    assert!(page.lines().count() <= 40, "{} lines", page.lines().count());
    for line in page.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    for heading in HEADINGS {
        assert!(page.lines().any(|line| line.strip_suffix(':') == Some(heading.title)), "{}", heading.title);
    }
    for (words, command) in commands().iter().filter(|(words, _)| words.len() == 1) {
        let name = &words[0];
        let is_there = |line: &str| line.split([' ', ',']).any(|word| word == name) && line.starts_with("  ");
        assert!(page.lines().any(is_there), "{name}");
        let first = command.get_about().unwrap().to_string();
        assert!(first.chars().count() < 60, "{name}: {first}");
    }
}

#[test]
fn the_first_page_reads_so() {
    Home::new().zpakey("-h").run().code(0).stdout_is(str![[r#"
Manage the provisioning keys of Zscaler Private Access (ZPA)

Usage: zpakey [OPTIONS] <COMMAND>

Keys:
  create      Create provisioning keys
  get         Show keys, by name or id
  list        List keys [alias: ls]
  update      Change a key's limit, state, name, IP ACL or certificate
  delete      Delete keys for good [alias: rm]
  groups, certs, microtenants  List what keys refer to
Secret:
  reveal      Show a key value, the secret that connectors enrol with
  exec        Run a program with a key value, which is not shown
  identify, scan  Find key values in files, hosts, images and git history
Rotation:
  rotate      Replace a key with a new one without downtime
  status      Show the state of keys and rotations, and what to do next
  wait        Wait until connectors enrolled with a key
  disable, enable  Stop keys from enrolling now; undo that, or a retirement
  retire, purge  Disable replaced keys after their grace; delete them
Desired state:
  diff, apply  Keep keys as a file says: show what differs, apply it
  export      Write keys as a file of keys, or for Terraform or Ansible
Watch:
  audit       Find keys that will stop working or stay open, worst first
  metrics, log  Metrics for Prometheus; what was done from this machine
Setup:
  auth, profile  Sign in and out; choose a profile
  doctor, sandbox  Check the set-up; try zpakey without a tenant
  mcp, proposals  Serve agents, without secrets; what they propose
  completions, schema, version, help  For shells, scripts and people
Global options:
  -o, --output <FORMAT>   table, wide, json, ndjson, yaml, csv; JSON in a pipe
      --profile <NAME>    Use this profile
      --sandbox           Use the embedded sandbox tenant
  -y, --yes               Answer every question with yes
  -q, --quiet             Print ids only, and no messages but warnings
More: zpakey help COMMAND, zpakey help options; man zpakey, man zpakey-create
Topics of help: environment, exit-codes, options, output, rotation, security

"#]]);
}

#[test]
fn a_commands_help_has_its_own_options_and_one_line_on_the_global_ones() {
    let home = Home::new();
    let program = Cli::command();
    let global: Vec<_> = program.get_arguments().filter_map(Arg::get_long).collect();
    assert!(global.len() > 15);
    for (words, command) in commands().iter().filter(|(words, _)| !words.is_empty()) {
        for flag in ["-h", "--help"] {
            let mut line = words.clone();
            line.push(flag.to_owned());
            let text = home.zpakey(line).run().code(0).stdout;
            let names = text.lines().filter(|line| line.contains("zpakey help options")).count();
            assert_eq!(names, 1, "{words:?} {flag}");
            let (own, _) = text.split_once("\nGlobal options (").unwrap();
            let listed = |long: &str| {
                own.lines()
                    .filter(|line| line.starts_with("  ") && line.trim_start().starts_with('-'))
                    .any(|line| line.contains(&format!("--{long} ")))
            };
            let is_global = |argument: &&Arg| argument.is_global_set();
            for argument in command.get_arguments().filter(is_global) {
                assert!(!listed(argument.get_long().unwrap()), "{words:?} {flag}: {argument:?}");
            }
        }
    }
}

#[test]
fn options_stand_under_the_headings_that_the_table_gives_them() {
    let home = Home::new();
    for (name, title, options) in OPTION_HEADINGS {
        let text = home.zpakey([name, "--help"]).run().code(0).stdout;
        let (_, below) = text.split_once(&format!("\n{title}:\n")).unwrap();
        let below = below.split_once("\n\nGlobal").map_or(below, |(below, _)| below);
        for option in *options {
            let is_it =
                |line: &str| line.trim_start().starts_with('-') && line.contains(&format!("--{option}"));
            assert!(below.lines().any(is_it), "{name}: --{option} is not under {title}");
        }
    }
}

#[test]
fn the_topic_options_has_all_global_options() {
    let text = Home::new().zpakey("help options").run().code(0).stdout;
    for argument in Cli::command().get_arguments() {
        if let Some(long) = argument.get_long().filter(|long| !["help", "version"].contains(long)) {
            assert!(text.contains(&format!("--{long}")), "--{long}");
        }
    }
    for title in ["Output:", "Tenant:", "Questions:", "Signing in:", "Network and waiting:"] {
        assert!(text.lines().any(|line| line == title), "{title}");
    }
}

#[test]
fn the_topic_rotation_reads_so() {
    Home::new().zpakey("help rotation").run().code(0).stderr_is(str![]).stdout_is(str![[r#"
What enrolled with a key keeps running, whatever is done to the key.

  COMMAND           USE IT WHEN           WHAT IT DOES        UNDO
  update --disable  the key is to pause   flips one switch;   update --enable
                                          the limit stays
  disable           the key must stop     switches it off,    enable
                    now: it leaked, or    lowers its limit
                    its site closed       to its uses, and
                                          reads both back
  enable            it was stopped too    switches it on,     disable
                    early                 gives its limit
                                          back
  retire            rotate replaced it,   as disable;         enable
                    and its grace period  refused if its
                    is over               successor is
                                          unused
  purge             it was retired, and   deletes it, unless  -
                    30 days have passed   connectors carry
                                          it
  delete            it was made by        deletes any key,    -
                    mistake, or nothing   unless connectors
                    uses it any more      carry it

A planned rotation:

  zpakey rotate NAME --out-file FILE  makes a new key and hands it over
  zpakey status NAME                  shows where it stands, and what to do next
  zpakey retire NAME                  disables the old key after its grace
  zpakey purge NAME                   deletes it, later

A key leaked:

  zpakey rotate NAME --compromised --out-file FILE
                                      replaces it without a grace period
  zpakey disable NAME                 stops it, and nothing replaces it

"#]]);
}

#[test]
fn the_topic_rotation_names_commands_that_exist() {
    let text = Home::new().zpakey("help rotation").run().code(0).stdout;
    for command in ["update", "disable", "enable", "retire", "purge", "delete"] {
        assert!(text.lines().any(|line| line.trim_start().starts_with(command)), "{command}");
        assert!(Cli::command().find_subcommand(command).is_some(), "{command}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn help_on_a_command_is_its_long_help() {
    let home = Home::new();
    for words in [&["update"][..], &["sandbox", "serve"], &[]] {
        let asked = home.zpakey([&["help"], words].concat()).run().code(0);
        let flagged = home.zpakey([words, &["--help"]].concat()).run().code(0);
        assert_eq!(asked.stdout, flagged.stdout);
    }
}

#[test]
fn without_a_command_the_short_help_goes_to_standard_error() {
    let home = Home::new();
    let bare = home.zpakey("").run().code(2).stdout_is(str![]);
    assert_eq!(bare.stderr, home.zpakey("-h").run().code(0).stdout);
}

#[test]
fn help_on_nothing_known_names_what_there_is() {
    Home::new().zpakey("help nonsense -o table").run().code(2).stdout_is(str![]).stderr_is(str![[r#"
error: there is no help on "nonsense"
hint: `zpakey help` lists the commands; the topics are environment, exit-codes, options, output, rotation, security

"#]]);
}

#[test]
fn the_topic_exit_codes_reads_so() {
    Home::new().zpakey("help exit-codes").run().code(0).stderr_is(str![]).stdout_is(str![[r#"
  CODE  RETRY  MEANING
     0         success; also "already up to date", and an empty list
     1  no     a bug, or something unclassified
     2  no     wrong usage or invalid configuration; nothing was changed
     3  no     credential missing, rejected, or not permitted (401, 403)
     4  no     key, group, certificate, microtenant or profile not found
     5  yes    the API refused or failed
     6  yes    partly done, or a rotation that is not finished
     7  no     a finding that was asked for (list, identify --fail-if-any; scan, audit --fail-on; diff --exit-code)
     8  no     conflict: exists, ambiguous, managed, not exportable, carried by connectors; a guard; a stale plan
     9  yes    rate limited or unavailable, after waiting
    10  yes    network: DNS, TCP, TLS, proxy, time-out
    11  no     not confirmed: declined, or no terminal to ask on
    12  yes    a wait ran out of time
    13  yes    outcome unknown: the server may have acted, and looking did not settle it
   126  no     the program of exec or sandbox run cannot be run
   127  no     there is no such program
   129  yes    hung up: the terminal is gone
   130  yes    interrupted
   143  yes    terminated

RETRY is for an engine that runs the same command again: all commands but `create` without --if-exists look first
what stands. `retryable` of a JSON error says more of the one failure.

"#]]);
}

#[test]
fn the_topic_output_reads_so() {
    Home::new().zpakey("help output").run().code(0).stderr_is(str![]).stdout_is(str![[r#"
The answer goes to standard output, everything else to standard error.

At a terminal the answer is a table, in a pipe or a file it is JSON; -o (or ZPAKEY_OUTPUT) chooses another form:
auto, table, wide, json, ndjson, yaml, csv. Lists are arrays, items objects; ids are texts. Field names are those
of the Terraform provider's attributes. `zpakey schema` prints the JSON Schema.

  -q                  ids only, one a line
  --columns a,b       these fields, in this order
  --field NAME        one field, bare
  --no-header         no header in tables and CSV

At a terminal an error is text, also in front of a pipe; if standard error is no terminal and the answer is JSON,
it is one line of JSON, the last on standard error. -o json and ndjson make it JSON everywhere. A key value is in
no answer but that of `reveal` and of `create --reveal`.

"#]]);
}

#[test]
fn the_topic_security_reads_so() {
    Home::new().zpakey("help security").run().code(0).stderr_is(str![]).stdout_is(str![[r#"
A provisioning key value is a secret: anyone who has it can enrol connectors into its group.

  - No command prints it unless asked, and `reveal` asks first. --yes is the only leave; no variable is one.
  - It is kept in no state file, cache or log. -v prints methods, paths and statuses only.
  - The API client's secret stays where it is kept: the system keyring, a private file, a variable, a program. A
    token is cached between runs in a private file (0600) or the keyring, encrypted with the credential that it was
    issued for, unless --token-cache off; not in CI.
  - `--out-file FILE` writes it into a private file (0600) without showing it. `exec` runs a program with it, in a
    variable, in a private file that is gone with the program, or by standard input; zpakey's own credentials are
    taken out of what the program gets. In a job of GitHub's, `--ci github` has the runner mask it in its log first.
  - `reveal --copy` puts it on the clipboard, and clears the clipboard after 30 s or at Ctrl-C.
  - `identify` tells which key a file holds by its hash; the key value is not printed, kept or sent.
  - All that goes to standard error passes a redactor that knows the secrets of the run, as they are and in base64 (also
    twice), base32, hex, percent, JSON and HTML form.
  - Each reveal and each write is logged on this machine, without any value: `zpakey log`. Not in CI, and not where
    a profile says `audit_log = false`.
  - No option takes a secret's value: a command line can be read by every process.
  - Credentials go to https addresses only, and over http to this machine only.

Not protected: what a terminal, a pipe, a file or a clipboard does with a key value after it was revealed; memory that the
system's libraries copied; the root user of this machine.

"#]]);
}

#[test]
fn the_topic_environment_reads_so() {
    Home::new().zpakey("help environment").run().code(0).stderr_is(str![]).stdout_is(str![[r#"
Precedence: an option, then a profile that was named (--profile, ZPAKEY_PROFILE), then the environment,
then the active profile, then ~/.zscaler/zscaler.yaml, then ~/.zscaler/config, then the default. A variable
that is set but empty counts as unset.

  ZPAKEY_CLIENT_ID       id of the API client  (also ZSCALER_CLIENT_ID, ZPA_CLIENT_ID)
  ZPAKEY_CLIENT_SECRET   secret of the API client  (also ZSCALER_CLIENT_SECRET, ZPA_CLIENT_SECRET)
  ZPAKEY_PRIVATE_KEY     private key of the API client, as PEM, or the path of a file with it  (also ZSCALER_PRIVATE_KEY, ZSCALER_CERT_FILE_PATH)
  ZPAKEY_VANITY_DOMAIN   the "acme" in acme.zslogin.net  (also ZSCALER_VANITY_DOMAIN)
  ZPAKEY_CLOUD           the Zscaler cloud; production where unset  (also ZSCALER_CLOUD, ZPA_CLOUD)
  ZPAKEY_AUTH            the way to sign in: oneapi or legacy
  ZPAKEY_ACCESS_TOKEN    a bearer token; no signing in
  ZPAKEY_CUSTOMER_ID     id of the ZPA customer  (also ZPA_CUSTOMER_ID, ZSCALER_CUSTOMER_ID)
  ZPAKEY_MICROTENANT     name or id of the microtenant  (also ZPA_MICROTENANT_ID, ZSCALER_MICROTENANT_ID)
  ZPAKEY_API_URL         replaces the API's base address
  ZPAKEY_TOKEN_URL       replaces the token endpoint's address  (also ZSCALER_TOKEN_URL)
  ZPAKEY_PROFILE         name of the profile
  ZPAKEY_SANDBOX         use the embedded sandbox tenant
  ZPAKEY_OUTPUT          format of the answer
  ZPAKEY_COLUMNS         fields of tables and CSV, by their JSON names
  ZPAKEY_COLOR           auto, always or never
  ZPAKEY_NO_INPUT        never ask
  ZPAKEY_TIMEOUT         limit of one request
  ZPAKEY_MAX_WAIT        limit of forced waits, for each request
  ZPAKEY_DEADLINE        limit of the whole command
  ZPAKEY_CACERT          a CA file that is trusted in addition to the platform's
  ZPAKEY_PROXY           address of the proxy, or none  (also HTTPS_PROXY, https_proxy, ZSCALER_HTTP_PROXY, ALL_PROXY, all_proxy)
  ZPAKEY_TOKEN_CACHE     where tokens are kept between runs: auto, file, keyring or off
  ZPAKEY_RATE_LIMIT      READS/WRITES/SECONDS, or off
  ZPAKEY_REVEAL          never keeps key values from standard output
  ZPAKEY_AUDIT_LOG       log reveals and writes on this machine; true unless CI is set
  ZPAKEY_TERRAFORM       Terraform has keys of this tenant, too: rotate and status say what that takes

  ZPAKEY_CLIENT_SECRET_FILE  a file with the client secret, as `--client-secret-file`; ZPAKEY_CLIENT_SECRET counts before it
  ZPAKEY_CONFIG_FILE         the profile file, in place of zpakey/config.toml
  ZPAKEY_PROFILE_INDEX       the place of one profile among those of `--profile`, sorted and counted from 0; of all, if it is absent
  ZSCALER_USE_LEGACY_CLIENT  true signs in by the legacy API, as `--auth legacy`
  ZSCALER_PROFILE            the profile of ~/.zscaler/config, a file of the vendor's SDK, by default `default`
  ZSCALER_CLIENT_PROXY_HOST  the vendor's proxy, with ZSCALER_CLIENT_PROXY_PORT, _USERNAME and _PASSWORD; if nothing else names one
  ZPA_CLIENT_PROXY_HOST      the same for `--auth legacy`, with ZPA_CLIENT_PROXY_PORT, _USERNAME and _PASSWORD
  NO_PROXY                   hosts that are reached without the proxy, separated by commas (also no_proxy)
  SSL_CERT_FILE              the trust store, in place of the platform's (also SSL_CERT_DIR)
  CI                         not empty: there are no prompts, and no token, names or log are kept between runs, unless told
  GITHUB_ACTIONS             true on the runners of GitHub: without it `--ci github` is refused
  DBUS_SESSION_BUS_ADDRESS   the session bus through which the system keyring is reached
  NO_COLOR                   not empty: no colours
  CLICOLOR_FORCE             not empty and not 0: colours everywhere
  TERM                       dumb: no colours
  XDG_CONFIG_HOME            where zpakey/config.toml is, by default ~/.config
  XDG_STATE_HOME             where tokens, the log, the shared budget and the sandbox's tenant are, by default ~/.local/state
  XDG_CACHE_HOME             where names for completion are, by default ~/.cache
  XDG_RUNTIME_DIR            where `exec --file` puts its file, by default a directory in memory, else where the state is, else TMPDIR
  CREDENTIALS_DIRECTORY      set by systemd: no warning that others can read a secret below it

Profiles are kept in $XDG_CONFIG_HOME/zpakey/config.toml, by default ~/.config/zpakey/config.toml.

"#]]);
}

/// The kind after this one; a new kind does not compile until it has its place.
fn after(kind: Kind) -> Option<Kind> {
    Some(match kind {
        Kind::Internal => Kind::Usage,
        Kind::Usage => Kind::Io,
        Kind::Io => Kind::InvalidConfig,
        Kind::InvalidConfig => Kind::MissingCredentials,
        Kind::MissingCredentials => Kind::Unauthorized,
        Kind::Unauthorized => Kind::Forbidden,
        Kind::Forbidden => Kind::NotFound,
        Kind::NotFound => Kind::ApiError,
        Kind::ApiError => Kind::BadResponse,
        Kind::BadResponse => Kind::NotKept,
        Kind::NotKept => Kind::ClockSkew,
        Kind::ClockSkew => Kind::Partial,
        Kind::Partial => Kind::RotationIncomplete,
        Kind::RotationIncomplete => Kind::RetireIneffective,
        Kind::RetireIneffective => Kind::Conflict,
        Kind::Conflict => Kind::Guarded,
        Kind::Guarded => Kind::Stale,
        Kind::Stale => Kind::Ambiguous,
        Kind::Ambiguous => Kind::Managed,
        Kind::Managed => Kind::NotExportable,
        Kind::NotExportable => Kind::RateLimited,
        Kind::RateLimited => Kind::Unavailable,
        Kind::Unavailable => Kind::Network,
        Kind::Network => Kind::Tls,
        Kind::Tls => Kind::Timeout,
        Kind::Timeout => Kind::ConfirmationRequired,
        Kind::ConfirmationRequired => Kind::Declined,
        Kind::Declined => Kind::WaitTimeout,
        Kind::WaitTimeout => Kind::OutcomeUnknown,
        Kind::OutcomeUnknown => Kind::CommandNotExecutable,
        Kind::CommandNotExecutable => Kind::CommandNotFound,
        Kind::CommandNotFound => Kind::Interrupted,
        Kind::Interrupted => Kind::Terminated,
        Kind::Terminated => Kind::HungUp,
        Kind::HungUp => return None,
    })
}

#[test]
fn the_topic_exit_codes_has_the_codes_of_all_kinds_and_no_other() {
    let text = Home::new().zpakey("help exit-codes").run().code(0).stdout;
    let listed: BTreeSet<u8> =
        text.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect();
    let kinds = std::iter::successors(Some(Kind::Internal), |kind| after(*kind)).map(Kind::exit_code);
    // Success and findings are no errors.
    let codes: BTreeSet<u8> = kinds.chain([0, 7]).collect();
    assert_eq!(listed, codes);
}

#[test]
fn no_command_line_in_a_help_is_broken_in_a_narrow_terminal() {
    let home = Home::new();
    let mut examples = 0;
    for (mut words, command) in commands() {
        words.push("--help".to_owned());
        let mut terminal = home.zpakey(&words[..]).window(50, 60).terminal();
        assert_eq!(terminal.exit_code(), 0);
        let screen = terminal.screen();
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        for example in help.lines().filter(|line| line.trim_start().starts_with("$ ")) {
            assert!(screen.contains(example), "{example}\n{screen}");
            examples += 1;
        }
        assert!(!screen.contains('\u{a0}'), "{screen}");
    }
    assert!(examples > 60, "{examples}");
}

/// What a command prints at a terminal of some columns.
fn at_width(columns: u16, line: &str) -> String {
    let mut terminal = Home::new().zpakey(line).window(columns, 100).terminal();
    terminal.exit_code();
    terminal.screen()
}

#[test]
fn in_50_columns_the_topic_rotation_is_a_paragraph_for_each_command() {
    assert_is(
        &at_width(50, "help rotation"),
        str![[r#"
What enrolled with a key keeps running, whatever
  is done to the key.

  update --disable
    when  the key is to pause
    does  flips one switch; the limit stays
    undo  update --enable
  disable
    when  the key must stop now: it leaked, or its
          site closed
    does  switches it off, lowers its limit to its
          uses, and reads both back
    undo  enable
  enable
    when  it was stopped too early
    does  switches it on, gives its limit back
    undo  disable
  retire
    when  rotate replaced it, and its grace period
          is over
    does  as disable; refused if its successor is
          unused
    undo  enable
  purge
    when  it was retired, and 30 days have passed
    does  deletes it, unless connectors carry it
    undo  -
  delete
    when  it was made by mistake, or nothing uses
          it any more
    does  deletes any key, unless connectors carry
          it
    undo  -

A planned rotation:

  zpakey rotate NAME --out-file FILE
    makes a new key and hands it over
  zpakey status NAME
    shows where it stands, and what to do next
  zpakey retire NAME
    disables the old key after its grace
  zpakey purge NAME
    deletes it, later

A key leaked:

  zpakey rotate NAME --compromised --out-file FILE
    replaces it without a grace period
  zpakey disable NAME
    stops it, and nothing replaces it

"#]],
    );
    for columns in [78, 80, 110] {
        let text = at_width(columns, "help rotation");
        assert!(text.contains("  update --disable  the key is to pause  "), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= columns.into()), "{text}");
    }
}

#[test]
fn in_50_columns_no_line_of_the_first_page_is_broken_by_the_terminal() {
    for line in ["", "-h", "--help", "help"] {
        let text = at_width(50, line);
        for shown in text.lines() {
            assert!(shown.chars().count() <= 50, "{line}: {shown}\n{text}");
        }
        assert!(
            text.contains(
                "\n  disable, enable  Stop keys from enrolling now;\n                   undo that, or"
            ),
            "{text}"
        );
    }
}
