//! What calls need to know in addition to the tenant and the request.

use super::{
    call::{Call, Object, Reply},
    key_input,
    quirks::{Deviation, Quirks},
    tenant::{DEFAULT_MICROTENANT, Tenant, home, text},
};

/// How the sandbox behaves, and what time it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    pub(super) quirks: Quirks,
    pub(super) strict: bool,
    /// Unit: seconds since the Unix epoch, UTC.
    pub(super) now: u64,
}

impl Circumstances {
    pub(super) fn has(self, deviation: Deviation) -> bool {
        self.quirks.has(deviation)
    }

    /// The refusal of a call about an object that does not exist.
    pub(super) fn missing(self, given: &str) -> Reply {
        let status = [
            (Deviation::NotFoundIs404, 404),
            (Deviation::NotFoundIs200, 200),
            (Deviation::NotFoundIs409, 409),
        ];
        match status.into_iter().find(|(deviation, _)| self.has(*deviation)) {
            Some((_, 404)) => Reply::not_found_as_404(given),
            Some((_, status)) => Reply { status, ..Reply::not_found(given) },
            None => Reply::not_found(given),
        }
    }

    /// The microtenant that a write is about: the query's, the body's, or the Default one.
    pub(super) fn home_of_write(self, call: &Call, tenant: &Tenant, body: &Object) -> Result<String, Reply> {
        let given = call.microtenant().map(str::to_owned);
        let id = given.or_else(|| key_input::text(body, "microtenantId"));
        let id = id.unwrap_or_else(|| DEFAULT_MICROTENANT.to_owned());
        if tenant.has_microtenant(&id) { Ok(id) } else { Err(self.missing(&id)) }
    }

    /// Refuses a name that another object of the same microtenant has.
    pub(super) fn check_name<'t>(
        self,
        others: impl Iterator<Item = &'t Object>,
        name: &str,
        microtenant: &str,
        except: Option<&str>,
    ) -> Result<(), Reply> {
        let mut others = others;
        let is_taken = others.any(|other| {
            text(other, "name") == Some(name) && home(other) == microtenant && text(other, "id") != except
        });
        if is_taken && !self.has(Deviation::FreeNames) {
            let reason = format!("A resource with the name {name} already exists.");
            return Err(Reply::refusal_of(400, &["name"], "duplicate.name", &reason));
        }
        Ok(())
    }
}
