//! What may still be written.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::answers::Refusal;
use crate::domain::{AgentAction, AgentLimits};

/// Lets writes pass that a person allowed.
#[derive(Debug)]
pub(super) struct Gate {
    limits: AgentLimits,
    /// The times of the writes within the last hour.
    writes: Mutex<Vec<Instant>>,
}

const HOUR: Duration = Duration::from_secs(3_600);
/// Who can change a limit, and how.
const BY_A_PERSON: &str =
    "a person can change it, in the profile's table `mcp` or with the options of `zpakey mcp`";

impl Gate {
    pub(super) const fn new(limits: AgentLimits) -> Self {
        Self { limits, writes: Mutex::new(Vec::new()) }
    }

    pub(super) fn allows(&self, action: AgentAction) -> bool {
        self.limits.allowed.contains(&action)
    }

    /// Refuses a group that is not one of those that were named.
    pub(super) fn check_group(&self, name: &str) -> Result<(), Refusal> {
        if self.limits.has_group(name) {
            return Ok(());
        }
        let named: Vec<&str> = self.limits.groups.iter().flatten().map(glob::Pattern::as_str).collect();
        let message = format!("the key's group is outside the limit `groups`: {}", named.join(", "));
        Err(Refusal::limit(&message, BY_A_PERSON))
    }

    /// True if the number of uses is limited.
    pub(super) const fn limits_uses(&self) -> bool {
        self.limits.max_uses.is_some()
    }

    pub(super) fn check_uses(&self, uses: u64) -> Result<(), Refusal> {
        match self.limits.max_uses {
            Some(most) if uses > most => {
                let message = format!("{uses} uses are above the limit `max_uses`: {most}");
                Err(Refusal::limit(&message, BY_A_PERSON))
            }
            _ => Ok(()),
        }
    }

    /// Counts a write that is about to begin, or refuses it.
    pub(super) fn begin_write(&self) -> Result<(), Refusal> {
        let most = self.limits.max_writes.unwrap_or(AgentLimits::WRITES);
        let mut writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        writes.retain(|time| time.elapsed() < HOUR);
        if writes.len() >= usize::try_from(most).unwrap_or(usize::MAX) {
            let message = format!("the limit `max_writes` is reached: {most} an hour");
            return Err(Refusal::limit(&message, BY_A_PERSON));
        }
        writes.push(Instant::now());
        Ok(())
    }
}
