//! Commands that make a file trustworthy again. Each takes the path as a shell takes it.

/// Keeps a file from others.
pub fn command_to_make_private(path: &str) -> String {
    format!("chmod 600 {path}")
}

/// Keeps a file from others, and the directory that it is in.
pub fn command_to_make_private_in(directory: &str, path: &str) -> String {
    format!("chmod 700 {directory} && chmod 600 {path}")
}

/// Keeps others from writing.
pub fn command_to_close(path: &str) -> String {
    format!("chmod go-w {path}")
}

/// Keeps others than the group from writing.
pub fn command_to_close_but_to_group(path: &str) -> String {
    format!("chmod o-w {path}")
}

/// Makes the user the owner.
pub fn command_to_own(path: &str) -> String {
    format!("chown \"$(id -un)\" {path}")
}

/// Makes the user the owner of a directory and all that is in it.
pub fn command_to_own_all(directory: &str) -> String {
    format!("chown -R \"$(id -un)\" {directory}")
}

/// Gives a file another name.
pub fn command_to_rename(path: &str, other: &str) -> String {
    format!("mv {path} {other}")
}
