//! The names that `--columns` and `--field` take: the fields of a view's struct, and the headers of its columns.

use std::any::TypeId;
use std::borrow::Cow;

use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

use super::column::{Align, ColumnName, Width};
use super::record::SECRET_FIELDS;
use super::tenants::{LABEL_FIELDS, PROFILE_HEADER};
use super::view::{Presence, SecretField, View};
use super::{Format, OutputError, schema};
use crate::domain::near;

/// What is known of the records of an answer before there is one.
#[derive(Debug, Clone, Copy)]
pub struct RecordKind {
    /// Asked when kinds are compared: in a constant, only Rust 1.91 and newer can.
    view: fn() -> TypeId,
    noun: &'static str,
    columns: fn() -> Vec<ColumnName>,
    pub(super) definition: fn() -> Cow<'static, str>,
    pub(super) reference: fn(&mut SchemaGenerator) -> Schema,
    /// The secret that the records have.
    secret: Option<SecretField>,
    are_findings: bool,
    has_checks: bool,
    /// The field that `--quiet` prints.
    id: &'static str,
    /// Whether each record has the tenant that it is of.
    is_of_tenants: bool,
}

impl PartialEq for RecordKind {
    fn eq(&self, other: &Self) -> bool {
        ((self.view)(), self.secret) == ((other.view)(), other.secret)
    }
}

impl Eq for RecordKind {}

/// What a name means in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// The column with this header.
    Column(&'static str),
    Field(String),
}

impl RecordKind {
    /// Returns the kind of a view, as it is without `--reveal`.
    pub const fn of<V: View>() -> Self {
        match V::SECRET {
            Some(SecretField { presence: Presence::Always, .. }) => Self::revealed::<V>(),
            Some(_) | None => Self { secret: None, ..Self::revealed::<V>() },
        }
    }

    /// Returns the kind of a view that is shown with its secret.
    pub const fn revealed<V: View>() -> Self {
        Self {
            view: TypeId::of::<V>,
            noun: V::NOUN,
            columns: columns_of::<V>,
            definition: V::schema_name,
            reference: SchemaGenerator::subschema_for::<V>,
            secret: V::SECRET,
            are_findings: !V::SARIF_RULES.is_empty(),
            has_checks: V::HAS_CHECKS,
            id: V::ID,
            is_of_tenants: false,
        }
    }

    /// Returns the kind of the same records with the tenant that each is of.
    pub const fn of_tenants(self) -> Self {
        Self { is_of_tenants: true, ..self }
    }

    pub(super) const fn id(self) -> &'static str {
        self.id
    }

    /// Lists the columns of a table.
    fn columns(self) -> Vec<ColumnName> {
        let profile = ColumnName {
            header: PROFILE_HEADER,
            fields: &LABEL_FIELDS[..1],
            width: Width::Default,
            align: Align::Left,
        };
        self.is_of_tenants.then_some(profile).into_iter().chain((self.columns)()).collect()
    }

    pub(super) const fn secret(self) -> Option<SecretField> {
        self.secret
    }

    /// Lists the JSON names, in order.
    pub fn fields(self) -> Vec<String> {
        let mut generator = schema::generator();
        (self.reference)(&mut generator);
        let definition = generator.definitions().get(&*(self.definition)());
        let properties = definition.and_then(|definition| definition.get("properties"));
        let own = properties.and_then(Value::as_object).into_iter().flat_map(|fields| fields.keys());
        let mut fields: Vec<String> = own.cloned().collect();
        if self.is_of_tenants {
            fields.retain(|field| !LABEL_FIELDS.contains(&field.as_str()));
            fields.splice(0..0, LABEL_FIELDS.map(str::to_owned));
        }
        if let Some(secret) = self.secret {
            let place = fields.iter().position(|field| field == secret.before);
            fields.insert(place.unwrap_or(fields.len()), secret.name.to_owned());
        }
        fields
    }

    fn column(self, name: &str) -> Option<ColumnName> {
        let name = if same(name, "cert") { "certificate" } else { name };
        self.columns().into_iter().find(|column| same(name, column.header))
    }

    fn field(self, name: &str) -> Option<String> {
        self.fields().into_iter().find(|field| same(name, field))
    }

    /// Returns what a name means in a table.
    pub(super) fn in_table(self, name: &str) -> Result<Named, OutputError> {
        if let Some(column) = self.column(name) {
            return Ok(Named::Column(column.header));
        }
        self.field(name).map(Named::Field).ok_or_else(|| self.unknown(name))
    }

    /// Returns the fields that a list of names means outside tables, each once.
    pub(super) fn in_data(self, names: &[String]) -> Result<Vec<String>, OutputError> {
        let mut selected = Vec::with_capacity(names.len());
        for name in names {
            let meant = match (self.field(name), self.column(name)) {
                (Some(field), _) => vec![field],
                (None, Some(column)) => column.fields.iter().map(ToString::to_string).collect(),
                (None, None) => return Err(self.unknown(name)),
            };
            for field in meant {
                if !selected.contains(&field) {
                    selected.push(field);
                }
            }
        }
        Ok(selected)
    }

    /// Returns the field that a name or a heading means for sorting: the first of those of a heading.
    pub fn sort_field(self, name: &str) -> Option<String> {
        self.field(name).or_else(|| self.column(name)?.fields.first().map(|field| (*field).to_owned()))
    }

    /// Lists the names that `--columns`, `--field` and `--sort` take, for a shell: the fields, then the headings.
    pub fn names(self) -> Vec<String> {
        let mut names = self.fields();
        let headings = self.columns().into_iter().map(|column| column.header.to_ascii_lowercase());
        names.extend(headings.filter(|heading| self.field(heading).is_none()).collect::<Vec<_>>());
        names
    }

    /// Returns what `--field` prints: a field, or the cell of a header that means several.
    pub(super) fn in_field(self, name: &str) -> Result<Named, OutputError> {
        if let Some(field) = self.field(name) {
            return Ok(Named::Field(field));
        }
        match self.column(name).map(|column| (column.fields, column.header)) {
            Some(([field], _)) => Ok(Named::Field((*field).to_owned())),
            Some((_, header)) => Ok(Named::Column(header)),
            None => Err(self.unknown(name)),
        }
    }

    /// True if what a name means in a table is the secret.
    pub(super) fn names_secret(self, name: &str) -> bool {
        let is_secret = |field: &str| self.secret.is_some_and(|secret| secret.name == field);
        match self.in_table(name) {
            Ok(Named::Field(field)) => is_secret(&field),
            Ok(Named::Column(header)) => {
                self.column(header).is_some_and(|column| column.fields.iter().any(|field| is_secret(field)))
            }
            Err(_) => false,
        }
    }

    fn unknown(self, name: &str) -> OutputError {
        if let Some(field) = SECRET_FIELDS.into_iter().find(|field| same(name, field)) {
            return OutputError::SecretField { field };
        }
        let known = self.fields();
        let wanted = name.replace('-', "_");
        let close = near(&wanted, known.iter().map(String::as_str));
        let near = known.iter().filter(|field| close.contains(&field.as_str())).cloned().collect();
        OutputError::UnknownName { name: name.to_owned(), noun: self.noun, known, near }
    }
}

fn columns_of<V: View>() -> Vec<ColumnName> {
    V::COLUMNS.iter().map(|column| column.name).collect()
}

fn same(typed: &str, name: &str) -> bool {
    typed.replace('-', "_").eq_ignore_ascii_case(name)
}

/// Checks whether records of this kind can be written in a format, before anything is sent.
pub fn check_format(kind: RecordKind, format: Format) -> Result<(), OutputError> {
    let is_supported = match format {
        Format::Sarif => kind.are_findings,
        Format::Junit => kind.has_checks,
        // Its escapes would damage a key value.
        Format::Markdown => kind.secret.is_none(),
        Format::Auto
        | Format::Table
        | Format::Wide
        | Format::Json
        | Format::Ndjson
        | Format::Yaml
        | Format::Csv => true,
    };
    if is_supported { Ok(()) } else { Err(OutputError::UnsupportedFormat { format, noun: kind.noun }) }
}

/// Checks the names that `--columns` and `--field` give, before anything is sent.
pub fn check(kind: RecordKind, columns: Option<&[String]>, field: Option<&str>) -> Result<(), OutputError> {
    for name in columns.unwrap_or_default() {
        kind.in_table(name)?;
    }
    field.map_or(Ok(()), |name| kind.in_field(name).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{DeletionView, EnrolledView, KeyView, PlanView, RevealView};

    const KEY: RecordKind = RecordKind::of::<KeyView>();

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn json_names_and_header_words_are_known_in_any_case() {
        for name in [
            "name",
            "used",
            "USED",
            "type",
            "group",
            "cert",
            "certificate",
            "modified",
            "created",
            "usage_count",
            "usage-count",
            "ip_acl",
        ] {
            assert!(check(KEY, Some(&names(&[name])), Some(name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_what_is_near() {
        let error = check(KEY, Some(&names(&["usage_cuont"])), None).unwrap_err();
        assert_eq!(error.to_string(), "a provisioning key has no field named `usage_cuont`");
        let OutputError::UnknownName { near, known, .. } = error else { panic!("{error}") };
        assert_eq!(near.first().map(String::as_str), Some("usage_count"));
        assert_eq!(known.len(), 29);
    }

    #[test]
    fn the_secret_is_a_field_only_where_it_was_asked_for() {
        let secret = Some("provisioning_key");
        let kinds = [
            KEY,
            RecordKind::of::<EnrolledView>(),
            RecordKind::of::<DeletionView>(),
            RecordKind::of::<PlanView>(),
        ];
        for kind in kinds {
            let error = check(kind, None, secret).unwrap_err();
            assert_eq!(error.to_string(), "`provisioning_key` is secret and not part of this answer");
        }
        assert!(check(RecordKind::of::<RevealView>(), None, secret).is_ok());
        let revealed = RecordKind::revealed::<KeyView>();
        assert!(check(revealed, Some(&names(&["provisioning_key"])), secret).is_ok());
        assert_ne!(revealed, KEY);
    }

    #[test]
    fn words_mean_json_fields_outside_tables() {
        assert_eq!(
            KEY.in_data(&names(&["name", "used", "group", "max_usage"])).unwrap(),
            ["name", "usage_count", "max_usage", "zcomponent_name"]
        );
    }

    #[test]
    fn each_column_and_each_secret_names_fields_that_its_view_has() {
        for (kind, _) in schema::ANSWERS {
            let fields = kind.fields();
            if let Some(secret) = kind.secret {
                let place = fields.iter().position(|field| field == secret.name).unwrap();
                assert_eq!(fields.get(place + 1).map(String::as_str), Some(secret.before));
            }
            for column in (kind.columns)() {
                for field in column.fields {
                    assert!(fields.iter().any(|known| known == field), "{}: {field}", column.header);
                }
            }
        }
    }
}
