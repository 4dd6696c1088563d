//! How fast many changes are.

use std::time::Duration;

use zpakey::sandbox::{Contents, Options};

use super::*;

#[test]
#[ignore = "needs the machine for itself: `.ci/run` gives it that"]
fn two_hundred_changes_use_the_whole_rate_limit() {
    // A window is a second here; the first 10 writes are free, and each further window lets 10 through.
    let optimum = Duration::from_secs(19);
    let names: Vec<String> = (1..=200).map(|number| format!("k{number:03}")).collect();
    let keys: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
    let contents = Contents::Seed(json!({"keys": keys}));
    let tenant =
        Tenant::with(Options { enforce_limits: true, time_scale: 10, contents, ..Options::default() });
    // A busy machine only makes a run longer, so the fastest one counts.
    let mut fastest = Duration::MAX;
    for limit in [77, 78, 79] {
        let entry = |name: &String| format!("- {{name: {name}, type: connector, uses: {limit}}}\n");
        write(&tenant, &names.iter().map(entry).collect::<String>());
        tenant.clear_requests();
        let run = apply(&tenant, "").code(0);
        let done =
            run.json()["items"].as_array().unwrap().iter().filter(|one| one["applied"] == true).count();
        assert_eq!(done, 200);
        let requests = tenant.requests();
        assert!(requests.iter().all(|request| request.status != Some(429)));
        let writes = requests.into_iter().filter(|request| request.method == "PUT");
        let (arrived, answered): (Vec<_>, Vec<_>) =
            writes.map(|write| (write.arrived, write.answered.unwrap())).unzip();
        fastest = fastest.min(answered.into_iter().max().unwrap() - arrived.into_iter().min().unwrap());
        if fastest < optimum.mul_f64(1.05) {
            break;
        }
    }
    assert!(fastest < optimum.mul_f64(1.05), "{fastest:?}");
    assert!(fastest > optimum.mul_f64(0.95), "{fastest:?} is faster than the limit lets through");
}
