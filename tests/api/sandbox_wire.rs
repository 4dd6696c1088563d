//! The emulator's headers and compression.

use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;
use zpakey::sandbox::Options;

use super::sandbox::{KEYS, Rig};

#[tokio::test]
async fn an_answer_is_compressed_when_the_client_can_read_it() {
    let rig = Rig::standard().await;
    rig.make("a").await;
    let plain = rig.get(KEYS).await.text;
    for (accepted, is_compressed) in
        [("gzip, deflate", true), ("br;q=1.0, GZIP;q=0.5", true), ("gzip;q=0", false), ("identity", false)]
    {
        let request = rig.http.get(rig.url(KEYS)).bearer_auth(&rig.token).header("accept-encoding", accepted);
        let response = request.send().await.unwrap();
        let coding =
            response.headers().get("content-encoding").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(coding.as_deref(), is_compressed.then_some("gzip"), "{accepted}");
        let bytes = response.bytes().await.unwrap();
        let mut text = String::new();
        if is_compressed {
            GzDecoder::new(bytes.as_ref()).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(bytes.to_vec()).unwrap();
        }
        assert_eq!(text, plain);
    }
    let deletion = rig.http.delete(rig.url(&format!("{KEYS}/38101"))).bearer_auth(&rig.token);
    let response = deletion.header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers().get("content-encoding")), (204, None));
}

#[tokio::test]
async fn the_headers_of_the_recordings_are_there() {
    let rig = Rig::start(Options::default()).await;
    let answer = rig.get(KEYS).await;
    for name in [
        "cache-control",
        "content-security-policy",
        "content-type",
        "date",
        "expires",
        "pragma",
        "referrer-policy",
        "server",
        "strict-transport-security",
        "vary",
        "x-content-type-options",
        "x-envoy-upstream-service-time",
        "x-frame-options",
        "x-oneapi-host",
        "x-oneapi-request-id",
        "x-oneapi-version",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-transaction-id",
        "x-xss-protection",
    ] {
        assert!(answer.header(name).is_some(), "{name}");
    }
    assert!(serde_json::from_str::<Value>(&answer.text).is_ok());
}
