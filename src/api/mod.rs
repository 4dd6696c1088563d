//! The ZPA API, typed. It knows no terminal and can be used as a library.
//!
//! A call goes [`Client`] → pacing → auth → http. Only pacing waits.

#![warn(clippy::missing_errors_doc, clippy::must_use_candidate, clippy::return_self_not_must_use)]

mod assertion;
mod auth;
mod budget;
mod ca_file;
#[expect(missing_docs, reason = "its fields say what they are")]
mod client;
mod cloud;
mod early;
#[expect(missing_docs, reason = "an error says by its message what it is")]
mod error;
mod error_body;
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod ledger;
mod lock;
mod pacing;
mod path;
mod pem;
mod private_key;
mod retry_after;
mod tls;
mod token_store;
mod transport;
mod wire;

pub use assertion::SigningKey;
pub use auth::SignIn;
pub use ca_file::{CaContainer, certificates_in};
pub use client::{
    Accepted, Client, Configuration, Created, FreshKey, Gap, KeyList, KeyListing, KeyPresentation, KeyWrite,
    OddObject, Oddity, PlayedEnrolment, PreparedUpdate, Proxy, Rate, ReadKey, SendResult, SentUpdate,
    TenantAddress, Update, UpdateOutcome, UpdateStart, Watcher, WriteAction, WriteNote, WriteOutcome,
};
pub use cloud::{Hosts, check_cloud, cloud_of_host, clouds, is_sign_in_host};
pub use error::{
    ApiError, Meaning, Method, NetworkError, NetworkErrorKind, Refusal, SignInError, SignInErrorKind,
};
pub use lock::LockKind;
pub use pacing::{Exchange, Limits, Observer, Wait, WaitReason};
pub use private_key::PrivateKeyError;
pub use tls::check_trust;
pub use token_store::{StoredToken, TokenPlace, TokenStore};
