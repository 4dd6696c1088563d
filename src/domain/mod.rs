//! The words of the field as types: pure, without I/O, serde or clap.

#![warn(clippy::missing_errors_doc, clippy::must_use_candidate, clippy::return_self_not_must_use)]

mod agent_limits;
mod association;
pub mod audit;
mod change;
mod component;
#[expect(missing_docs, reason = "the fields of a file and the items of a plan are explained by their types")]
pub mod desired;
mod endpoint;
mod fingerprint;
pub mod id;
mod ip_acl;
mod key;
mod narrowing;
mod proposal;
#[expect(missing_docs, reason = "the steps and outcomes of the machine are explained where they are decided")]
pub mod rotation;
mod selector;
mod server_text;
mod shell;
mod span;
mod usage;

pub use agent_limits::{AgentAction, AgentLimits, ParseAgentActionError};
pub use association::{AssociationType, HostFile, ParseAssociationTypeError};
pub use change::{CannotApply, FieldDifference, FieldValue, KeyChange, MaxUsageChange, differences};
pub use component::{ComponentRef, DeletionSchedule, Enrolled, EnrollmentCert, Microtenant, Zcomponent};
pub use endpoint::{Endpoint, EndpointError};
pub use fingerprint::Fingerprint;
pub use id::{CertId, CustomerId, GroupId, Id, IdError, KeyId, MicrotenantId};
pub use ip_acl::{IpAclEntry, IpAclError, same_acl};
pub use key::{KeyNameError, NewKey, ProvisioningKey, check_key_name, is_portal_name};
pub use narrowing::Narrowing;
pub use proposal::{PROPOSAL_LIFE, ParseProposalIdError, ProposalId, ProposalState};
pub use selector::{KeyRef, Selector, SelectorError, looks_like_key_text, near};
pub use server_text::{ServerText, escape, is_deceptive};
pub use shell::quoted;
pub use span::{SpanError, parse_span};
pub use usage::{MaxUsage, Status, Usage, UsageCount};
