//! What the fuzz targets and the properties of `tests/api` call: the readers of answers, without a server.

use serde_json::{Value, from_slice, from_value};

use super::client::listed;
use super::error_body::ErrorBody;
use super::wire::{ListEntry, Page, WireCert, WireEnrolled, WireGroup, WireKey, WireMicrotenant};
use crate::domain::AssociationType;
use crate::secret::{KeyDigest, KeySecret};

const KIND: AssociationType = AssociationType::ConnectorGrp;

/// Reads a body in each way in which the client reads one. Returns how many keys it has.
///
/// # Panics
/// If what would be sent back for a key is not a key, or is another one.
#[must_use]
pub fn read_answer(body: &[u8]) -> usize {
    let mut keys = 0;
    if let Ok(page) = from_slice::<Page<ListEntry<WireKey<KeyDigest>>>>(body) {
        let _ = (page.total_pages(), page.total_count(), page.has_total());
        for entry in page.into_items() {
            let _ = listed(&entry, KIND);
            if let ListEntry::Object(wire) = entry {
                keys += usize::from(goes_back_as_it_came(wire));
            }
        }
    }
    if let Ok(mut wire) = from_slice::<WireKey<KeySecret>>(body) {
        let _ = wire.take_secret();
    }
    if let Ok(wire) = from_slice::<WireKey<KeyDigest>>(body) {
        keys += usize::from(goes_back_as_it_came(wire));
    }
    let _ = from_slice::<WireCert>(body).map(|wire| (wire.named(), wire.to_domain().is_ok()));
    let _ = from_slice::<WireGroup>(body).map(|wire| (wire.named(), wire.to_domain().is_ok()));
    let _ = from_slice::<WireMicrotenant>(body).map(|wire| (wire.named(), wire.to_domain().is_ok()));
    let _ = from_slice::<WireEnrolled>(body).map(|wire| wire.to_domain().is_ok());
    for status in [400, 503] {
        let _ = ErrorBody::read(body, status);
    }
    keys
}

/// Writes a key as a change of nothing would, and reads that again. Returns false if it cannot be read at all.
fn goes_back_as_it_came(wire: WireKey<KeyDigest>) -> bool {
    let Ok(key) = wire.to_domain(KIND) else { return false };
    let body: Value = wire.rest().put_body(&key, &key);
    let again = from_value::<WireKey<KeyDigest>>(body).ok().and_then(|wire| wire.to_domain(KIND).ok());
    let writable = |key: &crate::domain::ProvisioningKey| {
        (
            key.id.clone(),
            key.name.clone(),
            (key.enabled, key.exportable, key.usage.max),
            (key.group.id.clone(), key.cert.id.clone()),
            (key.ip_acl.clone(), key.ui_config.clone(), key.expires_at),
        )
    };
    assert_eq!(again.as_ref().map(writable), Some(writable(&key)), "a PUT would change the key");
    true
}
