//! Whether the shell completes zpakey's words.

use std::path::{Path, PathBuf};

use super::{Finding, in_order, skipped};
use crate::context::Context;
use crate::host::{Dirs, Others, read_text};
use crate::output::Check;

/// What stands in a startup file that loads the completion.
const CALL: &str = "zpakey completions";

/// Where a shell would have the completion from.
struct ShellSetup {
    /// Files that it reads at its start.
    startup: Vec<PathBuf>,
    /// Files that are the completion.
    scripts: Vec<PathBuf>,
    hint: String,
}

/// Looks for the completion in the usual places of the user's shell.
pub(super) fn check(ctx: &Context) -> Finding {
    const CHECK: Check = Check::Completion;
    let name = ctx.env.get("SHELL").and_then(|path| Path::new(path).file_name()?.to_str());
    let Some((name, dirs)) = name.zip(ctx.dirs.as_ref()) else {
        return skipped(CHECK, "SHELL names no shell").into();
    };
    let Some(shell) = shell(ctx, name, dirs) else {
        return skipped(CHECK, &format!("there is none for {name}")).into();
    };
    let calls =
        |path: &&PathBuf| read_text(path).ok().flatten().is_some_and(|(text, _)| text.lines().any(is_call));
    let is_there = |path: &&PathBuf| Others::of(path).is_ok_and(|found| found.is_some());
    let found = shell.startup.iter().find(calls).or_else(|| shell.scripts.iter().find(is_there));
    match found {
        Some(path) => in_order(CHECK, &format!("{name} has it from {}", dirs.shorten(path))).into(),
        None => skipped(CHECK, &format!("not installed for {name}")).hint(&shell.hint).into(),
    }
}

/// Tells whether a line loads the completion; one that is commented out does not.
fn is_call(line: &str) -> bool {
    line.contains(CALL) && !line.trim_start().starts_with('#')
}

fn shell(ctx: &Context, name: &str, dirs: &Dirs) -> Option<ShellSetup> {
    let home = |path: &str| dirs.home.join(path);
    let base = |variable: &str, usual: &str| ctx.env.get(variable).map_or_else(|| home(usual), PathBuf::from);
    // What packages install.
    let shared = |paths: &[&str]| -> Vec<PathBuf> {
        let all =
            ctx.env.get("XDG_DATA_DIRS").unwrap_or("/usr/local/share:/usr/share").split(':').map(Path::new);
        all.flat_map(|directory| paths.iter().map(|path| directory.join(path))).collect()
    };
    match name {
        "bash" => {
            let script = "bash-completion/completions/zpakey";
            let mut scripts = vec![base("XDG_DATA_HOME", ".local/share").join(script)];
            scripts.extend(shared(&[script]));
            Some(ShellSetup {
                startup: [".bashrc", ".bash_profile", ".profile", ".bash_completion"].map(home).into(),
                scripts,
                hint: "source <(zpakey completions bash)   in ~/.bashrc".to_owned(),
            })
        }
        "zsh" => {
            let mut scripts = vec![home(".zfunc/_zpakey")];
            scripts.extend(shared(&["zsh/site-functions/_zpakey", "zsh/vendor-completions/_zpakey"]));
            Some(ShellSetup {
                startup: [".zshrc", ".zprofile", ".zshenv"].map(|file| base("ZDOTDIR", "").join(file)).into(),
                scripts,
                hint: "source <(zpakey completions zsh)   in ~/.zshrc, after compinit".to_owned(),
            })
        }
        "fish" => {
            let fish = base("XDG_CONFIG_HOME", ".config").join("fish");
            let script = fish.join("completions/zpakey.fish");
            let hint = "zpakey completions fish | source   in ~/.config/fish/config.fish".to_owned();
            let mut scripts = vec![script];
            scripts.extend(shared(&["fish/vendor_completions.d/zpakey.fish"]));
            Some(ShellSetup { startup: vec![fish.join("config.fish")], scripts, hint })
        }
        _ => None,
    }
}
