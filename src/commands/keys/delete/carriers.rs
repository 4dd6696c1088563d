//! Which connectors and service edges carry a key: one list for each type, read anew when it is older than a window of
//! the rate limit, so that a long deletion acts on nothing that was read long ago and does not spend its reads on it.

use std::time::Duration;

use tokio::sync::Mutex;

use crate::context::Context;
use crate::domain::{AssociationType, Enrolled, ProvisioningKey};
use crate::error::{CommandError, CommandResult};

/// How long a list counts.
const FRESH: Duration = Duration::from_secs(10);

/// What is known of the connectors or service edges that enrolled with a key.
pub(super) enum References {
    /// None: nothing ever enrolled, or nothing that exists today did.
    None,
    Some(Vec<Enrolled>),
    /// No call of the API is known that would tell.
    Unknown,
}

/// The lists that were read.
pub(super) struct Carriers {
    /// Whether a list that cannot be read is not an obstacle: `--force-referenced`.
    forced: bool,
    lists: Mutex<Vec<List>>,
}

struct List {
    kind: AssociationType,
    read_at: Duration,
    /// `None` if no list is known for the type, or it cannot be read and that is not an obstacle.
    enrolled: Option<Vec<Enrolled>>,
}

impl Carriers {
    pub(super) fn new(forced: bool) -> Self {
        Self { forced, lists: Mutex::default() }
    }

    /// Reads the lists that these keys need, in flight together. A key that was never used needs none.
    pub(super) async fn read(&self, ctx: &Context, keys: &[ProvisioningKey]) -> CommandResult<()> {
        let used = keys.iter().filter(|key| key.usage.count.0 > 0);
        let mut kinds: Vec<AssociationType> = used.map(|key| key.association_type).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let lists = kinds.iter().map(|kind| self.list(ctx, *kind));
        let lists = futures_util::future::try_join_all(lists).await?;
        self.lists.lock().await.extend(lists);
        Ok(())
    }

    pub(super) async fn forget(&self) {
        self.lists.lock().await.clear();
    }

    /// Tells which connectors or service edges carry a key.
    pub(super) async fn of_key(&self, ctx: &Context, key: &ProvisioningKey) -> CommandResult<References> {
        if key.usage.count.0 == 0 {
            return Ok(References::None);
        }
        // Held while it is read: keys that are deleted at the same time share one list.
        let mut lists = self.lists.lock().await;
        let now = ctx.clock.monotonic();
        lists.retain(|list| now.saturating_sub(list.read_at) <= FRESH);
        if !lists.iter().any(|list| list.kind == key.association_type) {
            lists.push(self.list(ctx, key.association_type).await?);
        }
        let list = lists.iter().find(|list| list.kind == key.association_type);
        Ok(match list.and_then(|list| list.enrolled.as_ref()) {
            None => References::Unknown,
            Some(list) => {
                let is_its_own = |one: &&Enrolled| one.key_id.as_ref() == Some(&key.id);
                let found: Vec<_> = list.iter().filter(is_its_own).cloned().collect();
                if found.is_empty() { References::None } else { References::Some(found) }
            }
        })
    }

    async fn list(&self, ctx: &Context, kind: AssociationType) -> CommandResult<List> {
        let read_at = ctx.clock.monotonic();
        let enrolled = match ctx.client().await?.enrolled(kind).await {
            Ok(enrolled) => enrolled,
            Err(_) if self.forced => None,
            Err(error) => {
                let what = format!("finding out which {} enrolled with it", kind.member_noun());
                return Err(CommandError::from(error).doing(what));
            }
        };
        Ok(List { kind, read_at, enrolled })
    }
}
