//! What holds for any input: readers that never panic and never quote, and nets that let nothing through.
//!
//! The sequence of inputs is fixed, so that a run says the same as the one before.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of tests fails by panicking, as the tests do"
)]

use std::net::IpAddr;

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestCaseResult, TestRunner};
use serde_json::{Map, Value, json};
use zpakey::api::ApiError;
use zpakey::config::ProfileFile;
use zpakey::domain::escape;
use zpakey::domain::{IpAclEntry, KeyId, Selector, check_key_name, looks_like_key_text, near, parse_span};
use zpakey::secret::redact_shapes;

use super::client::{Bench, CONNECTOR, id, new_key};

/// Stands in every text of a random answer; where an error has it, it quoted the answer.
const MARK: &str = "qUoTe";

pub(super) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2),
        ..ProptestConfig::default()
    }
}

/// Any JSON, its texts and names marked.
pub(super) fn any_json() -> impl Strategy<Value = Value> {
    let text =
        prop_oneof!["[ -~]{0,12}", "\\PC{0,6}", "[0-9]{1,40}", Just("true".to_owned()), Just(String::new())];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(|text| Value::from(format!("{MARK}{text}"))),
        "[0-9]{1,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((property(), inner), 0..8)
                .prop_map(|pairs| Value::from(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// The name of a property that the client reads, or another.
pub(super) fn property() -> impl Strategy<Value = String> {
    let known = vec![
        "id",
        "name",
        "usageCount",
        "maxUsage",
        "zcomponentId",
        "zcomponentName",
        "enabled",
        "exportable",
        "readOnly",
        "enrollmentCertId",
        "ipAcl",
        "uiConfig",
        "microtenantId",
        "creationTime",
        "modifiedTime",
        "expirationInEpochSec",
        "provisioningKey",
        "totalPages",
        "list",
        "reason",
        "params",
        "code",
        "message",
    ];
    prop_oneof![4 => prop::sample::select(known).prop_map(str::to_owned), 1 => "[a-z]{1,8}"]
}

/// A key of which some properties are something else.
fn spoilt_key() -> impl Strategy<Value = Value> {
    prop::collection::vec((property(), any_json()), 0..4).prop_map(|spoilt| {
        let mut key = json!({
            "id": "1", "name": format!("{MARK} name"), "usageCount": "0", "maxUsage": "10", "zcomponentId": "2",
            "enabled": true, "exportable": true, "enrollmentCertId": "3",
            "provisioningKey": format!("3|host.invalid|{MARK}blob-1"),
        });
        for (name, value) in spoilt {
            key[name] = value;
        }
        key
    })
}

fn any_body() -> impl Strategy<Value = Value> {
    prop_oneof![
        any_json(),
        spoilt_key(),
        prop::collection::vec(spoilt_key(), 0..3).prop_map(|list| json!({"totalPages": "1", "list": list})),
        // Text is sent as it is.
        spoilt_key().prop_map(|key| {
            let whole = key.to_string();
            let cut = whole.char_indices().nth(whole.chars().count() / 2).map_or(0, |(at, _)| at);
            Value::from(&whole[..cut])
        }),
        "\\PC{0,20}".prop_map(|text| Value::from(format!("{MARK}{text}"))),
    ]
}

/// Runs an asynchronous property over one bench.
fn over_bench<S: Strategy>(cases: u32, input: S, check: &impl AsyncFn(&Bench, S::Value) -> TestCaseResult) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bench = runtime.block_on(async { Bench::standard().await.warm().await });
    let mut runner = TestRunner::new(config(cases));
    runner
        .run(&input, |value| runtime.block_on(check(&bench, value)))
        .unwrap_or_else(|error| panic!("{error}"));
}

fn all_of(error: &ApiError) -> String {
    format!("{error} {error:?}")
}

#[test]
fn no_answer_that_says_yes_makes_a_reader_panic_or_an_error_quote_it() {
    over_bench(60, any_body(), &async |bench, mut body| {
        // Thousands of pages would all be asked for.
        if body.get("totalPages").is_some() {
            body["totalPages"] = "2".into();
        }
        bench.faults(json!({"action": {"status": 200, "body": body}}));
        let client = bench.client();
        let key = id("38101");
        let errors = [
            client.keys(CONNECTOR).await.err(),
            client.key(CONNECTOR, &key).await.err(),
            client.key_secret(CONNECTOR, &key).await.err(),
            client.create_key(&new_key("made")).await.err(),
            client.certs().await.err(),
            client.groups(CONNECTOR).await.err(),
            client.enrolled(CONNECTOR).await.err(),
            client.microtenants().await.err(),
        ];
        for error in errors.iter().flatten() {
            prop_assert!(!all_of(error).contains(MARK), "{error:?}");
        }
        Ok(())
    });
}

#[test]
fn a_record_that_was_read_has_no_key_value_in_it() {
    over_bench(100, spoilt_key(), &async |bench, mut body| {
        // Only the text is of interest; elsewhere the mark may stand.
        body["name"] = "plain".into();
        let Some(text) = body["provisioningKey"].as_str().map(str::to_owned) else { return Ok(()) };
        bench.faults(json!({"action": {"status": 200, "body": body}}));
        if let Ok((key, secret)) = bench.client().key_secret(CONNECTOR, &id("38101")).await {
            let secret = secret.expect("the text is not blank");
            prop_assert_eq!(secret.revealed().to_string(), text.clone());
            let shown = format!("{key:?} {secret:?}");
            prop_assert!(!shown.contains(&text));
        }
        Ok(())
    });
}

#[test]
fn no_refusal_makes_a_reader_panic_or_an_error_show_a_key_value() {
    let statuses = prop::sample::select(vec![400u16, 401, 403, 404, 409, 412, 418]);
    let reason = || key_text().prop_map(|text| format!("bad nonce {text} here"));
    let body = prop_oneof![
        2 => any_body(),
        1 => reason().prop_map(|reason| json!({"id": "x", "reason": reason})),
        1 => reason().prop_map(Value::from),
    ];
    over_bench(300, (statuses, body), &async |bench, (status, body)| {
        bench.faults(json!({"contains": "/mgmtconfig/", "action": {"status": status, "body": body}}));
        let error = bench.client().create_key(&new_key("made")).await.unwrap_err();
        let shown = all_of(&error);
        prop_assert!(!shown.contains("SeCrEt") && !shown.contains("|host.invalid|"), "{shown}");
        prop_assert!(error.refusal().is_some_and(|refusal| refusal.status == status), "{shown}");
        Ok(())
    });
}

#[test]
fn any_retry_after_is_survived() {
    let date = "(Mon|Fri|Xyz), [0-9]{2} (Jan|Nov|Foo) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT";
    let told = prop_oneof!["[!-~][ -~]{0,20}|[0-9]{1,25}s?", date];
    over_bench(150, told, &async |bench, text: String| {
        let told = json!({"status": 429, "headers": {"retry-after": text}});
        bench.faults(json!({"nth": 1, "action": told}));
        let outcome = bench.client().key(CONNECTOR, &id("38101")).await;
        let ended = outcome.is_ok() || matches!(outcome, Err(ApiError::WaitedTooLong { .. }));
        prop_assert!(ended, "{outcome:?}");
        Ok(())
    });
}

/// The text of a key, of any of the shapes that are known.
fn key_text() -> impl Strategy<Value = String> {
    let blob = "[A-Za-z0-9+/]{0,60}(==)?(-[0-9]{1,18})?".prop_map(|blob| format!("SeCrEt{blob}"));
    ("[0-9]", "[a-z]{1,8}(\\.[a-z]{2,8}){1,3}", blob)
        .prop_map(|(version, host, blob)| format!("{version}|{host}|{blob}"))
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_key_value_is_recognised_wherever_people_paste_it(text in key_text(), before in "[ \"'(<:=a-z]{0,6}") {
        prop_assert!(looks_like_key_text(&text));
        let pasted = format!("{before}{text}");
        prop_assert!(looks_like_key_text(&pasted));
        for selector in [pasted.clone(), format!("name:{text}"), format!("id:{text}")] {
            let error = selector.parse::<Selector>().unwrap_err();
            prop_assert!(!error.to_string().contains(&text));
        }
    }

    #[test]
    fn a_key_value_is_redacted_wherever_it_stands(
        text in key_text(),
        before in "([ -~]{0,12}[ '\"(<:=,])?",
        after in "([ '\"><][ -~]{0,12})?",
    ) {
        let message = format!("{before}{text}{after}");
        let shown = redact_shapes(&message);
        prop_assert!(!shown.contains("SeCrEt"), "{message} -> {shown}");
        let encoded = message.replace('|', "%7C");
        prop_assert!(!redact_shapes(&encoded).contains("SeCrEt"), "{encoded}");
    }

    #[test]
    fn redacting_twice_changes_nothing_more(text in "\\PC{0,60}") {
        let once = redact_shapes(&text).into_owned();
        prop_assert_eq!(redact_shapes(&once), once.as_str());
    }

    #[test]
    fn no_name_that_a_key_may_have_is_taken_for_a_key_value(name in "\\PC{0,40}") {
        if check_key_name(&name).is_ok() {
            prop_assert!(!looks_like_key_text(&name));
            prop_assert_eq!(redact_shapes(&name).contains("[redacted]"), name.contains("[redacted]") || name.contains("eyJ"));
        }
    }

    #[test]
    fn nothing_that_moves_a_cursor_or_reorders_text_survives(text in any::<String>(), odd in any::<Vec<char>>()) {
        let text: String = text.chars().chain(odd).chain(['\u{202e}', '\u{1b}', '\u{2066}', '\n', '\u{85}']).collect();
        let clean = escape(&text);
        for character in clean.chars() {
            prop_assert!(!character.is_control(), "{character:?}");
            let bidi = matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            let invisible = matches!(character, '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
            prop_assert!(!bidi && !invisible, "{character:?}");
        }
        prop_assert_eq!(escape(&clean), clean.as_ref());
    }

    #[test]
    fn a_selector_selects_what_it_was_written_for(name in "[^|]{1,30}", digits in "[0-9]{1,32}") {
        let by_name: Selector = format!("name:{name}").parse().unwrap();
        prop_assert!(by_name.matches("7", &name) && by_name.matches_any_case(&name));
        let by_id: Selector = format!("id:{digits}").parse().unwrap();
        prop_assert!(by_id.matches(&digits, "x") && !by_id.matches("x", &digits));
        prop_assert!(!by_id.matches_any_case(&digits));
        let either: Selector = digits.parse().unwrap();
        prop_assert!(either.matches(&digits, "x") && either.matches("x", &digits));
    }

    #[test]
    fn any_text_is_a_selector_or_an_error(text in any::<String>()) {
        if let Ok(selector) = text.parse::<Selector>() {
            prop_assert!(text.ends_with(selector.text()));
        }
        prop_assert_eq!(text.parse::<KeyId>().is_ok(), (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()));
    }

    #[test]
    fn the_exact_case_wins_and_otherwise_all_cases_count(names in prop::collection::vec("[aAbB]{1,3}", 0..8), wanted in "[aAbB]{1,3}") {
        let selector = Selector::Name(wanted.clone());
        let found = selector.select(&names, |_| "", String::as_str);
        let exact = names.iter().filter(|name| **name == wanted).count();
        let folded = names.iter().filter(|name| name.eq_ignore_ascii_case(&wanted)).count();
        prop_assert_eq!(found.len(), if exact > 0 { exact } else { folded });
    }

    #[test]
    fn near_names_are_at_most_three_of_those_that_exist(names in prop::collection::vec("\\PC{0,10}", 0..12), wanted in "\\PC{0,10}") {
        let suggested = near(&wanted, names.iter().map(String::as_str));
        prop_assert!(suggested.len() <= 3);
        prop_assert!(suggested.iter().all(|name| names.iter().any(|known| known == name)));
    }

    #[test]
    fn every_address_and_network_is_an_entry_and_kept_as_it_was_written(address in any::<IpAddr>(), bits in 0..=128u8) {
        let entry: IpAclEntry = address.to_string().parse().unwrap();
        prop_assert_eq!(entry.as_str(), address.to_string());
        let length = bits.min(if address.is_ipv4() { 32 } else { 128 });
        let network = ipnet::IpNet::new(address, length).unwrap();
        prop_assert!(network.trunc().to_string().parse::<IpAclEntry>().is_ok());
        prop_assert_eq!(network.to_string().parse::<IpAclEntry>().is_ok(), network == network.trunc());
        let host = IpAclEntry::from_api(format!("{address}/{}", network.max_prefix_len()));
        prop_assert!(entry.same_network(&host));
    }

    #[test]
    fn any_text_is_an_entry_or_an_error(text in prop_oneof![any::<String>(), "[0-9./:a-f]{0,20}"]) {
        if let Ok(entry) = text.parse::<IpAclEntry>() {
            prop_assert_eq!(entry.to_string(), text);
        }
    }

    #[test]
    fn a_duration_is_its_number_times_its_unit_up_to_a_thousand_years(
        number in prop_oneof![any::<u64>(), 0..40_000_000_000_u64],
        unit in 0..4usize,
    ) {
        let (name, seconds) = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)][unit];
        let read = parse_span(&format!("{number}{name}")).ok();
        let expected = number.checked_mul(seconds).filter(|seconds| *seconds <= 365_000 * 86_400);
        prop_assert_eq!(read.map(|span| span.as_secs()), expected);
        prop_assert!(parse_span(&number.to_string()).is_err(), "a number without a unit");
    }

    #[test]
    fn any_text_is_a_duration_or_an_error(text in prop_oneof![any::<String>(), "[0-9]{0,25}[a-zµ]{0,3}"]) {
        let starts_with_digit = text.starts_with(|first: char| first.is_ascii_digit());
        prop_assert!(parse_span(&text).is_err() || starts_with_digit, "{text}");
    }
}

/// A line of a profile file, whole or spoilt, with the mark wherever a value stands.
fn profile_line() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "client_secret",
        "client_id",
        "customer_id",
        "types",
        "timeout",
        "defaults",
        "active",
        "profiles",
        "cloud",
    ]);
    let value = prop_oneof![
        "[a-z0-9:#,. ]{0,8}".prop_map(|text| format!("\"{MARK}{text}\"")),
        "[a-z0-9:#,. ]{0,8}".prop_map(|text| format!("'{MARK}{text}")),
        "[a-z0-9:#,. ]{0,8}".prop_map(|text| format!("{MARK}{text}")),
        "[a-z0-9]{0,8}".prop_map(|text| format!("['{MARK}{text}', 5]")),
        "[a-z0-9]{0,8}".prop_map(|text| format!("{{ {MARK}{text} = '{MARK}' }}")),
        "[0-9]{1,22}",
        Just("true".to_owned()),
    ];
    prop_oneof![
        6 => (key, value).prop_map(|(key, value)| format!("{key} = {value}")),
        2 => prop::sample::select(vec!["[profiles.prod]", "[profiles.lab]", "[profiles.prod.defaults.connector]", "[profiles"])
            .prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ]
}

#[test]
fn a_profile_file_is_read_or_refused_without_a_panic_and_its_secrets_are_never_quoted() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.toml");
    let lines = prop::collection::vec(profile_line(), 0..6);
    let mut runner = TestRunner::new(config(150));
    runner
        .run(&lines, |lines| {
            // What is no value, such as an unknown key, may be named.
            let secret_only: Vec<_> =
                lines.iter().filter(|line| line.starts_with("client_secret")).cloned().collect();
            let whole = format!("[profiles.prod]\n{}\n", lines.join("\n"));
            std::fs::write(&path, &whole).unwrap();
            let _ = ProfileFile::read(&path, None);
            std::fs::write(&path, format!("[profiles.prod]\n{}\n", secret_only.join("\n"))).unwrap();
            if let Err(error) = ProfileFile::read(&path, None) {
                let shown = format!("{error} {error:?}");
                prop_assert!(!shown.contains(MARK), "{shown}");
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn any_bytes_are_a_profile_file_or_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.toml");
    let mut runner = TestRunner::new(config(200));
    runner
        .run(&any::<Vec<u8>>(), |bytes| {
            std::fs::write(&path, bytes).unwrap();
            let _ = ProfileFile::read(&path, None);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
