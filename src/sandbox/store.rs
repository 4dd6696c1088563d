//! Where the tenant is while the sandbox runs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    call::Answer,
    error::SandboxError,
    options::{Contents, Storage},
    seed,
    state_file::{Stamp, StateFile},
    tenant::Tenant,
};

/// The tenant, in memory or as the copy of a file that others may change too.
#[derive(Debug)]
pub(super) struct Store {
    file: Option<StateFile>,
    contents: Contents,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    tenant: Tenant,
    /// The tenant before the last change that this sandbox made.
    before: Option<Tenant>,
    stamp: Option<Stamp>,
}

impl Store {
    pub(super) fn open(storage: Storage, contents: Contents) -> Result<Self, SandboxError> {
        let file = match storage {
            Storage::Memory => None,
            Storage::File(path) => Some(StateFile::new(path)?),
        };
        let mut tenant = None;
        let mut stamp = None;
        if let Some(file) = &file {
            let _lock = file.lock()?;
            tenant = file.load()?;
            if tenant.is_none() {
                let new = seed::new_tenant(&contents)?;
                file.save(&new)?;
                tenant = Some(new);
            }
            stamp = file.stamp()?;
        }
        let tenant = tenant.map_or_else(|| seed::new_tenant(&contents), Ok)?;
        Ok(Self { file, contents, held: Mutex::new(Held { tenant, before: None, stamp }) })
    }

    /// Whether calls wait for a disk.
    pub(super) fn is_file(&self) -> bool {
        self.file.is_some()
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&Tenant) -> T) -> Result<T, SandboxError> {
        let mut held = self.lock();
        self.refresh(&mut held)?;
        Ok(look(&held.tenant))
    }

    /// Looks at the tenant as it was before the last change.
    pub(super) fn read_stale<T>(&self, look: impl FnOnce(&Tenant) -> T) -> Result<T, SandboxError> {
        let mut held = self.lock();
        self.refresh(&mut held)?;
        Ok(look(held.before.as_ref().unwrap_or(&held.tenant)))
    }

    /// Changes the tenant; an answer other than a success leaves it as it was.
    pub(super) fn write(&self, change: impl FnOnce(&mut Tenant) -> Answer) -> Result<Answer, SandboxError> {
        let mut held = self.lock();
        let _lock = self.file.as_ref().map(StateFile::lock).transpose()?;
        self.refresh(&mut held)?;
        let mut changed = held.tenant.clone();
        let answer = change(&mut changed);
        if (200..300).contains(&answer.status) {
            if let Some(file) = &self.file {
                file.save(&changed)?;
                held.stamp = file.stamp()?;
            }
            held.before = Some(std::mem::replace(&mut held.tenant, changed));
        }
        Ok(answer)
    }

    /// Takes over what another sandbox changed.
    fn refresh(&self, held: &mut Held) -> Result<(), SandboxError> {
        let Some(file) = &self.file else { return Ok(()) };
        let stamp = file.stamp()?;
        if stamp != held.stamp {
            // A file that is gone was reset.
            held.tenant = file.load()?.map_or_else(|| seed::new_tenant(&self.contents), Ok)?;
            held.before = None;
            held.stamp = stamp;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
