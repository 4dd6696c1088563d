//! What is left where the configuration cannot be used.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::credential::CredentialSource;
use super::layer::Layer;
use super::vars::Setting;
use super::{ApiFlavor, DEFAULT_PROFILE, Options, Settings, named_profile};
use crate::domain::AssociationType;
use crate::host::Env;

impl Settings {
    /// Takes from options and environment how an answer is to look and which profile is meant, and nothing that leads
    /// to a tenant.
    #[must_use]
    pub fn of_style(options: Options, env: &Env, profile_path: PathBuf) -> Self {
        let named = named_profile(&options, env).ok().flatten();
        let layers = [Layer::of_options(options), Layer::of_env(env, false)];
        let look = [Setting::Output, Setting::Columns, Setting::Color, Setting::Profile];
        let values = look.into_iter().filter_map(|setting| {
            let found = layers.iter().find_map(|layer| layer.get(setting))?;
            Some((setting, found.clone()))
        });
        Self {
            values: values.collect(),
            credential: CredentialSource::nowhere(ApiFlavor::OneApi),
            proxy: None,
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
        }
    }
}
