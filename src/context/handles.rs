//! Which keys a command line has to name by id.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::domain::KeyId;

/// Keys whose name may select another key too, or several: it is shared, or was never compared with all other names.
#[derive(Debug, Default)]
pub struct Handles {
    by_id: Mutex<HashSet<KeyId>>,
}

impl Handles {
    /// Notes that the name of this key may not be enough.
    pub fn need_id(&self, id: &KeyId) {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone());
    }

    /// Tells whether a command line has to name this key by its id.
    pub fn needs_id(&self, id: &KeyId) -> bool {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner).contains(id)
    }
}
