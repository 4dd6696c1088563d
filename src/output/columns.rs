//! The names that `--columns` and `--field` take, and the columns of tables.

use super::record::{SECRET_FIELD, TOKEN_FIELD};
use super::{OutputError, RecordKind};
use crate::domain::near;

/// How a cell of a table is made from a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// The field as it is.
    Plain,
    /// The first field that has a text.
    FirstOf,
    /// Count and limit of uses.
    Used,
    /// The state in one word, with the uses left where they are few.
    Status,
    Age,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// The word at its head.
    pub(super) header: String,
    /// The fields that its cells show.
    pub(super) fields: Vec<&'static str>,
    pub(super) cell: Cell,
}

/// A column as a table names it: a word that `--columns` also takes.
struct ColumnAlias {
    header: &'static str,
    /// The fields that the word means outside tables.
    fields: &'static [&'static str],
    cell: Cell,
}

const fn word(header: &'static str, fields: &'static [&'static str], cell: Cell) -> ColumnAlias {
    ColumnAlias { header, fields, cell }
}

const KEY_FIELDS: &[&str] = &[
    "id",
    "name",
    "association_type",
    "enabled",
    "exportable",
    "max_usage",
    "usage_count",
    "remaining",
    "status",
    "zcomponent_id",
    "zcomponent_name",
    "app_connector_group_name",
    "enrollment_cert_id",
    "enrollment_cert_name",
    "ip_acl",
    "ui_config",
    "microtenant_id",
    "microtenant_name",
    "read_only",
    "zscaler_managed",
    "created_at",
    "modified_at",
    "expires_at",
    "modified_by",
    "role",
    "due_at",
    "fingerprint",
];
const REVEALED_KEY_FIELDS: &[&str] = &[
    "id",
    "name",
    "association_type",
    "enabled",
    "exportable",
    "max_usage",
    "usage_count",
    "remaining",
    "status",
    "zcomponent_id",
    "zcomponent_name",
    "app_connector_group_name",
    "enrollment_cert_id",
    "enrollment_cert_name",
    "ip_acl",
    "ui_config",
    "microtenant_id",
    "microtenant_name",
    "read_only",
    "zscaler_managed",
    "created_at",
    "modified_at",
    "expires_at",
    "modified_by",
    "role",
    "due_at",
    SECRET_FIELD,
    "fingerprint",
];
const REVEAL_FIELDS: &[&str] = &["id", "name", "association_type", SECRET_FIELD, "fingerprint"];
const ENROLLED_FIELDS: &[&str] =
    &["id", "name", "key_id", "key_name", "version", "control_channel_status", "enabled", "created_at"];
const TOKEN_FIELDS: &[&str] = &[TOKEN_FIELD, "token_type", "expires_at"];
const SIGN_IN_FIELDS: &[&str] = &[
    "profile",
    "active",
    "usable",
    "problem",
    "customer_id",
    "microtenant",
    "auth",
    "method",
    "client_id",
    "client_secret",
    "private_key",
    "secret_kept_in",
    "vanity_domain",
    "cloud",
    "api_url",
    "token_url",
    "token_kept_in",
    "token_expires_at",
    "token_seconds_left",
    "types",
    "origins",
];
const PROFILE_FIELDS: &[&str] = &[
    "name",
    "active",
    "customer_id",
    "microtenant",
    "auth",
    "method",
    "client_id",
    "secret_kept_in",
    "vanity_domain",
    "cloud",
    "api_url",
    "token_url",
    "types",
    "defaults",
    "settings",
];
const DELETION_FIELDS: &[&str] = &["id", "name", "association_type", "deleted"];
const CHANGE_FIELDS: &[&str] =
    &["id", "name", "action", "changed", "reason", "due_at", "keys", "deleted", "enrolled", "warnings"];
const LINEAGE_FIELDS: &[&str] = &[
    "id",
    "name",
    "association_type",
    "microtenant_id",
    "state",
    "next_action",
    "due",
    "due_at",
    "command",
    "remarks",
    "type_keys",
    "type_limit",
    "type_stuck",
    "keys",
];
const PLAN_FIELDS: &[&str] = &["dry_run", "action", "method", "path", "body", "changes"];

const IDENTIFICATION_FIELDS: &[&str] = &[
    "id",
    "name",
    "association_type",
    "enabled",
    "max_usage",
    "usage_count",
    "remaining",
    "status",
    "zcomponent_id",
    "zcomponent_name",
    "microtenant_id",
    "microtenant_name",
    "fingerprint",
    "length",
    "host",
    "cloud",
    "findings",
];
const ROTATION_FIELDS: &[&str] = &[
    "id",
    "name",
    "operation",
    "state",
    "old",
    "new",
    "proof",
    "delivered",
    "retire",
    "changed",
    "resumed",
    "reason",
    "enrolled_with_old",
    "warnings",
    "fingerprint",
];
const REVEALED_ROTATION_FIELDS: &[&str] = &[
    "id",
    "name",
    "operation",
    "state",
    "old",
    "new",
    "proof",
    "delivered",
    "retire",
    "changed",
    "resumed",
    "reason",
    "enrolled_with_old",
    "warnings",
    SECRET_FIELD,
    "fingerprint",
];
const ROTATION_PLAN_FIELDS: &[&str] =
    &["dry_run", "action", "name", "state", "old", "new", "due_at", "keys_in_use", "steps"];

const FINDING_FIELDS: &[&str] = &["check", "status", "message", "hint", "code", "details"];

const LOG_FIELDS: &[&str] = &[
    "time",
    "profile",
    "customer_id",
    "command",
    "action",
    "id",
    "name",
    "association_type",
    "fields",
    "changes",
    "destination",
    "outcome",
    "code",
    "request_id",
];

const KEY_TABLE: &[ColumnAlias] = &[
    word("NAME", &["name"], Cell::Plain),
    word("TYPE", &["association_type"], Cell::Plain),
    word("GROUP", &["zcomponent_name", "zcomponent_id"], Cell::FirstOf),
    word("USED", &["usage_count", "max_usage"], Cell::Used),
    word("STATUS", &["status"], Cell::Status),
    word("MODIFIED", &["modified_at"], Cell::Age),
];
const KEY_WIDE: &[ColumnAlias] = &[
    word("ID", &["id"], Cell::Plain),
    word("CERTIFICATE", &["enrollment_cert_name", "enrollment_cert_id"], Cell::FirstOf),
    word("IP_ACL", &["ip_acl"], Cell::Plain),
    word("ENABLED", &["enabled"], Cell::Plain),
    word("EXPORTABLE", &["exportable"], Cell::Plain),
    word("MICROTENANT", &["microtenant_name", "microtenant_id"], Cell::FirstOf),
    word("CREATED", &["created_at"], Cell::Age),
    word("ROLE", &["role"], Cell::Plain),
    word("DUE", &["due_at"], Cell::Age),
    word("FINGERPRINT", &["fingerprint"], Cell::Plain),
];
const REVEAL_TABLE: &[ColumnAlias] = &[
    word("NAME", &["name"], Cell::Plain),
    word("ID", &["id"], Cell::Plain),
    word("TYPE", &["association_type"], Cell::Plain),
    word("FINGERPRINT", &["fingerprint"], Cell::Plain),
];
const ENROLLED_TABLE: &[ColumnAlias] = &[
    word("NAME", &["name"], Cell::Plain),
    word("VERSION", &["version"], Cell::Plain),
    word("CONTROL_CHANNEL", &["control_channel_status"], Cell::Plain),
    word("ENABLED", &["enabled"], Cell::Plain),
    word("CREATED", &["created_at"], Cell::Age),
];
const ENROLLED_WIDE: &[ColumnAlias] =
    &[word("ID", &["id"], Cell::Plain), word("KEY", &["key_name", "key_id"], Cell::FirstOf)];
const SIGN_IN_TABLE: &[ColumnAlias] = &[
    word("PROFILE", &["profile"], Cell::Plain),
    word("ACTIVE", &["active"], Cell::Plain),
    word("USABLE", &["usable"], Cell::Plain),
    word("CUSTOMER", &["customer_id"], Cell::Plain),
    word("AUTH", &["auth"], Cell::Plain),
    word("METHOD", &["method"], Cell::Plain),
    word("SECRET", &["secret_kept_in"], Cell::Plain),
];
const SIGN_IN_WIDE: &[ColumnAlias] = &[
    word("CLIENT_ID", &["client_id"], Cell::Plain),
    word("CLOUD", &["cloud"], Cell::Plain),
    word("PROBLEM", &["problem"], Cell::Plain),
];
const PROFILE_TABLE: &[ColumnAlias] = &[
    word("NAME", &["name"], Cell::Plain),
    word("ACTIVE", &["active"], Cell::Plain),
    word("CUSTOMER", &["customer_id"], Cell::Plain),
    word("AUTH", &["auth"], Cell::Plain),
    word("METHOD", &["method"], Cell::Plain),
    word("SECRET", &["secret_kept_in"], Cell::Plain),
    word("CLOUD", &["cloud"], Cell::Plain),
];
const PROFILE_WIDE: &[ColumnAlias] = &[
    word("CLIENT_ID", &["client_id"], Cell::Plain),
    word("VANITY_DOMAIN", &["vanity_domain"], Cell::Plain),
    word("MICROTENANT", &["microtenant"], Cell::Plain),
    word("TYPES", &["types"], Cell::Plain),
];
const TOKEN_TABLE: &[ColumnAlias] =
    &[word("ACCESS_TOKEN", &[TOKEN_FIELD], Cell::Plain), word("EXPIRES_AT", &["expires_at"], Cell::Plain)];
const DELETION_WIDE: &[ColumnAlias] = &[
    word("NAME", &["name"], Cell::Plain),
    word("ID", &["id"], Cell::Plain),
    word("TYPE", &["association_type"], Cell::Plain),
    word("DELETED", &["deleted"], Cell::Plain),
];
const CHANGE_WIDE: &[ColumnAlias] = &[
    word("NAME", &["name"], Cell::Plain),
    word("ID", &["id"], Cell::Plain),
    word("ACTION", &["action"], Cell::Plain),
    word("CHANGED", &["changed"], Cell::Plain),
    word("REASON", &["reason"], Cell::Plain),
];
const LINEAGE_WIDE: &[ColumnAlias] = &[
    word("NAME", &["name"], Cell::Plain),
    word("TYPE", &["association_type"], Cell::Plain),
    word("STATE", &["state"], Cell::Plain),
    word("NEXT", &["next_action"], Cell::Plain),
    word("FROM", &["due_at"], Cell::Age),
];
const PLAN_WIDE: &[ColumnAlias] = &[
    word("ACTION", &["action"], Cell::Plain),
    word("METHOD", &["method"], Cell::Plain),
    word("PATH", &["path"], Cell::Plain),
];
const ROTATION_TABLE: &[ColumnAlias] = &[
    word("NAME", &["name"], Cell::Plain),
    word("ID", &["id"], Cell::Plain),
    word("STATE", &["state"], Cell::Plain),
    word("CHANGED", &["changed"], Cell::Plain),
];
const ROTATION_PLAN_TABLE: &[ColumnAlias] =
    &[word("NAME", &["name"], Cell::Plain), word("STATE", &["state"], Cell::Plain)];
const FINDING_TABLE: &[ColumnAlias] = &[
    word("CHECK", &["check"], Cell::Plain),
    word("STATUS", &["status"], Cell::Plain),
    word("MESSAGE", &["message"], Cell::Plain),
    word("HINT", &["hint"], Cell::Plain),
];

const IDENTIFICATION_TABLE: &[ColumnAlias] = &[
    word("NAME", &["name"], Cell::Plain),
    word("ID", &["id"], Cell::Plain),
    word("TYPE", &["association_type"], Cell::Plain),
    word("GROUP", &["zcomponent_name", "zcomponent_id"], Cell::FirstOf),
    word("USED", &["usage_count", "max_usage"], Cell::Used),
    word("STATUS", &["status"], Cell::Status),
    word("FINDINGS", &["findings"], Cell::Plain),
];

const LOG_TABLE: &[ColumnAlias] = &[
    word("TIME", &["time"], Cell::Plain),
    word("PROFILE", &["profile"], Cell::Plain),
    word("ACTION", &["action"], Cell::Plain),
    word("NAME", &["name"], Cell::Plain),
    word("ID", &["id"], Cell::Plain),
    word("OUTCOME", &["outcome"], Cell::Plain),
    word("DESTINATION", &["destination"], Cell::Plain),
];
const LOG_WIDE: &[ColumnAlias] = &[
    word("COMMAND", &["command"], Cell::Plain),
    word("TYPE", &["association_type"], Cell::Plain),
    word("FIELDS", &["fields"], Cell::Plain),
    word("CODE", &["code"], Cell::Plain),
    word("CUSTOMER", &["customer_id"], Cell::Plain),
    word("REQUEST_ID", &["request_id"], Cell::Plain),
];

/// Which of a kind's columns a table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Default,
    Wide,
}

/// Lists the JSON names of a kind, in order.
#[must_use]
pub const fn fields(kind: RecordKind) -> &'static [&'static str] {
    match kind {
        RecordKind::Key => KEY_FIELDS,
        RecordKind::RevealedKey => REVEALED_KEY_FIELDS,
        RecordKind::Reveal => REVEAL_FIELDS,
        RecordKind::Enrolled => ENROLLED_FIELDS,
        RecordKind::Deletion => DELETION_FIELDS,
        RecordKind::Change => CHANGE_FIELDS,
        RecordKind::Lineage => LINEAGE_FIELDS,
        RecordKind::Plan => PLAN_FIELDS,
        RecordKind::Rotation => ROTATION_FIELDS,
        RecordKind::RevealedRotation => REVEALED_ROTATION_FIELDS,
        RecordKind::RotationPlan => ROTATION_PLAN_FIELDS,
        RecordKind::SignIn => SIGN_IN_FIELDS,
        RecordKind::Profile => PROFILE_FIELDS,
        RecordKind::Token => TOKEN_FIELDS,
        RecordKind::Finding => FINDING_FIELDS,
        RecordKind::Identification => IDENTIFICATION_FIELDS,
        RecordKind::LogEntry => LOG_FIELDS,
    }
}

/// The fields that hold a secret.
const SECRET_FIELDS: [&str; 2] = [SECRET_FIELD, TOKEN_FIELD];

/// Tells whether a field holds a secret.
pub(super) fn is_secret(field: &str) -> bool {
    SECRET_FIELDS.contains(&field)
}

/// Returns the words of the usual table, and those that a wide one adds.
const fn words(kind: RecordKind) -> (&'static [ColumnAlias], &'static [ColumnAlias]) {
    match kind {
        RecordKind::Key | RecordKind::RevealedKey => (KEY_TABLE, KEY_WIDE),
        RecordKind::Reveal => (REVEAL_TABLE, &[]),
        RecordKind::Enrolled => (ENROLLED_TABLE, ENROLLED_WIDE),
        RecordKind::SignIn => (SIGN_IN_TABLE, SIGN_IN_WIDE),
        RecordKind::Profile => (PROFILE_TABLE, PROFILE_WIDE),
        RecordKind::Token => (TOKEN_TABLE, &[]),
        // A person has it from the notice on stderr; there is no table unless one is asked for.
        RecordKind::Deletion => (&[], DELETION_WIDE),
        RecordKind::Change => (&[], CHANGE_WIDE),
        // People read a tree; there is no table unless one is asked for.
        RecordKind::Lineage => (&[], LINEAGE_WIDE),
        RecordKind::Plan => (&[], PLAN_WIDE),
        RecordKind::Rotation | RecordKind::RevealedRotation => (ROTATION_TABLE, &[]),
        RecordKind::RotationPlan => (ROTATION_PLAN_TABLE, &[]),
        RecordKind::Finding => (FINDING_TABLE, &[]),
        RecordKind::Identification => (IDENTIFICATION_TABLE, &[]),
        RecordKind::LogEntry => (LOG_TABLE, LOG_WIDE),
    }
}

impl Column {
    /// Tells whether its cells are a key value.
    pub(super) fn shows_secret(&self) -> bool {
        self.fields.iter().any(|field| is_secret(field))
    }
}

impl From<&ColumnAlias> for Column {
    fn from(word: &ColumnAlias) -> Self {
        Self { header: word.header.to_owned(), fields: word.fields.to_vec(), cell: word.cell }
    }
}

/// Returns the columns of a kind's table.
pub(super) fn of_table(kind: RecordKind, extent: Width) -> Vec<Column> {
    let (usual, wide) = words(kind);
    let more = match extent {
        Width::Default => &[],
        Width::Wide => wide,
    };
    usual.iter().chain(more).map(Column::from).collect()
}

fn same(typed: &str, name: &str) -> bool {
    typed.replace('-', "_").eq_ignore_ascii_case(name)
}

fn find_word(kind: RecordKind, name: &str) -> Option<&'static ColumnAlias> {
    let name = if same(name, "cert") { "certificate" } else { name };
    let (usual, wide) = words(kind);
    usual.iter().chain(wide).find(|word| same(name, word.header))
}

fn find_field(kind: RecordKind, name: &str) -> Option<&'static str> {
    fields(kind).iter().copied().find(|field| same(name, field))
}

fn unknown(kind: RecordKind, name: &str) -> OutputError {
    if let Some(field) = SECRET_FIELDS.into_iter().find(|field| same(name, field)) {
        return OutputError::SecretField { field };
    }
    let known = fields(kind);
    let wanted = name.replace('-', "_");
    let close = near(&wanted, known.iter().copied());
    let near = known.iter().copied().filter(|field| close.contains(field)).collect();
    OutputError::UnknownName { name: name.to_owned(), kind, known: known.to_vec(), near }
}

/// Returns the column that a name means in a table.
pub(super) fn of_name(kind: RecordKind, name: &str) -> Result<Column, OutputError> {
    if let Some(word) = find_word(kind, name) {
        return Ok(Column::from(word));
    }
    let field = find_field(kind, name).ok_or_else(|| unknown(kind, name))?;
    Ok(Column { header: field.to_ascii_uppercase(), fields: vec![field], cell: Cell::Plain })
}

/// Returns the fields that a list of names means outside tables, each once.
pub(super) fn of_data(kind: RecordKind, names: &[String]) -> Result<Vec<&'static str>, OutputError> {
    let mut selected = Vec::with_capacity(names.len());
    for name in names {
        let meant = match (find_field(kind, name), find_word(kind, name)) {
            (Some(field), _) => vec![field],
            (None, Some(ColumnAlias { fields, cell: Cell::FirstOf, .. })) => {
                fields.iter().take(1).copied().collect()
            }
            (None, Some(word)) => word.fields.to_vec(),
            (None, None) => return Err(unknown(kind, name)),
        };
        for field in meant {
            if !selected.contains(&field) {
                selected.push(field);
            }
        }
    }
    Ok(selected)
}

/// Returns what `--field` prints: a field where the name is one, else the cell that the word means.
pub(super) fn of_field(kind: RecordKind, name: &str) -> Result<Column, OutputError> {
    match find_field(kind, name) {
        Some(field) => Ok(Column { header: field.to_owned(), fields: vec![field], cell: Cell::Plain }),
        None => match of_name(kind, name)? {
            column @ Column { cell: Cell::Used, .. } => Ok(column),
            mut column => {
                column.fields.truncate(1);
                column.cell = Cell::Plain;
                Ok(column)
            }
        },
    }
}

/// Checks the names that `--columns` and `--field` give, before anything is sent.
///
/// # Errors
/// [`OutputError::UnknownName`] and [`OutputError::SecretField`].
pub fn check(kind: RecordKind, columns: Option<&[String]>, field: Option<&str>) -> Result<(), OutputError> {
    for name in columns.unwrap_or_default() {
        of_name(kind, name)?;
    }
    field.map_or(Ok(()), |name| of_field(kind, name).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(check(RecordKind::Key, Some(&names(&[name])), Some(name)).is_ok(), "{name}");
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_what_is_near() {
        let error = check(RecordKind::Key, Some(&names(&["usage_cuont"])), None).unwrap_err();
        assert_eq!(error.to_string(), "a provisioning key has no field named `usage_cuont`");
        let OutputError::UnknownName { near, known, .. } = error else { panic!("{error}") };
        assert_eq!(near.first(), Some(&"usage_count"));
        assert_eq!(known.len(), 27);
    }

    #[test]
    fn the_secret_is_a_field_only_where_it_was_asked_for() {
        let secret = Some("provisioning_key");
        for kind in [RecordKind::Key, RecordKind::Enrolled, RecordKind::Deletion, RecordKind::Plan] {
            let error = check(kind, None, secret).unwrap_err();
            assert_eq!(error.to_string(), "`provisioning_key` is secret and not part of this answer");
        }
        assert!(check(RecordKind::Reveal, None, secret).is_ok());
        assert!(check(RecordKind::RevealedKey, Some(&names(&["provisioning_key"])), secret).is_ok());
    }

    #[test]
    fn words_mean_json_fields_outside_tables() {
        assert_eq!(
            of_data(RecordKind::Key, &names(&["name", "used", "group", "max_usage"])).unwrap(),
            ["name", "usage_count", "max_usage", "zcomponent_name"]
        );
    }
}
