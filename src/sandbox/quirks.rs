//! Switches for what no source decides, so that a client can be tried against each possibility.

use serde_json::{Map, Value};

use super::{
    call::{Object, plain},
    error::SandboxError,
};

/// A behaviour that a sandbox has only when a quirk asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deviation {
    FreeNames,
    PutReplaces,
    EnabledIgnored,
    SecretOnce,
    MaxBelowUsedRefused,
    DeleteBreaksConnectors,
    GroupDeleteCascades,
    GroupDeleteOrphans,
    CreatedStatus,
    HiddenTextEmpty,
    HiddenTextNever,
    NotFoundIs404,
    GroupMoves,
    OAuthTokenErrors,
    IpAclChecked,
    ExpiryKept,
    BareListPastEnd,
    LimitPerDoor,
    NotFoundIs200,
    NotFoundIs409,
    EnabledIgnoredByPut,
    MaxBelowUsedIgnored,
    SecretMasked,
    SecretMaskedAlways,
    ListIsObject,
    ListIsNull,
    ListIsError,
    ListOvercounted,
    ListWithoutTotals,
    PutKeepsName,
    PutCutsName,
    PutLowersName,
    PutTrimsName,
    PostTakesGroup,
    PostTakesCertificate,
    PostTakesLimit,
    DeleteAnswersHtml,
    DeleteKeepsKey,
    DeleteAnswersNotFound,
    DateAbsent,
    GroupNeedsCertificate,
}

impl Deviation {
    fn bit(self) -> u64 {
        1 << (self as u32)
    }
}

/// The values of one switch, the default first.
type Values = &'static [(&'static str, Option<Deviation>)];

const SWITCHES: &[(&str, Values)] = &[
    ("names", &[("unique", None), ("free", Some(Deviation::FreeNames))]),
    ("put", &[("merge", None), ("replace", Some(Deviation::PutReplaces))]),
    (
        "enabled",
        &[
            ("honoured", None),
            ("ignored", Some(Deviation::EnabledIgnored)),
            ("put-ignored", Some(Deviation::EnabledIgnoredByPut)),
        ],
    ),
    (
        "secret",
        &[
            ("readable", None),
            ("once", Some(Deviation::SecretOnce)),
            ("masked", Some(Deviation::SecretMasked)),
            ("masked-always", Some(Deviation::SecretMaskedAlways)),
        ],
    ),
    (
        "max-below-used",
        &[
            ("accepted", None),
            ("refused", Some(Deviation::MaxBelowUsedRefused)),
            ("ignored", Some(Deviation::MaxBelowUsedIgnored)),
        ],
    ),
    ("delete-breaks-connectors", &[("no", None), ("yes", Some(Deviation::DeleteBreaksConnectors))]),
    (
        "group-delete",
        &[
            ("refused", None),
            ("cascades", Some(Deviation::GroupDeleteCascades)),
            ("orphans", Some(Deviation::GroupDeleteOrphans)),
        ],
    ),
    ("group-move", &[("ignored", None), ("honoured", Some(Deviation::GroupMoves))]),
    ("create-status", &[("200", None), ("201", Some(Deviation::CreatedStatus))]),
    (
        "hidden-text",
        &[
            ("absent", None),
            ("empty", Some(Deviation::HiddenTextEmpty)),
            ("absent-always", Some(Deviation::HiddenTextNever)),
        ],
    ),
    (
        "not-found",
        &[
            ("400", None),
            ("404", Some(Deviation::NotFoundIs404)),
            ("200", Some(Deviation::NotFoundIs200)),
            ("409", Some(Deviation::NotFoundIs409)),
        ],
    ),
    ("past-end", &[("page", None), ("list", Some(Deviation::BareListPastEnd))]),
    ("ip-acl", &[("free", None), ("checked", Some(Deviation::IpAclChecked))]),
    ("expiry", &[("ignored", None), ("kept", Some(Deviation::ExpiryKept))]),
    ("token-error", &[("zpa", None), ("oauth", Some(Deviation::OAuthTokenErrors))]),
    ("limit", &[("tenant", None), ("door", Some(Deviation::LimitPerDoor))]),
    (
        "lists",
        &[
            ("true", None),
            ("object", Some(Deviation::ListIsObject)),
            ("null", Some(Deviation::ListIsNull)),
            ("error", Some(Deviation::ListIsError)),
            ("overcounted", Some(Deviation::ListOvercounted)),
            ("no-totals", Some(Deviation::ListWithoutTotals)),
        ],
    ),
    (
        "put-name",
        &[
            ("given", None),
            ("kept", Some(Deviation::PutKeepsName)),
            ("cut", Some(Deviation::PutCutsName)),
            ("lower", Some(Deviation::PutLowersName)),
            ("trimmed", Some(Deviation::PutTrimsName)),
        ],
    ),
    (
        "post-makes",
        &[
            ("asked", None),
            ("other-group", Some(Deviation::PostTakesGroup)),
            ("other-certificate", Some(Deviation::PostTakesCertificate)),
            ("other-limit", Some(Deviation::PostTakesLimit)),
        ],
    ),
    (
        "delete",
        &[
            ("204", None),
            ("html", Some(Deviation::DeleteAnswersHtml)),
            ("keeps", Some(Deviation::DeleteKeepsKey)),
            ("not-found", Some(Deviation::DeleteAnswersNotFound)),
        ],
    ),
    ("date", &[("told", None), ("absent", Some(Deviation::DateAbsent))]),
    ("group-certificate", &[("optional", None), ("required", Some(Deviation::GroupNeedsCertificate))]),
];

const LIST_LAG: &str = "list-lag";
const CLOCK_OFF: &str = "clock-off";

/// Chooses between behaviours that no source decides.
///
/// | setting | what it chooses |
/// |---|---|
/// | `names=unique\|free` | whether a second key, group or microtenant of the same name is refused |
/// | `put=merge\|replace` | what a PUT of a key does to properties that it leaves out and that have a default: keep them, or return them to it. `ipAcl` and `uiConfig` are cleared either way; what has no default is kept |
/// | `enabled=honoured\|ignored\|put-ignored` | whether `"enabled": false` has an effect on a key, and whether a PUT changes `enabled` at all |
/// | `secret=readable\|once\|masked\|masked-always` | whether the text of a key can be read again, or only the answer to its POST contains it; `masked` shows `"***"` instead in GET and lists, `masked-always` in the answer to the POST too |
/// | `list-lag=K` | after how many reads of lists a write shows in them; 0 unless given |
/// | `max-below-used=accepted\|refused\|ignored` | what a PUT that sets `maxUsage` below `usageCount` does; `ignored` answers 204 and keeps the old limit |
/// | `delete-breaks-connectors=no\|yes` | whether what was enrolled with a key loses its connection when the key is deleted |
/// | `group-delete=refused\|cascades\|orphans` | what happens to a group with keys: it stays, they go with it, or they stay without it |
/// | `group-move=ignored\|honoured` | whether a PUT moves a key to another group |
/// | `create-status=200\|201` | the status of the answer to the POST of a key |
/// | `hidden-text=absent\|empty\|absent-always` | how a key that cannot be exported shows its missing text; the first two tell it in the answer to its POST |
/// | `not-found=400\|404\|200\|409` | the status of the answer about an object that does not exist |
/// | `past-end=page\|list` | what the page after the last is: an envelope with an empty list, or a bare empty list |
/// | `ip-acl=free\|checked` | whether an `ipAcl` may hold anything, or addresses and networks only |
/// | `expiry=ignored\|kept` | whether `expirationInEpochSec` in a body has an effect |
/// | `token-error=zpa\|oauth` | the words of the `OneAPI` token endpoint's refusals: `id` and `reason`, or `error` and `error_description` |
/// | `limit=tenant\|door` | whether the rate limit counts both front doors together |
/// | `lists=true\|object\|null\|error\|overcounted\|no-totals` | what the answer to a list is: the list, `{}`, `{"list":null}`, `{"status":"error"}`, a `totalCount` that is one too many, or the list without its totals |
/// | `put-name=given\|kept\|cut\|lower\|trimmed` | which name a key has after a PUT: as given, the old one, the first 20 characters, in lower case, or without whitespace at its ends |
/// | `post-makes=asked\|other-group\|other-certificate\|other-limit` | whether a POST makes the key as asked, or in another group, with another enrollment certificate, or with a `maxUsage` of one more |
/// | `delete=204\|html\|keeps\|not-found` | how the DELETE of a key is answered: 204; 200 with `text/html`; 204 while the key stays; 200 with `resource.not.found` although it was deleted |
/// | `date=told\|absent` | whether answers have a `date` header (over HTTP/1.1) |
/// | `clock-off=K` | how many seconds the `date` header is ahead, or behind if negative; 0 unless given |
/// | `group-certificate=optional\|required` | whether POST and PUT of a group without `enrollmentCertId` are refused |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quirks {
    /// One bit for each switch of the table that was chosen, whatever the value.
    chosen: u32,
    deviations: u64,
    list_lag: Option<u32>,
    /// Unit: seconds; negative is behind.
    clock_off: Option<i32>,
}

impl Quirks {
    /// Every setting that [`set`](Self::set) knows, the default of each first; K is a whole number.
    pub const SETTINGS: &[&str] = &[
        "names=unique|free",
        "put=merge|replace",
        "enabled=honoured|ignored|put-ignored",
        "secret=readable|once|masked|masked-always",
        "list-lag=K",
        "max-below-used=accepted|refused|ignored",
        "delete-breaks-connectors=no|yes",
        "group-delete=refused|cascades|orphans",
        "group-move=ignored|honoured",
        "create-status=200|201",
        "hidden-text=absent|empty|absent-always",
        "not-found=400|404|200|409",
        "past-end=page|list",
        "ip-acl=free|checked",
        "expiry=ignored|kept",
        "token-error=zpa|oauth",
        "limit=tenant|door",
        "lists=true|object|null|error|overcounted|no-totals",
        "put-name=given|kept|cut|lower|trimmed",
        "post-makes=asked|other-group|other-certificate|other-limit",
        "delete=204|html|keeps|not-found",
        "date=told|absent",
        "group-certificate=optional|required",
        "clock-off=K",
    ];

    /// Changes one switch by a setting of the form `NAME=VALUE`.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Quirk`] when the setting is none of [`SETTINGS`](Self::SETTINGS).
    pub fn set(&mut self, setting: &str) -> Result<(), SandboxError> {
        self.choose(setting).ok_or_else(|| SandboxError::Quirk(setting.to_owned()))
    }

    fn choose(&mut self, setting: &str) -> Option<()> {
        let (name, value) = setting.split_once('=')?;
        if name == LIST_LAG {
            self.list_lag = Some(value.parse().ok()?);
            return Some(());
        }
        if name == CLOCK_OFF {
            self.clock_off = Some(value.parse().ok()?);
            return Some(());
        }
        let position = SWITCHES.iter().position(|(known, _)| *known == name)?;
        let (_, values) = SWITCHES.get(position)?;
        let (_, deviation) = values.iter().find(|(known, _)| *known == value)?;
        self.chosen |= 1 << position;
        self.deviations = (self.deviations & !mask(values)) | deviation.map_or(0, Deviation::bit);
        Some(())
    }

    /// Takes from `base` what was not chosen here.
    pub(super) fn over(self, base: Self) -> Self {
        let mut made = Self {
            list_lag: self.list_lag.or(base.list_lag),
            clock_off: self.clock_off.or(base.clock_off),
            ..base
        };
        for (position, (_, values)) in SWITCHES.iter().enumerate() {
            if self.chosen & (1 << position) != 0 {
                made.chosen |= 1 << position;
                made.deviations = (made.deviations & !mask(values)) | (self.deviations & mask(values));
            }
        }
        made
    }

    pub(super) fn has(self, deviation: Deviation) -> bool {
        self.deviations & deviation.bit() != 0
    }

    /// Unit: reads of lists.
    pub(super) fn list_lag(self) -> u32 {
        self.list_lag.unwrap_or(0)
    }

    /// How far the `date` of answers is ahead; negative is behind. Unit: seconds.
    pub(super) fn clock_off(self) -> i64 {
        self.clock_off.unwrap_or(0).into()
    }

    /// Reads what stands under `quirks` in a seed or a state: names with their values.
    pub(super) fn read(given: &Value) -> Result<Self, String> {
        let object = given.as_object().ok_or("`quirks` is not a JSON object")?;
        let mut quirks = Self::default();
        for (name, value) in object {
            quirks.set(&format!("{name}={}", plain(value))).map_err(|error| error.to_string())?;
        }
        Ok(quirks)
    }

    /// Writes what was chosen, in the form that [`read`](Self::read) takes.
    pub(super) fn write(self) -> Object {
        let mut object = Map::new();
        for (position, (name, values)) in SWITCHES.iter().enumerate() {
            if self.chosen & (1 << position) == 0 {
                continue;
            }
            let holds = |deviation: &Option<Deviation>| match deviation {
                Some(deviation) => self.has(*deviation),
                None => self.deviations & mask(values) == 0,
            };
            if let Some((value, _)) = values.iter().find(|(_, deviation)| holds(deviation)) {
                object.insert((*name).to_owned(), (*value).into());
            }
        }
        if let Some(lag) = self.list_lag {
            object.insert(LIST_LAG.to_owned(), lag.into());
        }
        if let Some(seconds) = self.clock_off {
            object.insert(CLOCK_OFF.to_owned(), seconds.into());
        }
        object
    }
}

fn mask(values: Values) -> u64 {
    values.iter().filter_map(|(_, deviation)| *deviation).map(Deviation::bit).fold(0, |mask, bit| mask | bit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_lists_every_switch_with_its_values() {
        let mut listed: Vec<_> = SWITCHES
            .iter()
            .map(|(name, values)| {
                let values: Vec<_> = values.iter().map(|(value, _)| *value).collect();
                format!("{name}={}", values.join("|"))
            })
            .collect();
        listed.insert(4, "list-lag=K".to_owned());
        listed.push("clock-off=K".to_owned());
        assert_eq!(listed, Quirks::SETTINGS);
    }

    #[test]
    fn a_choice_beats_the_one_under_it_also_when_it_is_the_default() {
        let mut seed = Quirks::default();
        seed.set("names=free").unwrap();
        seed.set("group-delete=orphans").unwrap();
        seed.set("list-lag=3").unwrap();
        let mut options = Quirks::default();
        options.set("names=unique").unwrap();
        let both = options.over(seed);
        assert!(!both.has(Deviation::FreeNames));
        assert!(both.has(Deviation::GroupDeleteOrphans));
        assert_eq!(both.list_lag(), 3);
        let written = Value::Object(both.write());
        assert_eq!(written.to_string(), r#"{"names":"unique","group-delete":"orphans","list-lag":3}"#);
        assert_eq!(Quirks::read(&written), Ok(both));
    }
}
