//! Several tenants for one command, each with a context of its own.

use futures_util::stream::{self, StreamExt as _};

use super::Context;
use crate::error::{CommandError, CommandResult, Diagnosis, ErrorContext, ErrorKind, diagnose};
use crate::output::TenantLabel;

/// How many tenants are asked at a time, unless that is said.
pub const PARALLEL_TENANTS: usize = 16;

/// Makes the context of a profile's tenant.
type OpenTenant = Box<dyn Fn(&str) -> CommandResult<Context> + Send + Sync>;

/// The tenants of a command.
pub struct Fleet {
    /// The profiles, sorted.
    pub profiles: Vec<String>,
    /// How many are asked at a time.
    pub parallel: usize,
    pub open: OpenTenant,
}

/// What came of one of the tenants.
pub struct OfTenant<T> {
    pub label: TenantLabel,
    pub result: CommandResult<T>,
    /// What is to be said of its errors.
    context: ErrorContext,
}

impl<T> OfTenant<T> {
    /// Returns how the tenant is called in messages: by its profile.
    pub fn name(&self) -> String {
        self.label.profile.clone().unwrap_or_default()
    }

    /// Says what is known of an error of this tenant.
    pub fn diagnosed(&self, error: &CommandError) -> (String, Diagnosis) {
        (self.name(), diagnose(error, &self.context))
    }
}

impl Context {
    /// Returns the tenants, if several were asked for; they may be one.
    pub const fn fleet(&self) -> Option<&Fleet> {
        self.fleet.as_ref()
    }

    /// Does something with each tenant, so many at a time: the one of this context, unless several were asked for.
    /// Returns what came of each, in the order of the profiles; `done` has it as soon as it is there.
    ///
    /// Each context lives only as long as its tenant is asked. After a signal no more tenants are begun.
    pub async fn in_each_tenant<T>(
        &self,
        read: impl AsyncFn(&Self) -> CommandResult<T>,
        mut done: impl FnMut(&mut OfTenant<T>),
    ) -> Vec<OfTenant<T>> {
        let Some(fleet) = &self.fleet else {
            let label = TenantLabel::of(self.settings.profile_name.clone(), self.customer());
            let mut one = OfTenant { result: read(self).await, label, context: self.error_context() };
            done(&mut one);
            return vec![one];
        };
        let read = &read;
        let tenants = fleet.profiles.iter().enumerate().map(|(at, profile)| async move {
            if self.ending.asked().is_some() {
                let message = "not started: the command was interrupted";
                let result = Err(CommandError::new(ErrorKind::Interrupted, message).retryable());
                let context = ErrorContext::default();
                return (at, OfTenant { label: TenantLabel::of(profile, None), result, context });
            }
            let (customer, result, context) = match (fleet.open)(profile) {
                Ok(tenant) => {
                    let result = read(&tenant).await;
                    tenant.keep_names();
                    (tenant.customer(), result, tenant.error_context())
                }
                Err(error) => (None, Err(error), ErrorContext::default()),
            };
            (at, OfTenant { label: TenantLabel::of(profile, customer), result, context })
        });
        let mut tenants = stream::iter(tenants).buffer_unordered(fleet.parallel);
        let mut all = Vec::with_capacity(fleet.profiles.len());
        while let Some((at, mut tenant)) = tenants.next().await {
            done(&mut tenant);
            all.push((at, tenant));
        }
        all.sort_by_key(|(at, _)| *at);
        all.into_iter().map(|(_, tenant)| tenant).collect()
    }
}
