//! Changes to the profile file. What else is in it, comments too, stays as it was.

use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Table, Value};

use super::ConfigError;
use super::file::refuse_distrusted;
use crate::host::{Existing, PrivateFile, PrivateFileError, make_private_directory, read_settings};

/// The profile file, open for changes.
#[derive(Debug)]
pub struct ProfileEditor {
    path: PathBuf,
    document: DocumentMut,
}

/// A file that can be written: whether it can was found out before anything else was done.
#[derive(Debug)]
pub struct ReadyToSave {
    file: PrivateFile,
    text: String,
    path: PathBuf,
}

impl ProfileEditor {
    /// Opens the file; one that does not exist is empty.
    pub fn open(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
        let text = read_settings(path).map_err(unreadable)?.map(|(text, _)| text).unwrap_or_default();
        // The caller has read the file as profiles before; that is where a syntax error is placed.
        let document = text.parse().map_err(|_| ConfigError::Syntax {
            path: path.to_owned(),
            line: 1,
            column: 1,
            why: "that does not parse as the TOML of a profile file".to_owned(),
        })?;
        Ok(Self { path: path.to_owned(), document })
    }

    /// Makes a profile the one that is used where none is named.
    pub fn activate(&mut self, profile: &str) {
        self.document.insert("active", toml_edit::value(profile));
    }

    /// Sets a key of a profile; an empty text removes it.
    pub fn set(&mut self, profile: &str, key: &str, text: &str) {
        if text.is_empty() {
            self.unset(profile, key);
        } else if let Some(table) = self.profile(profile) {
            put(table, key, Value::from(text));
        }
    }

    /// Sets a key of a profile to a list.
    pub fn set_list(&mut self, profile: &str, key: &str, texts: &[&str]) {
        if let Some(table) = self.profile(profile) {
            put(table, key, Value::Array(texts.iter().copied().collect::<Array>()));
        }
    }

    /// Removes a key of a profile; tells whether it was there.
    pub fn unset(&mut self, profile: &str, key: &str) -> bool {
        let profiles = self.document.get_mut("profiles").and_then(Item::as_table_like_mut);
        let table = profiles.and_then(|profiles| profiles.get_mut(profile)).and_then(Item::as_table_like_mut);
        table.is_some_and(|table| table.remove(key).is_some())
    }

    /// Removes a profile, and `active` where it names it; tells whether the profile was there.
    pub fn remove(&mut self, profile: &str) -> bool {
        let profiles = self.document.get_mut("profiles").and_then(Item::as_table_like_mut);
        let was_there = profiles.is_some_and(|profiles| profiles.remove(profile).is_some());
        if self.document.get("active").and_then(Item::as_str) == Some(profile) {
            self.document.remove("active");
        }
        was_there
    }

    /// Makes ready to save: what keeps the file from being written is found out here.
    pub fn prepare(self) -> Result<ReadyToSave, ConfigError> {
        let unwritable = |source| ConfigError::Unwritable { path: self.path.clone(), source };
        // What is written below a directory that others can write would be refused by the next run.
        refuse_distrusted(&self.path)?;
        // A link into a directory of dotfiles stays a link.
        let path = std::fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        directory.map_or(Ok(()), make_private_directory).map_err(unwritable)?;
        let file =
            PrivateFile::prepare(&path, Existing::Replace).map_err(|error| unwritable(io_of(error)))?;
        Ok(ReadyToSave { file, text: self.document.to_string(), path: self.path })
    }

    fn profile(&mut self, name: &str) -> Option<&mut dyn toml_edit::TableLike> {
        let profiles = self.document.entry("profiles").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let profile = profiles.as_table_like_mut()?.entry(name).or_insert_with(|| Item::Table(Table::new()));
        profile.as_table_like_mut()
    }
}

/// Replaces a value and keeps what stands around it.
fn put(table: &mut dyn toml_edit::TableLike, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

impl ReadyToSave {
    /// Saves the file: whole or not at all, for its owner alone.
    pub fn save(self) -> Result<(), ConfigError> {
        let Self { file, text, path } = self;
        let saved = file.commit(|writer| writer.write_all(text.as_bytes()));
        saved.map(drop).map_err(|error| ConfigError::Unwritable { path, source: io_of(error) })
    }
}

fn io_of(error: PrivateFileError) -> std::io::Error {
    match error {
        PrivateFileError::Io { source, .. } => source,
        other @ (PrivateFileError::Exists(_)
        | PrivateFileError::SymbolicLink(_)
        | PrivateFileError::NotAFile(_)
        | PrivateFileError::OpenDirectory(_)) => std::io::Error::other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, edit: impl FnOnce(&mut ProfileEditor)) -> String {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deep/config.toml");
        if !text.is_empty() {
            std::fs::create_dir(directory.path().join("deep")).unwrap();
            std::fs::write(&path, text).unwrap();
        }
        let mut editor = ProfileEditor::open(&path).unwrap();
        edit(&mut editor);
        editor.prepare().unwrap().save().unwrap();
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_file_is_made_where_there_is_none() {
        let text = edited("", |editor| {
            editor.activate("prod");
            editor.set("prod", "client_id", "id");
            editor.set_list("prod", "types", &["connector"]);
        });
        assert_eq!(
            text,
            "active = \"prod\"\n\n[profiles.prod]\nclient_id = \"id\"\ntypes = [\"connector\"]\n"
        );
    }

    #[test]
    fn what_else_is_in_the_file_stays() {
        let before = "# mine\n[profiles.lab]  # old\nclient_id = 'a'   # the id\ncloud = 'beta'\n\n\
                      [profiles.lab.defaults.connector]\ngroup = 'CI'\n";
        let text = edited(before, |editor| {
            editor.set("lab", "client_id", "b");
            editor.set("lab", "cloud", "");
            assert!(!editor.unset("lab", "nothing"));
        });
        assert_eq!(
            text,
            "# mine\n[profiles.lab]  # old\nclient_id = \"b\"   # the id\n\n\
             [profiles.lab.defaults.connector]\ngroup = 'CI'\n"
        );
    }

    #[test]
    fn a_profile_is_removed_with_all_that_is_its() {
        let before = "active = 'lab'\n[profiles.lab]\ncloud = 'beta'\n[profiles.lab.defaults.connector]\n\
                      group = 'CI'\n[profiles.prod]\ncloud = 'gov'\n";
        let text = edited(before, |editor| assert!(editor.remove("lab")));
        assert_eq!(text, "[profiles.prod]\ncloud = 'gov'\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("real.toml"), directory.path().join("config.toml"));
        std::fs::write(&file, "active = 'a'\n").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mut editor = ProfileEditor::open(&link).unwrap();
        editor.activate("b");
        editor.prepare().unwrap().save().unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(file).unwrap(), "active = \"b\"\n");
    }
}
