//! Answers and effects that differ from what was asked for, each chosen by a quirk, for all requests or for one.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use zpakey::sandbox::{Contents, Fault, Options, Quirks};

use super::sandbox::{KEYS, Rig, key, new_key};

async fn with(settings: &[&str]) -> Rig {
    seeded(settings, json!({})).await
}

async fn seeded(settings: &[&str], seed: Value) -> Rig {
    let mut quirks = Quirks::default();
    for setting in settings {
        quirks.set(setting).unwrap_or_else(|error| panic!("{error}"));
    }
    Rig::start(Options { quirks, contents: Contents::Seed(seed), ..Options::default() }).await
}

async fn with_faults(faults: Value) -> Rig {
    let rig = Rig::standard().await;
    rig.sandbox.set_faults(Fault::parse(&faults).unwrap_or_else(|error| panic!("{error}")));
    rig
}

#[tokio::test]
async fn a_list_can_be_an_empty_object_null_an_error_or_miscounted() {
    for (setting, expected) in
        [("object", json!({})), ("null", json!({"list": null})), ("error", json!({"status": "error"}))]
    {
        let rig = with(&[&format!("lists={setting}")]).await;
        rig.make("a").await;
        let answer = rig.get(KEYS).await;
        assert_eq!((answer.status, answer.json()), (200, expected), "{setting}");
    }
    let rig = with(&["lists=overcounted"]).await;
    rig.make("a").await;
    let page = rig.get(KEYS).await.json();
    assert_eq!((&page["totalCount"], page["list"].as_array().map(Vec::len)), (&json!("2"), Some(1)));
    let rig = with(&["lists=no-totals"]).await;
    rig.make("a").await;
    let page = rig.get(KEYS).await.json();
    assert_eq!(
        (page.as_object().map(serde_json::Map::len), &page["list"][0]["name"]),
        (Some(1), &json!("a"))
    );
}

#[tokio::test]
async fn a_put_can_keep_cut_lower_or_trim_the_name() {
    let given = "  A Name That Is Longer Than Twenty ";
    for (setting, expected) in [
        ("given", given),
        ("kept", "old"),
        ("cut", "  A Name That Is Lon"),
        ("lower", "  a name that is longer than twenty "),
        ("trimmed", "A Name That Is Longer Than Twenty"),
    ] {
        let rig = with(&[&format!("put-name={setting}")]).await;
        let path = key(&rig.make("old").await["id"]);
        assert_eq!(rig.put(&path, &json!({"name": given, "maxUsage": 7})).await.status, 204);
        let shown = rig.get(&path).await.json();
        assert_eq!((&shown["name"], &shown["maxUsage"]), (&json!(expected), &json!("7")), "{setting}");
    }
}

#[tokio::test]
async fn a_post_can_make_a_key_of_another_group_certificate_or_limit() {
    for (setting, property) in [
        ("other-group", "zcomponentId"),
        ("other-certificate", "enrollmentCertId"),
        ("other-limit", "maxUsage"),
    ] {
        let rig = with(&[&format!("post-makes={setting}")]).await;
        let asked = new_key("a");
        let made = rig.make("a").await;
        let shown = rig.get(&key(&made["id"])).await.json();
        for name in ["zcomponentId", "enrollmentCertId", "maxUsage"] {
            assert_eq!(made[name] != asked[name], name == property, "{setting}: {name}");
            assert_eq!(made[name], shown[name], "{setting}: {name} is told as it is");
        }
    }
}

#[tokio::test]
async fn a_key_text_can_be_masked_on_reading_or_always() {
    for (setting, in_post) in [("masked", false), ("masked-always", true)] {
        let rig = with(&[&format!("secret={setting}")]).await;
        let made = rig.make("a").await;
        assert_eq!(made["provisioningKey"] == "***", in_post, "{setting}");
        assert_eq!(rig.get(&key(&made["id"])).await.json()["provisioningKey"], "***");
        assert_eq!(rig.get(KEYS).await.json()["list"][0]["provisioningKey"], "***");
    }
}

#[tokio::test]
async fn a_delete_can_answer_html_keep_the_key_or_say_that_it_was_not_found() {
    for (setting, status, gone) in [("html", 200, true), ("keeps", 204, false), ("not-found", 200, true)] {
        let rig = with(&[&format!("delete={setting}")]).await;
        let path = key(&rig.make("a").await["id"]);
        let answer = rig.delete(&path).await;
        assert_eq!(answer.status, status, "{setting}");
        match setting {
            "html" => assert_eq!(answer.header("content-type"), Some("text/html")),
            "not-found" => assert_eq!(answer.json()["id"], "resource.not.found"),
            _ => assert_eq!(answer.text, ""),
        }
        assert_eq!(rig.get(&path).await.status == 400, gone, "{setting}");
    }
}

#[tokio::test]
async fn a_missing_key_can_be_answered_with_200_or_409() {
    for status in [200, 409] {
        let rig = with(&[&format!("not-found={status}")]).await;
        for method in [Method::GET, Method::DELETE] {
            let answer = rig.send(method, &format!("{KEYS}/1"), None).await;
            assert_eq!((answer.status, &answer.json()["id"]), (status, &json!("resource.not.found")));
        }
    }
}

#[tokio::test]
async fn a_put_can_ignore_enabled_and_a_limit_below_the_uses() {
    let rig = with(&["enabled=put-ignored"]).await;
    let path = key(&rig.make("a").await["id"]);
    assert_eq!(rig.put(&path, &json!({"enabled": false, "name": "b"})).await.status, 204);
    let shown = rig.get(&path).await.json();
    assert_eq!((&shown["enabled"], &shown["name"]), (&json!(true), &json!("b")));

    let seed = json!({"keys": [{"name": "a", "usageCount": 5}]});
    let rig = seeded(&["max-below-used=ignored"], seed).await;
    let path = format!("{KEYS}/38101");
    for (asked, kept) in [(4, "10"), (6, "6")] {
        assert_eq!(rig.put(&path, &json!({"maxUsage": asked})).await.status, 204);
        assert_eq!(rig.get(&path).await.json()["maxUsage"], kept);
    }
}

#[tokio::test]
async fn the_date_of_answers_can_be_off_or_absent() {
    for seconds in [-86_400_i64, 3_600] {
        let rig = with(&[&format!("clock-off={seconds}")]).await;
        let told = httpdate::parse_http_date(rig.get(KEYS).await.header("date").unwrap()).unwrap();
        let distance = std::time::SystemTime::now().duration_since(told);
        let ahead = distance.map_or_else(|e| e.duration().as_secs_f64(), |d| -d.as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "a few thousand seconds")]
        let off = (ahead - seconds as f64).abs();
        assert!(off < 5.0, "{off}");
    }
    let faults = json!({"nth": 1, "action": {"quirk": "date=absent"}});
    let rig = with_faults(faults).await;
    let first = rig.get(KEYS).await;
    assert_eq!((first.status, first.header("date")), (200, None));
    assert_eq!(first.json()["totalCount"], "0", "the rest of the answer is whole");
    assert_eq!(first.header("server"), Some("Zscaler"));
    assert!(rig.get(KEYS).await.header("date").is_some());
}

#[tokio::test]
async fn a_write_can_be_applied_and_refused() {
    for (status, headers) in [
        (503, json!({"retry-after": "4s"})),
        (409, json!({})),
        (401, json!({})),
        (429, json!({"retry-after": "1s"})),
    ] {
        let action = json!({"status": status, "headers": headers, "after": true});
        let rig = with_faults(json!({"method": "POST", "nth": 1, "action": action})).await;
        let answer = rig.post(KEYS, &new_key("a")).await;
        assert_eq!((answer.status, answer.header("retry-after")), (status, headers["retry-after"].as_str()));
        assert_eq!(rig.get(KEYS).await.json()["totalCount"], "1", "{status}");
    }
}

#[tokio::test]
async fn a_fault_can_give_one_request_a_quirk() {
    let rig = with_faults(json!([
        {"method": "GET", "nth": 2, "action": {"quirk": "lists=null"}},
        {"method": "PUT", "action": {"quirk": ["put-name=lower", "enabled=put-ignored"]}},
    ]))
    .await;
    let path = key(&rig.make("a").await["id"]);
    assert_eq!(rig.get(KEYS).await.json()["totalCount"], "1");
    assert_eq!(rig.get(KEYS).await.json(), json!({"list": null}));
    assert_eq!(rig.put(&path, &json!({"name": "B", "enabled": false})).await.status, 204);
    let shown = rig.get(&path).await.json();
    assert_eq!((&shown["name"], &shown["enabled"]), (&json!("b"), &json!(true)));
    for (setting, part) in [(json!("lists=never"), "`lists=never`"), (json!(7), "`quirk`")] {
        let error = Fault::parse(&json!({"action": {"quirk": setting}})).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn a_group_can_be_refused_without_its_enrollment_certificate() {
    let rig = with(&["group-certificate=required"]).await;
    for collection in ["appConnectorGroup", "serviceEdgeGroup"] {
        let refused = rig.post(collection, &json!({"name": "g"})).await;
        assert_eq!((refused.status, &refused.json()["params"]), (400, &json!(["enrollmentCertId"])));
        let made = rig.post(collection, &json!({"name": "g", "enrollmentCertId": "16560"})).await;
        assert_eq!(made.status, 201);
        let path = format!("{collection}/{}", made.json()["id"].as_str().unwrap());
        assert_eq!(rig.put(&path, &json!({"name": "h"})).await.status, 400);
        assert_eq!(rig.put(&path, &json!({"name": "h", "enrollmentCertId": "16560"})).await.status, 204);
    }
}

#[tokio::test]
async fn a_request_under_a_foreign_host_name_is_refused() {
    let rig = Rig::standard().await;
    let address = rig.sandbox.access().api_url.trim_start_matches("http://").to_owned();
    let path = rig.url(KEYS);
    let path = path.strip_prefix(&rig.sandbox.access().api_url).unwrap().to_owned();
    for (host, status) in [
        ("rebind.example", "403"),
        ("rebind.example:80", "403"),
        ("127.0.0.1.rebind.example", "403"),
        ("", "403"),
        ("LOCALHOST:7", "200"),
        ("127.0.0.1", "200"),
        ("[::1]:80", "200"),
        ("config.private.zscaler.com", "200"),
    ] {
        let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
            rig.token
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer.split(' ').nth(1), Some(status), "{host}: {answer}");
    }
}

#[tokio::test]
async fn a_seed_may_say_association_type_as_the_api_does_and_unknown_properties_are_refused() {
    let seed = json!({"keys": [{"name": "x", "associationType": "SERVICE_EDGE_GRP"}]});
    let rig = seeded(&[], seed).await;
    let page = rig.get("associationType/SERVICE_EDGE_GRP/provisioningKey").await.json();
    assert_eq!(page["list"][0]["name"], "x");
    assert_eq!(page["list"][0].get("associationType"), None);
    for (seed, part) in [
        (json!({"keys": [{"naem": "x"}]}), "`naem`"),
        (
            json!({"connector_groups": [{"name": "x", "enbled": true}]}),
            "`enbled` is not a property of `connector_groups`",
        ),
        (json!({"connectors": [{"provisioningKey": "38101"}]}), "`provisioningKey`"),
        (json!({"certificates": [{"validTo": 1}]}), "`validTo`"),
        (json!({"microtenants": [{"title": "x"}]}), "`title`"),
        (json!({"keys": [{"associationType": "SERVICE_EDGE"}]}), "SERVICE_EDGE"),
        (
            json!({"keys": [{"associationType": "SERVICE_EDGE_GRP", "association_type": "CONNECTOR_GRP"}]}),
            "differ",
        ),
    ] {
        let contents = Contents::Seed(seed);
        let refused = zpakey::sandbox::Sandbox::start(Options { contents, ..Options::default() }).await;
        let error = refused.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}
