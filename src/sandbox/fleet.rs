//! Many tenants, seeded by the shape that tenants have.

use serde_json::{Value, json};

use super::standard::FIRST_KEY_ID;

/// The first customer id; the others follow.
const FIRST_CUSTOMER: u64 = 216_199_618_143_200_001;
/// A year before the tenant's other objects were made, as the API writes it.
const LONG_AGO: &str = "1739000000";

/// A tenant of a fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetTenant {
    /// Its shape and its number: `static-001`.
    pub name: String,
    /// In the form of the [module documentation](super#seeds).
    pub seed: Value,
}

/// Makes the seed of a tenant from its number of keys and the time.
type Shape = fn(usize, u64) -> Value;

/// Makes so many tenants of so many keys each. Their shapes take turns:
///
/// | shape | keys |
/// |---|---|
/// | `static` | one for each site, used up by the connectors that stand there |
/// | `autoscaled` | many uses left, and more were used than connectors stand |
/// | `image` | the first is in an image: old, and used by most; the rest as in `static` |
/// | `wrecked` | used up, never used, replaced and not retired, rotated half-way |
#[must_use]
pub fn fleet(tenants: usize, keys: usize) -> Vec<FleetTenant> {
    let shapes: [(&str, Shape); 4] =
        [("static", standing), ("autoscaled", autoscaled), ("image", image), ("wrecked", wrecked)];
    let shapes = shapes.into_iter().cycle().zip(FIRST_CUSTOMER..).zip(1..).take(tenants);
    let made = shapes.map(|(((shape, key), customer), number)| {
        let keys: Vec<Value> = (0..keys).zip(FIRST_KEY_ID..).map(|(at, id)| key(at, id)).collect();
        let connectors: Vec<Value> = keys.iter().zip(FIRST_KEY_ID..).flat_map(connectors).collect();
        FleetTenant {
            name: format!("{shape}-{number:03}"),
            seed: json!({"customer_id": customer.to_string(), "keys": keys, "connectors": connectors}),
        }
    });
    made.collect()
}

/// What stands of what enrolled: two at most.
fn connectors((key, id): (&Value, u64)) -> impl Iterator<Item = Value> {
    let name = key.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let count = key.get("usageCount").and_then(Value::as_u64).unwrap_or_default().min(2);
    (1..=count)
        .map(move |number| json!({"name": format!("{name}-{number}"), "provisioningKeyId": id.to_string()}))
}

fn standing(at: usize, _: u64) -> Value {
    json!({"name": format!("site-{at:02}"), "maxUsage": 2, "usageCount": 2})
}

fn autoscaled(at: usize, _: u64) -> Value {
    json!({"name": format!("asg-{at:02}"), "maxUsage": 500, "usageCount": 40 + at})
}

fn image(at: usize, id: u64) -> Value {
    if at > 0 {
        return standing(at, id);
    }
    json!({"name": "golden-image", "maxUsage": 1000, "usageCount": 610, "creationTime": LONG_AGO})
}

fn wrecked(at: usize, id: u64) -> Value {
    let lineage = format!("site-{:02}", at / 4);
    match at % 4 {
        0 => json!({"name": lineage, "maxUsage": 10, "usageCount": 10}),
        1 => json!({"name": format!("{lineage}.old-{id}.202501011200"), "maxUsage": 10, "usageCount": 4}),
        2 => json!({"name": format!("{lineage}.next-{}", id - 2), "maxUsage": 10, "usageCount": 0}),
        _ => json!({
            "name": format!("unused-{at:02}"), "maxUsage": 100, "usageCount": 0, "creationTime": LONG_AGO,
        }),
    }
}
