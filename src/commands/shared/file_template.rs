//! `--out-file` with `{name}`, `{id}` or `{group}`: a file for each key.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::context::quoted;
use crate::domain::{KeyId, ProvisioningKey, escape, is_deceptive};
use crate::error::CommandError;

/// The path of a file, with what stands for a key's own name, id and group.
#[derive(Debug, Clone)]
pub(crate) struct FileTemplate(String);

/// What is known of a key before its file is opened.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FileFields<'a> {
    pub(crate) name: &'a str,
    pub(crate) id: Option<&'a KeyId>,
    pub(crate) group: Option<&'a str>,
}

impl<'a> From<&'a ProvisioningKey> for FileFields<'a> {
    fn from(key: &'a ProvisioningKey) -> Self {
        let group = key.group.name.as_ref().map_or(key.group.id.as_str(), |name| name.raw());
        Self { name: key.name.raw(), id: Some(&key.id), group: Some(group) }
    }
}

impl FileTemplate {
    /// Reads a path; `None` if it has no field.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let text = path.to_str()?;
        ["{name}", "{id}", "{group}"].iter().any(|field| text.contains(field)).then(|| Self(text.to_owned()))
    }

    pub(crate) fn names_groups(&self) -> bool {
        self.0.contains("{group}")
    }

    /// Returns the file of a key.
    pub(crate) fn path(&self, fields: FileFields<'_>) -> Result<PathBuf, CommandError> {
        let known = [
            ("{name}", Some(fields.name)),
            ("{id}", fields.id.map(KeyId::as_str)),
            ("{group}", fields.group),
        ];
        let mut rest = self.0.as_str();
        let mut path = String::with_capacity(rest.len());
        // From left to right, so that a name with braces is not read as a field.
        while let Some(start) = rest.find('{') {
            let (before, from) = rest.split_at(start);
            path.push_str(before);
            let field = known.iter().find(|(field, _)| from.starts_with(field));
            rest = match field {
                Some((field, Some(value))) => {
                    path.push_str(&file_part(value));
                    from.get(field.len()..).unwrap_or_default()
                }
                Some((field, None)) => {
                    let message = format!("--out-file: {field} is not known before the key is created");
                    return Err(CommandError::usage(message, "use {name}"));
                }
                None => {
                    path.push('{');
                    from.get(1..).unwrap_or_default()
                }
            };
        }
        path.push_str(rest);
        Ok(path.into())
    }

    /// Returns the file of each key, all different.
    pub(crate) fn paths<'a>(
        &self,
        keys: impl IntoIterator<Item = FileFields<'a>>,
    ) -> Result<Vec<PathBuf>, CommandError> {
        let mut owners: HashMap<String, &str> = HashMap::new();
        let mut paths = Vec::new();
        for fields in keys {
            let path = self.path(fields)?;
            // File systems exist on which the case of letters does not count.
            if let Some(other) = owners.insert(path.to_string_lossy().to_lowercase(), fields.name) {
                let file = quoted(&path.display().to_string());
                let message =
                    format!("--out-file: {} and {} would both be {file}", escape(other), escape(fields.name));
                let hint = match fields.id {
                    Some(_) => "--out-file '{id}.key' gives each its own",
                    None => "name them apart, or hand them over one by one",
                };
                return Err(CommandError::usage(message, hint));
            }
            paths.push(path);
        }
        Ok(paths)
    }
}

/// Puts the name of a profile for `{profile}`.
pub(crate) fn with_profile(path: PathBuf, profile: &str) -> PathBuf {
    match path.to_str() {
        Some(text) => text.replace("{profile}", &file_part(profile)).into(),
        None => path,
    }
}

/// Writes a text as one part of a path that every common file system takes: no separators, nothing hidden, no blanks
/// at its ends.
fn file_part(text: &str) -> String {
    const RESERVED: &str = r#"/\:*?"<>|"#;
    let plain = |letter: char| if is_deceptive(letter) || RESERVED.contains(letter) { '_' } else { letter };
    let mut part: String = text.trim().chars().map(plain).collect();
    if part.is_empty() || part.starts_with(['.', '-']) {
        part.insert(0, '_');
    }
    if part.ends_with('.') {
        part.push('_');
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(template: &str, name: &str) -> String {
        let template = FileTemplate::of(Path::new(template)).unwrap();
        template.path(FileFields { name, ..FileFields::default() }).unwrap().display().to_string()
    }

    #[test]
    fn names_become_one_part_of_a_path() {
        assert_eq!(path("keys/{name}.key", "prod aws"), "keys/prod aws.key");
        assert_eq!(path("{name}", "../../etc/passwd"), "_.._.._etc_passwd");
        assert_eq!(path("{name}", ".."), "_.._");
        assert_eq!(path("{name}.key", "a/b\\c:d\n"), "a_b_c_d.key");
        assert_eq!(path("{name}.key", " "), "_.key");
        assert_eq!(path("{name}", "-rf"), "_-rf");
        assert_eq!(path("{name}", "a\u{202e}b"), "a_b");
        assert_eq!(path("{x}{name}{", "{id}{name}"), "{x}{id}{name}{");
    }

    #[test]
    fn two_keys_with_one_file_are_refused() {
        let template = FileTemplate::of(Path::new("{name}.key")).unwrap();
        let keys = |names: [&'static str; 2]| names.map(|name| FileFields { name, ..FileFields::default() });
        assert!(template.paths(keys(["a", "b"])).is_ok());
        for names in [["a/b", "a:b"], ["Prod", "prod"]] {
            let error = template.paths(keys(names)).unwrap_err().to_string();
            assert!(error.contains("would both be"), "{error}");
        }
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let template = FileTemplate::of(Path::new("{id}.key")).unwrap();
        assert!(template.path(FileFields { name: "a", ..FileFields::default() }).is_err());
        assert!(FileTemplate::of(Path::new("{other}.key")).is_none());
    }
}
