//! KEY arguments: typed, or read from standard input.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::commands::shared::input_rows::{Fields, Rows, RowsFor, read_rows};
use crate::context::Context;
use crate::domain::{AssociationType, KeyId, KeyRef, Selector};
use crate::error::{CommandError, CommandResult};
use crate::output::Notice;

/// Which keys are meant.
#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    /// A key's name or id; `id:` and `name:` force one, `-` reads from standard input what `list` writes
    #[arg(value_name = "KEY", required = true, value_parser = parse_key)]
    pub(crate) keys: Vec<KeyArg>,
    #[command(flatten)]
    pub(crate) types: TypeArgs,
}

/// Which types are asked.
#[derive(Debug, Args)]
pub(crate) struct TypeArgs {
    /// Association type, by its short name or the API's; repeats
    #[arg(long = "type", value_name = "TYPE", ignore_case = true, value_parser = parse_type())]
    pub(crate) kinds: Vec<AssociationType>,
    /// Ask all five association types
    #[arg(long, conflicts_with = "kinds")]
    pub(crate) all_types: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum KeyArg {
    Named(Selector),
    Input,
}

/// Reads a KEY. The error never quotes it: it may be a key value.
pub(crate) fn parse_key(text: &str) -> Result<KeyArg, String> {
    if text == "-" {
        return Ok(KeyArg::Input);
    }
    text.parse().map(KeyArg::Named).map_err(|error: crate::domain::SelectorError| error.to_string())
}

/// Reads an association type; the short names are those that shells complete.
pub(crate) fn parse_type() -> impl TypedValueParser<Value = AssociationType> {
    let short = AssociationType::ALL.map(|kind| PossibleValue::new(kind.short()).alias(kind.as_api()));
    PossibleValuesParser::new(short).try_map(|text| text.parse::<AssociationType>())
}

pub(crate) fn parse_age(text: &str) -> Result<std::time::Duration, String> {
    crate::domain::parse_span(text).map_err(|error| error.to_string())
}

/// Reads a number of bytes: `500`, `64MiB`, `1 GB`.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 8] = [
        ("", 1),
        ("b", 1),
        ("kb", 1_000),
        ("mb", 1_000_000),
        ("gb", 1_000_000_000),
        ("kib", 1 << 10),
        ("mib", 1 << 20),
        ("gib", 1 << 30),
    ];
    let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (number, unit) = text.split_at_checked(digits).unwrap_or_default();
    let unit = unit.trim().to_ascii_lowercase();
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    let size = number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    size.filter(|size| *size > 0).ok_or_else(|| "expected a size such as 64MiB or 500kB".to_owned())
}

/// The start of a time that reaches until now.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Since {
    /// So long ago.
    Ago(std::time::Duration),
    At(Timestamp),
}

impl Since {
    /// Returns when the time starts.
    pub(crate) fn start(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Ago(time) => now.saturating_sub(time).ok(),
            Self::At(time) => Some(time),
        }
    }
}

/// Reads how long ago something was, or when: `7d`, `2026-07-01` (its start in UTC), `2026-07-01T12:00:00Z`.
pub(crate) fn parse_since(text: &str) -> Result<Since, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(Since::At(time));
    }
    let day = text.parse::<Date>().ok().and_then(|date| TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok());
    if let Some(day) = day {
        return Ok(Since::At(day));
    }
    parse_age(text).map(Since::Ago).map_err(|error| format!("{error}; or a date such as 2026-07-01"))
}

/// Spells a duration as it is typed.
pub(crate) fn spelled(time: std::time::Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 if time.is_zero() => "0s".to_owned(),
        0 => format!("{}ms", time.as_millis()),
        _ if seconds.is_multiple_of(86_400) => format!("{}d", seconds / 86_400),
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

/// Reads a number that may be 0.
pub(crate) fn parse_count(text: &str) -> Result<u64, String> {
    between(0, u64::MAX)(text)
}

/// Reads a number from `least` to `most`. The words of clap's own parser are those of the standard library.
pub(crate) fn between<T>(
    least: u64,
    most: u64,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: TryFrom<u64>,
{
    move |text| {
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| match (least, most) {
            (1, most) if most >= u32::MAX.into() => "expected a positive integer".to_owned(),
            (0, u64::MAX) => "expected an integer, 0 or more".to_owned(),
            _ => format!("expected an integer from {least} to {most}"),
        })
    }
}

/// Reads a number of enrolments.
pub(crate) fn parse_uses(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(uses @ 1..) => Ok(uses),
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(format!("{} is the most", u64::MAX))
        }
        Ok(_) | Err(_) => Err("expected a positive integer".to_owned()),
    }
}

impl TypeArgs {
    /// Returns the types to ask: typed, all, or the profile's.
    pub(crate) fn resolve(&self, ctx: &Context) -> Vec<AssociationType> {
        if self.all_types {
            AssociationType::ALL.to_vec()
        } else if self.kinds.is_empty() {
            ctx.settings.types.clone()
        } else {
            let mut kinds = self.kinds.clone();
            kinds.sort_unstable();
            kinds.dedup();
            kinds
        }
    }
}

/// The keys that were named, and whether by one argument: several always give an array.
pub(crate) struct NamedKeys {
    pub(crate) refs: Vec<KeyRef>,
    pub(crate) plurality: Plurality,
}

/// Whether one key was named or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plurality {
    One,
    Several,
}

impl KeyArgs {
    /// Tells whether `-` is among the keys.
    pub(crate) fn read_input(&self) -> bool {
        self.keys.iter().any(|key| matches!(key, KeyArg::Input))
    }

    /// Returns what was named, standard input read.
    pub(crate) async fn read(&self, ctx: &Context) -> CommandResult<NamedKeys> {
        read_keys(ctx, &self.keys).await
    }
}

/// Returns the keys that were named, standard input read.
pub(crate) async fn read_keys(ctx: &Context, keys: &[KeyArg]) -> CommandResult<NamedKeys> {
    let mut refs = Vec::new();
    let mut plurality = if keys.len() == 1 { Plurality::One } else { Plurality::Several };
    for key in keys {
        match key {
            KeyArg::Named(selector) => refs.push(KeyRef::from(selector.clone())),
            KeyArg::Input => {
                plurality = Plurality::Several;
                refs.extend(parse_input(&ctx.read_input().await?)?);
            }
        }
    }
    if refs.is_empty() {
        ctx.say(&Notice::Note("standard input names no keys; nothing to do".to_owned()));
    }
    let mut seen = Vec::new();
    refs.retain(|key| {
        let is_new = !seen.contains(key);
        if is_new {
            seen.push(key.clone());
        }
        is_new
    });
    Ok(NamedKeys { refs, plurality })
}

/// Reads keys as `list` writes them: JSON, CSV, YAML, or names and ids, one a line.
fn parse_input(text: &str) -> Result<Vec<KeyRef>, CommandError> {
    match read_rows(text, "standard input", &["id", "name", "association_type", "type"], RowsFor::Keys)? {
        Rows::Json => {}
        Rows::Names(names) => {
            return names.iter().map(|name| line_selector(name).map(KeyRef::from)).collect();
        }
        Rows::Records(records) => {
            return records.into_iter().map(|fields| from_json(&object(fields))).collect();
        }
    }
    let mut refs = Vec::new();
    for value in serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter::<Value>()
    {
        // The parser's own words would quote what stands there.
        let value = value.map_err(|error| {
            let place = format!(
                "standard input is not valid JSON (line {}, column {})",
                error.line(),
                error.column()
            );
            CommandError::usage(place, "")
        })?;
        for item in value.as_array().map_or(std::slice::from_ref(&value), Vec::as_slice) {
            refs.push(from_json(item)?);
        }
    }
    Ok(refs)
}

fn object(fields: Fields) -> Value {
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn from_json(item: &Value) -> Result<KeyRef, CommandError> {
    if let Some(text) = item.as_str() {
        return selector(text).map(KeyRef::from);
    }
    let wrong = |field: &str| {
        let message = format!("standard input has an entry whose {field} cannot be used");
        CommandError::usage(message, "")
    };
    let text = |field: &str| match item.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        // An id without quotes, as people write it.
        Some(Value::Number(number)) if number.is_u64() => Ok(Some(number.to_string())),
        Some(_) => Err(wrong(field)),
    };
    let selector = match (text("id")?, text("name")?) {
        (Some(id), _) => selector(&format!("id:{id}"))?,
        (None, Some(name)) => selector(&format!("name:{name}"))?,
        (None, None) => {
            return Err(CommandError::usage("standard input has an entry with neither id nor name", ""));
        }
    };
    let mut association_type = None;
    for field in ["association_type", "type"] {
        // It says which key is meant: one that is not understood is not left out.
        if let Some(kind) = text(field)?.filter(|kind| !kind.is_empty()) {
            association_type = Some(kind.parse().map_err(|_| wrong(field))?);
        }
    }
    Ok(KeyRef { selector, association_type })
}

/// Reads a line: digits are an id first, as `list -q` writes it.
fn line_selector(line: &str) -> Result<Selector, CommandError> {
    let digits = line.trim();
    if digits.parse::<KeyId>().is_ok() { Ok(Selector::IdFirst(digits.to_owned())) } else { selector(line) }
}

fn selector(text: &str) -> Result<Selector, CommandError> {
    text.parse().map_err(|error| CommandError::usage(format!("standard input names no key: {error}"), ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refs(text: &str) -> Vec<(Selector, Option<AssociationType>)> {
        let parsed = parse_input(text).unwrap();
        parsed.into_iter().map(|key| (key.selector, key.association_type)).collect()
    }

    #[test]
    fn lines_arrays_objects_and_object_lines_are_read() {
        let id = |text: &str| Selector::Id(text.to_owned());
        assert_eq!(
            refs("38101\r\n\n prod \n"),
            [(Selector::IdFirst("38101".into()), None), (Selector::Any(" prod ".into()), None)]
        );
        assert_eq!(
            refs("[{\"id\":\"1\",\"association_type\":\"CONNECTOR_GRP\"}, \"b\"]"),
            [(id("1"), Some(AssociationType::ConnectorGrp)), (Selector::Any("b".into()), None)]
        );
        assert_eq!(
            refs("{\"id\":\"1\"}\n{\"name\":\"x\"}\n"),
            [(id("1"), None), (Selector::Name("x".into()), None)]
        );
        assert!(refs("").is_empty());
    }

    #[test]
    fn a_key_value_on_standard_input_is_refused_without_being_quoted() {
        let error = parse_input("3|host|blob\n").unwrap_err().to_string();
        assert!(error.contains("a secret") && !error.contains("blob"), "{error}");
        let error = parse_input("[\"3|host|blob\"").unwrap_err().to_string();
        assert!(!error.contains("blob"), "{error}");
    }
}
