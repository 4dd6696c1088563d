//! The files in `completions/`, `man/` and `docs/src/reference/commands/` are what the arguments generate,
//! `src/output/schema.json` is what the views' structs generate, and `docs/terminal.svg` shows a transcript.
//!
//! `SNAPSHOTS=overwrite cargo test --test cli generated` writes them anew.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use snapbox::{Assert, Data, IntoData};
use zpakey::cli::{
    Cli,
    help::{HEADINGS, program, wrapped},
};

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

/// The book's chapters by file name: the long help of each command but the program itself.
fn chapters() -> BTreeMap<String, String> {
    let mut program = program();
    program.build();
    let mut chapters = BTreeMap::new();
    for command in program.get_subcommands() {
        add_chapters(command, command.get_name(), &mut chapters);
    }
    chapters
}

fn add_chapters(command: &clap::Command, name: &str, chapters: &mut BTreeMap<String, String>) {
    // The same at every terminal.
    let help = wrapped(&command.clone().term_width(100).render_long_help().to_string());
    let help = help.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n");
    let text = format!("# zpakey {name}\n\n```text\n{}\n```\n", help.trim_end());
    chapters.insert(format!("{}.md", name.replace(' ', "-")), text);
    for subcommand in command.get_subcommands() {
        add_chapters(subcommand, &format!("{name} {}", subcommand.get_name()), chapters);
    }
}

const COMMANDS: &str = "# Commands

Each page has the long help of one command, as `zpakey help COMMAND` prints it; the man pages in `man/` say the same. The options that
every command takes are in `zpakey help options` and in [settings](settings.md). `zpakey COMMAND -h` is shorter.
";

/// The chapter that lists the others, under the headings of the program's help.
fn list_of_commands() -> String {
    let mut program = program();
    program.build();
    let mut text = COMMANDS.to_owned();
    for heading in HEADINGS {
        let _ = write!(text, "\n## {}\n\n| command | |\n|---|---|\n", heading.title);
        for name in heading.lines.iter().flat_map(|line| line.commands) {
            let command = program.find_subcommand(name).unwrap();
            add_rows(command, name, &mut text);
        }
    }
    text
}

fn add_rows(command: &clap::Command, name: &str, text: &mut String) {
    let about = command.get_about().unwrap();
    let _ = writeln!(text, "| [`{name}`](commands/{}.md) | {about} |", name.replace(' ', "-"));
    for subcommand in command.get_subcommands() {
        add_rows(subcommand, &format!("{name} {}", subcommand.get_name()), text);
    }
}

/// A picture of a terminal, of the transcript on the book's first page, which `readme.rs` runs.
fn picture() -> String {
    let page = fs::read_to_string(Path::new(ROOT).join("docs/src/introduction.md")).unwrap();
    let transcript = page.split("```console\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let lines: Vec<&str> = transcript.lines().collect();
    let columns = lines.iter().map(|line| line.chars().count()).max().unwrap();
    let (width, height) = (columns * 9 + 40, lines.len() * 20 + 36);
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">
<rect width="100%" height="100%" rx="8" fill="#1d2129"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" style="white-space:pre">
"##
    );
    for (at, line) in lines.iter().enumerate() {
        let (colour, weight) =
            if line.starts_with("$ ") { ("#ffffff", "bold") } else { ("#c3c9d4", "normal") };
        let (y, text) = (at * 20 + 30, line.replace('&', "&amp;").replace('<', "&lt;"));
        let _ = writeln!(
            svg,
            r#"<text x="20" y="{y}" fill="{colour}" font-weight="{weight}" xml:space="preserve">{text}</text>"#
        );
    }
    svg + "</g>\n</svg>\n"
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
fn the_books_chapters_of_commands_are_what_the_arguments_generate() {
    assert_committed("docs/src/reference/commands", &chapters());
    assert_file(&Path::new(ROOT).join("docs/src/reference/commands.md"), &list_of_commands());
}

#[test]
fn the_readmes_picture_is_the_transcript_of_the_books_first_page() {
    assert_file(&Path::new(ROOT).join("docs/terminal.svg"), &picture());
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
            "zpakey-apply.1",
            "zpakey-audit.1",
            "zpakey-auth-login.1",
            "zpakey-auth-logout.1",
            "zpakey-auth-status.1",
            "zpakey-auth-token.1",
            "zpakey-auth.1",
            "zpakey-certs.1",
            "zpakey-completions.1",
            "zpakey-create.1",
            "zpakey-delete.1",
            "zpakey-diff.1",
            "zpakey-disable.1",
            "zpakey-doctor.1",
            "zpakey-enable.1",
            "zpakey-exec.1",
            "zpakey-export.1",
            "zpakey-get.1",
            "zpakey-groups.1",
            "zpakey-help.1",
            "zpakey-identify.1",
            "zpakey-list.1",
            "zpakey-log.1",
            "zpakey-mcp.1",
            "zpakey-metrics.1",
            "zpakey-microtenants.1",
            "zpakey-profile-list.1",
            "zpakey-profile-remove.1",
            "zpakey-profile-show.1",
            "zpakey-profile-use.1",
            "zpakey-profile.1",
            "zpakey-proposals.1",
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
            "zpakey-scan.1",
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
    for (name, text) in scripts().iter().chain(&pages()).chain(&chapters()) {
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
