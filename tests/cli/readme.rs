//! README.md and the book in `docs/` are true: transcripts and command lines are run, links lead somewhere, the table of
//! contents names each page.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Component, Path, PathBuf},
};

use regex_lite::Regex;
use serde_json::json;
use zpakey::cli::help::program;

use crate::support::{Home, Tenant, steady};

const BOOK: &str = "docs/src";

/// What a block may be. `no-run` and other languages are not run here; `ci.rs` and `rotate/recipes.rs` run some of them.
const KINDS: [&str; 12] =
    ["console", "sh", "sh,each", "sh,no-run", "cron", "csv", "hcl", "ini", "json", "text", "toml", "yaml"];

/// Stands in front of each block of `sh`: questions are answered with yes, and a rotation does not look for other
/// rotations for seconds.
const PRELUDE: &str = r#"set -euo pipefail
zpakey() { case $1 in rotate) set -- "$@" --settle 0s ;; esac; "$ZPAKEY" --yes "$@"; }
vault() { cat >vault_input; }
mkdir bin
cat >bin/kubectl <<'END'
#!/bin/sh
case $1 in
create) test "$(wc -c)" = 429 && echo "$*" ;;
apply) grep -q 'secret generic .* --dry-run=client -o yaml' ;;
esac
END
chmod +x bin/kubectl
PATH=$PWD/bin:$PATH
"#;

struct Page {
    /// From the root of the repository.
    path: PathBuf,
    text: String,
}

struct Block {
    /// What stands behind the fence.
    info: String,
    /// Without the indentation of the fence.
    body: String,
}

/// A command of a transcript, and what stands below it.
struct Exchange {
    command: String,
    shown: String,
}

impl Page {
    fn read(path: &Path) -> Self {
        Self { path: path.to_owned(), text: fs::read_to_string(in_root(path)).unwrap() }
    }

    fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<(usize, Block)> = None;
        for line in self.text.lines() {
            let bare = line.trim_start();
            if let Some((indent, block)) = open.as_mut() {
                if bare == "```" {
                    blocks.extend(open.take().map(|(_, block)| block));
                } else {
                    let _ = writeln!(block.body, "{}", line.get(*indent..).unwrap_or_default());
                }
            } else if let Some(info) = bare.strip_prefix("```") {
                let block = Block { info: info.to_owned(), body: String::new() };
                open = Some((line.len() - bare.len(), block));
            }
        }
        assert!(open.is_none(), "{}: a block has no end", self.path.display());
        blocks
    }

    /// The page without its blocks.
    fn prose(&self) -> String {
        let mut is_block = false;
        let lines = self.text.lines().filter(|line| {
            let is_fence = line.trim_start().starts_with("```");
            is_block ^= is_fence;
            !is_block && !is_fence
        });
        lines.fold(String::new(), |prose, line| prose + line + "\n")
    }

    /// The targets of links and includes that are no addresses.
    fn links(&self) -> Vec<String> {
        let links = Regex::new(r"\]\(([^)\s]+)\)|\{\{#include ([^}]+)\}\}").unwrap();
        let prose = self.prose();
        let targets = links.captures_iter(&prose).filter_map(|link| link.get(1).or_else(|| link.get(2)));
        targets.map(|target| target.as_str().to_owned()).filter(|target| !target.contains("://")).collect()
    }

    /// The anchors of its headings, as GitHub and mdBook make them.
    fn anchors(&self) -> BTreeSet<String> {
        let prose = self.prose();
        let headings = prose.lines().filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
        let kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
        headings
            .map(|heading| heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-"))
            .collect()
    }
}

fn in_root(path: &Path) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// README.md, docs/contributing.md, docs/SECURITY.md, and all pages of the book.
fn pages() -> Vec<Page> {
    let mut waiting = vec![PathBuf::from(BOOK)];
    let mut paths = vec![
        PathBuf::from("README.md"),
        PathBuf::from("docs/contributing.md"),
        PathBuf::from("docs/SECURITY.md"),
    ];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(in_root(&directory)).unwrap() {
            let path = directory.join(entry.unwrap().file_name());
            if in_root(&path).is_dir() {
                waiting.push(path);
            } else {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.iter().map(|path| Page::read(path)).collect()
}

/// The blocks of a kind with the pages that they are on.
fn blocks_of(kind: &str) -> Vec<(PathBuf, String)> {
    let blocks = |page: Page| {
        let all = page.blocks().into_iter().filter(|block| block.info == kind);
        all.map(|block| (page.path.clone(), block.body)).collect::<Vec<_>>()
    };
    pages().into_iter().flat_map(blocks).collect()
}

fn exchanges(block: &str) -> Vec<Exchange> {
    let mut all: Vec<Exchange> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            all.push(Exchange { command: command.to_owned(), shown: String::new() });
        } else if let Some(last) = all.last_mut() {
            let _ = writeln!(last.shown, "{line}");
        }
    }
    all
}

/// Replaces the time in the name of a predecessor.
fn without_times(text: &str) -> String {
    Regex::new(r"(\.old-\d+)\.\d{12}").unwrap().replace_all(text, "$1.[TIME]").into_owned()
}

#[test]
fn the_transcripts_are_what_the_program_prints() {
    let transcripts = blocks_of("console");
    let count: usize = transcripts.iter().map(|(_, block)| exchanges(block).len()).sum();
    assert!(count >= 12, "{count} commands: the pages lost their examples");
    for (page, block) in &transcripts {
        let home = Home::new();
        for Exchange { command, shown } in exchanges(block) {
            let script = format!("zpakey() {{ \"$ZPAKEY\" \"$@\"; }}; {command}");
            let mut terminal =
                home.zpakey(["-c", script.as_str()]).through("/bin/sh").window(200, 60).terminal();
            terminal.exit_code();
            let (screen, shown) = (without_times(&terminal.steady_screen()), steady(&shown, home.path()));
            assert_eq!(screen, without_times(&shown), "{}: $ {command}", page.display());
        }
    }
}

/// The only block of a kind on a page.
fn shown(page: &str, kind: &str) -> String {
    let blocks = Page::read(Path::new(page)).blocks();
    let mut of_kind = blocks.into_iter().filter(|block| block.info == kind);
    let only = of_kind.next().unwrap().body;
    assert!(of_kind.next().is_none(), "{page} has two blocks of {kind}");
    only
}

/// A tenant, and a directory, that have what the pages name.
fn tenant() -> Tenant {
    let old = "1600000000";
    let tenant = Tenant::seeded(json!({"keys": [
        {"name": "build-runners", "maxUsage": 50, "usageCount": 46, "zcomponentId": "72058304855047747"},
        {"association_type": "SERVICE_EDGE_GRP", "name": "branch-de", "maxUsage": 2},
        {
            "name": "build-runners.old-38109.202011231504", "maxUsage": 9, "usageCount": 9, "enabled": false,
            "creationTime": old, "modifiedTime": "1610000000",
        },
        {"name": "forgotten", "maxUsage": 5, "usageCount": 0, "creationTime": old, "modifiedTime": old},
    ]}));
    let (home, access) = (tenant.home(), tenant.access());
    let profiles = ["lab", "old", "new"].map(|name| {
        format!(
            "[profiles.{name}]\nclient_id = '{}'\nclient_secret = 'env:ZSCALER_CLIENT_SECRET'\n\
             customer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\n",
            access.client_id, access.customer_id, access.api_url, access.token_url
        )
    });
    home.write_profiles(&profiles.concat());
    home.write("sites.csv", &shown("docs/src/guides/many-keys.md", "csv"));
    home.write("tenant.json", &shown("docs/src/guides/sandbox.md", "json"));
    home.write("my_script.py", "print('it ran')\n");
    tenant.zpakey("reveal build-runners --out-file provision_key").run().code(0);
    tenant
}

fn run_script(page: &Path, script: &str) {
    let tenant = tenant();
    let directory = Path::new(env!("CARGO_BIN_EXE_zpakey")).parent().unwrap();
    let whole = format!("PATH={}:$PATH\n{PRELUDE}{script}", directory.display());
    let run = tenant.zpakey(["-c", &whole]).through("bash").run();
    assert!(run.code == 0, "{}: exit code {}\n{script}\n{}", page.display(), run.code, run.stderr);
    run.lacks("error:");
}

/// Runs the blocks of `sh` on some pages, and returns how many command lines of zpakey they have.
fn run_shell_blocks(is_meant: impl Fn(&Path) -> bool) -> usize {
    let whole = blocks_of("sh");
    let each = blocks_of("sh,each").into_iter().flat_map(|(page, block)| {
        block.lines().map(|line| (page.clone(), line.to_owned())).collect::<Vec<_>>()
    });
    let scripts: Vec<_> = whole.into_iter().chain(each).filter(|(page, _)| is_meant(page)).collect();
    for (page, script) in &scripts {
        run_script(page, script);
    }
    scripts.iter().map(|(_, script)| script.matches("zpakey ").count()).sum()
}

fn is_guide(page: &Path) -> bool {
    page.starts_with("docs/src/guides")
}

fn is_readme(page: &Path) -> bool {
    page == Path::new("README.md")
}

#[test]
fn the_command_lines_of_the_readme_work() {
    let count = run_shell_blocks(is_readme);
    assert!(count >= 9, "{count}");
}

#[test]
fn the_command_lines_of_the_guides_work() {
    let count = run_shell_blocks(is_guide);
    assert!(count >= 40, "{count}");
}

#[test]
fn the_command_lines_of_the_other_pages_work() {
    let count = run_shell_blocks(|page| !is_guide(page) && !is_readme(page));
    assert!(count >= 10, "{count}");
}

#[test]
fn each_block_is_of_a_known_kind_and_few_are_not_run() {
    for page in pages() {
        for Block { info, .. } in page.blocks() {
            assert!(KINDS.contains(&info.as_str()), "{}: ```{info}", page.path.display());
        }
    }
    // Two of cargo's, and what signs in at a terminal; a host's file; after a leak; recipes, which `rotate/recipes.rs` runs
    // with stand-ins; a file of keys for many tenants, which `desired/tenants.rs` has; a token for curl; measurements; `watch`, which does not end; lines of Terraform, which `terraform/provider.rs` runs; installations, which
    // `packaging/test` does.
    let not_run: Vec<String> =
        blocks_of("sh,no-run").into_iter().map(|(page, _)| page.display().to_string()).collect();
    assert_eq!(
        not_run,
        [
            "README.md",
            "README.md",
            "README.md",
            "docs/src/explanation/speed.md",
            "docs/src/guides/agents.md",
            "docs/src/guides/agents.md",
            "docs/src/guides/agents.md",
            "docs/src/guides/first-keys.md",
            "docs/src/guides/fleet.md",
            "docs/src/guides/incident.md",
            "docs/src/guides/kubernetes.md",
            "docs/src/guides/rotation.md",
            "docs/src/guides/scan.md",
            "docs/src/guides/scan.md",
            "docs/src/guides/signing-in.md",
            "docs/src/guides/terraform.md",
            "docs/src/guides/terraform.md",
            "docs/src/guides/terraform.md",
            "docs/src/guides/terraform.md",
            "docs/src/install.md",
            "docs/src/install.md",
            "docs/src/install.md",
            "docs/src/install.md",
            "docs/src/install.md",
            "docs/src/reference/output.md",
        ]
    );
}

#[test]
fn the_readme_has_at_most_140_lines() {
    let count = Page::read(Path::new("README.md")).text.lines().count();
    assert!(count <= 140, "{count} lines: move something to docs/");
}

/// The path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir {
            assert!(plain.pop(), "{} leads out of the repository", path.display());
        } else {
            plain.push(component);
        }
    }
    plain
}

#[test]
fn each_link_leads_to_a_file_and_a_heading() {
    let mut count = 0;
    for page in pages() {
        for link in page.links() {
            count += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() {
                page.path.clone()
            } else {
                plain(&page.path.parent().unwrap().join(file))
            };
            let place = format!("{}: {link}", page.path.display());
            assert!(in_root(&target).exists(), "{place}: there is no such file");
            let stays = !page.path.starts_with(BOOK) || target.starts_with(BOOK);
            assert!(stays || page.path.ends_with("contributing.md"), "{place}: the book does not have it");
            if !anchor.is_empty() {
                assert!(Page::read(&target).anchors().contains(anchor), "{place}: there is no such heading");
            }
        }
    }
    assert!(count >= 60, "{count} links");
}

#[test]
fn the_table_of_contents_names_each_page_once() {
    let summary = Path::new(BOOK).join("SUMMARY.md");
    let mut named = Page::read(&summary).links();
    named.sort();
    let is_page = |page: &Page| page.path.starts_with(BOOK) && page.path != summary;
    let path = |page: Page| page.path.strip_prefix(BOOK).unwrap().display().to_string();
    let mut there: Vec<String> = pages().into_iter().filter(is_page).map(path).collect();
    there.sort();
    assert_eq!(named, there);
}

/// The names of all commands with their aliases, and of all options with their dashes.
fn add_names(command: &clap::Command, names: &mut BTreeSet<String>) {
    names.insert(command.get_name().to_owned());
    names.extend(command.get_all_aliases().map(str::to_owned));
    names.extend(command.get_arguments().filter_map(clap::Arg::get_long).map(|name| format!("--{name}")));
    for subcommand in command.get_subcommands() {
        add_names(subcommand, names);
    }
}

#[test]
fn the_prose_names_only_commands_and_options_that_exist() {
    let (mut program, mut names) = (program(), BTreeSet::new());
    program.build();
    add_names(&program, &mut names);
    // Those of cargo, of apk and of `packaging/release`.
    let others = ["--no-default-features", "--features", "--allow-untrusted", "--check-twice"];
    names.extend(others.map(str::to_owned));
    let code = Regex::new("`(zpakey [^`]+|--[^`]+)`").unwrap();
    let mut count = 0;
    for page in pages() {
        for span in code.captures_iter(&page.prose()) {
            let command = span[1].strip_prefix("zpakey ").and_then(|rest| rest.split_whitespace().next());
            let is_name = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_lowercase());
            let options = span[1].split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2);
            for word in command.filter(is_name).into_iter().chain(options) {
                count += 1;
                let word = word.trim_end_matches(',');
                assert!(names.contains(word), "{}: `{}`: there is no {word}", page.path.display(), &span[1]);
            }
        }
    }
    assert!(count >= 60, "{count} names");
}
