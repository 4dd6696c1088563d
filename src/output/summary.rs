//! The footer of a list.

use super::format::Glyphs;
use crate::domain::{ProvisioningKey, Status};

/// Returns the line under a list: how many keys there are, and how many of them need a look.
///
/// `overdue` is how many predecessors could be retired by now. `label` names where the keys are, as in `profile prod`; an
/// empty one is left out.
pub fn summary(keys: &[ProvisioningKey], overdue: usize, label: &str, glyphs: Glyphs) -> String {
    let count = |status| keys.iter().filter(|key| key.status() == status).count();
    let noun = if keys.len() == 1 { "key" } else { "keys" };
    let mut parts = match keys.len() {
        0 => vec!["no keys".to_owned()],
        total => vec![format!("{total} {noun}")],
    };
    for (status, word) in [
        (Status::Exhausted, "exhausted"),
        (Status::NearlyExhausted, "nearly exhausted"),
        (Status::Disabled, "disabled"),
        (Status::Managed, "managed"),
    ] {
        match count(status) {
            0 => {}
            some => parts.push(format!("{some} {word}")),
        }
    }
    match overdue {
        0 => {}
        1 => parts.push("1 retirement is due".to_owned()),
        some => parts.push(format!("{some} retirements are due")),
    }
    if !label.is_empty() {
        parts.push(crate::domain::escape(label).into_owned());
    }
    parts.join(glyphs.separator())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::samples;

    #[test]
    fn what_needs_a_look_is_counted() {
        let keys = samples::keys();
        assert_eq!(
            summary(&keys, 0, "profile prod", Glyphs::Unicode),
            "4 keys · 1 exhausted · 1 nearly exhausted · 1 disabled · profile prod"
        );
        assert_eq!(
            summary(&keys, 0, "profile prod", Glyphs::Ascii),
            "4 keys, 1 exhausted, 1 nearly exhausted, 1 disabled, profile prod"
        );
    }

    #[test]
    fn one_and_none_read_well() {
        assert_eq!(summary(&samples::keys()[..1], 0, "", Glyphs::Unicode), "1 key");
        assert_eq!(summary(&samples::keys()[..1], 1, "", Glyphs::Ascii), "1 key, 1 retirement is due");
        assert_eq!(summary(&[], 0, "profile prod", Glyphs::Unicode), "no keys · profile prod");
    }
}
