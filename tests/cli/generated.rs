//! The files in `completions/` and `man/` are what the arguments generate, and `src/output/schema.json` is what the views'
//! structs generate.
//!
//! `SNAPSHOTS=overwrite cargo test --test cli generated` writes them anew.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{collections::BTreeMap, fs, path::Path};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use snapbox::{Assert, Data, IntoData};
use zpakey::cli::Cli;

use crate::support::Home;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const REPAIR: &str = "SNAPSHOTS=overwrite cargo test --test cli generated";

/// Each shell, the word that names it, and the file of its script.
const SHELLS: [(Shell, &str, &str); 5] = [
    (Shell::Bash, "bash", "zpakey.bash"),
    (Shell::Elvish, "elvish", "zpakey.elv"),
    (Shell::Fish, "fish", "zpakey.fish"),
    (Shell::PowerShell, "powershell", "_zpakey.ps1"),
    (Shell::Zsh, "zsh", "_zpakey"),
];

/// The completion scripts by file name.
fn scripts() -> BTreeMap<String, String> {
    let script = |shell| {
        let mut bytes = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "zpakey", &mut bytes);
        String::from_utf8(bytes).unwrap()
    };
    SHELLS.iter().map(|(shell, _, file)| ((*file).to_owned(), script(*shell))).collect()
}

/// The man pages by file name: one for each command, nested ones too.
fn pages() -> BTreeMap<String, String> {
    let mut program = Cli::command();
    program.build();
    let mut pages = BTreeMap::new();
    add_pages(&program, &mut pages);
    pages
}

fn add_pages(command: &clap::Command, pages: &mut BTreeMap<String, String>) {
    // A page has room for what the short help leaves out.
    let whole = command.clone().mut_args(|argument| argument.hide_short_help(false));
    // Unless told, the footer has the subcommand's name in front of the version.
    let man = Man::new(whole).source(concat!("zpakey ", env!("CARGO_PKG_VERSION"))).manual("zpakey");
    let mut bytes = Vec::new();
    man.render(&mut bytes).unwrap();
    pages.insert(man.get_filename(), readable(&String::from_utf8(bytes).unwrap(), command));
    for subcommand in command.get_subcommands() {
        add_pages(subcommand, pages);
    }
}

/// The generator lists every option in the synopsis, and fills the examples as if they were prose.
fn readable(page: &str, command: &clap::Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace('-', "\\-");
    let mut lines: Vec<String> = Vec::new();
    for line in page.lines() {
        match (lines.last().map(String::as_str), line) {
            (Some(".SH SYNOPSIS"), _) => lines.push(usage.clone()),
            (_, ".SH EXTRA") => lines.extend([".SH EXAMPLES".to_owned(), ".nf".to_owned()]),
            (_, "Examples:") => {}
            (_, ".SH VERSION") => lines.extend([".fi".to_owned(), line.to_owned()]),
            (_, line) => lines.push(line.trim_end().to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

/// A committed file has this text.
fn assert_file(path: &Path, text: &str) {
    let expected = Data::read_from(path, Some(snapbox::data::DataFormat::Text)).raw();
    let assert = Assert::new().action_env("SNAPSHOTS").normalize_paths(false);
    if let Err(difference) = assert.try_eq(Some(&path.display()), text.into_data().raw(), expected) {
        panic!("{} is not what is generated; repair: {REPAIR}\n{difference}", path.display());
    }
}

/// The committed files of a directory are these, no more and no less.
fn assert_committed(directory: &str, generated: &BTreeMap<String, String>) {
    let path = Path::new(ROOT).join(directory);
    for (name, text) in generated {
        assert_file(&path.join(name), text);
    }
    for entry in fs::read_dir(&path).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            generated.contains_key(&name),
            "{directory}/{name} is left over; repair: rm {directory}/{name}"
        );
    }
}

#[test]
fn the_completion_scripts_are_what_the_arguments_generate() {
    assert_committed("completions", &scripts());
}

#[test]
fn the_man_pages_are_what_the_arguments_generate() {
    assert_committed("man", &pages());
}

#[test]
fn the_schema_is_what_the_views_generate() {
    assert_file(&Path::new(ROOT).join("src/output/schema.json"), &zpakey::output::generate_schema());
}

#[test]
fn every_command_has_a_page() {
    let names: Vec<String> = pages().into_keys().collect();
    assert_eq!(
        names,
        [
            "zpakey-auth-login.1",
            "zpakey-auth-logout.1",
            "zpakey-auth-status.1",
            "zpakey-auth-token.1",
            "zpakey-auth.1",
            "zpakey-certs.1",
            "zpakey-completions.1",
            "zpakey-create.1",
            "zpakey-delete.1",
            "zpakey-disable.1",
            "zpakey-doctor.1",
            "zpakey-enable.1",
            "zpakey-exec.1",
            "zpakey-get.1",
            "zpakey-groups.1",
            "zpakey-help.1",
            "zpakey-identify.1",
            "zpakey-list.1",
            "zpakey-log.1",
            "zpakey-microtenants.1",
            "zpakey-profile-list.1",
            "zpakey-profile-remove.1",
            "zpakey-profile-show.1",
            "zpakey-profile-use.1",
            "zpakey-profile.1",
            "zpakey-purge.1",
            "zpakey-retire.1",
            "zpakey-reveal.1",
            "zpakey-rotate.1",
            "zpakey-sandbox-enroll.1",
            "zpakey-sandbox-path.1",
            "zpakey-sandbox-reset.1",
            "zpakey-sandbox-run.1",
            "zpakey-sandbox-serve.1",
            "zpakey-sandbox.1",
            "zpakey-schema.1",
            "zpakey-status.1",
            "zpakey-update.1",
            "zpakey-version.1",
            "zpakey-wait.1",
            "zpakey.1",
        ]
    );
}

#[test]
fn generated_files_have_no_path_of_a_machine() {
    for (name, text) in scripts().iter().chain(&pages()) {
        for path in [ROOT, "/home/", "/tmp/", "target/"] {
            assert!(!text.contains(path), "{name} has {path}");
        }
    }
}

#[test]
fn static_completions_are_the_committed_script() {
    let home = Home::new();
    for (_, word, file) in SHELLS {
        let committed = fs::read_to_string(Path::new(ROOT).join("completions").join(file)).unwrap();
        let printed = home.zpakey(["completions", word, "--static"]).run().code(0);
        assert!(
            printed.stdout == committed,
            "`zpakey completions {word} --static` is not completions/{file}"
        );
        assert_eq!(printed.stderr, "");
    }
}
