//! Any name and any IP ACL come back as they went in, through the program and a parser that is not ours.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{attribute, blocks, parsed};
use crate::support::Tenant;

/// Names with what has a meaning in Terraform's language, and any others that are no key values and no HTML.
fn text() -> impl Strategy<Value = String> {
    let tricky = prop::sample::select(vec![
        "${",
        "$${",
        "$",
        "%{",
        "%",
        "}",
        "\"",
        "\\",
        "\n",
        "\t",
        "#",
        "//",
        "/*",
        "*/",
        "<<EOT",
        "東",
        "\u{202e}",
        "\u{e0041}",
    ]);
    let any = any::<char>().prop_filter("HTML is decoded", |one| *one != '&').prop_map(String::from);
    prop::collection::vec(prop_oneof![tricky.prop_map(str::to_owned), any], 1..10)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_name_and_any_acl_come_back(
        keys in prop::collection::vec((text(), prop::collection::btree_set(text(), 0..4)), 1..60),
    ) {
        let seed: Vec<Value> = keys.iter().map(|(name, acl)| json!({"name": name, "ipAcl": acl})).collect();
        let tenant = Tenant::seeded(json!({"keys": seed}));
        let text = tenant.zpakey("export --to terraform --labels id --all-roles").run().code(0).stdout;
        let body = parsed(&text);
        let resources = blocks(&body, "resource");
        prop_assert_eq!(resources.len(), keys.len());
        for (at, (name, acl)) in keys.iter().enumerate() {
            let label = format!("key_{}", 38101 + at);
            let (_, block) = resources.iter().find(|(known, _)| *known == label).unwrap();
            prop_assert_eq!(attribute(block, "name"), Some(json!(name)));
            let expected = (!acl.is_empty()).then(|| json!(acl));
            prop_assert_eq!(attribute(block, "ip_acl"), expected);
        }
    }
}
