//! Labels of blocks: identifiers that are made of names.

use std::collections::HashMap;

/// What a label is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Labelled<'a> {
    pub(super) name: &'a str,
    pub(super) id: &'a str,
    /// Tells apart what has one name and one id.
    pub(super) kind: &'a str,
}

/// Returns a label for each, in their order. What would collide gets its id, all of it alike: the order does not matter.
pub(super) fn labels(items: &[Labelled<'_>]) -> Vec<String> {
    let mut depths = vec![0_u8; items.len()];
    loop {
        let labels: Vec<String> = items.iter().zip(&depths).map(|(item, depth)| item.label(*depth)).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for label in &labels {
            *counts.entry(label).or_default() += 1;
        }
        let mut has_changed = false;
        for (label, depth) in labels.iter().zip(&mut depths) {
            if *depth < DEEPEST && counts.get(label.as_str()).is_some_and(|count| *count > 1) {
                *depth += 1;
                has_changed = true;
            }
        }
        if !has_changed {
            return labels;
        }
    }
}

const DEEPEST: u8 = 2;

impl Labelled<'_> {
    fn label(&self, depth: u8) -> String {
        let base = identifier(self.name);
        match depth {
            0 => base,
            1 => format!("{base}_{}", self.id),
            _ => format!("{base}_{}_{}", self.id, self.kind.replace('-', "_")),
        }
    }
}

/// Makes an identifier of a name: letters and digits of ASCII in lower case, and `_` for what stands between them.
pub(super) fn identifier(name: &str) -> String {
    let lower = name.to_lowercase();
    let is_kept = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
    let parts: Vec<&str> =
        lower.split(|character: char| !is_kept(character)).filter(|part| !part.is_empty()).collect();
    let joined = parts.join("_");
    let needs_prefix = joined.is_empty() || joined.starts_with(|first: char| first.is_ascii_digit());
    if needs_prefix { format!("key_{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_label_is_an_identifier() {
        for (name, label) in [
            ("Build Runners (EU) #2", "build_runners_eu_2"),
            ("--prod--", "prod"),
            ("38101", "key_38101"),
            ("東京", "key_"),
            ("", "key_"),
            ("Zürich", "z_rich"),
        ] {
            assert_eq!(identifier(name), label);
        }
    }

    #[test]
    fn all_that_collide_get_their_ids() {
        let item = |name, id| Labelled { name, id, kind: "connector" };
        assert_eq!(labels(&[item("a", "1"), item("A", "2"), item("b", "3")]), ["a_1", "a_2", "b"]);
        // A name that looks like a label with an id.
        assert_eq!(
            labels(&[item("a", "1"), item("A", "2"), item("a-1", "3")]),
            ["a_1_connector", "a_2", "a_1_3"]
        );
        let edge = Labelled { name: "a", id: "1", kind: "service-edge" };
        assert_eq!(labels(&[item("a", "1"), edge]), ["a_1_connector", "a_1_service_edge"]);
    }

    proptest! {
        #[test]
        fn labels_differ_and_do_not_depend_on_the_order(
            names in prop::collection::vec(prop::sample::select(vec!["a", "A", "a 1", "a-1-1", "a_2", "", "1", "b"]), 1..8),
        ) {
            let ids: Vec<String> = (1..=names.len()).map(|id| id.to_string()).collect();
            let mut items: Vec<Labelled<'_>> =
                names.iter().zip(&ids).map(|(name, id)| Labelled { name, id, kind: "connector" }).collect();
            let mut forward: Vec<(String, &str)> = labels(&items).into_iter().zip(items.iter().map(|one| one.id)).collect();
            items.reverse();
            let mut backward: Vec<(String, &str)> = labels(&items).into_iter().zip(items.iter().map(|one| one.id)).collect();
            forward.sort();
            backward.sort();
            prop_assert_eq!(&forward, &backward);
            forward.dedup_by(|one, other| one.0 == other.0);
            prop_assert_eq!(forward.len(), names.len());
        }
    }
}
