//! The requests of the vendor's Terraform provider (4.4.x, under Terraform 1.11.4) for the life of what its page of the
//! provisioning key shows: method, path, query and body as it sent them, each once. Identities and key values are replaced.
//!
//! # Source
//! Recorded by the sandbox while `tests/cli/terraform/provider.rs` ran with the real provider, through both sign-ins.

use reqwest::Method;
use serde_json::Value;
use zpakey::sandbox::Options;

use super::sandbox::Rig;

const RUNS: [(&str, &str); 2] =
    [("OneAPI", include_str!("provider/oneapi.json")), ("legacy", include_str!("provider/legacy.json"))];

/// A text of an answer: the provider signs in first, and sends the value of a key back.
fn told(answer: &str, name: &str) -> Option<String> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    answer.get(name)?.as_str().map(str::to_owned)
}

#[tokio::test]
async fn each_request_of_the_provider_is_answered_as_it_was() {
    for (name, text) in RUNS {
        let rig = Rig::start(Options::default()).await;
        let access = rig.sandbox.access().clone();
        let requests: Vec<Value> =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(requests.len() >= 20, "{name}");
        let (mut token, mut key) = (String::new(), String::new());
        for request in &requests {
            let text = |field: &str| request[field].as_str().unwrap_or_default();
            let filled = |text: &str| {
                let text =
                    text.replace("{customer}", &access.customer_id).replace("{client_id}", &access.client_id);
                let secret: String =
                    url::form_urlencoded::byte_serialize(access.client_secret.as_bytes()).collect();
                text.replace("{client_secret}", &secret).replace("{key}", &key)
            };
            let method: Method = text("method").parse().unwrap_or_else(|error| panic!("{error}"));
            let query = if text("query").is_empty() { String::new() } else { format!("?{}", text("query")) };
            let url = format!("{}{}{query}", access.api_url, filled(text("path")));
            let is_form = text("body").starts_with("client_") || text("body").contains("grant_type=");
            let kind = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
            let sent = rig.http.request(method, url).header("content-type", kind).body(filled(text("body")));
            let answer = sent.bearer_auth(&token).send().await.unwrap_or_else(|error| panic!("{error}"));
            let status = answer.status().as_u16();
            let body = answer.text().await.unwrap_or_default();
            assert_eq!(
                u64::from(status),
                request["status"].as_u64().unwrap_or_default(),
                "{name}: {request}"
            );
            token = told(&body, "access_token").unwrap_or(token);
            key = told(&body, "provisioningKey").unwrap_or(key);
        }
        let unknown: Vec<_> = rig.sandbox.requests().into_iter().filter(|request| request.unknown).collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
        assert_eq!(rig.sandbox.tenant()["keys"], Value::Array(Vec::new()), "{name}: its keys are destroyed");
    }
}
