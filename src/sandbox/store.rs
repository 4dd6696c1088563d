//! Where the tenant is while the sandbox runs.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    call::Reply,
    error::SandboxError,
    options::{Contents, Storage},
    quirks::Quirks,
    seed,
    state_file::{Stamp, StateFile},
    tenant::Tenant,
};

/// The tenant, in memory or as the copy of a file that others may change too.
#[derive(Debug)]
pub(super) struct Store {
    file: Option<StateFile>,
    contents: Contents,
    quirks: Quirks,
    held: Mutex<StoredTenant>,
}

#[derive(Debug)]
struct StoredTenant {
    tenant: Tenant,
    /// The tenant before the last change that this sandbox made.
    before: Option<Tenant>,
    /// What lists still show, oldest first, and for how many reads of lists.
    behind: VecDeque<(Tenant, u32)>,
    stamp: Option<Stamp>,
}

/// What a read shall see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadView {
    Current,
    /// A list, which may lag.
    List,
    /// The tenant as it was before the last change.
    Stale,
}

impl Store {
    pub(super) fn open(storage: Storage, contents: Contents, quirks: Quirks) -> Result<Self, SandboxError> {
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
        let held = StoredTenant { tenant, before: None, behind: VecDeque::new(), stamp };
        Ok(Self { file, contents, quirks, held: Mutex::new(held) })
    }

    /// Whether calls wait for a disk.
    pub(super) fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// What the sandbox was started with, over what its seed says.
    pub(super) fn quirks(&self, tenant: &Tenant) -> Quirks {
        self.quirks.over(tenant.quirks)
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&Tenant) -> T) -> Result<T, SandboxError> {
        self.read_as(ReadView::Current, look)
    }

    pub(super) fn read_as<T>(
        &self,
        view: ReadView,
        look: impl FnOnce(&Tenant) -> T,
    ) -> Result<T, SandboxError> {
        let mut held = self.lock();
        self.refresh(&mut held)?;
        let held = &mut *held;
        Ok(match view {
            ReadView::Current => look(&held.tenant),
            ReadView::Stale => look(held.before.as_ref().unwrap_or(&held.tenant)),
            ReadView::List => {
                while held.behind.front().is_some_and(|(_, reads)| *reads == 0) {
                    held.behind.pop_front();
                }
                let seen = look(held.behind.front().map_or(&held.tenant, |(tenant, _)| tenant));
                for (_, reads) in &mut held.behind {
                    *reads = reads.saturating_sub(1);
                }
                seen
            }
        })
    }

    /// Changes the tenant; an answer other than a success leaves it as it was.
    pub(super) fn write(&self, change: impl FnOnce(&mut Tenant) -> Reply) -> Result<Reply, SandboxError> {
        let changed = self.change(|tenant| {
            let answer = change(tenant);
            if (200..300).contains(&answer.status) { Ok(answer) } else { Err(answer) }
        })?;
        Ok(changed.unwrap_or_else(|refusal| refusal))
    }

    /// Changes the tenant; an error leaves it as it was.
    pub(super) fn change<T, E>(
        &self,
        change: impl FnOnce(&mut Tenant) -> Result<T, E>,
    ) -> Result<Result<T, E>, SandboxError> {
        let mut held = self.lock();
        let _lock = self.file.as_ref().map(StateFile::lock).transpose()?;
        self.refresh(&mut held)?;
        let mut changed = held.tenant.clone();
        let outcome = change(&mut changed);
        if outcome.is_ok() {
            if let Some(file) = &self.file {
                file.save(&changed)?;
                held.stamp = file.stamp()?;
            }
            let lag = self.quirks(&changed).list_lag();
            let before = std::mem::replace(&mut held.tenant, changed);
            // Two changes with no list read between them appear together.
            if lag > 0 && held.behind.back().is_none_or(|(_, reads)| *reads < lag) {
                held.behind.push_back((before.clone(), lag));
            }
            held.before = Some(before);
        }
        Ok(outcome)
    }

    /// Takes over what another sandbox changed.
    fn refresh(&self, held: &mut StoredTenant) -> Result<(), SandboxError> {
        let Some(file) = &self.file else { return Ok(()) };
        let stamp = file.stamp()?;
        if stamp != held.stamp {
            // A file that is gone was reset.
            held.tenant = file.load()?.map_or_else(|| seed::new_tenant(&self.contents), Ok)?;
            held.before = None;
            held.behind.clear();
            held.stamp = stamp;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, StoredTenant> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
