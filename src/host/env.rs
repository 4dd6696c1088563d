//! A snapshot of the environment.

use std::collections::BTreeMap;

use super::system;

/// The environment's variables as they were at the start of the program.
#[derive(Clone, Default)]
pub struct Env {
    values: BTreeMap<String, String>,
}

impl Env {
    /// Takes the process's variables; those that are no UTF-8 are left out.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn of_process() -> Self {
        let variables = std::env::vars_os();
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((system::variable_name(&name.into_string().ok()?).into_owned(), value.into_string().ok()?))
        };
        Self { values: variables.filter_map(text).collect() }
    }

    /// Returns a variable's value; one that is set but empty counts as unset.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(&*system::variable_name(name)).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Leaves variables out.
    pub fn without(mut self, names: &[&str]) -> Self {
        self.values
            .retain(|name, _| !names.iter().any(|other| system::variable_name(other) == name.as_str()));
        self
    }

    /// Sets a variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.values.insert(system::variable_name(name).into_owned(), value.to_owned());
        self
    }

    /// Tells whether a variable is set to the empty text, as an undefined CI secret is.
    pub fn is_empty_text(&self, name: &str) -> bool {
        self.values.get(&*system::variable_name(name)).is_some_and(String::is_empty)
    }

    /// Tells whether the locale's characters are UTF-8.
    pub fn is_utf8(&self) -> bool {
        if system::IS_ALWAYS_UTF8 {
            return true;
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| self.get(name));
        locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Env {
    fn from(pairs: [(&str, &str); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Env {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        Self {
            values: pairs
                .into_iter()
                .map(|(name, value)| (system::variable_name(name).into_owned(), value.to_owned()))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let env = Env::from([("A", ""), ("B", "x")]);
        assert_eq!((env.get("A"), env.get("B"), env.get("C")), (None, Some("x"), None));
        assert!(env.is_empty_text("A") && !env.is_empty_text("B") && !env.is_empty_text("C"));
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        assert!(Env::from([("LANG", "en_GB.UTF-8")]).is_utf8());
        assert!(!Env::from([("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")]).is_utf8());
        assert!(!Env::default().is_utf8());
    }
}
