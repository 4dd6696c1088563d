//! The command line that does the rest of one that was stopped: as it was typed, but for the keys.

use std::ffi::OsString;

use clap::CommandFactory as _;

use crate::cli::Cli;
use crate::commands::Rest;
use crate::context::quoted;

/// What an argument of a command line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ArgumentRole {
    /// The command, an option, or the value of an option.
    Kept,
    /// A KEY, or the mark that only such follow.
    Key,
}

/// Writes the command line; `None` if what was typed is not text.
pub(super) fn command_line(arguments: &[OsString], rest: &Rest) -> Option<String> {
    let typed: Vec<&str> = arguments.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    let mut line = vec!["zpakey".to_owned()];
    match rest {
        Rest::Keys(keys) => {
            let words = typed.iter().zip(classify(&typed));
            let kept = words.filter(|(_, class)| *class == ArgumentRole::Kept).map(|(word, _)| quoted(word));
            line.extend(kept);
            line.extend(keys.iter().map(|key| quoted(key)));
        }
        Rest::Same => line.extend(typed.iter().map(|word| quoted(word))),
        Rest::Again(option) => {
            let [name, value] = option.unwrap_or_default();
            let mut words = typed.iter();
            while let Some(word) = words.next() {
                match word.strip_prefix(name) {
                    Some("") if !name.is_empty() => drop(words.next()),
                    Some(rest) if !name.is_empty() && rest.starts_with('=') => {}
                    Some(_) | None => line.push(quoted(word)),
                }
            }
            line.extend([name, value].iter().filter(|word| !word.is_empty()).map(|word| (*word).to_owned()));
        }
    }
    Some(line.join(" "))
}

/// Tells the keys of a command from everything else.
fn classify(typed: &[&str]) -> Vec<ArgumentRole> {
    let mut program = Cli::command();
    program.build();
    let mut command = &program;
    let mut takes_value = false;
    let mut only_keys = false;
    let mut words = Vec::new();
    for word in typed {
        let class = match word.strip_prefix('-') {
            _ if takes_value => {
                takes_value = false;
                ArgumentRole::Kept
            }
            _ if only_keys => ArgumentRole::Key,
            Some("-") => {
                only_keys = true;
                ArgumentRole::Key
            }
            None | Some("") => match command.find_subcommand(word) {
                Some(found) => {
                    command = found;
                    ArgumentRole::Kept
                }
                None => ArgumentRole::Key,
            },
            Some(option) => {
                takes_value = wants_value(command, option);
                ArgumentRole::Kept
            }
        };
        words.push(class);
    }
    words
}

/// Tells whether an option, without its first `-`, takes the next word for its value.
fn wants_value(command: &clap::Command, option: &str) -> bool {
    let takes_values = |argument: &clap::Arg| argument.get_action().takes_values();
    let mut arguments = command.get_arguments();
    if let Some(long) = option.strip_prefix('-') {
        let is_meant = |argument: &&clap::Arg| {
            let aliases = argument.get_all_aliases().unwrap_or_default();
            argument.get_long() == Some(long) || aliases.contains(&long)
        };
        return arguments.find(is_meant).is_some_and(takes_values);
    }
    // Of several letters, the first that takes a value takes what follows it.
    let letters: Vec<char> = option.chars().collect();
    let takes = |letter: &char| {
        command
            .get_arguments()
            .any(|argument| argument.get_short() == Some(*letter) && takes_values(argument))
    };
    letters.iter().position(takes).is_some_and(|at| at + 1 == letters.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(typed: &[&str], rest: &Rest) -> String {
        let arguments: Vec<OsString> = ["zpakey"].iter().chain(typed).map(Into::into).collect();
        command_line(&arguments, rest).unwrap()
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
            "zpakey --profile lab update --add-uses 5 --type=connector -qn id:3"
        );
        assert_eq!(
            rest(&["rm", "-o", "json", "-ojson", "-", "--yes"], &keys(&["id:1", "id:2"])),
            "zpakey rm -o json -ojson --yes id:1 id:2"
        );
    }

    #[test]
    fn an_options_value_may_look_like_a_key_or_a_command() {
        assert_eq!(
            rest(
                &["update", "Client", "--cert", "Client", "--enrollment-cert-id", "list", "x"],
                &keys(&["id:1"])
            ),
            "zpakey update --cert Client --enrollment-cert-id list id:1"
        );
        assert_eq!(rest(&["delete", "--", "-x", "--yes"], &keys(&["id:1"])), "zpakey delete id:1");
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(
            rest(&["update", "a", "--ui-config", "it's 5"], &keys(&["id:1"])),
            r"zpakey update --ui-config 'it'\''s 5' id:1"
        );
    }

    #[test]
    fn a_command_that_passes_over_what_is_done_is_repeated_as_a_whole() {
        assert_eq!(
            rest(&["create", "--from", "keys.json", "-q"], &Rest::Again(Some(["--if-exists", "skip"]))),
            "zpakey create --from keys.json -q --if-exists skip"
        );
        let typed = ["create", "--if-exists=update", "--from", "keys.json"];
        assert_eq!(rest(&typed, &Rest::Again(None)), "zpakey create --if-exists=update --from keys.json");
        for typed in [&["create", "--if-exists=fail", "-q"][..], &["create", "--if-exists", "fail", "-q"][..]]
        {
            assert_eq!(
                rest(typed, &Rest::Again(Some(["--if-exists", "skip"]))),
                "zpakey create -q --if-exists skip"
            );
        }
    }

    #[test]
    fn what_is_no_text_is_not_written() {
        use std::os::unix::ffi::OsStringExt as _;
        let arguments = [OsString::from("zpakey"), OsString::from_vec(vec![0xff])];
        assert_eq!(command_line(&arguments, &keys(&["id:1"])), None);
    }
}
