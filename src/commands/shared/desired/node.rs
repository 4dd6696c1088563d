//! YAML, JSON and TOML as one tree whose nodes know their places.

use std::fmt::Write as _;

use saphyr::{LoadableYamlNode as _, MarkedYaml, Scalar, YamlData};
use toml::de::{DeTable, DeValue};

/// A place in a text, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) line: usize,
    /// Unit: characters.
    pub(super) column: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: NodeValue,
}

#[derive(Debug, Clone)]
pub(super) enum NodeValue {
    Null,
    Switch(bool),
    Number(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Field>),
}

#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) node: Node,
}

/// Why a text is not a tree. It never quotes the text.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) place: Place,
    pub(super) why: String,
}

/// A form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileForm {
    Yaml,
    Json,
    Toml,
}

/// How deep lists and mappings may be nested in one another; the parser of deeper ones would need more stack than there is.
const MOST_NESTED: usize = 64;

const START: Place = Place { line: 1, column: 1 };

impl Node {
    pub(super) fn parse(text: &str, form: FileForm) -> Result<Self, SyntaxError> {
        let text = text.trim_start_matches('\u{feff}');
        match form {
            FileForm::Yaml => yaml(text),
            FileForm::Json => json(text),
            FileForm::Toml => toml(text),
        }
    }

    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        match &self.value {
            NodeValue::Map(fields) => fields.iter().find(|field| field.name == name).map(|field| &field.node),
            NodeValue::Null
            | NodeValue::Switch(_)
            | NodeValue::Number(_)
            | NodeValue::Float(_)
            | NodeValue::Text(_)
            | NodeValue::List(_) => None,
        }
    }

    pub(super) fn item(&self, at: usize) -> Option<&Self> {
        if let NodeValue::List(items) = &self.value { items.get(at) } else { None }
    }
}

/// Reads JSON. Its parser knows where it is wrong and not where it is right; as YAML, which it is part of, it has places.
fn json(text: &str) -> Result<Node, SyntaxError> {
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| SyntaxError {
        place: Place { line: error.line().max(1), column: error.column().max(1) },
        why: "not valid JSON".to_owned(),
    })?;
    // A tab cannot be part of a string, and YAML takes none for whitespace at the start of a line.
    yaml(&joined_surrogates(&text.replace('\t', " ")))
}

/// Writes characters that JSON escapes by two units as YAML does, by one.
fn joined_surrogates(text: &str) -> String {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut joined = String::with_capacity(text.len());
    let mut rest = 0;
    while let Some(found) = text.get(rest..).and_then(|tail| tail.find('\\')) {
        let at = rest + found;
        joined.push_str(text.get(rest..at).unwrap_or_default());
        rest = if let (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) = (unit(at), unit(at + 6)) {
            let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            let _ = write!(joined, "\\U{code:08x}");
            at + 12
        } else {
            // The escaped character goes along: it may be a backslash.
            let next = text.get(at + 1..).and_then(|tail| tail.chars().next()).map_or(0, char::len_utf8);
            joined.push_str(text.get(at..=at + next).unwrap_or("\\"));
            at + 1 + next
        };
    }
    joined.push_str(text.get(rest..).unwrap_or_default());
    joined
}

fn yaml(text: &str) -> Result<Node, SyntaxError> {
    let nests = |line: &str| {
        let lists = line.split_whitespace().take_while(|word| *word == "-").count();
        lists.max(line.matches(['[', '{']).count())
    };
    if let Some(line) = text.lines().position(|line| nests(line) > MOST_NESTED) {
        let place = Place { line: line + 1, column: 1 };
        return Err(SyntaxError { place, why: "nested too deeply".to_owned() });
    }
    let documents = MarkedYaml::load_from_str(text).map_err(|error| SyntaxError {
        place: Place { line: error.marker().line(), column: error.marker().col() + 1 },
        why: "not valid YAML".to_owned(),
    })?;
    match documents.as_slice() {
        [] => Ok(Node { place: START, value: NodeValue::Null }),
        [document] => yaml_node(document, 0),
        [_, second, ..] => {
            Err(SyntaxError { place: yaml_place(second), why: "a second document; one is read".to_owned() })
        }
    }
}

fn yaml_place(node: &MarkedYaml<'_>) -> Place {
    Place { line: node.span.start.line().max(1), column: node.span.start.col() + 1 }
}

fn yaml_node(node: &MarkedYaml<'_>, depth: usize) -> Result<Node, SyntaxError> {
    let place = yaml_place(node);
    let wrong = |why: &str| SyntaxError { place, why: why.to_owned() };
    if depth > MOST_NESTED {
        return Err(wrong("nested too deeply"));
    }
    let value = match &node.data {
        YamlData::Value(Scalar::Null) => NodeValue::Null,
        YamlData::Value(Scalar::Boolean(switch)) => NodeValue::Switch(*switch),
        YamlData::Value(Scalar::Integer(number)) => NodeValue::Number(*number),
        YamlData::Value(Scalar::FloatingPoint(number)) => NodeValue::Float(number.into_inner()),
        YamlData::Value(Scalar::String(text)) => NodeValue::Text(text.clone().into_owned()),
        YamlData::Sequence(items) => {
            NodeValue::List(items.iter().map(|item| yaml_node(item, depth + 1)).collect::<Result<_, _>>()?)
        }
        YamlData::Mapping(mapping) => {
            let field = |(name, item): (&MarkedYaml<'_>, &MarkedYaml<'_>)| {
                let YamlData::Value(Scalar::String(text)) = &name.data else {
                    let why = "the name of a field is not a text".to_owned();
                    return Err(SyntaxError { place: yaml_place(name), why });
                };
                let (name, place) = (text.clone().into_owned(), yaml_place(name));
                Ok(Field { name, place, node: yaml_node(item, depth + 1)? })
            };
            NodeValue::Map(mapping.iter().map(field).collect::<Result<_, _>>()?)
        }
        YamlData::Tagged(..) => return Err(wrong("tags are not supported")),
        YamlData::Representation(..) | YamlData::Alias(_) | YamlData::BadValue => {
            return Err(wrong("not valid YAML"));
        }
    };
    Ok(Node { place, value })
}

fn toml(text: &str) -> Result<Node, SyntaxError> {
    let place = |offset: usize| {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
        Place { line, column }
    };
    let table = DeTable::parse(text).map_err(|error| {
        let why = if error.message().starts_with("duplicate key") {
            "a field is there twice"
        } else {
            "not valid TOML"
        };
        SyntaxError { place: error.span().map_or(START, |span| place(span.start)), why: why.to_owned() }
    })?;
    toml_table(table.get_ref(), START, &place)
}

fn toml_table(table: &DeTable<'_>, at: Place, place: &impl Fn(usize) -> Place) -> Result<Node, SyntaxError> {
    let field = |(name, value): (&toml::Spanned<toml::de::DeString<'_>>, &toml::Spanned<DeValue<'_>>)| {
        Ok(Field {
            name: name.get_ref().clone().into_owned(),
            place: place(name.span().start),
            node: toml_value(value.get_ref(), place(value.span().start), place)?,
        })
    };
    let mut fields: Vec<Field> = table.iter().map(field).collect::<Result<_, _>>()?;
    fields.sort_by_key(|field| field.place);
    Ok(Node { place: at, value: NodeValue::Map(fields) })
}

fn toml_value(value: &DeValue<'_>, at: Place, place: &impl Fn(usize) -> Place) -> Result<Node, SyntaxError> {
    let value = match value {
        DeValue::String(text) => NodeValue::Text(text.clone().into_owned()),
        DeValue::Integer(number) => {
            let read = i64::from_str_radix(number.as_str(), number.radix());
            NodeValue::Number(
                read.map_err(|_| SyntaxError { place: at, why: "the number is too large".to_owned() })?,
            )
        }
        DeValue::Float(number) => NodeValue::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(switch) => NodeValue::Switch(*switch),
        DeValue::Datetime(time) => NodeValue::Text(time.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| toml_value(item.get_ref(), place(item.span().start), place));
            NodeValue::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => return toml_table(table, at, place),
    };
    Ok(Node { place: at, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: usize, column: usize) -> Place {
        Place { line, column }
    }

    #[test]
    fn the_three_forms_have_the_same_tree_with_places() {
        let yaml = "version: 1\nkeys:\n  - name: a\n    uses: {keep: 10}\n";
        let json = "{\"version\": 1,\n\t\"keys\": [\n\t\t{\"name\": \"a\", \"uses\": {\"keep\": 10}}]}";
        let toml = "version = 1\n[[keys]]\nname = 'a'\nuses = {keep = 10}\n";
        for (text, form, name, keep) in [
            (yaml, FileForm::Yaml, place(3, 11), place(4, 18)),
            (json, FileForm::Json, place(3, 12), place(3, 34)),
            (toml, FileForm::Toml, place(3, 8), place(4, 16)),
        ] {
            let root = Node::parse(text, form).unwrap();
            let entry = root.field("keys").unwrap().item(0).unwrap();
            let found = entry.field("name").unwrap();
            assert!(matches!(&found.value, NodeValue::Text(text) if text == "a"), "{form:?}");
            assert_eq!(found.place, name, "{form:?}");
            let found = entry.field("uses").unwrap().field("keep").unwrap();
            assert!(matches!(found.value, NodeValue::Number(10)), "{form:?}");
            assert_eq!(found.place, keep, "{form:?}");
        }
    }

    #[test]
    fn what_is_wrong_has_a_place_and_no_text_of_the_file() {
        for (text, form, expected) in [
            ("keys: [\n  s3cret", FileForm::Yaml, None),
            ("a: 1\na: s3cret\n", FileForm::Yaml, Some(2)),
            ("a: !!str s3cret\n", FileForm::Yaml, None),
            ("a: 1\n---\nb: 2\n", FileForm::Yaml, Some(3)),
            ("{\"a\": 1,\n \"b\": s3cret}", FileForm::Json, Some(2)),
            ("a = 1\nb = s3cret\n", FileForm::Toml, Some(2)),
            ("a = 1\na = 2\n", FileForm::Toml, Some(2)),
        ] {
            match (Node::parse(text, form), expected) {
                (Err(error), line) => {
                    assert!(!error.why.contains("s3cret"), "{}", error.why);
                    assert!(line.is_none_or(|line| line == error.place.line), "{text}: {error:?}");
                }
                (Ok(_), None) => {}
                (Ok(node), Some(_)) => panic!("{text}: {node:?}"),
            }
        }
        let deep = "[".repeat(5000);
        assert!(Node::parse(&deep, FileForm::Yaml).is_err());
    }

    #[test]
    fn json_may_escape_any_character() {
        let text = r#"{"a": "\ud83d\ude00 \\ud83d \u00e9 \/ \" \n"}"#;
        let root = Node::parse(text, FileForm::Json).unwrap();
        let NodeValue::Text(found) = &root.field("a").unwrap().value else { panic!("{root:?}") };
        assert_eq!(found, "\u{1f600} \\ud83d \u{e9} / \" \n");
    }
}
