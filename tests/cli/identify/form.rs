//! The form of a text: what happens to it on its way to a host, and that looking at it needs no network.

use serde_json::json;
use snapbox::str;

use super::{tenant, text};
use crate::support::Home;

#[test]
fn what_is_wrong_with_the_form_is_said_and_the_key_is_found_all_the_same() {
    let tenant = tenant();
    let key = text(&tenant, "prod");
    let (head, tail) = key.split_at(200);
    for (held, words, warning) in [
        (format!("\"{key}\"\n"), json!(["quoted"]), "standard input has quotes around the key value"),
        (format!("{key} \n"), json!(["trailing_blank"]), "standard input has blanks after the key value"),
        (
            format!("{key}\r\n"),
            json!(["carriage_return"]),
            "standard input ends its line as Windows does, with a carriage return",
        ),
        (format!("{key}\n\n"), json!(["extra_lines"]), "standard input has empty lines after the key value"),
        (
            format!("\n{key}"),
            json!(["leading_blank"]),
            "standard input has blanks or empty lines before the key value",
        ),
        (
            format!("\u{feff}{key}"),
            json!(["byte_order_mark"]),
            "standard input has a byte order mark before the key value",
        ),
        (
            format!("{head}\n{tail}\n"),
            json!(["broken"]),
            "standard input has blanks or line breaks within the key value",
        ),
        (
            format!("PROVISION_KEY={key}\n"),
            json!(["surrounded"]),
            "standard input has more than the key value, which is to stand alone",
        ),
    ] {
        let run = tenant.zpakey("identify -").stdin(held).run().code(0).has_no_secret();
        assert_eq!((&run.json()["findings"], &run.json()["name"]), (&words, &json!("prod")));
        run.stderr_is(format!("warning: {warning}\n"));
    }
}

#[test]
fn one_line_break_at_the_end_is_as_it_should_be() {
    let tenant = tenant();
    let run = tenant.zpakey("identify -").stdin(format!("{}\n", text(&tenant, "prod"))).run().code(0);
    assert_eq!(run.stderr_is("").json()["findings"], json!([]));
}

#[test]
fn the_form_is_looked_at_without_network_and_without_configuration() {
    let tenant = tenant();
    let key = text(&tenant, "prod");
    let run =
        Home::new().zpakey("identify - --offline").stdin(format!("{key}\n")).run().code(0).has_no_secret();
    run.stderr_is("").stdout_is(str![[r#"
{"id":null,"name":null,"association_type":null,"enabled":null,"max_usage":null,"usage_count":null,"remaining":null,"status":null,"zcomponent_id":null,"zcomponent_name":null,"microtenant_id":null,"microtenant_name":null,"fingerprint":"sha256:7feea2862102","length":429,"host":"api.private.zscaler.com","cloud":"production","path":"-","members":[],"line":null,"encodings":[],"findings":[]}

"#]]);
    let run = Home::new().zpakey("identify - --offline -o table").stdin(format!("'{key}'")).run().code(0);
    run.stderr_is("warning: standard input has quotes around the key value\n").stdout_is(str![[r#"
Key          sha256:7feea2862102 · 429 bytes · host api.private.zscaler.com · cloud production

"#]]);
    tenant.zpakey("identify - --offline").stdin(key).run().code(0);
    assert!(tenant.requests().is_empty());
}

#[test]
fn a_text_that_is_cut_short_is_warned_of() {
    let key = text(&tenant(), "prod");
    let held = &key[..300];
    let run = Home::new().zpakey("identify - --offline --fail-if-any").stdin(held).run().code(7);
    assert_eq!(run.json()["findings"], json!(["cut_short"]));
    assert_eq!(run.json()["length"], 300);
    run.stderr_is("warning: the key value in standard input looks cut short\n");
}

#[test]
fn a_text_of_another_cloud_than_the_one_that_is_meant_is_warned_of() {
    let home = Home::new();
    let held = "1|enrollment.zpatwo.net|AbC+/x==\n";
    let run = home.zpakey("identify - --offline").stdin(held).run().code(0).stderr_is("");
    assert_eq!((&run.json()["cloud"], &run.json()["findings"]), (&json!("zpatwo"), &json!([])));
    let run = home.zpakey("identify - --offline --cloud production").stdin(held).run().code(0);
    assert_eq!(run.json()["findings"], json!(["other_cloud"]));
    run.stderr_is("warning: the key value in standard input is of another cloud: zpatwo\n");
    let run = home.zpakey("identify - --offline --cloud ZPATWO").stdin(held).run().code(0);
    assert_eq!(run.json()["findings"], json!([]));
}

#[test]
fn what_is_no_key_value_is_not_found_and_not_quoted() {
    let home = Home::new();
    for (held, what) in [
        ("", "nothing"),
        ("\n\n", "nothing"),
        ("hunter2\n", "nothing that has the shape of a key value"),
        ("3\0|\0h\0", "no plain text: another encoding than UTF-8, or none"),
        ("3|a.example|x\n3|b.example|y\n", "the texts of several keys"),
        (&"x".repeat(70_000), "nothing that has the shape of a key value"),
    ] {
        let run = home.zpakey("identify - --offline -o table").stdin(held).run().code(4).stdout_is("");
        run.lacks("hunter2").lacks("b.example").stderr_is(format!(
            "error: standard input holds {what}\n  a key value is a digit, a host and letters with a bar between them\n"
        ));
    }
}
