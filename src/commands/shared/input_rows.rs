//! Records on an input that is not JSON: CSV, YAML, or a name a line. Of fields that are not used only the names are
//! kept: there may be key values in them.

use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::Value;

use crate::error::CommandError;

/// A record: its fields, and the values of those that are used.
pub(crate) type Fields = Vec<(String, Option<Value>)>;

/// What an input holds.
pub(crate) enum Rows {
    /// JSON, which its readers parse as a stream.
    Json,
    Records(Vec<Fields>),
    Names(Vec<String>),
}

/// What an input is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowsFor {
    /// Keys that exist: each line may be a key's name, whatever it looks like.
    Keys,
    /// Keys to create.
    NewKeys,
}

/// How deep lists may begin in one line of YAML; the parser of deeper ones would need more stack than there is.
const MOST_NESTED: usize = 64;

/// Reads an input, in whichever of the forms that `list` writes it is.
///
/// # Errors
/// A table, which is for people; CSV or YAML that is not valid; a line that may be a name and may be YAML. No value is
/// quoted.
pub(crate) fn read_rows(
    text: &str,
    origin: &str,
    used: &[&str],
    purpose: RowsFor,
) -> Result<Rows, CommandError> {
    let text = text.trim_start_matches('\u{feff}');
    // A comment or a directive may come before YAML.
    let is_before_yaml = |line: &str| line.trim().is_empty() || line.starts_with(['#', '%']);
    let mut lines = text.lines();
    let Some(first) = text.lines().find(|line| !line.trim().is_empty()) else {
        return Ok(Rows::Names(Vec::new()));
    };
    let delimiter = csv_delimiter(first, used, purpose);
    if first.trim_start().starts_with(['[', '{', '"']) && delimiter.is_none() {
        return Ok(Rows::Json);
    }
    if is_table_header(first) {
        let message = format!("{origin} is a table, which is for people");
        return Err(CommandError::usage(
            message,
            "`zpakey list -q` prints ids, `zpakey list -o json` all fields",
        ));
    }
    let begun = lines.find(|line| !is_before_yaml(line)).unwrap_or_default();
    let is_mapping = match purpose {
        // What `get` writes of one key. A first line alone may be a name.
        RowsFor::Keys => {
            begun.starts_with("id: ") && lines.next().is_some_and(|line| line.starts_with("name: "))
        }
        RowsFor::NewKeys => begun.split_once(": ").is_some_and(|(field, _)| used.contains(&field)),
    };
    if is_mapping || is_yaml(begun) {
        return yaml(text, origin, used).map(Rows::Records);
    }
    if let Some(delimiter) = delimiter {
        return csv(text, delimiter, origin, used).map(Rows::Records);
    }
    // A line is the name as it stands: whitespace at its ends may be part of it.
    let names: Vec<String> = text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    let odd = names.iter().find(|name| match purpose {
        RowsFor::Keys => name.starts_with("- "),
        RowsFor::NewKeys => {
            name.starts_with(['#', '%', '-']) || name.contains([',', ';', '\t']) || name.contains(": ")
        }
    });
    match odd {
        Some(_) => Err(CommandError::usage(
            format!("{origin} is neither JSON, YAML, CSV with a header, nor a name a line"),
            "names of any kind are read from JSON, as in [\"NAME\"]",
        )),
        None => Ok(Rows::Names(names)),
    }
}

/// Tells whether a line has two or more headings in upper case with gaps between them.
fn is_table_header(line: &str) -> bool {
    let is_heading = |word: &str| word.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
    let words: Vec<&str> = line.split_whitespace().collect();
    words.len() > 1
        && words.first().is_some_and(|word| matches!(*word, "NAME" | "ID"))
        && words.iter().all(|word| is_heading(word))
}

/// Tells whether a line begins a document or a list of mappings. A bare `- text` may be the name of a key.
fn is_yaml(line: &str) -> bool {
    let is_field = |text: &str| {
        let text = text.trim_start();
        text.starts_with('{')
            || text.split_once(':').is_some_and(|(key, rest)| {
                let is_plain =
                    |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
                !key.is_empty() && key.chars().all(is_plain) && (rest.is_empty() || rest.starts_with(' '))
            })
    };
    line.trim_end() == "---" || line.strip_prefix("- ").is_some_and(is_field)
}

/// Returns what stands between the headings, if a line is a header. One heading alone may be the name of a key.
fn csv_delimiter(line: &str, used: &[&str], purpose: RowsFor) -> Option<u8> {
    let is_header = |delimiter: &char| {
        let names: Vec<String> = line.split(*delimiter).map(canonical).collect();
        names.len() > 1
            && names.iter().any(|name| matches!(name.as_str(), "name" | "id"))
            && names.iter().filter(|name| used.contains(&name.as_str())).count() > 1
    };
    let single = purpose == RowsFor::NewKeys && canonical(line) == "name";
    let found = [',', ';', '\t'].into_iter().find(is_header).or(single.then_some(','));
    found.and_then(|delimiter| u8::try_from(delimiter).ok())
}

/// Writes a heading as the field's name is written.
fn canonical(heading: &str) -> String {
    heading.trim().trim_matches('"').to_ascii_lowercase().replace(['-', ' '], "_")
}

fn csv(text: &str, delimiter: u8, origin: &str, used: &[&str]) -> Result<Vec<Fields>, CommandError> {
    let invalid = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        CommandError::usage(
            format!("{origin} is not valid CSV (line {line})"),
            "each line has as many fields as the first",
        )
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let names: Vec<String> =
        reader.headers().map_err(|error| invalid(&error))?.iter().map(canonical).collect();
    if names.iter().enumerate().any(|(at, name)| {
        used.contains(&name.as_str()) && names.iter().skip(at + 1).any(|other| other == name)
    }) {
        return Err(CommandError::usage(format!("{origin} has two columns of the same name (line 1)"), ""));
    }
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| invalid(&error))?;
        let field = |(name, cell): (&String, &str)| {
            (name.clone(), used.contains(&name.as_str()).then(|| cell_value(name, cell)))
        };
        records.push(names.iter().zip(row.iter()).map(field).collect());
    }
    Ok(records)
}

/// Gives a cell the type of its field.
fn cell_value(name: &str, cell: &str) -> Value {
    // `list -o csv` guards what a spreadsheet would run as a formula.
    let guarded = cell
        .strip_prefix('\'')
        .filter(|rest| rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@']));
    let cell = guarded.unwrap_or(cell);
    match name {
        _ if cell.trim().is_empty() => Value::Null,
        "max_usage" => cell.trim().parse::<u64>().map_or_else(|_| cell.into(), Value::from),
        "enabled" | "exportable" => match cell.trim().to_ascii_lowercase().as_str() {
            "true" => true.into(),
            "false" => false.into(),
            _ => cell.into(),
        },
        "ip_acl" => cell.split([' ', ';', ',']).filter(|part| !part.is_empty()).collect(),
        _ => cell.into(),
    }
}

fn yaml(text: &str, origin: &str, used: &[&str]) -> Result<Vec<Fields>, CommandError> {
    let nests = |line: &str| {
        line.split_whitespace().take_while(|word| *word == "-").count().max(line.matches(['[', '{']).count())
    };
    if let Some(line) = text.lines().position(|line| nests(line) > MOST_NESTED) {
        return Err(CommandError::usage(format!("{origin} is nested too deeply (line {})", line + 1), ""));
    }
    let documents = Yaml::load_from_str(text).map_err(|error| {
        let (line, column) = (error.marker().line(), error.marker().col() + 1);
        CommandError::usage(format!("{origin} is not valid YAML (line {line}, column {column})"), "")
    })?;
    let mut records = Vec::new();
    for document in &documents {
        match document {
            Yaml::Sequence(items) => records.extend(items.iter().map(|item| yaml_fields(item, used))),
            Yaml::Value(Scalar::Null) | Yaml::BadValue => {}
            Yaml::Value(_)
            | Yaml::Mapping(_)
            | Yaml::Representation(..)
            | Yaml::Tagged(..)
            | Yaml::Alias(_) => {
                records.push(yaml_fields(document, used));
            }
        }
    }
    let records: Option<Vec<Fields>> = records.into_iter().collect();
    records.ok_or_else(|| {
        let message = format!(
            "{origin} has YAML that is not read: a tag, an alias, or a field whose name is not a text"
        );
        CommandError::usage(message, "")
    })
}

/// Reads a mapping; a bare text is a name. `None` for what has no meaning here.
fn yaml_fields(item: &Yaml<'_>, used: &[&str]) -> Option<Fields> {
    let Yaml::Mapping(mapping) = item else {
        return Some(vec![("name".to_owned(), Some(yaml_value(item)?))]);
    };
    let field = |(key, value): (&Yaml<'_>, &Yaml<'_>)| {
        let name = key.as_str()?;
        let value = if used.contains(&name) { Some(yaml_value(value)?) } else { None };
        Some((name.to_owned(), value))
    };
    mapping.iter().map(field).collect()
}

fn yaml_value(item: &Yaml<'_>) -> Option<Value> {
    Some(match item {
        Yaml::Value(Scalar::String(text)) => text.as_ref().into(),
        Yaml::Value(Scalar::Boolean(flag)) => (*flag).into(),
        Yaml::Value(Scalar::Integer(number)) => (*number).into(),
        Yaml::Value(Scalar::FloatingPoint(number)) => number.into_inner().into(),
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Sequence(items) => items.iter().map(yaml_value).collect::<Option<Vec<Value>>>()?.into(),
        Yaml::Mapping(_) => Value::Object(serde_json::Map::new()),
        Yaml::Representation(..) | Yaml::Tagged(..) | Yaml::Alias(_) | Yaml::BadValue => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const USED: [&str; 6] = ["id", "name", "type", "max_usage", "enabled", "ip_acl"];

    fn records(text: &str) -> Value {
        read(text, RowsFor::NewKeys)
    }

    fn read(text: &str, purpose: RowsFor) -> Value {
        match read_rows(text, "it", &USED, purpose).unwrap() {
            Rows::Json => "json".into(),
            Rows::Names(names) => names.into(),
            Rows::Records(records) => records
                .into_iter()
                .map(|fields| {
                    fields
                        .into_iter()
                        .map(|(name, value)| (name, value.unwrap_or("unused".into())))
                        .collect::<Value>()
                })
                .collect(),
        }
    }

    #[test]
    fn csv_is_told_by_its_header_and_cells_get_the_type_of_their_field() {
        assert_eq!(
            records(
                "Name,Type,Max-Usage,enabled,ip_acl,secret\n'=a,connector,5,TRUE,192.0.2.1 192.0.2.2,3|h|x\n\"b, c\",,many,,,\n"
            ),
            json!([
                {"name": "=a", "type": "connector", "max_usage": 5, "enabled": true,
                 "ip_acl": ["192.0.2.1", "192.0.2.2"], "secret": "unused"},
                {"name": "b, c", "type": null, "max_usage": "many", "enabled": null, "ip_acl": null, "secret": "unused"},
            ])
        );
        assert_eq!(records("name\na\nb\n"), json!([{"name": "a"}, {"name": "b"}]));
    }

    #[test]
    fn yaml_is_a_list_a_mapping_or_documents() {
        let expected = json!([{"name": "a", "max_usage": 5, "ip_acl": ["192.0.2.1"]}, {"name": "b"}]);
        assert_eq!(records("- name: a\n  max_usage: 5\n  ip_acl: [192.0.2.1]\n- name: b\n"), expected);
        assert_eq!(
            records("name: a\nenabled: false\n---\nname: b\n---\n"),
            json!([{"name": "a", "enabled": false}, {"name": "b"}])
        );
    }

    #[test]
    fn lines_are_names_and_json_is_left_to_its_reader() {
        assert_eq!(records("38101\r\n\n prod \nid:7\n"), json!(["38101", " prod ", "id:7"]));
        // Any of these is the name of a key that exists.
        for name in ["name", "id", "name: x", "--- a", "a,b", "# a", "name,b"] {
            assert_eq!(read(&format!("{name}\nother\n"), RowsFor::Keys), json!([name, "other"]));
        }
        assert_eq!(records(" [1]"), json!("json"));
        assert_eq!(records(" \n"), json!([]));
    }

    #[test]
    fn a_table_is_refused_with_the_forms_that_programs_read() {
        for table in ["NAME  TYPE  USED\nprod  connector  0/1\n", "ID  NAME\n1  a\n"] {
            let error = read_rows(table, "standard input", &USED, RowsFor::Keys).err().unwrap().to_string();
            assert!(error.contains("is a table"), "{error}");
        }
    }

    #[test]
    fn comments_and_other_delimiters_are_read_and_nothing_else_becomes_a_name() {
        for text in ["# sites\n- name: a\n", "%YAML 1.2\n---\n- name: a\n", "\"name\";\"type\"\r\na;\r\n"] {
            assert_eq!(records(text)[0]["name"], "a", "{text}");
        }
        for text in ["site,type\na,connector\n", "# a\nb\n", "- a\n- b\n", "a: b\n"] {
            let error = read_rows(text, "it", &USED, RowsFor::NewKeys).err().unwrap().to_string();
            assert!(error.contains("is neither JSON"), "{error}");
        }
        assert!(read_rows("- x\n", "it", &USED, RowsFor::Keys).is_err(), "a name or a list");
    }

    #[test]
    fn yaml_that_means_nothing_here_is_an_error() {
        let deep = format!("- name: {}a\n", "- ".repeat(5000));
        for text in [
            "- name: !!int x\n",
            "- {1: a}\n",
            "- name: a\n  enabled: !x false\n",
            &deep,
            &format!("- {}", "[".repeat(5000)),
        ] {
            assert!(
                read_rows(text, "it", &USED, RowsFor::NewKeys).is_err(),
                "{}",
                text.get(..40).unwrap_or(text)
            );
        }
        assert!(read_rows("name,type,name\na,,b\n", "it", &USED, RowsFor::NewKeys).is_err());
    }

    #[test]
    fn errors_name_the_place_and_quote_nothing() {
        for (text, place) in
            [("name,type\na,b,3|host|blob\n", "line 2"), ("- name: 'x\n  3|host|blob", "YAML")]
        {
            let error = read_rows(text, "it", &USED, RowsFor::NewKeys).err().unwrap().to_string();
            assert!(error.contains(place) && !error.contains("blob"), "{error}");
        }
    }
}
