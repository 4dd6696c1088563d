//! What `scan -o json` printed: where key values lie.

use std::collections::BTreeMap;
use std::io::ErrorKind as IoErrorKind;
use std::path::Path;

use serde::Deserialize;

use crate::context::Context;
use crate::domain::KeyId;
use crate::domain::audit::Leak;
use crate::error::{CommandError, CommandResult};
use crate::host::read_text;

/// A leak, as far as it is needed. No report has a key value.
#[derive(Deserialize)]
struct LeakText {
    id: Option<String>,
    path: String,
    #[serde(default)]
    members: Vec<String>,
    line: u64,
}

/// Reads a report of `scan`, as JSON or as lines of JSON; `-` is standard input. The places are grouped by key.
pub(super) async fn read(ctx: &Context, path: &Path) -> CommandResult<Vec<Leak>> {
    let text = if path == Path::new("-") {
        ctx.read_input().await?
    } else {
        match read_text(path) {
            Ok(Some((text, _))) => text.to_string(),
            Ok(None) => return Err(CommandError::unreadable_file(path, &IoErrorKind::NotFound.into())),
            Err(error) => return Err(CommandError::unreadable_file(path, &error)),
        }
    };
    let all = parsed(&text).map_err(|error| {
        let what = format!("{} is not a report of scan: {error}", path.display());
        CommandError::usage(what, "zpakey scan PATH -o json > report.json makes one")
    })?;
    let mut places: BTreeMap<String, (KeyId, Vec<String>)> = BTreeMap::new();
    for leak in all {
        // A value that belongs to no key of the tenant that was asked has no id.
        let Some(id) = leak.id.as_deref().and_then(|id| id.parse::<KeyId>().ok()) else { continue };
        let mut place = leak.path;
        for member in &leak.members {
            place = format!("{place}!{member}");
        }
        places
            .entry(id.to_string())
            .or_insert_with(|| (id, Vec::new()))
            .1
            .push(format!("{place}:{}", leak.line));
    }
    Ok(places.into_values().map(|(key, places)| Leak { key, places }).collect())
}

fn parsed(text: &str) -> Result<Vec<LeakText>, serde_json::Error> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text);
    }
    serde_json::Deserializer::from_str(text).into_iter().collect()
}
