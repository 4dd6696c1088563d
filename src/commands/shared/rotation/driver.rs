//! Performs the effects of a machine through the client, and hands back what came of them. It decides nothing.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::api::{Accepted, ApiError, Client, FreshKey, KeyWrite, Meaning, OddObject, ReadKey, SendResult};
use crate::commands::shared::refusals::unreadable_key;
use crate::commands::shared::second_look;
use crate::context::Context;
use crate::domain::rotation::{
    CertState, Components, Effect, Event, LOOKS, Machine, Outcome, Pause, Plan, RotationReport, TextInHand,
    called,
};
use crate::domain::{
    AssociationType, CertId, Enrolled, EnrollmentCert, Fingerprint, GroupId, KeyId, NewKey, ProvisioningKey,
    Zcomponent,
};
use crate::error::{CommandError, CommandResult};
use crate::host::{End, ShutdownMode};
use crate::output::Notice;
use crate::secret::KeySecret;

/// Nothing is said of a wait that is no longer than this.
const SHORT: Duration = Duration::from_secs(5);

pub(crate) struct LineageHome {
    /// The client, seen from the lineage's microtenant.
    pub(crate) client: Client,
    /// What the lineage's keys enrol.
    pub(crate) kind: AssociationType,
    /// The list that the lineage was found in just now, if it is whole: the machine's first list, read once.
    listed: Mutex<Option<Vec<ProvisioningKey>>>,
}

impl LineageHome {
    /// Returns the place of a key's lineage.
    pub(crate) async fn of(ctx: &Context, key: &ProvisioningKey) -> CommandResult<Self> {
        let client = ctx.client().await?.beside(key);
        Ok(Self { client, kind: key.association_type, listed: Mutex::new(None) })
    }

    /// Takes the list that the lineage was found in, of the same microtenant. Nothing lies between it and the run but
    /// look-ups: not a question, and not another lineage's run.
    pub(crate) fn with_list(self, keys: Option<Vec<ProvisioningKey>>) -> Self {
        Self { listed: Mutex::new(keys), ..self }
    }

    fn take_list(&self) -> Option<Vec<ProvisioningKey>> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What the driver has read so far, for questions, checks and reports.
#[derive(Default)]
pub(crate) struct KnownKeys {
    /// The newest record of each key, from lists and from reads.
    keys: HashMap<KeyId, ProvisioningKey>,
    /// The texts that are in hand. They never enter a machine.
    texts: HashMap<KeyId, KeySecret>,
    /// What the server's clock said last, if its answers say so.
    pub(crate) server_time: Option<jiff::Timestamp>,
    /// The connectors or service edges, where a list of them is known.
    pub(crate) members: Option<Vec<Enrolled>>,
    /// The group of the key that is to be made.
    pub(crate) group: Option<Zcomponent>,
    /// The certificate of the key that is to be made.
    pub(crate) cert: Option<EnrollmentCert>,
}

impl KnownKeys {
    /// Returns the newest record of a key.
    pub(crate) fn key(&self, id: &KeyId) -> Option<&ProvisioningKey> {
        self.keys.get(id)
    }

    /// Returns the fingerprint of a key value, where the API returned the text.
    pub(crate) fn fingerprint(&self, id: &KeyId) -> Option<Fingerprint> {
        self.keys.get(id).and_then(|key| key.fingerprint)
    }

    /// Takes a text out, to be shown.
    pub(crate) fn take_text(&mut self, id: &KeyId) -> Option<KeySecret> {
        self.texts.remove(id)
    }

    /// Lists what enrolled with a key, as far as that is known.
    pub(crate) fn members_of(&self, id: &KeyId) -> impl Iterator<Item = &Enrolled> {
        self.members.iter().flatten().filter(move |member| member.key_id.as_ref() == Some(id))
    }

    /// Lists the newest records of all keys that were read and not found gone.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &ProvisioningKey> {
        self.keys.values()
    }

    fn remember(&mut self, key: &ProvisioningKey) {
        self.keys.insert(key.id.clone(), key.clone());
    }

    /// Keeps a text, and tells whether one is in hand now: an earlier one counts where the API returns none again.
    fn keep(&mut self, id: &KeyId, text: Option<KeySecret>) -> TextInHand {
        match text {
            Some(text) if text.is_whole() => {
                self.texts.insert(id.clone(), text);
                TextInHand::Yes
            }
            Some(_) => TextInHand::Misshapen,
            None if self.texts.contains_key(id) => TextInHand::Yes,
            None => TextInHand::No,
        }
    }
}

/// A key value on its way to its destinations.
pub(crate) struct HandOver<'a> {
    pub(crate) id: &'a KeyId,
    pub(crate) name: &'a str,
    pub(crate) kind: AssociationType,
    /// The same on every attempt: `rotate-A-B`.
    pub(crate) operation: &'a str,
    pub(crate) text: &'a KeySecret,
}

/// Whether what was handed over was read back: a file can be, a hook cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadBack {
    Yes,
    No,
}

/// What a command brings to a machine: someone to ask, and destinations.
pub(crate) trait Handler {
    /// Checks the destinations, before anything is sent. An error says why they do not do.
    async fn check(&mut self, _: &Context, _lineage: &[KeyId], _: &KnownKeys) -> CommandResult<()> {
        Ok(())
    }

    /// Shows what will be done and asks for leave. An error says why it was not given; for a dry run that is any.
    async fn confirm(&mut self, ctx: &Context, plan: &Plan, known: &KnownKeys) -> CommandResult<()>;

    /// Hands a text over. An error says why it may not have arrived.
    async fn deliver(&mut self, _: &Context, _: HandOver<'_>) -> CommandResult<ReadBack> {
        Err(CommandError::usage("this command hands nothing over", ""))
    }
}

/// What is left of a run.
pub(crate) struct Ended {
    pub(crate) end: Conclusion,
    /// The last thing that failed, to be said beside the outcome: of a refused question, of a call, of a hand-over.
    pub(crate) last: Option<CommandError>,
    /// What was read, with the texts.
    pub(crate) known: KnownKeys,
}

pub(crate) enum Conclusion {
    Over(Outcome),
    /// Before its next write, for the user asked for the end.
    Stopped {
        end: End,
        standing: RotationReport,
    },
}

/// Runs a machine to its end. From its first write on, Ctrl-C lets what was begun come to its end and is read back; the
/// machine is left before the next effect that writes.
pub(crate) async fn drive(
    ctx: &Context,
    place: &LineageHome,
    machine: &mut impl Machine,
    handler: &mut impl Handler,
) -> Ended {
    let mut driver = Driver {
        ctx,
        place,
        known: KnownKeys::default(),
        last: None,
        written: HashSet::new(),
        pair: None,
        looks: 0,
    };
    let mut event = Event::Begin;
    let end = loop {
        let now = place.client.server_time();
        driver.known.server_time = place.client.clock_skew().map(|_| now);
        let effect = machine.step(event, now);
        if let Effect::Done(outcome) = effect {
            break Conclusion::Over(*outcome);
        }
        if changes_something(&effect) {
            if let Some(end) = ctx.ending.asked() {
                break Conclusion::Stopped { end, standing: machine.standing() };
            }
            ctx.ending.set(ShutdownMode::BeforeNextWrite);
        }
        let Some(happened) = driver.perform(effect, handler).await else {
            let end = ctx.ending.asked().unwrap_or(End::Interrupt);
            break Conclusion::Stopped { end, standing: machine.standing() };
        };
        event = happened;
    };
    // A signal from now on ends the run at once again; one that came before stays noted.
    if ctx.ending.asked().is_none() {
        ctx.ending.set(ShutdownMode::AtOnce);
    }
    Ended { end, last: driver.last, known: driver.known }
}

/// Tells whether an effect changes something that a run leaves behind: the tenant, or a destination.
const fn changes_something(effect: &Effect) -> bool {
    effect.writes() || matches!(effect, Effect::Deliver { .. })
}

struct Driver<'a> {
    ctx: &'a Context,
    place: &'a LineageHome,
    known: KnownKeys,
    last: Option<CommandError>,
    /// The keys that were written and not read since.
    written: HashSet<KeyId>,
    /// The write that is under way: the next effect belongs to it, or gives it up.
    pair: Option<Pair>,
    /// How often it settled or waited in a row.
    looks: u32,
}

/// One write of one key, with what is held of it: nothing else is done meanwhile.
struct Pair {
    write: KeyWrite,
    held: HeldWrite,
}

enum HeldWrite {
    Fresh(Box<FreshKey>),
    Accepted(Accepted),
}

impl Driver<'_> {
    /// Performs one effect; `None` if the user asked for the end before it was begun.
    async fn perform(&mut self, effect: Effect, handler: &mut impl Handler) -> Option<Event> {
        if !matches!(effect, Effect::Sleep { .. } | Effect::ListKeys | Effect::ListMembers) {
            self.looks = 0;
            self.ctx.reporter.shown();
        }
        if !matches!(effect, Effect::Put { .. } | Effect::Delete { .. } | Effect::GetKey { .. }) {
            // The lock of a key is never held across anything else.
            self.pair = None;
        }
        Some(match effect {
            Effect::ListKeys => self.list_keys().await,
            Effect::ListMembers => self.list_members().await,
            Effect::ReadComponents { group, cert } => self.read_components(&group, &cert).await,
            Effect::CheckDestination { lineage } => {
                let checked = handler.check(self.ctx, &lineage, &self.known).await;
                self.agreed(checked)
            }
            Effect::Confirm(plan) => {
                // A machine that was given the key as it was looked up has read nothing itself yet.
                if let Some(old) = plan.old.as_ref().filter(|old| self.known.key(&old.id).is_none()) {
                    self.known.remember(old);
                }
                let agreed = handler.confirm(self.ctx, &plan, &self.known).await;
                self.agreed(agreed)
            }
            Effect::Post(key) => return self.post(&key).await,
            Effect::Sleep { time, why } => {
                self.say(why, time);
                self.looks += 1;
                // No request is sent after the deadline, so that what follows a wait that was cut short fails.
                let time = time.min(self.place.client.left_of_deadline().unwrap_or(time));
                // What was done is looked at in any case: the last look is only taken sooner.
                let is_for_look = matches!(why, Pause::LastLook | Pause::SecondLook);
                tokio::select! {
                    biased;
                    _ = self.ctx.ending.wait(), if !is_for_look => return None,
                    _ = self.ctx.ending.wait(), if is_for_look => Event::Accepted,
                    () = self.ctx.clock.sleep(time) => Event::Accepted,
                }
            }
            Effect::GetKey { id } => self.get(&id).await,
            Effect::GetKeyToWrite { id } => self.get_to_write(id).await,
            Effect::GetKeyWithText { id } => {
                let read = self.place.client.read_whole_with_text(self.place.kind, &id).await;
                self.read(&id, read)
            }
            Effect::Deliver { id, name, operation } => {
                self.deliver(handler, HandOverOf { id, name, operation }).await
            }
            Effect::Put { to, .. } => return self.put(&to).await,
            Effect::Delete { key } => return self.delete(&key.id).await,
            // The loop ends there.
            Effect::Done(_) => Event::Unread,
        })
    }

    /// Says why it waits: once, or as long as it lasts.
    fn say(&self, why: Pause, time: Duration) {
        let text = match why {
            Pause::Settling => {
                let all = (time * u32::from(LOOKS)).as_secs_f32();
                format!("checking for concurrent rotations ({all} s)")
            }
            Pause::SecondLook => second_look::WAITS.to_owned(),
            // A few seconds at most.
            Pause::LastLook | Pause::NextSecond if time <= SHORT => return,
            Pause::LastLook | Pause::NextSecond => {
                "waiting until a change whose answer was lost can no longer take effect".to_owned()
            }
            Pause::ForEnrolments { have, want } => format!("waiting for enrolments: {have} of {want}"),
        };
        // Shown as long as it lasts; a count changes meanwhile.
        if self.looks == 0 || why != Pause::Settling {
            self.ctx.reporter.show(&text, self.looks == 0);
        }
    }

    async fn list_keys(&mut self) -> Event {
        let listed = match self.place.take_list() {
            Some(keys) => Ok(keys),
            None => self.place.client.keys(self.place.kind).await,
        };
        match listed {
            Ok(keys) => {
                // A key of this lineage that cannot be read would be taken for one that is not there.
                let odd = self.place.client.unreadable_keys(&[self.place.kind]);
                if let Some(odd) = odd.into_iter().find(may_be_of_a_rotation) {
                    self.last = Some(unreadable_key(&odd));
                    return Event::Unread;
                }
                for key in &keys {
                    self.known.remember(key);
                }
                Event::Keys(keys)
            }
            Err(error) => self.unread(error, "listing the keys"),
        }
    }

    async fn list_members(&mut self) -> Event {
        match self.place.client.enrolled(self.place.kind).await {
            Ok(Some(members)) => {
                self.known.members = Some(members.clone());
                Event::Members(members)
            }
            Ok(None) => Event::MembersUnknown,
            Err(error) => {
                let doing = format!("listing the {}", self.place.kind.member_noun());
                self.unread(error, &doing)
            }
        }
    }

    async fn read_components(&mut self, group: &GroupId, cert: &CertId) -> Event {
        let client = &self.place.client;
        let find_group = async {
            match client.group(self.place.kind, group).await {
                // A key of a microtenant may refer to a group of another one.
                Err(error) if error.is_not_found() && client.is_in_microtenant() => {
                    client.within(None).group(self.place.kind, group).await
                }
                found => found,
            }
        };
        let (group, cert) = tokio::join!(find_group, client.cert(cert));
        let group_exists = match group {
            Ok(found) => {
                self.known.group = found;
                true
            }
            Err(error) if error.is_not_found() => false,
            Err(error) if is_forbidden(&error) => true,
            Err(error) => return self.unread(error, "looking up the group"),
        };
        let cert = match cert {
            Ok(cert) => {
                let is_over = cert.valid_to.is_some_and(|end| end <= client.server_time());
                let state = match (cert.private_key_present, is_over) {
                    (false, _) => CertState::Keyless,
                    (true, true) => CertState::Expired,
                    (true, false) => CertState::Usable,
                };
                self.known.cert = Some(cert);
                state
            }
            Err(error) if error.is_not_found() => CertState::Missing,
            Err(error) if is_forbidden(&error) => CertState::Usable,
            Err(error) => return self.unread(error, "looking up the certificate"),
        };
        Event::Components(Components { group_exists, cert })
    }

    async fn post(&mut self, key: &NewKey) -> Option<Event> {
        match self.place.client.create_key(key).await {
            Ok(created) => {
                let record = created.key;
                self.known.remember(&record);
                let text = self.known.keep(&record.id, created.secret);
                self.ctx.say(&Notice::Success(format!("created {}", called(&record))));
                Some(Event::Created { key: Box::new(record), text })
            }
            Err(ApiError::Interrupted { .. }) => None,
            Err(error) => {
                let is_unknown =
                    matches!(error, ApiError::OutcomeUnknown { .. } | ApiError::LookFirst { .. });
                let keys = self.known.keys.len();
                let (event, error) = if is_unknown {
                    (Event::Unknown, CommandError::from(error).doing("creating the key"))
                } else {
                    (Event::Refused, crate::commands::shared::creation::refused(error, keys))
                };
                self.last = Some(error);
                Some(event)
            }
        }
    }

    fn read(&mut self, id: &KeyId, read: Result<(ReadKey, Option<KeySecret>), ApiError>) -> Event {
        match read {
            Ok((read, text)) => {
                let key = read.key;
                let text = self.known.keep(&key.id, text);
                self.known.remember(&key);
                if self.written.remove(&key.id) {
                    self.place.client.tell_changed(&key);
                }
                Event::Key { key: Box::new(key), text }
            }
            Err(error) if error.is_not_found() => {
                self.known.keys.remove(id);
                Event::NotFound
            }
            Err(error) => self.unread(error, "reading a key"),
        }
    }

    /// Reads a key; after a write of it that was accepted, under the lock that the write holds.
    async fn get(&mut self, id: &KeyId) -> Event {
        let read = match self.pair.take() {
            Some(Pair { write, held: HeldWrite::Accepted(accepted) }) => write.read_back(accepted).await,
            Some(_) | None => self.place.client.read_whole(self.place.kind, id).await,
        };
        self.read(id, read.map(|read| (read, None)))
    }

    /// Begins a pair: takes the lock of the key and a place in the budget of writes, and reads the key.
    async fn get_to_write(&mut self, id: KeyId) -> Event {
        let mut write = self.place.client.key_write(self.place.kind, &id);
        let fresh = write.read().await;
        let read = fresh.map(|fresh| {
            let whole = fresh.whole().clone();
            self.pair = Some(Pair { write, held: HeldWrite::Fresh(Box::new(fresh)) });
            (whole, None)
        });
        self.read(&id, read)
    }

    async fn put(&mut self, to: &ProvisioningKey) -> Option<Event> {
        let Some(Pair { mut write, held: HeldWrite::Fresh(fresh) }) = self.pair.take() else {
            return Some(Event::NotCarriedOut);
        };
        self.written.insert(to.id.clone());
        let sent = write.put(*fresh, to).await;
        self.sent(write, sent)
    }

    async fn delete(&mut self, id: &KeyId) -> Option<Event> {
        let Some(Pair { mut write, held: HeldWrite::Fresh(fresh) }) = self.pair.take() else {
            return Some(Event::NotCarriedOut);
        };
        self.written.remove(id);
        let sent = write.delete(*fresh).await;
        self.sent(write, sent)
    }

    /// What came of a write; `None` if it was not begun, for the user asked for the end.
    fn sent(&mut self, write: KeyWrite, sent: Result<SendResult, ApiError>) -> Option<Event> {
        match sent {
            Ok(SendResult::Accepted(accepted)) => {
                self.pair = Some(Pair { write, held: HeldWrite::Accepted(accepted) });
                Some(Event::Accepted)
            }
            Ok(SendResult::ReadAgain) if write.may_have_happened() => Some(Event::Unknown),
            Ok(SendResult::ReadAgain) => Some(Event::NotCarriedOut),
            Err(error) => self.written(Err(error)),
        }
    }

    async fn deliver(&mut self, handler: &mut impl Handler, what: HandOverOf) -> Event {
        let HandOverOf { id, name, operation } = what;
        let Some(text) = self.known.texts.get(&id) else { return Event::DeliveryFailed };
        let kind = self.place.kind;
        let hand_over = HandOver { id: &id, name: &name, kind, operation: &operation, text };
        match handler.deliver(self.ctx, hand_over).await {
            Ok(read_back) => Event::Delivered { read_back: read_back == ReadBack::Yes },
            Err(error) => {
                self.last = Some(error);
                Event::DeliveryFailed
            }
        }
    }

    fn agreed(&mut self, agreed: CommandResult<()>) -> Event {
        match agreed {
            Ok(()) => Event::Accepted,
            Err(why) => {
                self.last = Some(why);
                Event::Refused
            }
        }
    }

    /// What came of a change or a deletion; `None` if it was not begun, for the user asked for the end.
    fn written(&mut self, written: Result<(), ApiError>) -> Option<Event> {
        let error = match written {
            Ok(()) => return Some(Event::Accepted),
            Err(ApiError::Interrupted { .. }) => return None,
            Err(error) => error,
        };
        let is_unknown = matches!(error, ApiError::OutcomeUnknown { .. });
        let event = match (is_unknown, error.is_not_found()) {
            (true, _) => Event::Unknown,
            (false, true) => Event::NotFound,
            (false, false) => Event::Refused,
        };
        self.last = Some(error.into());
        Some(event)
    }

    fn unread(&mut self, error: ApiError, doing: &str) -> Event {
        self.last = Some(CommandError::from(error).doing(doing));
        Event::Unread
    }
}

/// What is to be handed over, as the machine says.
struct HandOverOf {
    id: KeyId,
    name: String,
    operation: String,
}

/// Tells whether a key that cannot be read may be one that a rotation made or set aside.
fn may_be_of_a_rotation(odd: &OddObject) -> bool {
    odd.name.as_ref().is_none_or(|name| name.raw().contains(".next-") || name.raw().contains(".old-"))
}

/// Tells whether the credential may not look: then what it looks for cannot be looked up.
fn is_forbidden(error: &ApiError) -> bool {
    error.refusal().is_some_and(|refusal| refusal.meaning() == Meaning::Forbidden)
}
