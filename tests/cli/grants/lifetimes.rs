//! How long a token is used: what the answer says, a minute before its end, and a refusal.

use serde_json::{Value, json};

use crate::support::{ApiClient, Service};

const LIST: &str = "list --type connector --token-cache file";

/// How often two runs in a row sign in, where tokens live so long.
fn sign_ins_of_two_runs(expires_in: Value) -> usize {
    let service = Service::start(ApiClient::one_api("s"));
    service.set_lifetime(expires_in);
    for _ in 0..2 {
        service.zpakey(LIST).run().code(0);
    }
    assert_eq!(service.refusals(), [""; 0]);
    service.sign_ins()
}

#[test]
fn a_lifetime_is_read_as_a_number_and_as_a_text() {
    for lifetime in [json!(3600), json!("3600"), json!(" 3600 "), json!(3600.5), json!(83_999)] {
        assert_eq!(sign_ins_of_two_runs(lifetime.clone()), 1, "{lifetime}");
    }
}

#[test]
fn a_token_is_renewed_a_minute_before_its_end() {
    for lifetime in [json!(59), json!("59"), json!(60)] {
        assert_eq!(sign_ins_of_two_runs(lifetime.clone()), 2, "{lifetime}");
    }
}

#[test]
fn a_token_whose_end_is_not_known_serves_one_run() {
    for lifetime in [json!(null), json!(""), json!("soon"), json!("NaN"), json!(0), json!(-1), json!("-3600")]
    {
        let service = Service::start(ApiClient::one_api("s"));
        service.set_lifetime(lifetime.clone());
        // Two types: two requests of one run.
        service.zpakey("list --token-cache file").run().code(0);
        assert_eq!((service.sign_ins(), service.calls()), (1, 2), "{lifetime}");
        service.zpakey(LIST).run().code(0);
        assert_eq!((service.sign_ins(), service.calls()), (2, 3), "{lifetime}");
    }
}

#[test]
fn an_absurd_lifetime_is_not_believed_and_harms_nothing() {
    for lifetime in [json!(1e300), json!("1e300"), json!(u64::MAX), json!("99999999999999999999999")] {
        assert_eq!(sign_ins_of_two_runs(lifetime.clone()), 1, "{lifetime}");
    }
}

#[test]
fn a_lifetime_that_is_neither_number_nor_text_makes_no_token() {
    for lifetime in [json!(true), json!([3600]), json!({"seconds": 3600})] {
        let service = Service::start(ApiClient::one_api("s"));
        service.set_lifetime(lifetime);
        service.zpakey(LIST).run().code(5).has_no_secret();
        assert_eq!((service.sign_ins(), service.calls()), (1, 0));
    }
}

#[test]
fn a_token_that_is_no_longer_good_is_renewed_once() {
    for client in [ApiClient::one_api("s"), ApiClient::legacy("s")] {
        let service = Service::start(client);
        service.zpakey(LIST).run().code(0);
        service.end_tokens();
        service.zpakey(LIST).run().code(0);
        assert_eq!((service.sign_ins(), service.calls()), (2, 3));
    }
}
