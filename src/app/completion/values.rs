//! Which argument takes which names. It goes by what arguments are called, so that a new command's KEY or PROFILE is
//! completed as soon as it is there.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::tenant::Candidates;
use crate::commands::TOPICS;
use crate::context::NamedItem;
use crate::domain::escape;
use crate::domain::{AssociationType, Selector};
use crate::output::{KeyView, RecordKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CompletionSubject {
    Key,
    Group,
    Cert,
    Microtenant,
    Profile,
    Help,
    /// A field of a key.
    Field,
    /// Fields of keys, separated by commas.
    Fields,
    /// A field, behind `-` if it sorts downwards.
    Order,
}

/// Returns what an argument names; `None` if it takes no names that are known.
fn subject(argument: &Arg) -> Option<CompletionSubject> {
    if argument.is_hide_set() {
        return None;
    }
    let value = argument.get_value_names().and_then(|names| names.first()).map(clap::builder::Str::as_str);
    match (value, argument.get_id().as_str()) {
        (Some("KEY"), _) => Some(CompletionSubject::Key),
        (Some("PROFILE"), _) | (_, "profile") => Some(CompletionSubject::Profile),
        (Some("COMMAND|TOPIC"), _) => Some(CompletionSubject::Help),
        (_, "field") => Some(CompletionSubject::Field),
        (_, "columns") => Some(CompletionSubject::Fields),
        (_, "sort") => Some(CompletionSubject::Order),
        (_, "group") => Some(CompletionSubject::Group),
        (_, "cert") => Some(CompletionSubject::Cert),
        (_, "microtenant") => Some(CompletionSubject::Microtenant),
        (_, _) => None,
    }
}

/// What has been typed of the word that is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begun {
    Nothing,
    Something,
}

/// Tells every argument of a command, and of those below it, where its values come from.
pub(super) fn with_values(mut command: Command, begun: Begun, known: &Arc<Candidates>) -> Command {
    // From here on every command has the options that all share, and `--help`.
    command.build();
    let commands: Arc<[String]> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    below(command, begun, known, &commands)
}

fn below(command: Command, begun: Begun, known: &Arc<Candidates>, commands: &Arc<[String]>) -> Command {
    let told = command.mut_args(|argument| {
        let subject = subject(&argument);
        // Thirty options would bury three keys. What is hidden is shown where there is nothing else.
        let is_hidden = argument.is_hide_set() || (begun == Begun::Nothing && !argument.is_positional());
        let argument = argument.hide(is_hidden);
        let Some(subject) = subject else { return argument };
        let (known, commands) = (Arc::clone(known), Arc::clone(commands));
        argument.add(ArgValueCompleter::new(move |current: &OsStr| {
            current.to_str().map_or_else(Vec::new, |current| candidates(subject, &known, &commands, current))
        }))
    });
    told.mut_subcommands(|subcommand| below(subcommand, begun, known, commands))
}

fn candidates(
    subject: CompletionSubject,
    known: &Candidates,
    commands: &[String],
    current: &str,
) -> Vec<CompletionCandidate> {
    let names = &known.names;
    let of_types = |kinds: &[AssociationType], kind: AssociationType| kinds.contains(&kind);
    let plain = |texts: &mut dyn Iterator<Item = &str>| {
        let fitting = texts.filter(|text| text.starts_with(current) && is_harmless(text));
        fitting.map(CompletionCandidate::new).collect()
    };
    match subject {
        CompletionSubject::Key => {
            let keys = names.keys().filter(|(kind, _)| of_types(&known.searched, *kind));
            named(keys.map(|(kind, key)| (Some(kind), key)), current)
        }
        CompletionSubject::Group => {
            let fits = |kind| known.typed.is_empty() || of_types(&known.typed, kind);
            let groups = names.groups().filter(|(kind, _)| fits(*kind));
            named(groups.map(|(kind, group)| (Some(kind), group)), current)
        }
        CompletionSubject::Cert => named(names.certs().iter().map(|cert| (None, cert)), current),
        CompletionSubject::Microtenant => named(names.microtenants().iter().map(|one| (None, one)), current),
        CompletionSubject::Profile => plain(&mut known.profiles.iter().map(String::as_str)),
        CompletionSubject::Field => fields("", current),
        CompletionSubject::Fields => {
            let (before, last) = current.rsplit_once(',').unwrap_or(("", current));
            fields(current.strip_suffix(last).filter(|_| !before.is_empty()).unwrap_or_default(), current)
        }
        CompletionSubject::Order => fields(if current.starts_with('-') { "-" } else { "" }, current),
        CompletionSubject::Help => plain(&mut commands.iter().map(String::as_str).chain(TOPICS)),
    }
}

/// Returns the names of the fields of keys behind what is typed of the word already.
fn fields(before: &str, current: &str) -> Vec<CompletionCandidate> {
    let names = RecordKind::of::<KeyView>().names().into_iter().map(|name| format!("{before}{name}"));
    names.filter(|name| name.starts_with(current)).map(CompletionCandidate::new).collect()
}

/// Returns what can be typed to name each of these, as far as it begins with what is there already.
fn named<'a>(
    all: impl Iterator<Item = (Option<AssociationType>, &'a NamedItem)>,
    current: &str,
) -> Vec<CompletionCandidate> {
    let mut seen = BTreeSet::new();
    let mut candidates = Vec::new();
    for (kind, NamedItem { name, id }) in all {
        let text = if current.starts_with("id:") {
            format!("id:{id}")
        } else if current.starts_with("name:") && is_harmless(name) {
            format!("name:{name}")
        } else if selects(name) {
            name.clone()
        } else {
            format!("id:{id}")
        };
        if text.starts_with(current) && seen.insert(text.clone()) {
            let kind = kind.map_or_else(String::new, |kind| format!(" {kind}"));
            let about = if text == *name { format!("{id}{kind}") } else { format!("{}{kind}", escape(name)) };
            candidates.push(CompletionCandidate::new(text).help(Some(about.into())));
        }
    }
    candidates
}

/// Tells whether a name can be typed and then means itself: not `-`, which is standard input, no option, no `id:`, and
/// nothing that a terminal would not show.
fn selects(name: &str) -> bool {
    let parsed = name.parse::<Selector>();
    matches!(parsed, Ok(Selector::Any(_))) && !name.starts_with('-') && is_harmless(name)
}

fn is_harmless(text: &str) -> bool {
    escape(text) == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_positional_profile_is_completed_whatever_the_command() {
        let known = Candidates {
            profiles: ["lab", "prod", "p\u{1b}"].map(str::to_owned).to_vec(),
            ..Candidates::default()
        };
        let profile = Arg::new("name").value_name("PROFILE");
        let program = Command::new("zpakey").subcommand(Command::new("use").arg(profile));
        let mut program = with_values(program, Begun::Something, &Arc::new(known));
        let words = ["zpakey", "use", "p"].map(Into::into).to_vec();
        let offered = clap_complete::engine::complete(&mut program, words, 2, None).unwrap();
        let offered: Vec<_> = offered.iter().map(CompletionCandidate::get_value).collect();
        assert_eq!(offered, ["prod"]);
    }

    #[test]
    fn a_name_is_offered_only_where_it_means_itself() {
        for name in ["build-runners", "AWS us-east-1", "$(x)", "Zürich"] {
            assert!(selects(name), "{name}");
        }
        for name in ["", "-", "-x", "id:7", "id:x", "name:x", "3|host|blob", "a\nb", "a\u{202e}b"] {
            assert!(!selects(name), "{name:?}");
        }
    }
}
