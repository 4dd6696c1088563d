//! What a text looks like that was given as a secret and is probably not one: in quotes, a variable that was not
//! expanded, a mask, JSON. People see it at once; a program that is told nothing sends it, and "the secret may have been
//! replaced" leads them astray.

use super::{AccessToken, ClientSecret, expose};

/// What a text looks like that was given as a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretLook {
    /// It stands in quotes.
    Quoted,
    /// It begins or ends with whitespace.
    Blank,
    /// It has several lines.
    Lines,
    /// It has control characters.
    Control,
    /// A shell, a template or a CI job was to put the value in its place.
    Unexpanded,
    /// It is `$` and a name, which a secret may be.
    Dollar,
    /// It is a mask.
    Mask,
    /// It begins like a mask, which a secret may do.
    Masked,
    /// It stands for a value in an example or a template: `<your secret>`, `changeme`, `xxx`.
    Placeholder,
    /// It is `@` and the name of a file.
    AtFile,
    /// It is JSON.
    Json,
    /// It is a private key or a certificate.
    Key,
    /// It is `NAME=value`.
    Assignment,
    /// It says where a secret is.
    Reference,
    /// It is a token.
    Token,
    /// It is an `Authorization` header, or begins like one.
    Bearer,
}

impl SecretLook {
    /// Looks at a text. Returns `None` if nothing speaks against it.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let is = |yes: bool, look: Self| yes.then_some(look);
        is(text.contains("-----BEGIN") || is_der(text), Self::Key)
            .or_else(|| is(is_json(text.trim()), Self::Json))
            .or_else(|| is(is_unexpanded(text.trim()), Self::Unexpanded))
            .or_else(|| is(is_mask(text.trim()), Self::Mask))
            .or_else(|| is(text.contains(['\n', '\r']), Self::Lines))
            .or_else(|| is(text.contains(char::is_control), Self::Control))
            .or_else(|| is(is_bearer(text.trim()), Self::Bearer))
            .or_else(|| is(text.trim() != text, Self::Blank))
            .or_else(|| is(is_quoted(text), Self::Quoted))
            .or_else(|| is(is_dollar(text), Self::Dollar))
            .or_else(|| is(text.starts_with("***"), Self::Masked))
            .or_else(|| is(is_placeholder(text), Self::Placeholder))
            .or_else(|| is(is_at_file(text), Self::AtFile))
            .or_else(|| is(is_assignment(text), Self::Assignment))
            .or_else(|| is(is_reference(text), Self::Reference))
            .or_else(|| is(is_token(text), Self::Token))
    }

    /// True if no client secret looks like that, so that it is not sent. Otherwise it is sent, and the look is only a
    /// hint if it is rejected: a secret that really looks so could not be used otherwise.
    const fn is_impossible(self) -> bool {
        match self {
            Self::Unexpanded
            | Self::Mask
            | Self::Json
            | Self::Key
            | Self::Lines
            | Self::Control
            | Self::Bearer => true,
            Self::Quoted
            | Self::Blank
            | Self::Dollar
            | Self::Masked
            | Self::Placeholder
            | Self::AtFile
            | Self::Assignment
            | Self::Reference
            | Self::Token => false,
        }
    }

    /// Says what it looks like, after "it".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Quoted => "is in quotes, which would be part of it",
            Self::Blank => "begins or ends with whitespace, which would be part of it",
            Self::Lines => "has several lines",
            Self::Control => "has control characters",
            Self::Unexpanded => "is a placeholder that was not replaced with its value",
            Self::Dollar => "looks like a variable that was not replaced with its value",
            Self::Mask => "is a mask, not the value that it hides",
            Self::Masked => "begins like a mask",
            Self::Placeholder => "looks like a placeholder of an example or a template",
            Self::AtFile => "looks like @FILE, which only curl reads",
            Self::Json => "is JSON",
            Self::Key => "is a private key or a certificate",
            Self::Assignment => "looks like NAME=value; only the value belongs here",
            Self::Reference => "looks like the place where a secret is, not like the secret",
            Self::Token => "looks like an access token",
            Self::Bearer => "begins with the word Bearer, as a header does",
        }
    }
}

impl ClientSecret {
    /// Returns what the text looks like, if it is probably not a secret.
    #[must_use]
    pub fn look(&self) -> Option<SecretLook> {
        SecretLook::of(expose(&self.0))
    }

    /// Returns what the text looks like, if it cannot be a client secret.
    #[must_use]
    pub fn impossible_look(&self) -> Option<SecretLook> {
        self.look().filter(|look| look.is_impossible())
    }
}

impl AccessToken {
    /// Returns what the text looks like, other than a token.
    #[must_use]
    pub fn look(&self) -> Option<SecretLook> {
        SecretLook::of(expose(&self.0)).filter(|look| *look != SecretLook::Token)
    }

    /// True if it has the characters of a bearer token.
    ///
    /// # Source
    /// RFC 6750, section 2.1: `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
    #[must_use]
    pub fn is_bearer(&self) -> bool {
        let text = expose(&self.0).trim_end_matches('=');
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
        !text.is_empty() && text.bytes().all(is_letter)
    }
}

/// A key or a certificate in base64 without its first and last line. No client secret is as long.
fn is_der(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(&byte);
    text.len() > 300 && text.starts_with("MII") && text.bytes().all(is_letter)
}

fn is_json(text: &str) -> bool {
    let is_open = text.starts_with('{') && text.ends_with('}') && text.contains('"')
        || text.starts_with('[') && text.ends_with(']') && text.contains('"');
    is_open && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// `${X}`, `${{ secrets.X }}`, `$(command)`, `{{ x }}`, `%X%`, `$env:X`.
fn is_unexpanded(text: &str) -> bool {
    let within = |before: &str, after: &str| {
        text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).filter(|inner| !inner.is_empty())
    };
    let shouted = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    [("${", "}"), ("$(", ")"), ("{{", "}}")].iter().any(|(before, after)| within(before, after).is_some())
        || within("%", "%").is_some_and(|name| name.bytes().all(shouted))
        || text.strip_prefix("$env:").is_some_and(is_name)
}

fn is_mask(text: &str) -> bool {
    const MASKS: [&str; 6] =
        ["[masked]", "[redacted]", "<redacted>", "<sensitive>", "(sensitive value)", "(sensitive)"];
    let is_filler = |character: char| "*•●∙…█".contains(character);
    !text.is_empty() && text.chars().all(is_filler) || MASKS.contains(&text.to_ascii_lowercase().as_str())
}

/// What examples and templates have where a secret belongs. Only whole texts count: a secret may begin with any of them.
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 24] = [
        "changeme",
        "changethis",
        "replaceme",
        "replacethis",
        "fillme",
        "fillmein",
        "todo",
        "tbd",
        "fixme",
        "placeholder",
        "redacted",
        "masked",
        "hidden",
        "removed",
        "null",
        "nil",
        "none",
        "undefined",
        "secret",
        "clientsecret",
        "clientid",
        "accesstoken",
        "password",
        "secretgoeshere",
    ];
    const NOUNS: [&str; 7] = ["secret", "token", "key", "password", "id", "value", "here"];
    const VERBS: [&str; 6] = ["your", "enter", "insert", "put", "paste", "replacewith"];
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " -_.".contains(letter);
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    if inner.is_some_and(|inner| inner.chars().all(is_plain) && inner.contains(char::is_alphabetic)) {
        return true;
    }
    let word = text.to_ascii_lowercase().replace([' ', '-', '_', '.'], "");
    let is_told = VERBS.iter().any(|verb| word.starts_with(verb))
        && NOUNS.iter().any(|noun| word.ends_with(noun))
        && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_crossed = word.len() > 2 && word.bytes().all(|byte| byte == b'x');
    let is_line = text.len() > 2 && [".", "-", "_"].iter().any(|dot| text.replace(dot, "").is_empty());
    WORDS.contains(&word.as_str()) || is_told || is_crossed || is_line
}

/// As curl takes the name of a file. A secret may begin with `@`, so only what is a path beyond doubt counts.
fn is_at_file(text: &str) -> bool {
    const ENDS: [&str; 6] = [".txt", ".json", ".secret", ".key", ".env", ".pem"];
    text.strip_prefix('@').is_some_and(|path| {
        path == "-"
            || ["/", "./", "../", "~/"].iter().any(|start| path.starts_with(start))
            || ENDS.iter().any(|end| path.len() > end.len() && path.ends_with(end))
    })
}

fn is_quoted(text: &str) -> bool {
    ["\"", "'", "`"].iter().any(|quote| text.len() > 2 && text.starts_with(quote) && text.ends_with(quote))
        || text.starts_with(['“', '‘', '„', '«']) && text.ends_with(['”', '’', '“', '»'])
}

fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.starts_with(|first: char| first.is_ascii_digit()) && !text.is_empty() && text.bytes().all(is_letter)
}

fn is_dollar(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(is_name)
}

/// Only of names that a secret is known by: any text with `=` in it could be one.
fn is_assignment(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text);
    let name = text.split_once('=').map_or("", |(name, _)| name).to_ascii_lowercase();
    ["secret", "token", "key"].iter().any(|word| name.ends_with(word)) && is_name(&name)
}

fn is_reference(text: &str) -> bool {
    let places =
        ["op://", "env:", "file:", "keyring:", "vault:", "arn:aws:", "https://", "@Microsoft.KeyVault("];
    places.iter().any(|place| text.starts_with(place))
}

fn is_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() == 3
}

fn is_bearer(text: &str) -> bool {
    let header = text.get(..14).filter(|start| start.eq_ignore_ascii_case("authorization:"));
    header.is_some() || text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_generated_secret_looks_like_has_no_look() {
        for text in
            ["s3cret", "a:b#c,d.e", "{a}b", "$", "%", "a=b", "${", "{}", "[x", "50%off%", "x***", "''"]
        {
            assert_eq!(SecretLook::of(text), None, "{text}");
        }
    }

    #[test]
    fn a_placeholder_is_known_by_its_whole_text() {
        for text in [
            "<your secret>",
            "<client-secret>",
            "<SECRET>",
            "changeme",
            "CHANGE_ME",
            "change-me",
            "xxx",
            "XXXXXXXX",
            "xxxx-xxxx-xxxx",
            "REDACTED",
            "redacted",
            "YOUR_CLIENT_SECRET",
            "your-secret-here",
            "insert token here",
            "TODO",
            "null",
            "undefined",
            "...",
            "___",
        ] {
            assert_eq!(SecretLook::of(text), Some(SecretLook::Placeholder), "{text}");
        }
        for text in ["@secret.txt", "@/run/secrets/zpa", "@~/zpa", "@./zpa", "@-"] {
            assert_eq!(SecretLook::of(text), Some(SecretLook::AtFile), "{text}");
        }
        for text in [
            "changeme1",
            "xxy",
            "xx",
            "<a>b",
            "<>",
            "<a=b>",
            "redacted7",
            "yourS3cretKey",
            "yourkeyboard",
            "@bC9.d",
            "@",
            "@txt",
            "q.r-s_t",
            "Xx9xXx",
            "nullable",
            "--a--",
            "secret#1",
            "putt",
        ] {
            assert_eq!(SecretLook::of(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_that_a_secret_may_be_is_impossible() {
        for text in [
            "changeme",
            "<your secret>",
            "xxx",
            "@zpa.txt",
            "'s3cret'",
            " s3cret",
            "$Ab3",
            "***a",
            "api_key=x",
            "file:x",
            "eyJa.b.c",
        ] {
            let look = SecretLook::of(text).unwrap();
            assert!(!look.is_impossible(), "{text}: {look:?}");
        }
    }

    #[test]
    fn a_bearer_token_has_the_letters_of_the_standard() {
        let is = |text: &str| AccessToken::new(text.to_owned()).is_bearer();
        assert!(is("eyJ0.eyJ1.c2ln_-") && is("abc+/~==") && is("t0ken"));
        assert!(!is("") && !is("=") && !is("a=b") && !is("\"a\"") && !is("a b") && !is("ä"));
    }
}
