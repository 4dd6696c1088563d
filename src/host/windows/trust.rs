//! Who else could have written a file, by owners and access control lists. Who may only add to a directory can replace
//! nothing in it, and owners are checked.

use std::fs;
use std::io;
use std::path::Path;

use super::access::{REPLACING, is_trusted, is_trusted_owner, look, security};
use super::calls::{Kind, kind_of};
use crate::host::Distrust;
use crate::host::sddl::{APPEND_DATA, WRITE_DATA};

/// [`Distrust::of`].
pub fn distrust(path: &Path) -> io::Result<Option<Distrust>> {
    let absolute = std::path::absolute(path)?;
    let mut places = vec![absolute.clone()];
    // Where links lead is looked at as well as where they are.
    if let Ok(real) = fs::canonicalize(&absolute)
        && !is_same(&real, &absolute)
    {
        places.push(real);
    }
    for place in places {
        let way: Vec<&Path> = place.ancestors().collect();
        for at in way.into_iter().rev() {
            match judge(at) {
                Ok(None) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => break,
                found => return found,
            }
        }
    }
    Ok(None)
}

/// Tells whether a path is another one but for the mark of what is verbatim.
fn is_same(real: &Path, path: &Path) -> bool {
    let plain = |path: &Path| path.to_string_lossy().trim_start_matches(r"\\?\").to_lowercase();
    plain(real) == plain(path)
}

fn judge(path: &Path) -> io::Result<Option<Distrust>> {
    let open = look(path, false)?;
    // A device such as NUL is for everybody.
    if kind_of(&open) != Kind::Disk {
        return Ok(None);
    }
    let found = security(&open)?;
    if !is_trusted_owner(&found.owner) {
        return Ok(Some(Distrust::Owner { path: path.to_owned(), owner: found.owner }));
    }
    let metadata = open.metadata()?;
    let rights = if metadata.is_dir() { REPLACING } else { REPLACING | WRITE_DATA | APPEND_DATA };
    Ok(found.others_may(rights, is_trusted).then(|| Distrust::Writable(path.to_owned())))
}
