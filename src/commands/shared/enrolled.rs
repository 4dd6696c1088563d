//! What is said of connectors and service edges that enrolled with a key.

use crate::domain::Enrolled;

/// Writes `1 connector was` or `4 connectors were`.
pub(crate) fn counted(list: &[Enrolled], noun: &str, one: &str, several: &str) -> String {
    match list {
        [_] => format!("1 {} {one}", noun.strip_suffix('s').unwrap_or(noun)),
        list => format!("{} {noun} {several}", list.len()),
    }
}

pub(crate) fn some_names(list: &[Enrolled]) -> String {
    let names: Vec<String> = list.iter().take(3).map(|one| one.name.to_string()).collect();
    let more = list.len().saturating_sub(names.len());
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", names.join(", "))
}
