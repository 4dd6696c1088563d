//! The ZPA API, typed. It knows no terminal and can be used as a library.
//!
//! A call goes [`Client`] → pacing → auth → http. Only pacing waits.

mod auth;
mod budget;
mod client;
mod cloud;
mod error;
mod http;
mod pacing;
mod path;
mod retry_after;
mod transport;
mod wire;

pub use auth::SignIn;
pub use client::{
    Client, Configuration, Created, KeyListing, PlayedEnrolment, PreparedUpdate, Presented, Rate, Update,
};
pub use error::{
    ApiError, Meaning, Method, NetworkError, NetworkErrorKind, Refusal, SignInError, SignInErrorKind,
};
pub use pacing::{Exchange, Limits, Observer, Wait, WaitReason};
