//! What a file or standard input holds: one key value alone, as a host has it, or values that the finder finds.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use zeroize::Zeroizing;

use super::said;
use crate::api::cloud_of_host;
use crate::commands::shared::leaks::encoding;
use crate::context::{Context, quoted};
use crate::domain::{AssociationType, Fingerprint};
use crate::error::{CommandError, CommandResult, ErrorKind};
use crate::host::{Exposure, open_without_waiting, read_secret};
use crate::output::{HeldPlace, HeldText};
use crate::scan::{Bounds, Found, Scanner};
use crate::secret::{FormatIssue, ParseKeyTextError, ParsedKeyText};

/// What is longer is no value alone: one has 429 bytes. Unit: bytes.
const MOST: usize = 64 * 1024;
/// The largest archive within an archive that is looked into. Unit: bytes.
const MOST_MEMBER: u64 = 64 << 20;

/// A key value, and what is wrong with its form and its file.
#[derive(Clone)]
pub(super) struct HeldValue {
    pub(super) text: HeldText,
    /// All readings of an encoding that can be read in several ways; the first is that of `text`.
    pub(super) readings: Vec<Fingerprint>,
    pub(super) issues: Vec<FormatIssue>,
    /// How messages name where it is.
    pub(super) from: String,
}

/// What one FILE has.
pub(super) struct Held {
    pub(super) values: Vec<HeldValue>,
    pub(super) exposure: Exposure,
}

/// What was read of a file.
enum Content {
    Alone(ParsedKeyText),
    Found(Vec<Found>),
    None(ParseKeyTextError),
}

/// Reads a file, or standard input for `-`. At a terminal the value is asked for, and not shown while it is pasted.
pub(super) async fn read(ctx: &Context, file: &Path) -> CommandResult<Held> {
    let is_input = file == Path::new("-");
    let from = if is_input { "standard input".to_owned() } else { quoted(&file.display().to_string()) };
    let (content, exposure) = if is_input {
        (read_input(ctx).await?, Exposure::None)
    } else {
        let path = file.to_owned();
        // On a thread of its own: it may be a pipe that no one writes to, and a signal ends the command meanwhile.
        let read = tokio::task::spawn_blocking(move || read_file(&path)).await?;
        let (content, exposure) = read.map_err(|error| CommandError::unreadable_file(file, &error))?;
        (
            content,
            if is_host_file(file) { Exposure::None } else { exposure.unless_credential(file, &ctx.env) },
        )
    };
    let values = match content {
        Content::Alone(parsed) => vec![alone(file, parsed, from)],
        Content::Found(found) if !found.is_empty() => {
            let is_one = found.len() == 1;
            found.into_iter().map(|one| located(file, one, &from, is_one)).collect()
        }
        Content::Found(_) => return Err(holds_none(&from, ParseKeyTextError::NoShape)),
        Content::None(why) => return Err(holds_none(&from, why)),
    };
    Ok(Held { values, exposure })
}

fn holds_none(from: &str, why: ParseKeyTextError) -> CommandError {
    let message = format!("{from} holds {}", said::instead(why));
    CommandError::new(ErrorKind::NotFound, message)
        .detail("a key value is a digit, a host and letters with a bar between them")
}

async fn read_input(ctx: &Context) -> CommandResult<Content> {
    if ctx.terminals.stdin && ctx.can_ask() {
        let typed = ctx.ask_hidden("? The key value (not shown) ".to_owned()).await?;
        let bytes = Zeroizing::new(typed.map_or_else(Vec::new, |text| text.as_bytes().to_vec()));
        return Ok(content(&bytes, &mut std::io::empty()));
    }
    let read = |reader: &mut dyn Read| -> std::io::Result<Content> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(MOST + 1));
        reader.take(MOST as u64 + 1).read_to_end(&mut bytes)?;
        Ok(content(&bytes, reader))
    };
    ctx.with_input(read).await?.map_err(|error| CommandError::io("reading standard input", &error))
}

fn read_file(path: &Path) -> std::io::Result<(Content, Exposure)> {
    let (bytes, exposure) = read_secret(path, MOST)?;
    if bytes.len() <= MOST {
        return Ok((content(&bytes, &mut std::io::empty()), exposure));
    }
    let file = open_without_waiting(path)?;
    let length = file.metadata()?.len();
    let mut scanner = scanner();
    scanner.file(file, length);
    Ok((Content::Found(scanner.found), exposure))
}

/// Tells what bytes hold, which `rest` follow if they are many.
fn content(bytes: &[u8], rest: &mut dyn Read) -> Content {
    let parsed =
        if bytes.len() > MOST { Err(ParseKeyTextError::NoShape) } else { ParsedKeyText::read(bytes) };
    let parsed = match parsed {
        Ok(parsed) if !may_be_encoded(&parsed) => return Content::Alone(parsed),
        parsed => parsed,
    };
    let mut scanner = scanner();
    scanner.stream(&mut Cursor::new(bytes).chain(rest));
    if !scanner.found.is_empty() {
        return Content::Found(scanner.found);
    }
    parsed.map_or_else(Content::None, Content::Alone)
}

/// True if what stands behind a text may be an encoding of the rest of it.
fn may_be_encoded(parsed: &ParsedKeyText) -> bool {
    parsed.blemishes.contains(&FormatIssue::Surrounded) && parsed.blemishes.contains(&FormatIssue::CutShort)
}

fn scanner() -> Scanner {
    Scanner::new(Bounds { member: MOST_MEMBER }, Arc::new(AtomicBool::new(false)))
}

/// The vendor's services want theirs with mode 0644.
fn is_host_file(file: &Path) -> bool {
    let mut hosts = AssociationType::ALL.iter().filter_map(|kind| kind.host_file());
    hosts.any(|host| file == Path::new(host.path))
}

fn alone(file: &Path, parsed: ParsedKeyText, from: String) -> HeldValue {
    let fingerprint = Fingerprint::from_digest(parsed.digest.0);
    let text = HeldText {
        fingerprint,
        length: parsed.length,
        cloud: parsed.host.as_deref().and_then(cloud_of_host),
        host: parsed.host,
        place: HeldPlace::of_file(file),
    };
    HeldValue { text, readings: vec![fingerprint], issues: parsed.blemishes, from }
}

fn located(file: &Path, found: Found, from: &str, is_one: bool) -> HeldValue {
    let Found { hit, members, line, .. } = found;
    let readings: Vec<Fingerprint> =
        hit.digests.iter().map(|digest| Fingerprint::from_digest(digest.0)).collect();
    let place = HeldPlace {
        members,
        line: Some(line),
        encodings: hit.encodings.into_iter().map(encoding).collect(),
        ..HeldPlace::of_file(file)
    };
    let from = if is_one { from.to_owned() } else { format!("{from} ({})", place.within()) };
    let text = HeldText {
        fingerprint: readings.first().copied().unwrap_or_else(|| Fingerprint::from_digest([0; 32])),
        length: hit.length,
        cloud: cloud_of_host(&hit.host),
        host: Some(hit.host),
        place,
    };
    HeldValue { text, readings, issues: vec![FormatIssue::Surrounded], from }
}
