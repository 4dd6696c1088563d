//! What earlier audits saw, kept in the state directory: one private file for each tenant.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::context::{Context, tenant_file};
use crate::domain::audit::{AuditMemory, Intent, KeyMemory, Rise, Sample};
use crate::host::PrivateDir;

const VERSION: u32 = 1;

/// Times are seconds since the Unix epoch.
#[derive(Serialize, Deserialize)]
struct MemoryText {
    version: u32,
    looked_at: i64,
    keys: BTreeMap<String, KeyText>,
}

#[derive(Serialize, Deserialize)]
struct KeyText {
    looked_at: i64,
    count: u64,
    samples: Vec<(i64, u64)>,
    intent: Option<String>,
    #[serde(default)]
    is_intent_said: bool,
    was_retired: bool,
    rise: Option<(i64, u64, u64)>,
}

/// Returns where the memory of the tenant is; `None` if there is no place for it.
fn place(ctx: &Context) -> Option<(PrivateDir, String)> {
    Some((PrivateDir::new(ctx.dirs.as_ref()?.audits()), tenant_file(&ctx.settings)))
}

/// Reads the memory of the tenant; what cannot be read is as if there were none.
pub(crate) fn recall(ctx: &Context) -> Option<AuditMemory> {
    let (directory, file) = place(ctx)?;
    let text: MemoryText = serde_json::from_slice(&directory.read(&file)?).ok()?;
    let keys = text.keys.into_iter().map(|(key, text)| Some((key, text.known()?)));
    (text.version == VERSION).then_some(())?;
    Some(AuditMemory { looked_at: time(text.looked_at)?, keys: keys.collect::<Option<_>>()? })
}

/// Keeps the memory; an error is what was in the way.
pub(crate) fn keep(ctx: &Context, memory: AuditMemory) -> Result<(), std::io::Error> {
    let Some((directory, file)) = place(ctx) else { return Ok(()) };
    let keys = memory.keys.into_iter().map(|(key, known)| (key, KeyText::of(known))).collect();
    let text = MemoryText { version: VERSION, looked_at: memory.looked_at.as_second(), keys };
    directory.write(&file, &serde_json::to_vec(&text)?)
}

impl KeyText {
    fn of(known: KeyMemory) -> Self {
        Self {
            looked_at: known.looked_at.as_second(),
            count: known.count,
            samples: known.samples.into_iter().map(|sample| (sample.at.as_second(), sample.count)).collect(),
            intent: known.intent.map(|intent| intent.as_str().to_owned()),
            is_intent_said: known.is_intent_said,
            was_retired: known.was_retired,
            rise: known.rise.map(|rise| (rise.seen_at.as_second(), rise.from, rise.to)),
        }
    }

    fn known(self) -> Option<KeyMemory> {
        let sample = |(at, count)| Some(Sample { at: time(at)?, count });
        let rise = match self.rise {
            Some((seen_at, from, to)) => Some(Rise { seen_at: time(seen_at)?, from, to }),
            None => None,
        };
        Some(KeyMemory {
            looked_at: time(self.looked_at)?,
            count: self.count,
            samples: self.samples.into_iter().map(sample).collect::<Option<_>>()?,
            intent: self
                .intent
                .and_then(|word| Intent::ALL.into_iter().find(|intent| intent.as_str() == word)),
            is_intent_said: self.is_intent_said,
            was_retired: self.was_retired,
            rise,
        })
    }
}

fn time(seconds: i64) -> Option<Timestamp> {
    Timestamp::from_second(seconds).ok()
}
