//! What each rule means, for people.

use super::AuditRule;

/// What is said of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// A name without blanks.
    pub name: &'static str,
    /// The severities that it has.
    pub severity: &'static str,
    /// What it means, as a line.
    pub title: &'static str,
    /// Why that hurts.
    pub meaning: &'static str,
    /// When it is reported and all is well.
    pub wrong_when: &'static str,
}

impl AuditRule {
    /// Returns what is said of the rule.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table")]
    pub const fn explanation(self) -> Explanation {
        match self {
            Self::Starving => of(
                "AutoscaledKeyUsedUp",
                "critical",
                "An autoscaled key is used up, and no other key of its group can enrol",
                "Machines still come, and each that comes is refused. A key is taken for autoscaled if enrolments are in three or more weeks of the last eight.",
                "the fleet was rebuilt several times within two months and has its final size",
            ),
            Self::RunningOut => of(
                "AutoscaledKeyRunsOut",
                "high",
                "An autoscaled key has fewer uses left than a busy week takes",
                "At the limit new machines are refused. Without `min_remaining` in the policy the fewest are 2, or as many as the busiest week had.",
                "the fleet was rebuilt several times within two months and has its final size",
            ),
            Self::Headroom => of(
                "TooMuchHeadroom",
                "medium, high from 1000 uses",
                "A key allows far more enrolments than its fleet needs",
                "A finder of the key value can enrol that many machines. It is reported above 50 uses and 10 times the busiest 30 days, for keys older than 14 days.",
                "a large deployment is about to begin",
            ),
            Self::NeverUsed => of(
                "NeverUsedKey",
                "low",
                "A key that can enrol was never used for 30 days",
                "A key without a use is a door that no one watches.",
                "it is held ready for a disaster, on purpose",
            ),
            Self::Purgeable => of(
                "RetiredKeyNotPurged",
                "low",
                "A retired key that nothing carries is past the 30 days that it is kept",
                "It counts among the 100 keys of its type.",
                "it is kept as evidence",
            ),
            Self::Idle => of(
                "IdleKey",
                "low, medium above 10 uses",
                "Nothing enrolled for 180 days with a key that can enrol",
                "A static fleet needs no key between two rebuilds; one that stays open is a risk without a use.",
                "connectors that enrolled since were deleted, which takes their times away",
            ),
            Self::TooOld => of(
                "KeyTooOld",
                "medium",
                "A key is older than the policy allows",
                "Only the policy's `max_age` says so: without it the rule is off.",
                "the policy does not mean this key",
            ),
            Self::IpAcl => of(
                "IpAcl",
                "info, medium where the policy requires one, high for every address",
                "A key has no IP ACL, or one that allows too much or nothing",
                "Without one the key value works from any address. The cloud sees public addresses, so private ranges most likely let nothing in; that is an inference.",
                "the machines have no fixed address, or reach the cloud by a private connection",
            ),
            Self::CertEnds => of(
                "CertificateEnds",
                "critical expired, high 7 days, medium 30 days, low 90 days",
                "The enrollment certificate that open keys name has expired or ends soon",
                "Nothing enrols by a certificate that has expired. It is renewed in the admin portal.",
                "it was renewed, and the keys are about to be changed",
            ),
            Self::CertUnfit => of(
                "CertificateUnfit",
                "high",
                "The certificate that a key names cannot sign what enrols with it",
                "It has no private key, is Root or Client, or belongs to another chain than that of the connector keys.",
                "two chains are in use on purpose",
            ),
            Self::GroupUnfit => of(
                "GroupUnfit",
                "high missing, medium disabled",
                "The group of an open key is gone or disabled",
                "What enrols joins nothing, or something that does not work.",
                "the group is disabled for a short time",
            ),
            Self::CrowdedGroup => of(
                "TooManyKeysOfGroup",
                "low",
                "More keys can enrol into a group than the policy allows",
                "Only the policy's `keys_per_group` says so: without it the rule is off. Predecessors do not count.",
                "several teams share the group",
            ),
            Self::ClosedGroup => of(
                "AutoscaledGroupClosed",
                "high",
                "Machines come and go in a group, and no key can enrol into it",
                "The next machine is refused.",
                "the fleet was rebuilt several times within two months and has its final size, or is about to be taken down",
            ),
            Self::StuckRotation => of(
                "StuckRotation",
                "medium",
                "A rotation stands still for more than a day",
                "Two keys can enrol where one is meant to, or deployments hold one that is about to be replaced. A predecessor on hold does not count.",
                "the rotation waits for something that takes days",
            ),
            Self::OddName => of(
                "OddName",
                "info",
                "A name has characters that other tools drop",
                "The admin portal's form takes letters, digits, `.`, `-` and `_` only, so that it refuses to save the key.",
                "no one edits the key in the portal",
            ),
            Self::Capacity => of(
                "CapacityLow",
                "high",
                "80 of the 100 keys that a type may have are used",
                "At 100 no key can be created, and a rotation needs one.",
                "Zscaler has raised the limit of the tenant",
            ),
            Self::LostKey => of(
                "KeyOfConnectorsGone",
                "medium, high where an upgrade failed",
                "Connectors name a key that is gone",
                "Zscaler lists a deleted key among the causes of failed upgrades. Enrolling the connectors anew ends it.",
                "the key is in a microtenant that was not read",
            ),
            Self::SameName => of(
                "SameName",
                "high",
                "Two keys of one type have the same name, or differ in upper and lower case only",
                "Neither people nor scripts can tell which is meant; a Terraform apply after a rotation does that.",
                "another tool tells them apart by id",
            ),
            Self::Revived => of(
                "RetiredKeyOpen",
                "critical",
                "A retired key can enrol again",
                "Each copy of its value can enrol machines; most often an apply of Terraform has undone the retirement.",
                "it was enabled on purpose, for a rollback",
            ),
            Self::UsesJumped => of(
                "UsesJumped",
                "medium",
                "Uses of a key rose by more than the connectors that are seen",
                "Each enrolment counts a use and leaves a connector. Uses without one since the last audit are machines that enrolled and were deleted, or someone who tries a key value. `--max-jump` sets how many are nothing: 10. It is checked only if the last audit is younger than the time after which the tenant deletes disconnected connectors.",
                "many machines were made and deleted since the last audit",
            ),
            Self::UnexpectedPlace => of(
                "UnexpectedPlace",
                "medium",
                "A connector that enrolled since the last audit is outside its key's IP ACL",
                "The IP ACL holds for the enrolment only. A machine that is elsewhere afterwards was moved, or enrolled through an address that others share. `--expect-cidr` names places that are expected for all keys.",
                "the machine was built in one network and works in another",
            ),
            Self::RetiredKeyUsed => of(
                "RetiredKeyUsed",
                "critical",
                "The uses of a retired key rose",
                "Something enrolled with a key that was replaced: its retirement was undone, and a copy of its value is in use. It is told for 7 days after the audit that saw it first.",
                "it was enabled on purpose, for a rollback",
            ),
            Self::HalfBlocked => of(
                "DisabledBySwitchOnly",
                "high",
                "A disabled key has uses left",
                "`enabled: false` alone holds it back, and many things set that to true. `disable` lowers the limit as well.",
                "the key waits for the day on which it will be enabled",
            ),
            Self::Leaked => of(
                "LeakedKey",
                "critical open, low closed",
                "The value of a key was found by `scan`",
                "Who reads the value can enrol machines as long as the key can enrol. `--scan-report` names what `zpakey scan -o json` printed.",
                "the place is one in which the value belongs, such as a sealed store",
            ),
            Self::Expires => of(
                "KeyExpires",
                "medium",
                "A key expires within 30 days",
                "After that nothing enrols with it.",
                "it is meant to end",
            ),
            Self::MovedToOAuth => of(
                "OAuth2Enrolment",
                "medium",
                "A group's newest connectors enrolled without a key, and a key of it is open",
                "The tenant or the group has moved to OAuth2 enrolment, so the key is a door without a use.",
                "the group enrols in both ways",
            ),
            Self::Disconnected => of(
                "DisconnectedConnectors",
                "low",
                "Many connectors are disconnected for more than 30 days, and the tenant deletes none",
                "They hold their keys' references, so that retired keys cannot be purged. The schedule that deletes disconnected connectors is set in the admin portal. It is reported above 10 connectors and 20 %.",
                "a site is down for long",
            ),
            Self::OtherMicrotenant => of(
                "OtherMicrotenant",
                "medium",
                "A key is in one microtenant and its group in another",
                "Administrators of the one do not see the other.",
                "the groups are shared on purpose",
            ),
            Self::Drift => of(
                "DiffersFromFile",
                "high open and to be closed, in another group, or without its IP ACL; medium missing, limit above the file's, due for rotation; low limit below it, name; info `ui_config`, not in the file",
                "A key is not as the file of keys says",
                "Someone changed the key, or the file, and the other was left. `--file` names the file; without it the rule is off. `zpakey diff FILE` shows all that differs, `zpakey apply FILE` ends it.",
                "the change is about to be merged into the file",
            ),
        }
    }
}

const fn of(
    name: &'static str,
    severity: &'static str,
    title: &'static str,
    meaning: &'static str,
    wrong_when: &'static str,
) -> Explanation {
    Explanation { name, severity, title, meaning, wrong_when }
}
