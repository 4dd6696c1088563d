//! The command line that was typed, taken apart by clap's definitions, and the one that does the rest of it.

use std::ffi::OsString;

use clap::CommandFactory as _;

use crate::cli::Cli;
use crate::commands::Rest;
use crate::context::{CommandLine, Part, PartRole};

/// Takes the arguments apart; `None` if one of them is not text.
pub(super) fn read(arguments: &[OsString]) -> Option<CommandLine> {
    let mut words =
        arguments.iter().skip(1).map(|word| word.to_str()).collect::<Option<Vec<_>>>()?.into_iter();
    // Not as help shows it, and not built: that takes longer than all else that is done before a request.
    let program = Cli::command();
    let mut command = &program;
    let mut parts = Vec::new();
    let part = |role: PartRole, words: Vec<&str>| Part {
        role,
        words: words.into_iter().map(str::to_owned).collect(),
    };
    while let Some(word) = words.next() {
        match word.strip_prefix('-') {
            Some("-") => {
                parts.extend(words.by_ref().map(|word| part(PartRole::Argument, vec![word])));
            }
            None | Some("") => match command.find_subcommand(word) {
                Some(found) => {
                    command = found;
                    parts.push(part(PartRole::Command, vec![word]));
                }
                None => parts.push(part(PartRole::Argument, vec![word])),
            },
            Some(option) => match option.strip_prefix('-') {
                Some(long) => {
                    let (name, has_value) = match long.split_once('=') {
                        Some((name, _)) => (name, true),
                        None => (long, false),
                    };
                    let known = options(command, &program).find(|argument| is_called(argument, name));
                    let role =
                        PartRole::Option(known.and_then(clap::Arg::get_long).unwrap_or(name).to_owned());
                    let wants_value = known.is_some_and(|argument| argument.get_action().takes_values());
                    let value = if wants_value && !has_value { words.next() } else { None };
                    parts.push(part(role, [Some(word), value].into_iter().flatten().collect()));
                }
                None => parts.extend(short_options(command, &program, option, &mut words)),
            },
        }
    }
    Some(CommandLine::new(parts))
}

/// Lists the arguments of a command, and the options that every command takes.
fn options<'a>(
    command: &'a clap::Command,
    program: &'a clap::Command,
) -> impl Iterator<Item = &'a clap::Arg> {
    command.get_arguments().chain(program.get_arguments().filter(|argument| argument.is_global_set()))
}

fn is_called(argument: &clap::Arg, name: &str) -> bool {
    argument.get_long() == Some(name) || argument.get_all_aliases().unwrap_or_default().contains(&name)
}

/// Takes letters apart. The first that takes a value takes what follows it, or the next word.
fn short_options<'a>(
    command: &clap::Command,
    program: &clap::Command,
    letters: &'a str,
    words: &mut impl Iterator<Item = &'a str>,
) -> Vec<Part> {
    let mut parts = Vec::new();
    for (at, letter) in letters.char_indices() {
        let known = options(command, program).find(|argument| argument.get_short() == Some(letter));
        let name = known.and_then(clap::Arg::get_long).map_or_else(|| letter.to_string(), str::to_owned);
        let role = PartRole::Option(name);
        if known.is_some_and(|argument| argument.get_action().takes_values()) {
            let rest = letters.get(at..).unwrap_or_default();
            let value = if rest.len() > letter.len_utf8() { None } else { words.next() };
            let words = std::iter::once(format!("-{rest}")).chain(value.map(str::to_owned)).collect();
            parts.push(Part { role, words });
            break;
        }
        parts.push(Part { role, words: vec![format!("-{letter}")] });
    }
    parts
}

/// Writes the command line that does what a stopped command did not begin.
pub(super) fn command_line(typed: CommandLine, rest: &Rest) -> String {
    let line = match rest {
        Rest::Keys(keys) => typed.with_arguments(keys.iter().map(String::as_str)),
        Rest::Same | Rest::Again(None) => typed,
        Rest::Again(Some([option, value])) => typed.with(option, value),
    };
    line.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(typed: &[&str], rest: &Rest) -> String {
        let arguments: Vec<OsString> = ["zpakey"].iter().chain(typed).map(Into::into).collect();
        command_line(read(&arguments).unwrap(), rest)
    }

    fn keys(keys: &[&str]) -> Rest {
        Rest::Keys(keys.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_keys_are_replaced_and_all_else_stays_as_typed() {
        assert_eq!(
            rest(
                &["--profile", "lab", "update", "a", "b", "--add-uses", "5", "--type=connector", "c", "-qn"],
                &keys(&["id:3"])
            ),
            "zpakey --profile lab update id:3 --add-uses 5 --type=connector -q -n"
        );
        assert_eq!(
            rest(&["rm", "-o", "json", "-ojson", "-", "--yes"], &keys(&["id:1", "id:2"])),
            "zpakey rm -o json -ojson id:1 id:2 --yes"
        );
    }

    #[test]
    fn an_options_value_may_look_like_a_key_or_a_command() {
        assert_eq!(
            rest(
                &["update", "Client", "--cert", "Client", "--enrollment-cert-id", "list", "x"],
                &keys(&["id:1"])
            ),
            "zpakey update id:1 --cert Client --enrollment-cert-id list"
        );
        assert_eq!(rest(&["delete", "--", "-x", "--yes"], &keys(&["id:1"])), "zpakey delete id:1");
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(
            rest(&["update", "a", "--ui-config", "it's 5"], &keys(&["id:1"])),
            r"zpakey update id:1 --ui-config 'it'\''s 5'"
        );
    }

    #[test]
    fn a_command_that_passes_over_what_is_done_is_repeated_as_a_whole() {
        let skip = || Rest::Again(Some(["if-exists", "skip"]));
        assert_eq!(
            rest(&["create", "--from", "keys.json", "-q"], &skip()),
            "zpakey create --from keys.json -q --if-exists skip"
        );
        let typed = ["create", "--if-exists=update", "--from", "keys.json"];
        assert_eq!(rest(&typed, &Rest::Again(None)), "zpakey create --if-exists=update --from keys.json");
        for typed in [&["create", "--if-exists=fail", "-q"][..], &["create", "--if-exists", "fail", "-q"][..]]
        {
            assert_eq!(rest(typed, &skip()), "zpakey create --if-exists skip -q");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_text_is_not_written() {
        use std::os::unix::ffi::OsStringExt as _;
        let arguments = [OsString::from("zpakey"), OsString::from_vec(vec![0xff])];
        assert_eq!(read(&arguments), None);
    }
}
