//! Several emulated tenants, each with its profile, in one home.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::{fmt::Write as _, time::Duration};

use serde_json::{Value, json};
use zpakey::sandbox::{Contents, Options};

use super::{arguments::Arguments, home::Home, run::Run, tenant::Tenant};

/// Tenants of the profiles `a`, `b`, `c` and so on, or as they are named.
pub struct Fleet {
    tenants: Vec<(String, Tenant)>,
    home: Home,
}

impl Fleet {
    /// A tenant for each name, with what its seed says; their customers are 1001, 1002 and so on.
    pub fn new<const N: usize>(seeds: [(&str, Value); N]) -> Self {
        Self::slow(seeds.map(|(name, seed)| (name, seed, 0)))
    }

    /// The same, each with the time that passes before each of its answers, in milliseconds.
    pub fn slow<const N: usize>(seeds: [(&str, Value, u64); N]) -> Self {
        let seeded = |(at, (name, mut seed, delay)): (usize, (&str, Value, u64))| {
            seed.as_object_mut().unwrap().insert("customer_id".to_owned(), json!((1001 + at).to_string()));
            let (contents, delay) = (Contents::Seed(seed), Duration::from_millis(delay));
            (name.to_owned(), Tenant::with(Options { contents, delay, ..Options::default() }))
        };
        let tenants = seeds.into_iter().enumerate().map(seeded).collect();
        let fleet = Self { tenants, home: Home::new() };
        fleet.write_profiles("");
        fleet
    }

    /// A tenant for each name, with App Connector keys of these names.
    pub fn with_keys<const N: usize>(tenants: [(&str, &[&str]); N]) -> Self {
        Self::new(tenants.map(|(name, keys)| {
            let keys: Vec<Value> = keys.iter().map(|key| json!({"name": key})).collect();
            (name, json!({"keys": keys}))
        }))
    }

    /// Writes the profiles of all tenants, and this behind them.
    pub fn write_profiles(&self, more: &str) {
        let mut text = String::new();
        for (name, tenant) in &self.tenants {
            let access = tenant.access();
            writeln!(
                text,
                "[profiles.{name}]\nclient_id = '{}'\nclient_secret = '{}'\ncustomer_id = '{}'\napi_url = '{}'\ntoken_url = '{}'\nrate_limit = 'off'",
                access.client_id, access.client_secret, access.customer_id, access.api_url, access.token_url
            )
            .unwrap();
        }
        self.home.write_profiles(&format!("{text}{more}"));
    }

    pub fn zpakey(&self, arguments: impl Arguments) -> Run {
        Run::new(&self.home, arguments)
    }

    pub fn home(&self) -> &Home {
        &self.home
    }

    pub fn tenant(&self, name: &str) -> &Tenant {
        self.tenants.iter().find(|(known, _)| known == name).map(|(_, tenant)| tenant).unwrap()
    }
}
