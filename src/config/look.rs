//! What is left where the configuration cannot be used.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::credential::CredentialSource;
use super::layer::Layer;
use super::setting::Values;
use super::vars;
use super::{ApiFlavor, DEFAULT_PROFILE, Options, Settings, named_profile};
use crate::domain::AssociationType;
use crate::domain::audit::AuditPolicy;
use crate::host::Env;

impl Settings {
    /// Takes from options and environment how an answer is to look and which profile is meant, and nothing that leads
    /// to a tenant.
    pub fn of_style(options: Options, env: &Env, profile_path: PathBuf) -> Self {
        let named = named_profile(&options, env).ok().flatten();
        let layers = [options.layer, Layer::of_env(env, false)];
        let mut values = Values::default();
        let look = [&vars::OUTPUT.description, &vars::COLUMNS.description, &vars::COLOR.description];
        for row in look.into_iter().chain([&vars::PROFILE.description, &vars::NO_INPUT.description]) {
            if let Some(layer) = layers.iter().find(|layer| layer.values.has(row)) {
                values.copy(&layer.values, row);
            }
        }
        Self {
            values,
            credential: CredentialSource::nowhere(ApiFlavor::OneApi),
            other_front_door: None,
            profile_name: named.unwrap_or_else(|| DEFAULT_PROFILE.to_owned()),
            profile_path,
            exposed: Vec::new(),
            profile_exists: false,
            profiles: Vec::new(),
            set_aside: Vec::new(),
            empty_variables: BTreeSet::new(),
            types: AssociationType::DEFAULT.to_vec(),
            defaults: BTreeMap::new(),
            policy: AuditPolicy::default(),
            deliveries: BTreeMap::new(),
            agent_limits: None,
        }
    }
}
