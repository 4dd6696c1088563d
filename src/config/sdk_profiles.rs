//! Reads `~/.zscaler/config`, the INI file of profiles that the vendor's `zscaler-oneapi-sdk-python` reads.
//!
//! # Source
//! That SDK's version 1.0.0: its `configloader.py` reads with Python's `RawConfigParser`, takes the word `profile` off the
//! names of sections, and its `configprovider.py` names the keys. The parser here follows Python's rules and not those of
//! an INI library: `#` and `;` begin a comment only at the start of a line, since a secret may have them, and an indented
//! line continues a value, since a private key has many. Its errors name the place and quote nothing.

use std::collections::BTreeMap;

/// The values of one profile, by their keys in lower case.
pub(super) type SdkProfile = BTreeMap<String, String>;

/// The profiles of a file, by name.
pub(super) type SdkProfiles = BTreeMap<String, SdkProfile>;

/// Says where a file is not INI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrongLine {
    pub(super) line: usize,
}

/// Reads the text of the file.
pub(super) fn parse(text: &str) -> Result<SdkProfiles, WrongLine> {
    let mut profiles = SdkProfiles::new();
    // What `[DEFAULT]` says counts for every profile that does not say otherwise.
    let mut defaults = SdkProfile::new();
    let mut section: Option<String> = None;
    let mut key: Option<String> = None;
    let mut indent = 0;
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let wrong = WrongLine { line: number + 1 };
        let content = line.trim();
        let is_comment = content.starts_with(['#', ';']);
        let current = match section.as_deref() {
            Some("DEFAULT") => Some(&mut defaults),
            Some(name) => Some(profiles.entry(name.to_owned()).or_default()),
            None => None,
        };
        let begins = line.len() - line.trim_start().len();
        if content.is_empty() || is_comment {
            continue;
        }
        if let (Some(current), Some(key)) = (current, &key)
            && begins > indent
        {
            let value = current.entry(key.clone()).or_default();
            value.push('\n');
            value.push_str(content);
            continue;
        }
        indent = begins;
        if let Some(name) = content.strip_prefix('[') {
            let (name, _) = name.split_once(']').filter(|(name, _)| !name.is_empty()).ok_or(wrong)?;
            let name = name.strip_prefix("profile ").unwrap_or(name).to_owned();
            if name != "DEFAULT" {
                profiles.insert(name.clone(), SdkProfile::new());
            }
            (section, key) = (Some(name), None);
            continue;
        }
        let (name, value) = content.split_once(['=', ':']).ok_or(wrong)?;
        let name = name.trim().to_ascii_lowercase();
        let section = section.as_deref().filter(|_| !name.is_empty()).ok_or(wrong)?;
        let current = if section == "DEFAULT" {
            &mut defaults
        } else {
            profiles.entry(section.to_owned()).or_default()
        };
        if current.insert(name.clone(), value.trim().to_owned()).is_some() {
            return Err(wrong);
        }
        key = Some(name);
    }
    for profile in profiles.values_mut() {
        for (key, value) in &defaults {
            profile.entry(key.clone()).or_insert_with(|| value.clone());
        }
        profile.retain(|_, value| !value.trim().is_empty());
    }
    Ok(profiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_reads_as_pythons_parser_reads_it() {
        let text = concat!(
            "# a comment\n; another\n[DEFAULT]\ncloud = beta\n\n[default]\nClient_ID = a # b ; c\nclient_secret: s:e=c#r;t\n",
            "[profile two words]\n  client_id=x\n  private_key = -----BEGIN\n      AAAA\n\n      # no part\n      -----END\n",
            "cloud =\n[empty]\n",
        );
        let profiles = parse(text).unwrap();
        let names: Vec<&str> = profiles.keys().map(String::as_str).collect();
        assert_eq!(names, ["default", "empty", "two words"]);
        let default = &profiles["default"];
        assert_eq!((&*default["client_id"], &*default["client_secret"]), ("a # b ; c", "s:e=c#r;t"));
        assert_eq!(default["cloud"], "beta");
        assert_eq!(profiles["two words"]["private_key"], "-----BEGIN\nAAAA\n-----END");
        assert_eq!(profiles["two words"].get("cloud"), None, "an empty value hides the default");
        assert_eq!(profiles["empty"]["cloud"], "beta");
    }

    #[test]
    fn what_python_refuses_is_an_error_with_its_line() {
        for (text, line) in [
            ("client_id = a\n", 1),
            ("[a]\nno delimiter\n", 2),
            ("[a]\n\nx = 1\nX = 2\n", 4),
            ("[a\nx = 1\n", 1),
            ("[]\n", 1),
            ("[a]\n= 1\n", 2),
        ] {
            assert_eq!(parse(text), Err(WrongLine { line }), "{text}");
        }
        assert_eq!(parse(""), Ok(SdkProfiles::new()));
    }
}
