//! `zpakey doctor --online`: the way to the API, one step after another.

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options, Tls};

use super::{found, one, with_status};
use crate::support::{Home, Run, Tenant};

/// A tenant that speaks HTTPS only, and the program with nothing that makes it trust it.
fn tls_tenant() -> Tenant {
    Tenant::with(Options { tls: Tls::On, ..Options::default() })
}

fn without_trust(run: Run) -> Run {
    let names = ["SSL_CERT_FILE", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
    names.into_iter().fold(run, Run::env_remove)
}

fn keys(number: usize, kind: &str) -> Vec<Value> {
    (0..number).map(|n| json!({"name": format!("{kind}-{n}"), "association_type": kind})).collect()
}

// What is sent.

#[test]
fn it_signs_in_anew_and_reads_the_five_types_and_what_enrolled() {
    let tenant = Tenant::standard();
    tenant.zpakey("list").run().code(0);
    let files = tenant.home().files();
    tenant.clear_requests();
    tenant.zpakey("doctor --online").run().code(0).has_no_secret();
    let requests: Vec<String> = tenant.requests().iter().map(|request| request.method.clone()).collect();
    assert_eq!(requests, ["POST", "GET", "GET", "GET", "GET", "GET", "GET", "GET"]);
    assert_eq!(tenant.requests()[0].path, "/oauth2/v1/token");
    assert_eq!(tenant.writes(), [""; 0]);
    assert_eq!(tenant.home().files(), files);
}

// The clock.

#[test]
fn a_clock_that_is_hours_off_is_an_error_and_comes_before_what_it_explains() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!({"action": {"clock_off": 7200}}));
    let run = tenant.zpakey("doctor --online").run().code(2);
    let clock = &found(&run, "clock")[0];
    let message = clock["message"].as_str().unwrap();
    assert!(
        message.starts_with("this machine's clock is 7") && message.ends_with(" s behind the server's"),
        "{message}"
    );
    assert_eq!(clock["code"], "invalid_config");
    assert_eq!(clock["hint"], "timedatectl set-ntp true   lets the network set it");
    assert_eq!(with_status(&run, "error"), ["clock"]);
    // A sign-in that is refused would be exit code 3.
    tenant.zpakey("doctor --online").env("ZSCALER_CLIENT_SECRET", "wr0ng").run().code(2).lacks("wr0ng");
}

#[test]
fn a_clock_that_is_half_a_minute_off_is_a_warning() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!({"action": {"clock_off": -30}}));
    let run = tenant.zpakey("doctor --online").run().code(0);
    let (status, message) = one(&run, "clock");
    assert_eq!(status, "warning");
    assert!(message.ends_with(" s ahead of the server's"), "{message}");
    tenant.set_faults(&json!([]));
    let run = tenant.zpakey("doctor --online").run().code(0);
    assert_eq!(one(&run, "clock"), ("ok".into(), "within 5 s of the server's".into()));
}

#[test]
fn a_server_that_takes_its_time_is_no_clock_that_is_off() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!({"contains": "/oauth2/", "action": {"drip": 80}}));
    let run = tenant.zpakey("doctor --online").run().code(0);
    assert_eq!(one(&run, "clock").0, "ok");
}

// Names and TLS.

#[test]
fn a_name_is_looked_up_and_an_address_is_not() {
    let tenant = Tenant::standard();
    let run = tenant.zpakey("doctor --online").run().code(0);
    assert_eq!(one(&run, "dns"), ("skipped".into(), "there is no name to look up".into()));
    let named = |url: &str| url.replace("127.0.0.1", "localhost");
    let run = tenant
        .zpakey("doctor --online")
        .env("ZPAKEY_API_URL", named(&tenant.access().api_url))
        .env("ZPAKEY_TOKEN_URL", named(&tenant.access().token_url))
        .run()
        .code(0);
    let (status, message) = one(&run, "dns");
    assert_eq!(status, "ok");
    assert!(["localhost is 127.0.0.1", "localhost is ::1"].contains(&message.as_str()), "{message}");
}

#[test]
fn a_host_that_has_no_address_is_an_error_and_what_needs_it_is_skipped() {
    let tenant = Tenant::standard();
    // No name has a part so long, so nobody is asked.
    let host = format!("{}.invalid", "a".repeat(64));
    let run =
        tenant.zpakey("doctor --online").env("ZPAKEY_API_URL", format!("https://{host}")).run().code(10);
    let dns = &found(&run, "dns")[0];
    assert!(dns["message"].as_str().unwrap().starts_with(&format!("could not find the address of {host}: ")));
    assert_eq!(dns["code"], "network");
    assert_eq!(one(&run, "token"), ("skipped".into(), "the host was not found".into()));
    assert_eq!(tenant.requests(), []);
}

#[test]
fn behind_a_proxy_names_are_the_proxys_affair() {
    let tenant = tls_tenant();
    let host = format!("https://{}.invalid", "a".repeat(64));
    let run = tenant
        .zpakey("doctor --online --max-wait 0s")
        .env("ZPAKEY_API_URL", &host)
        .env("ZPAKEY_TOKEN_URL", format!("{host}/oauth2/v1/token"))
        .run()
        .code(10);
    assert_eq!(one(&run, "dns"), ("skipped".into(), "the proxy looks names up".into()));
    assert_eq!(found(&run, "tls")[0]["code"], "network");
}

#[test]
fn a_certificate_that_is_trusted_is_told_with_its_issuer() {
    let tenant = tls_tenant();
    let ca = tenant.access().ca_cert.as_deref().unwrap().display().to_string();
    let run = without_trust(tenant.zpakey(["doctor", "--online", "--cacert", &ca])).run().code(0);
    assert_eq!(
        one(&run, "tls"),
        ("ok".into(), "the certificate is trusted, issued by \"zpakey sandbox CA\"".into())
    );
    assert_eq!(found(&run, "tls")[0]["details"][0], format!("trust: system store, and {ca} (--cacert)"));
    assert_eq!(one(&run, "token").0, "ok");
}

#[test]
fn a_certificate_that_is_not_trusted_is_an_error_with_its_issuer_and_what_needs_it_is_skipped() {
    let tenant = tls_tenant();
    let run = without_trust(tenant.zpakey("doctor --online")).run().code(10);
    let tls = &found(&run, "tls")[0];
    assert_eq!(tls["code"], "tls");
    assert_eq!(tls["details"][0], "issuer: \"zpakey sandbox CA\"; trust: system store");
    assert_eq!(tls["hint"], "add your company's CA: --cacert /path/ca.pem (or ZPAKEY_CACERT)");
    for check in ["token", "types", "capacity"] {
        assert_eq!(one(&run, check), ("skipped".into(), "the host was not reached".into()));
    }
    assert_eq!(with_status(&run, "error"), ["tls"]);
}

#[test]
fn plain_http_on_this_machine_has_no_tls_to_check() {
    let run = Home::new().sandboxed("doctor --online").run().code(0);
    assert_eq!(one(&run, "tls"), ("skipped".into(), "plain http, to this machine only".into()));
}

#[test]
fn a_server_that_is_gone_is_an_error_of_the_network() {
    let tenant = Tenant::standard();
    tenant.set_faults(&json!({"action": {"refuse": 60_000}}));
    let run = tenant.zpakey("doctor --online --max-wait 0s").run().code(10);
    assert_eq!(with_status(&run, "error"), ["token"]);
    assert_eq!(found(&run, "token")[0]["code"], "network");
    assert_eq!(one(&run, "clock"), ("skipped".into(), "no answer told the time".into()));
}

// Signing in.

#[test]
fn a_rejected_credential_is_an_error_and_what_needs_a_token_is_skipped() {
    let tenant = Tenant::standard();
    let run =
        tenant.zpakey("doctor --online").env("ZSCALER_CLIENT_SECRET", "wr0ng").run().code(3).lacks("wr0ng");
    let token = &found(&run, "token")[0];
    assert_eq!((&token["status"], &token["code"]), (&json!("error"), &json!("unauthorized")));
    assert_eq!(one(&run, "types"), ("skipped".into(), "there is no token that is accepted".into()));
    assert_eq!(one(&run, "capacity").0, "skipped");
    assert_eq!(tenant.calls(), [""; 0]);
}

#[test]
fn a_token_that_was_given_is_tried_and_not_signed_in_for() {
    let tenant = Tenant::standard();
    let run =
        tenant.zpakey("doctor --online").env("ZPAKEY_ACCESS_TOKEN", "t0ken").run().code(3).lacks("t0ken");
    assert_eq!(found(&run, "token")[0]["code"], "unauthorized");
    assert_eq!(one(&run, "types").0, "skipped");
    assert!(tenant.requests().iter().all(|request| request.method == "GET"));
}

#[test]
fn what_keeps_the_credential_from_being_used_is_said_once_and_nothing_is_asked() {
    let tenant = Tenant::standard();
    let run = tenant
        .zpakey("doctor --online")
        .env("ZPA_CUSTOMER_ID", "")
        .env("ZSCALER_CUSTOMER_ID", "")
        .run()
        .code(3);
    assert_eq!(with_status(&run, "error"), ["credential"]);
    assert_eq!(one(&run, "dns"), ("skipped".into(), "what comes before must be right first".into()));
    assert_eq!(tenant.requests(), []);
}

// Types and numbers.

/// A tenant where a type is refused like this.
fn refusing(kind: &str, status: u16, id: &str) -> Tenant {
    Tenant::seeded(
        json!({"unavailable_types": {kind: {"status": status, "body": {"id": id, "reason": "No"}}}}),
    )
}

#[test]
fn a_type_that_commands_ask_and_that_may_not_be_read_is_an_error() {
    let tenant = refusing("SERVICE_EDGE_GRP", 403, "access.denied");
    let run = tenant.zpakey("doctor --online").run().code(3);
    let types = found(&run, "types");
    assert_eq!(
        types[0]["message"],
        "connector 0 keys, np-assistant 0 keys, site-controller 0 keys, exporter 0 keys"
    );
    assert_eq!(types[1]["code"], "forbidden");
    assert_eq!(types[1]["message"], "reading service-edge keys: the API answered 403 access.denied: No");
    assert_eq!(one(&run, "capacity").1, "connector 0 of 100");
}

#[test]
fn any_other_type_that_may_not_be_read_is_a_remark() {
    let tenant = refusing("EXPORTER_GRP", 401, "authz.featureflag.permission.denied");
    let run = tenant.zpakey("doctor --online").run().code(0);
    assert_eq!(one(&run, "types").0, "ok");
    assert_eq!(
        found(&run, "types")[0]["details"],
        json!(["exporter keys may not be read (401 authz.featureflag.permission.denied)"])
    );
}

#[test]
fn a_type_that_a_profile_names_is_one_that_commands_ask() {
    let tenant = refusing("EXPORTER_GRP", 403, "access.denied");
    tenant.home().write_profiles("active = 'lab'\n[profiles.lab]\ntypes = ['exporter']\n");
    let run = tenant.zpakey("doctor --online").run().code(3);
    assert_eq!(found(&run, "types")[1]["code"], "forbidden");
}

#[test]
fn a_type_that_fails_otherwise_is_a_warning_where_no_command_asks_it() {
    let tenant = refusing("EXPORTER_GRP", 500, "internal.error");
    let run = tenant.zpakey("doctor --online --max-wait 0s").run().code(0);
    assert_eq!(found(&run, "types")[1]["status"], "warning");
    let tenant = refusing("CONNECTOR_GRP", 500, "internal.error");
    let run = tenant.zpakey("doctor --online --max-wait 0s").run().code(5);
    assert_eq!(found(&run, "types")[1]["code"], "api_error");
}

#[test]
fn keys_are_counted_against_the_limit_from_four_fifths_on() {
    let capacity = |connectors: usize, edges: usize| {
        let mut all = keys(connectors, "CONNECTOR_GRP");
        all.extend(keys(edges, "SERVICE_EDGE_GRP"));
        let contents = Contents::Seed(json!({"keys": all}));
        let tenant = Tenant::with(Options { contents, ..Options::default() });
        let run = tenant.zpakey("doctor --online").run().code(0).has_no_secret();
        let text = |finding: &Value, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
        let found = found(&run, "capacity");
        found.iter().map(|one| (text(one, "status"), text(one, "message"))).collect::<Vec<_>>()
    };
    let said = |status: &str, message: &str| (status.to_owned(), message.to_owned());
    assert_eq!(capacity(79, 1), [said("ok", "connector 79 of 100, service-edge 1 of 100")]);
    assert_eq!(
        capacity(80, 1),
        [said("ok", "service-edge 1 of 100"), said("warning", "connector 80 of 100")]
    );
    assert_eq!(
        capacity(100, 99),
        [
            said("warning", "connector 100 of 100: no more can be made"),
            said("warning", "service-edge 99 of 100")
        ]
    );
}

#[test]
fn a_full_type_has_the_command_that_finds_what_may_go() {
    let contents = Contents::Seed(json!({"keys": keys(100, "CONNECTOR_GRP")}));
    let tenant = Tenant::with(Options { contents, ..Options::default() });
    let run = tenant.zpakey("doctor --online").run().code(0);
    assert_eq!(
        found(&run, "capacity")[1]["hint"],
        "zpakey list --unused shows keys that nothing enrolled with"
    );
}

#[test]
fn a_group_whose_newest_connectors_have_no_key_is_told() {
    let connector = |key: Option<&str>, time: &str| {
        let mut one = json!({"appConnectorGroupId": "72058304855047746", "creationTime": time});
        one["provisioningKeyId"] = key.unwrap_or_default().into();
        one
    };
    let seed = |newest: Option<&str>| {
        let mut connectors = vec![connector(Some("38101"), "1600000000")];
        connectors.extend(["1700000000", "1700000001", "1700000002"].map(|time| connector(newest, time)));
        Tenant::seeded(json!({"keys": keys(1, "CONNECTOR_GRP"), "connectors": connectors}))
    };
    let enrolment = |tenant: &Tenant| {
        let all = tenant.zpakey("doctor --online -o json").run().code(0).json();
        all.as_array().unwrap().iter().find(|one| one["check"] == "enrolment").cloned()
    };
    assert_eq!(enrolment(&seed(Some("38101"))), None);
    let found = enrolment(&seed(None)).unwrap();
    assert_eq!(found["status"], "warning");
    let message = found["message"].as_str().unwrap();
    assert!(
        message
            .starts_with("the newest connectors of AWS us-east-1 (72058304855047746) enrolled without a key")
    );
    assert!(found["hint"].as_str().unwrap().contains("audit --only ZPK052"));
}
