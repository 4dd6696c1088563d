//! The ZPA API, typed. It knows no terminal and can be used as a library.
//!
//! A call goes [`Client`] → pacing → auth → http. Only pacing waits.

mod assertion;
mod auth;
mod budget;
mod ca_file;
mod client;
mod cloud;
mod early;
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
