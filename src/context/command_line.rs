//! Command lines to run next: the one that was typed, changed, or another one for the same tenant.

use std::fmt;
use std::path::Path;

use crate::config::vars;
use crate::domain::{KeyId, Selector, is_deceptive, quoted};

/// A command line as it was typed, each word with what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandLine {
    parts: Vec<Part>,
}

/// Some words of a command line that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub role: PartRole,
    pub words: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartRole {
    /// The name of a command.
    Command,
    /// An option of this name, with its value if it takes one.
    Option(String),
    /// A KEY, or whatever else has a place and no name.
    Argument,
}

impl CommandLine {
    pub const fn new(parts: Vec<Part>) -> Self {
        Self { parts }
    }

    /// Makes one of a command's name alone, for a line that is not text.
    pub fn of_command(name: &str) -> Self {
        Self::new(vec![Part { role: PartRole::Command, words: vec![name.to_owned()] }])
    }

    /// Replaces the arguments. They stand where the first one stood, else behind the command.
    pub fn with_arguments<S: Into<String>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        let first = self.parts.iter().position(|part| part.role == PartRole::Argument);
        let command = self.parts.iter().rposition(|part| part.role == PartRole::Command);
        let at = first.or(command.map(|command| command + 1));
        self.parts.retain(|part| part.role != PartRole::Argument);
        let words: Vec<String> = arguments.into_iter().map(Into::into).collect();
        let at = at.unwrap_or(self.parts.len()).min(self.parts.len());
        if !words.is_empty() {
            self.parts.insert(at, Part { role: PartRole::Argument, words });
        }
        self
    }

    /// Leaves options out, by their names without `--`.
    pub fn without(mut self, options: &[&str]) -> Self {
        self.parts.retain(|part| part.option().is_none_or(|option| !options.contains(&option)));
        self
    }

    /// Adds an option that takes no value, unless it was typed.
    pub fn with_flag(mut self, option: &str) -> Self {
        if !self.parts.iter().any(|part| part.option() == Some(option)) {
            self.add(option, vec![format!("--{option}")]);
        }
        self
    }

    /// Adds an option with a value, in place of another value that was typed.
    pub fn with(mut self, option: &str, value: &str) -> Self {
        if self.value(option) == Some(value) {
            return self;
        }
        // A value that begins with `-` would be taken for an option.
        let words = if value.starts_with('-') {
            vec![format!("--{option}={value}")]
        } else {
            vec![format!("--{option}"), value.to_owned()]
        };
        match self.parts.iter_mut().find(|part| part.option() == Some(option)) {
            Some(part) => part.words = words,
            None => self.add(option, words),
        }
        self
    }

    /// Keeps only the options that say which tenant is acted on, as whom, and by which way.
    pub fn tenant_options(mut self) -> Self {
        self.parts.retain(|part| part.option().is_some_and(chooses_tenant));
        self
    }

    /// Keeps only the options that hold for every request: the tenant, as whom, by which way, how fast and for how long.
    pub fn request_options(mut self) -> Self {
        let sets_pace = |option: &str| ["timeout", "max-wait", "rate-limit"].contains(&option);
        self.parts
            .retain(|part| part.option().is_some_and(|option| chooses_tenant(option) || sets_pace(option)));
        self
    }

    /// Keeps only the options.
    pub fn options(mut self) -> Self {
        self.parts.retain(|part| part.option().is_some());
        self
    }

    /// Lists the words that name the command.
    pub fn commands(&self) -> impl Iterator<Item = &str> {
        let commands = self.parts.iter().filter(|part| part.role == PartRole::Command);
        commands.flat_map(|part| part.words.iter().map(String::as_str))
    }

    /// Adds an option before all else, unless it was typed.
    pub fn begin_with(mut self, option: &str, value: Option<&str>) -> Self {
        if !self.has(option) {
            let words = std::iter::once(format!("--{option}")).chain(value.map(str::to_owned)).collect();
            self.parts.insert(0, Part { role: PartRole::Option(option.to_owned()), words });
        }
        self
    }

    /// Returns the value that was typed for an option.
    pub fn value(&self, option: &str) -> Option<&str> {
        let part = self.parts.iter().find(|part| part.option() == Some(option))?;
        match part.words.as_slice() {
            [word] => match word.strip_prefix("--") {
                Some(long) => long.split_once('=').map(|(_, value)| value),
                None => word.get(2..).map(|value| value.strip_prefix('=').unwrap_or(value)),
            },
            [_, value, ..] => Some(value),
            [] => None,
        }
    }

    pub fn has(&self, option: &str) -> bool {
        self.parts.iter().any(|part| part.option() == Some(option))
    }

    fn add(&mut self, option: &str, words: Vec<String>) {
        self.parts.push(Part { role: PartRole::Option(option.to_owned()), words });
    }

    /// Lists the words, without the program's name.
    pub fn all_words(&self) -> Vec<String> {
        self.words().map(str::to_owned).collect()
    }

    /// Lists the words. An argument that looks like an option stands behind all options.
    fn words(&self) -> impl Iterator<Item = &str> {
        let is_dashed = |part: &Part, word: &str| {
            part.role == PartRole::Argument && word.len() > 1 && word.starts_with('-')
        };
        let words =
            || self.parts.iter().flat_map(|part| part.words.iter().map(move |word| (part, word.as_str())));
        let plain = words().filter(move |(part, word)| !is_dashed(part, word));
        let dashed = words().filter(move |(part, word)| is_dashed(part, word));
        let mark = words().any(|(part, word)| is_dashed(part, word)).then_some("--");
        plain.map(|(_, word)| word).chain(mark).chain(dashed.map(|(_, word)| word))
    }
}

/// True for the options that say which tenant is acted on, as whom, and by which way.
fn chooses_tenant(option: &str) -> bool {
    let others = [
        &vars::PROFILE.description,
        &vars::SANDBOX.description,
        &vars::CACERT.description,
        &vars::PROXY.description,
    ];
    vars::descriptions()
        .filter(|row| row.names_a_tenant() || others.contains(row))
        .any(|row| row.option.and_then(|name| name.strip_prefix("--")) == Some(option))
}

impl Part {
    fn option(&self) -> Option<&str> {
        match &self.role {
            PartRole::Option(name) => Some(name),
            PartRole::Command | PartRole::Argument => None,
        }
    }
}

/// As it is typed into a shell.
impl fmt::Display for CommandLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("zpakey")?;
        self.words().try_for_each(|word| write!(formatter, " {}", quoted(word)))
    }
}

/// Leaves out what was typed for the file of a secret and names none: it may be the secret itself.
pub(super) fn without_unread_secrets(line: CommandLine) -> CommandLine {
    let is_file = |text: &str| text == "-" || Path::new(text).is_file();
    let options = ["client-secret-file", "private-key-file"];
    options.into_iter().fold(line, |line, option| match line.value(option) {
        Some(text) if !is_file(text) => line.without(&[option]),
        Some(_) | None => line,
    })
}

/// True if a name can be typed as it is: it selects by name, is not an option and no number, which would be an id first, and
/// has no character that cannot be typed.
pub fn is_typable(name: &str) -> bool {
    let is_plain = matches!(name.parse(), Ok(Selector::Any(_)));
    is_plain && !name.starts_with('-') && name.parse::<KeyId>().is_err() && !name.chars().any(is_deceptive)
}

/// Writes a name so that it can be typed if no id is known: with `name:` if it would be taken for something else.
pub fn name_word(name: impl AsRef<str>) -> String {
    let name = name.as_ref();
    if is_typable(name) { name.to_owned() } else { format!("name:{name}") }
}

/// Writes a name as [`name_word`], quoted for a shell.
pub fn typed_name(name: impl AsRef<str>) -> String {
    quoted(&name_word(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> CommandLine {
        let part = |role: PartRole, words: &[&str]| Part {
            role,
            words: words.iter().map(ToString::to_string).collect(),
        };
        let option = |name: &str| PartRole::Option(name.to_owned());
        CommandLine::new(vec![
            part(option("profile"), &["--profile", "my lab"]),
            part(PartRole::Command, &["rotate"]),
            part(PartRole::Argument, &["it's"]),
            part(option("out-file"), &["--out-file=$x"]),
            part(option("dry-run"), &["-n"]),
        ])
    }

    #[test]
    fn what_is_not_changed_stays_as_typed() {
        assert_eq!(line().to_string(), r"zpakey --profile 'my lab' rotate 'it'\''s' '--out-file=$x' -n");
    }

    #[test]
    fn arguments_and_options_are_replaced() {
        let changed = line().with_arguments(["id:1", "id:2"]).without(&["dry-run"]).with_flag("seal");
        assert_eq!(changed.to_string(), "zpakey --profile 'my lab' rotate id:1 id:2 '--out-file=$x' --seal");
        let other = line().with("out-file", "-x").with("grace", "1h").with_arguments(["-a"]);
        assert_eq!(other.to_string(), "zpakey --profile 'my lab' rotate --out-file=-x -n --grace 1h -- -a");
        let next = line().tenant_options().begin_with("sandbox", None);
        assert_eq!(next.to_string(), "zpakey --sandbox --profile 'my lab'");
        assert_eq!((line().value("out-file"), line().value("profile")), (Some("$x"), Some("my lab")));
    }
}
