//! What a sandbox is started with.

use std::{path::PathBuf, time::Duration};

use serde_json::Value;

use super::{fault::Fault, quirks::Quirks};

/// Says where a sandbox listens, which tenant it serves and how it misbehaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Where the tenant lives.
    pub storage: Storage,
    /// What a new tenant starts with; a tenant that exists already keeps what it has.
    pub contents: Contents,
    /// More tenants, each by its seed, in memory. Each has a customer id, an API client and a rate limit of its own.
    pub others: Vec<Value>,
    /// The failures to play, in each tenant.
    pub faults: Vec<Fault>,
    /// Whether the sandbox counts requests and refuses those above the vendor's rate limit.
    pub enforce_limits: bool,
    /// How many times shorter than a real one a second of the rate limit is.
    pub time_scale: u32,
    /// Time that passes before each answer, as on a long network path.
    pub delay: Duration,
    /// Whether an unknown GET under the customer is refused instead of answered with an empty page.
    pub strict: bool,
    /// Choices between behaviours that no source decides. They come before those of a seed.
    pub quirks: Quirks,
    /// Whether the sandbox speaks HTTPS, and is a proxy.
    pub tls: Tls,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            storage: Storage::Memory,
            contents: Contents::Standard,
            others: Vec::new(),
            faults: Vec::new(),
            enforce_limits: false,
            time_scale: 1,
            delay: Duration::ZERO,
            strict: false,
            quirks: Quirks::default(),
            tls: Tls::Off,
        }
    }
}

/// Says whether a sandbox speaks HTTPS, and is a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Plain HTTP, no proxy: for programs that are told its address.
    Off,
    /// Plain HTTP at its own address. The same port is an HTTPS proxy for the Zscaler hosts.
    Proxy,
    /// HTTPS at its own address, and the proxy.
    On,
}

/// Says where a tenant lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In a file, which outlives the sandbox and may be shared by several at a time.
    File(PathBuf),
    /// In memory, until the sandbox ends.
    Memory,
}

/// Says what a new tenant starts with.
#[derive(Clone, Debug, PartialEq)]
pub enum Contents {
    /// Three App Connector groups, two Service Edge groups, and no keys.
    Standard,
    /// Only what the vendor preloads: the enrollment certificates and the Default microtenant.
    Empty,
    /// What a seed says; its form is described in the [module documentation](super#seeds).
    Seed(Value),
}
