//! A tenant small enough to be copied at every turn, with the unknowns of the API as switches.
//!
//! That a PUT merges or replaces is no switch: a machine can only ask for a PUT of the full object.

use std::sync::Arc;

pub use super::entry::{
    A, B, Entry, FIRST, NAME, START, can_enrol, entry, key_id, member, next_of, number, old_of, time,
};
use super::world::{Enabled, Names, World};
use crate::domain::rotation::{CertState, Components, Effect, Event, Part, TextInHand, is_set_aside, split};
use crate::domain::{KeyId, NewKey};

/// How long a request or a runner may be behind a key. Unit: seconds.
const IN_FLIGHT: i64 = 15 * 60;

/// A run, as the tenant sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runner {
    pub id: u8,
    /// Whether it takes a rotation back: it may delete a successor of another run's.
    pub rolls_back: bool,
}

/// A write that was sent and lands later.
#[derive(Debug, Clone)]
struct Late {
    /// After so many effects; `u16::MAX` is at the end of the run.
    after: u16,
    effect: Effect,
    by: Runner,
}

#[derive(Debug, Clone)]
pub struct Tenant {
    pub world: World,
    pub now: i64,
    pub keys: Arc<Vec<Entry>>,
    /// The states that the last two lists were asked in: what a list that lags shows.
    shown: [Arc<Vec<Entry>>; 2],
    pub members: Arc<Vec<u32>>,
    late: Vec<Late>,
    next_id: u32,
    /// The key that deployments hold.
    pub store: u32,
    /// The successors that were delivered, each with its predecessor.
    successors: Vec<(u32, u32)>,
    /// Whether I1 counts: not where none could enrol at the start, or a leaked key is disabled before anything else.
    pub must_enrol: bool,
    /// Whether the deletion of any predecessor that cannot enrol is what is tested.
    pub purging: bool,
    /// Whether a person acts beside the run, who may delete what it is about to deliver.
    pub beside_person: bool,
    /// Whether a rotation and a rollback of it work at once: two people want opposite things.
    pub contested: bool,
    /// The run that is excused from I1 for what it handed over last: it was overtaken, and has to find out.
    pub excused: Option<u8>,
    /// The run that handed over what deployments hold; zero for what they held at the beginning.
    pub handed_by: u8,
    /// How often something was handed over.
    pub deliveries: u32,
    /// The run that last wrote what deployments hold.
    pub written_by: u8,
    /// The keys that a run had stopped or set aside, and another run's pair undid: its GET was before, its PUT behind.
    pub undone: Vec<u32>,
    /// Whether a write of an earlier run landed in this one.
    pub landed: bool,
    /// Whether a write of a run was carried out.
    pub wrote: bool,
}

pub type Broken = String;

impl Tenant {
    /// A tenant with `NAME`(A), which three connectors enrolled with, and a stranger's key.
    pub fn new(world: World) -> Self {
        let stranger = Entry { name: "prod2".into(), ..entry(5, "prod2") };
        let a = Entry { count: 3, delivered: true, ..entry(A, NAME) };
        let keys = Arc::new(vec![stranger, a]);
        Self {
            world,
            now: START,
            shown: [Arc::clone(&keys), Arc::clone(&keys)],
            keys,
            members: Arc::new(vec![A, A, A]),
            late: Vec::new(),
            next_id: FIRST,
            store: A,
            successors: Vec::new(),
            must_enrol: true,
            purging: false,
            beside_person: false,
            contested: false,
            excused: None,
            handed_by: 0,
            deliveries: 0,
            written_by: 0,
            undone: Vec::new(),
            landed: false,
            wrote: false,
        }
    }

    /// Changes what is there before a schedule begins.
    pub fn set(&mut self, change: impl FnOnce(&mut Vec<Entry>)) {
        change(Arc::make_mut(&mut self.keys));
        self.shown = [Arc::clone(&self.keys), Arc::clone(&self.keys)];
    }

    /// Changes what is there in the middle of a schedule; a list that lags shows it later.
    pub fn meddle(&mut self, change: impl FnOnce(&mut Vec<Entry>)) {
        change(Arc::make_mut(&mut self.keys));
    }

    /// Lets time pass between two runs. A list that lags does not lag for a quarter of an hour.
    pub fn wait(&mut self, seconds: i64) {
        self.now += seconds;
        if seconds >= IN_FLIGHT {
            self.shown = [Arc::clone(&self.keys), Arc::clone(&self.keys)];
        }
    }

    pub fn entry(&self, id: u32) -> Option<&Entry> {
        self.keys.iter().find(|entry| entry.id == id)
    }

    pub fn named(&self, name: &str) -> impl Iterator<Item = &Entry> {
        self.keys.iter().filter(move |entry| &*entry.name == name)
    }

    /// Returns what a list shows now: of one that lags, what there was two lists ago.
    pub const fn listed(&self) -> &Arc<Vec<Entry>> {
        if self.world.lags { &self.shown[0] } else { &self.keys }
    }

    /// Does what a machine asks for.
    pub fn perform(&mut self, effect: &Effect, by: Runner) -> Result<Event, Broken> {
        self.now += 1;
        Ok(match effect {
            Effect::ListKeys => {
                let listed = Arc::clone(self.listed());
                self.shown.swap(0, 1);
                self.shown[1] = Arc::clone(&self.keys);
                Event::Keys(listed.iter().map(Entry::record).collect())
            }
            Effect::ListMembers => Event::Members(self.members.iter().map(|id| member(*id)).collect()),
            Effect::ReadComponents { .. } => {
                Event::Components(Components { group_exists: true, cert: CertState::Usable })
            }
            Effect::CheckDestination { .. } | Effect::Confirm(_) => Event::Accepted,
            Effect::Sleep { time, .. } => {
                self.now += i64::try_from(time.as_secs()).unwrap();
                Event::Accepted
            }
            Effect::GetKey { id } | Effect::GetKeyToWrite { id } => self.get(id, false),
            Effect::GetKeyWithText { id } => self.get(id, true),
            Effect::Deliver { id, .. } => {
                self.deliver(number(id), by)?;
                Event::Delivered { read_back: true }
            }
            Effect::Post(_) | Effect::Put { .. } | Effect::Delete { .. } => {
                self.may_ask(effect, by)?;
                self.write(effect, by)?
            }
            Effect::Done(_) => return Err("a run that is over was performed".to_owned()),
        })
    }

    fn get(&self, id: &KeyId, with_text: bool) -> Event {
        match self.entry(number(id)) {
            None => Event::NotFound,
            Some(entry) => {
                let text = with_text && self.world.readable && entry.exportable;
                let text = if text { TextInHand::Yes } else { TextInHand::No };
                Event::Key { key: Box::new(entry.record()), text }
            }
        }
    }

    fn deliver(&mut self, id: u32, by: Runner) -> Result<(), Broken> {
        self.deliveries += 1;
        if self.contested {
            self.excused = Some(by.id);
        }
        let Some(entry) = self.entry(id) else {
            if self.excused != Some(by.id) && !self.beside_person {
                return Err("I1: what is delivered is gone".to_owned());
            }
            (self.store, self.handed_by) = (id, by.id);
            return Ok(());
        };
        if let Part::Next { of } = split(&entry.name, &key_id(id)).1 {
            let of = number(&of);
            // With a leak, what an earlier run made and perhaps delivered is set aside, and another is delivered.
            let is_aside = |id: u32| {
                let aside = self.entry(id).is_none_or(|entry| is_set_aside(&entry.record()));
                aside || self.undone.contains(&id)
            };
            if self.successors.iter().any(|(old, new)| *old == of && *new != id && !is_aside(*new))
                && self.excused != Some(by.id)
                && !self.beside_person
            {
                return Err(format!("I2: a second successor of {of} is delivered"));
            }
            self.successors.push((of, id));
        }
        if by.rolls_back {
            // What was delivered since is taken back.
            self.successors.clear();
            for entry in Arc::make_mut(&mut self.keys) {
                entry.delivered = false;
            }
        }
        (self.store, self.handed_by) = (id, by.id);
        for entry in Arc::make_mut(&mut self.keys) {
            entry.delivered |= entry.id == id;
        }
        Ok(())
    }

    /// I5 and I7, when a write is sent.
    fn may_ask(&self, effect: &Effect, by: Runner) -> Result<(), Broken> {
        let id = match effect {
            Effect::Put { to, .. } => number(&to.id),
            Effect::Delete { key } => number(&key.id),
            _ => return Ok(()),
        };
        let Some(entry) = self.entry(id) else { return Ok(()) };
        let is_ours = entry.id >= A;
        if !is_ours {
            return Err(format!("I7: the stranger {id} is written"));
        }
        let Effect::Delete { .. } = effect else { return Ok(()) };
        let own = entry.maker == by.id || self.purging || by.rolls_back;
        if !own && self.now - entry.created <= IN_FLIGHT {
            return Err(format!("I7: {id} is deleted, which another run made just now"));
        }
        Ok(())
    }

    fn write(&mut self, effect: &Effect, by: Runner) -> Result<Event, Broken> {
        let now = self.now;
        if matches!(effect, Effect::Put { to: key, .. } | Effect::Delete { key } if number(&key.id) == self.store)
        {
            self.written_by = by.id;
        }
        match effect {
            Effect::Post(new) => {
                if self.world.unique_names && self.named(&new.name).next().is_some() {
                    return Ok(Event::Refused);
                }
                let NewKey { name, max_usage, ip_acl, .. } = &**new;
                let id = self.next_id;
                self.next_id += 1;
                let made = Entry {
                    name: self.world.kept(name),
                    max: max_usage.0,
                    acl: u8::try_from(ip_acl.len()).unwrap(),
                    created: now,
                    modified: now,
                    maker: by.id,
                    ..entry(id, "")
                };
                let event = Event::Created { key: Box::new(made.record()), text: TextInHand::Yes };
                Arc::make_mut(&mut self.keys).push(made);
                self.wrote = true;
                Ok(event)
            }
            Effect::Put { to, .. } => {
                let id = number(&to.id);
                let Some(entry) = self.entry(id).cloned() else { return Ok(Event::NotFound) };
                let taken = self.named(to.name.raw()).any(|other| other.id != id);
                let too_low = to.usage.max.0 < entry.count && !self.world.limit_below_uses;
                if (self.world.unique_names && taken) || too_low {
                    return Ok(Event::Refused);
                }
                if split(&to.name, &to.id).0 != NAME && to.name != "mine" {
                    return Err(format!("I3: {id} would not be found again as {}", to.name));
                }
                let was_aside = is_set_aside(&entry.record()) && entry.name.as_ref() != to.name.raw();
                if was_aside || (entry.stopped && to.enabled) {
                    self.undone.push(id);
                }
                let keeps = self.world.enabled != Enabled::IsNotKept;
                let is_frozen = self.world.names == Names::Frozen;
                let name = self.world.kept(if is_frozen { &entry.name } else { to.name.raw() });
                for entry in Arc::make_mut(&mut self.keys).iter_mut().filter(|entry| entry.id == id) {
                    entry.name = Arc::clone(&name);
                    entry.enabled = to.enabled || !keeps;
                    entry.exportable &= to.exportable;
                    entry.max = to.usage.max.0;
                    entry.stopped = !to.enabled;
                    entry.modified = now;
                    entry.acl = u8::try_from(to.ip_acl.len()).unwrap();
                }
                self.wrote = true;
                Ok(Event::Accepted)
            }
            Effect::Delete { key } => {
                let id = number(&key.id);
                let Some(entry) = self.entry(id) else { return Ok(Event::NotFound) };
                let carried = self.members.contains(&id);
                // Handed over again while its rotation is taken back.
                let is_contested =
                    (by.rolls_back && self.contested) || (self.excused.is_some() && self.store == id);
                // Handed over by a run that lost, and replaced since.
                let is_lost =
                    entry.name.contains(".next-") && self.store != id && now - entry.created > IN_FLIGHT;
                let is_delivered = entry.delivered && !is_contested && !is_lost;
                if carried || (!self.purging && (entry.count > 0 || is_delivered)) {
                    return Err(format!("I5: {id} is deleted, which has uses or was delivered"));
                }
                if self.purging && can_enrol(entry) {
                    return Err(format!("I5: {id} is purged and can enrol"));
                }
                Arc::make_mut(&mut self.keys).retain(|entry| entry.id != id);
                self.wrote = true;
                Ok(Event::Accepted)
            }
            _ => Ok(Event::Accepted),
        }
    }

    /// Keeps a write that was sent for later.
    pub fn later(&mut self, effect: &Effect, by: Runner, after: u16) -> Result<(), Broken> {
        self.may_ask(effect, by)?;
        self.late.push(Late { after, effect: effect.clone(), by });
        Ok(())
    }

    /// Lets what is late come nearer, and land.
    pub fn tick(&mut self, running: u8) -> Result<(), Broken> {
        let mut index = 0;
        while index < self.late.len() {
            if self.late[index].after == u16::MAX || self.late[index].after > 1 {
                if self.late[index].after != u16::MAX {
                    self.late[index].after -= 1;
                }
                index += 1;
                continue;
            }
            let Late { effect, by, .. } = self.late.remove(index);
            self.landed |= by.id != running;
            self.write(&effect, by)?;
        }
        self.check()
    }

    /// The end of a run: what is still under way lands before the next.
    pub fn run_ends(&mut self) -> Result<(), Broken> {
        for Late { effect, by, .. } in std::mem::take(&mut self.late) {
            self.write(&effect, by)?;
        }
        self.check()
    }

    /// A connector enrols with what deployments hold.
    pub fn enrol(&mut self) {
        let (store, enforced) = (self.store, self.world.enabled == Enabled::Stops);
        for entry in Arc::make_mut(&mut self.keys).iter_mut().filter(|entry| entry.id == store) {
            if entry.count < entry.max && (entry.enabled || !enforced) {
                entry.count += 1;
                Arc::make_mut(&mut self.members).push(store);
            }
        }
    }

    /// I1: what deployments hold is a key that exists, that can enrol, and that no run stopped.
    pub fn check(&self) -> Result<(), Broken> {
        if !self.must_enrol || self.excused.is_some() {
            return Ok(());
        }
        match self.entry(self.store) {
            Some(entry) if can_enrol(entry) && !entry.stopped => Ok(()),
            Some(entry) => Err(format!("I1: deployments hold {}, which cannot enrol", entry.id)),
            None => Err(format!("I1: deployments hold {}, which is gone", self.store)),
        }
    }
}
