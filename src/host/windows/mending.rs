//! Commands that make a file trustworthy again. Each takes the path as a shell takes it.

/// Keeps a file from others than its owner (S-1-3-4), which needs no name of a user: `cmd.exe` and PowerShell have different
/// variables for it.
pub fn command_to_make_private(path: &str) -> String {
    format!("icacls {path} /inheritance:r /grant:r *S-1-3-4:F")
}

/// Keeps a file from others, and the directory that it is in.
pub fn command_to_make_private_in(directory: &str, path: &str) -> String {
    // The `&&` of other shells is not known to the PowerShell of Windows.
    format!("{}; {}", command_to_make_private(directory), command_to_make_private(path))
}

/// Keeps others from writing.
pub fn command_to_close(path: &str) -> String {
    command_to_make_private(path)
}

/// Keeps others than the group from writing: a file of Windows has no group.
pub fn command_to_close_but_to_group(path: &str) -> String {
    command_to_make_private(path)
}

/// Makes the user the owner.
pub fn command_to_own(path: &str) -> String {
    format!("takeown /f {path}")
}

/// Makes the user the owner of a directory and all that is in it.
pub fn command_to_own_all(directory: &str) -> String {
    format!("takeown /r /f {directory}")
}

/// Gives a file another name.
pub fn command_to_rename(path: &str, other: &str) -> String {
    format!("move {path} {other}")
}
