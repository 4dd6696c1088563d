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

/// Reads an input, in whichever of the forms that `list` writes it is.
///
/// # Errors
/// A table, which is for people; CSV or YAML that is not valid. No value is quoted.
pub(crate) fn read_rows(text: &str, origin: &str, used: &[&str]) -> Result<Rows, CommandError> {
    let text = text.trim_start_matches('\u{feff}');
    let Some(first) = text.lines().find(|line| !line.trim().is_empty()) else {
        return Ok(Rows::Names(Vec::new()));
    };
    if first.trim_start().starts_with(['[', '{', '"']) {
        return Ok(Rows::Json);
    }
    if is_table_header(first) {
        let message = format!("{origin} is a table, which is for people");
        return Err(CommandError::usage(
            message,
            "`zpakey list -q` prints ids, `zpakey list -o json` all fields",
        ));
    }
    if is_yaml(first) {
        return yaml(text, origin, used).map(Rows::Records);
    }
    if is_csv_header(first, used) {
        return csv(text, origin, used).map(Rows::Records);
    }
    // A line is the name as it stands: whitespace at its ends may be part of it.
    Ok(Rows::Names(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()))
}

/// Tells whether a line has two or more headings in upper case with gaps between them.
fn is_table_header(line: &str) -> bool {
    let is_heading = |word: &str| word.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
    let words: Vec<&str> = line.split_whitespace().collect();
    words.len() > 1
        && words.first().is_some_and(|word| matches!(*word, "NAME" | "ID"))
        && words.iter().all(|word| is_heading(word))
}

fn is_yaml(line: &str) -> bool {
    let is_key = |word: &str| word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    line.starts_with("---")
        || line.starts_with("- ")
        || line.split_once(':').is_some_and(|(key, rest)| {
            !key.is_empty()
                && is_key(key)
                && !matches!(key, "id" | "name")
                && (rest.is_empty() || rest.starts_with(' '))
        })
        || line.starts_with("name: ")
        || line.starts_with("id: ")
}

fn is_csv_header(line: &str, used: &[&str]) -> bool {
    let mut names = line.split(',').map(canonical);
    names.clone().any(|name| matches!(name.as_str(), "name" | "id"))
        && (names.clone().count() > 1 || names.all(|name| used.contains(&name.as_str())))
}

/// Writes a heading as the field's name is written.
fn canonical(heading: &str) -> String {
    heading.trim().trim_matches('"').to_ascii_lowercase().replace(['-', ' '], "_")
}

fn csv(text: &str, origin: &str, used: &[&str]) -> Result<Vec<Fields>, CommandError> {
    let invalid = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        CommandError::usage(
            format!("{origin} is not valid CSV (line {line})"),
            "each line has as many fields as the first",
        )
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(text.as_bytes());
    let names: Vec<String> =
        reader.headers().map_err(|error| invalid(&error))?.iter().map(canonical).collect();
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| invalid(&error))?;
        let fields = names.iter().zip(row.iter());
        records.push(
            fields
                .map(|(name, cell)| {
                    (name.clone(), used.contains(&name.as_str()).then(|| cell_value(name, cell)))
                })
                .collect(),
        );
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
    let documents = Yaml::load_from_str(text).map_err(|error| {
        let (line, column) = (error.marker().line(), error.marker().col() + 1);
        CommandError::usage(format!("{origin} is not valid YAML (line {line}, column {column})"), "")
    })?;
    let mut records = Vec::new();
    for document in &documents {
        if let Yaml::Sequence(items) = document {
            records.extend(items.iter().map(|item| yaml_fields(item, used)));
        } else {
            records.push(yaml_fields(document, used));
        }
    }
    Ok(records)
}

/// Reads a mapping; a bare text is a name.
fn yaml_fields(item: &Yaml<'_>, used: &[&str]) -> Fields {
    let Yaml::Mapping(mapping) = item else { return vec![("name".to_owned(), Some(yaml_value(item)))] };
    let field = |(key, value): (&Yaml<'_>, &Yaml<'_>)| {
        let name = key.as_str()?;
        Some((name.to_owned(), used.contains(&name).then(|| yaml_value(value))))
    };
    mapping.iter().filter_map(field).collect()
}

fn yaml_value(item: &Yaml<'_>) -> Value {
    match item {
        Yaml::Value(Scalar::String(text)) => text.as_ref().into(),
        Yaml::Value(Scalar::Boolean(flag)) => (*flag).into(),
        Yaml::Value(Scalar::Integer(number)) => (*number).into(),
        Yaml::Value(Scalar::FloatingPoint(number)) => number.into_inner().into(),
        Yaml::Sequence(items) => items.iter().map(yaml_value).collect(),
        Yaml::Mapping(_) => Value::Object(serde_json::Map::new()),
        Yaml::Value(Scalar::Null)
        | Yaml::Representation(..)
        | Yaml::Tagged(..)
        | Yaml::Alias(_)
        | Yaml::BadValue => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const USED: [&str; 6] = ["id", "name", "type", "max_usage", "enabled", "ip_acl"];

    fn records(text: &str) -> Value {
        match read_rows(text, "it", &USED).unwrap() {
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
        assert_eq!(records("- name: a\n  max_usage: 5\n  ip_acl: [192.0.2.1]\n- b\n"), expected);
        assert_eq!(
            records("name: a\nenabled: false\n---\nname: b\n"),
            json!([{"name": "a", "enabled": false}, {"name": "b"}])
        );
    }

    #[test]
    fn lines_are_names_and_json_is_left_to_its_reader() {
        assert_eq!(records("38101\r\n\n prod \na,b\nid:7\n"), json!(["38101", " prod ", "a,b", "id:7"]));
        assert_eq!(records(" [1]"), json!("json"));
        assert_eq!(records(" \n"), json!([]));
    }

    #[test]
    fn a_table_is_refused_with_the_forms_that_programs_read() {
        for table in ["NAME  TYPE  USED\nprod  connector  0/1\n", "ID  NAME\n1  a\n"] {
            let error = read_rows(table, "standard input", &USED).err().unwrap().to_string();
            assert!(error.contains("is a table"), "{error}");
        }
    }

    #[test]
    fn errors_name_the_place_and_quote_nothing() {
        for (text, place) in [("name,id\na,b,3|host|blob\n", "line 2"), ("- name: 'x\n  3|host|blob", "YAML")]
        {
            let error = read_rows(text, "it", &USED).err().unwrap().to_string();
            assert!(error.contains(place) && !error.contains("blob"), "{error}");
        }
    }
}
