//! The emulator under many clients at once.

#![expect(clippy::indexing_slicing, reason = "a helper of tests fails by panicking, as the tests do")]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tempfile::TempDir;
use zpakey::sandbox::{Options, Storage};

use super::sandbox::{KEYS, Rig, key, new_key};

const CLIENTS: usize = 16;
/// How many keys each client leaves behind.
const KEPT: usize = 3;

/// Five calls a round, each with the one right answer; the keys of the last rounds stay.
async fn work(rig: &Rig, client: usize, rounds: usize) -> usize {
    let mut calls = 0;
    for round in 0..rounds {
        let name = format!("client-{client}-{round}");
        let made = rig.make(&name).await;
        let path = key(&made["id"]);
        let change = json!({"maxUsage": 100 * client + round + 1});
        assert_eq!(rig.put(&path, &change).await.status, 204);
        let shown = rig.get(&path).await.json();
        assert_eq!(shown["name"], name.as_str());
        assert_eq!(shown["maxUsage"], (100 * client + round + 1).to_string());
        assert_eq!(shown["provisioningKey"], made["provisioningKey"]);
        let found = rig.get(&format!("{KEYS}?search=name%20EQ%20{name}")).await.json();
        assert_eq!((&found["totalCount"], &found["list"][0]), (&json!("1"), &shown));
        calls += 4;
        if round < rounds - KEPT {
            assert_eq!(rig.delete(&path).await.status, 204);
        } else {
            let again = rig.post(KEYS, &new_key(&name)).await;
            assert_eq!(again.json()["id"], "duplicate.name");
        }
        calls += 1;
    }
    calls
}

/// Lets all clients work at once, spread over the sandboxes of one tenant, and counts their calls.
async fn work_together(rigs: &[Rig], rounds: usize) -> usize {
    let clients = (0..CLIENTS).map(|client| work(&rigs[client % rigs.len()], client, rounds));
    let calls = futures_util::future::join_all(clients).await.into_iter().sum();
    for rig in rigs {
        let page = rig.get(&format!("{KEYS}?pagesize=500")).await.json();
        let list = page["list"].as_array().cloned().unwrap_or_default();
        let left: BTreeSet<_> = list.iter().map(|key| key["name"].to_string()).collect();
        let expected: BTreeSet<_> = (0..CLIENTS)
            .flat_map(|client| {
                (rounds - KEPT..rounds).map(move |round| format!("\"client-{client}-{round}\""))
            })
            .collect();
        assert_eq!(left, expected);
        let ids: BTreeSet<_> = list.iter().map(|key| key["id"].to_string()).collect();
        assert_eq!(ids.len(), list.len());
    }
    let next = rigs[0].sandbox.tenant()["next_key_id"].clone();
    assert_eq!(next, Value::from(38_101 + CLIENTS * rounds), "no id was lost or given twice");
    calls
}

#[tokio::test]
async fn sixteen_clients_make_two_thousand_calls_without_a_wrong_answer_or_a_lost_write() {
    let in_memory = [Rig::standard().await];
    let place = TempDir::new().unwrap();
    let storage = Storage::File(place.path().join("tenant.json"));
    let options = || Options { storage: storage.clone(), ..Options::default() };
    // Two sandboxes share a tenant, as two processes do.
    let on_disk = [Rig::start(options()).await, Rig::start(options()).await];
    let calls = work_together(&in_memory, 20).await + work_together(&on_disk, 5).await;
    assert_eq!(calls, 2_000);
}
