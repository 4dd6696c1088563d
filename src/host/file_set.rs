//! Files that appear together, each whole, or not at all. They hold no secret.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::private_file::{Existing, PrivateFileError, directory_of};
use super::system;

/// A file that is to be written.
#[derive(Debug)]
pub struct NewFile {
    pub path: PathBuf,
    pub text: String,
}

/// Writes all files, or none: what was there before is put back if one of them fails.
///
/// # Errors
/// [`PrivateFileError`], for a destination that exists and may not be replaced, is not a plain file, or cannot be written.
pub fn write_together(files: &[NewFile], existing: Existing) -> Result<(), PrivateFileError> {
    for file in files {
        check(&file.path, existing)?;
    }
    let prepared = files.iter().map(prepare).collect::<Result<Vec<_>, _>>()?;
    let mut done: Vec<(&Path, Option<Vec<u8>>)> = Vec::new();
    for (file, temporary) in files.iter().zip(prepared) {
        let before = std::fs::read(&file.path).ok();
        let moved = match existing {
            Existing::Keep => {
                temporary.persist_noclobber(&file.path).map(drop).map_err(|refused| refused.error)
            }
            Existing::Replace => system::replace(temporary, &file.path),
        };
        if let Err(error) = moved {
            put_back(&done);
            return Err(if error.kind() == io::ErrorKind::AlreadyExists {
                PrivateFileError::Exists(file.path.clone())
            } else {
                PrivateFileError::Io { path: file.path.clone(), source: error }
            });
        }
        done.push((&file.path, before));
    }
    Ok(())
}

/// Writes a file that programs of other users read, whole and at once, in place of what is there. Its mode is 0644, whatever
/// the umask.
///
/// # Errors
/// [`PrivateFileError`], for a destination that is not a plain file, or cannot be written.
pub fn publish(file: &NewFile) -> Result<(), PrivateFileError> {
    check(&file.path, Existing::Replace)?;
    let temporary = prepare(file)?;
    let io = |source| PrivateFileError::Io { path: file.path.clone(), source };
    system::open_to_all(temporary.as_file()).map_err(io)?;
    system::replace(temporary, &file.path).map_err(io)
}

fn check(path: &Path, existing: Existing) -> Result<(), PrivateFileError> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(PrivateFileError::SymbolicLink(path.to_owned())),
        Ok(found) if !found.is_file() => Err(PrivateFileError::NotAFile(path.to_owned())),
        Ok(_) if existing == Existing::Keep => Err(PrivateFileError::Exists(path.to_owned())),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(PrivateFileError::Io { path: path.to_owned(), source }),
    }
}

fn prepare(file: &NewFile) -> Result<NamedTempFile, PrivateFileError> {
    // A library's own error would name the temporary file.
    let failed =
        |error: io::Error| PrivateFileError::Io { path: file.path.clone(), source: error.kind().into() };
    let mut temporary = system::new_public(directory_of(&file.path)).map_err(failed)?;
    temporary.write_all(file.text.as_bytes()).map_err(failed)?;
    match temporary.as_file().sync_all() {
        Err(error) if !system::is_unsupported(&error) => Err(failed(error)),
        Ok(()) | Err(_) => Ok(temporary),
    }
}

/// Undoes what was done, as far as the system lets it.
fn put_back(done: &[(&Path, Option<Vec<u8>>)]) {
    for (path, before) in done {
        let _ = match before {
            Some(bytes) => std::fs::write(path, bytes),
            None => std::fs::remove_file(path),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(directory: &Path, name: &str) -> NewFile {
        NewFile { path: directory.join(name), text: format!("new {name}") }
    }

    #[test]
    fn one_that_exists_keeps_the_others_from_being_written() {
        let directory = tempfile::tempdir().unwrap();
        let files = [new(directory.path(), "a"), new(directory.path(), "b")];
        std::fs::write(&files[1].path, "old").unwrap();
        assert!(matches!(write_together(&files, Existing::Keep), Err(PrivateFileError::Exists(_))));
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
        write_together(&files, Existing::Replace).unwrap();
        assert_eq!(std::fs::read_to_string(&files[1].path).unwrap(), "new b");
    }

    #[test]
    fn what_was_replaced_is_put_back_when_a_later_file_fails() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("a"), "old").unwrap();
        let done = [(directory.path().join("a"), Some(b"old".to_vec())), (directory.path().join("b"), None)];
        for (path, _) in &done {
            std::fs::write(path, "new").unwrap();
        }
        put_back(&done.iter().map(|(path, before)| (path.as_path(), before.clone())).collect::<Vec<_>>());
        assert_eq!(std::fs::read_to_string(&done[0].0).unwrap(), "old");
        assert!(!done[1].0.exists());
    }

    #[test]
    fn a_directory_that_is_missing_fails_before_anything_is_written() {
        let directory = tempfile::tempdir().unwrap();
        let files = [new(directory.path(), "a"), new(&directory.path().join("missing"), "b")];
        assert!(matches!(write_together(&files, Existing::Keep), Err(PrivateFileError::Io { .. })));
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
    }
}
