//! What is known about the tenant that an unfinished command line means.

use std::ffi::OsString;

use crate::config::vars::{self, SETTINGS};
use crate::config::{Options, ProfileFile, Purpose, SecretSource, Settings, VendorFile};
use crate::context::Names;
use crate::domain::AssociationType;
use crate::host::{Dirs, Env};

/// What values are taken from.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// The names of the tenant's things.
    pub(super) names: Names,
    /// The names of the profiles.
    pub(super) profiles: Vec<String>,
    /// The types that `--type` names.
    pub(super) typed: Vec<AssociationType>,
    /// The types that a command would look for a key in.
    pub(super) searched: Vec<AssociationType>,
}

impl Candidates {
    /// Looks what is known. Where the configuration is broken, nothing is.
    pub(super) fn of(words: &[OsString], index: usize, env: &Env, dirs: Option<&Dirs>) -> Self {
        let others = words.iter().enumerate().filter(|(at, _)| *at != index && *at != 0);
        let others: Vec<&str> = others.filter_map(|(_, word)| word.to_str()).collect();
        let line = LineContext::read(&others, env);
        let file = ProfileFile::of_user(env, dirs);
        let profiles =
            file.as_ref().map_or_else(|_| Vec::new(), |file| file.profiles.keys().cloned().collect());
        let known = Self { profiles, typed: line.kinds, ..Self::default() };
        // As for a run: the sandbox needs no profile, so a broken file is not in its way.
        let is_sandbox = line.options.get(&vars::SANDBOX).is_some();
        let (Some(dirs), Ok(file)) = (dirs, if is_sandbox { Ok(ProfileFile::default()) } else { file })
        else {
            return known;
        };
        let vendor = || VendorFile::of_user(dirs, env);
        let Ok(settings) = Settings::resolve(line.options, env, &file, vendor) else { return known };
        let searched = match (line.all_types, known.typed.as_slice()) {
            (true, _) => AssociationType::ALL.to_vec(),
            (false, []) => settings.types.clone(),
            (false, typed) => typed.to_vec(),
        };
        Self { names: Names::load(&settings, dirs), searched, ..known }
    }
}

/// What the other words of a line say about the tenant. They are read leniently: the line is not finished.
#[derive(Default)]
struct LineContext {
    options: Options,
    kinds: Vec<AssociationType>,
    all_types: bool,
}

impl LineContext {
    fn read(words: &[&str], env: &Env) -> Self {
        let mut line = Self::default();
        // A wrong limit of time does not keep names from being completed.
        line.options.purpose = Purpose::Examine;
        let mut rest = words.iter();
        while let Some(word) = rest.next() {
            if *word == "--" {
                break;
            }
            let (option, value) = match word.split_once('=') {
                Some((option, value)) => (option, Some(value)),
                None => (*word, None),
            };
            let mut value = || value.or_else(|| rest.next().copied()).unwrap_or_default().to_owned();
            match option {
                "--type" => line.kinds.extend(value().parse::<AssociationType>()),
                "--all-types" => line.all_types = true,
                _ => {
                    let known = SETTINGS.iter().find(|setting| setting.description().option == Some(option));
                    let Some(setting) = known else { continue };
                    let row = setting.description();
                    if *row == vars::SANDBOX.description {
                        line.options.put(&vars::SANDBOX, Some(true));
                    } else if *row == vars::CLIENT_SECRET.description {
                        // Where it is said counts, not what it is: no secret is read.
                        line.options.put(&vars::CLIENT_SECRET, Some(SecretSource::NamedFile(value().into())));
                    } else if *row == vars::PRIVATE_KEY.description {
                        line.options.put(&vars::PRIVATE_KEY, Some(SecretSource::File(value().into())));
                    } else if row.names_a_tenant() || *row == vars::PROFILE.description {
                        let text = value();
                        if !text.is_empty() {
                            line.options.put_text(*setting, &text);
                        }
                    }
                }
            }
        }
        let plays = words.windows(2).any(|pair| pair == ["sandbox", "enroll"]);
        if plays && env.get("ZPAKEY_API_URL").is_none() {
            line.options.put(&vars::SANDBOX, Some(true));
        }
        line
    }
}
