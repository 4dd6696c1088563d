//! Where a secret is kept, and how it is had from there. Nothing is fetched before it is needed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::secret_error::SecretError;
use super::setting::Setting;
use super::vars;
use crate::host::{
    Asked, Env, Exposure, Keyring, KeyringError, Streams, no_such_file, read_key_text, run_for_output,
};
use crate::secret::SecretText;

/// How long a secret is waited for. A program or a keyring may have to ask a person.
const LIMIT: Duration = Duration::from_secs(10);
/// How long what a killed program has printed may take to be passed on.
const GRACE: Duration = Duration::from_millis(500);

/// Where a secret is kept.
#[derive(Debug, Clone)]
pub enum SecretSource {
    Text(SecretText),
    /// In the system keyring, under this account.
    Keyring(String),
    File(PathBuf),
    /// In the file that `--client-secret-file` or its variable names. The name is not quoted: it may be the secret itself,
    /// typed in the wrong place.
    NamedFile(PathBuf),
    Variable(String),
    /// With a program that prints it: its name and its arguments. No shell reads them.
    Command(Vec<String>),
}

/// What a secret is good for, in words and as the key of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    ClientSecret,
    /// The API client's private key.
    PrivateKey,
}

impl SecretKind {
    pub const ALL: [Self; 2] = [Self::ClientSecret, Self::PrivateKey];

    /// Returns the setting that says where the secret is.
    pub fn setting(self) -> &'static Setting<SecretSource> {
        match self {
            Self::ClientSecret => &vars::CLIENT_SECRET,
            Self::PrivateKey => &vars::PRIVATE_KEY,
        }
    }

    /// Returns the key in a profile.
    pub const fn profile_key(self) -> &'static str {
        match self {
            Self::ClientSecret => "client_secret",
            Self::PrivateKey => "private_key",
        }
    }

    /// Returns what it is called.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::ClientSecret => "client secret",
            Self::PrivateKey => "private key",
        }
    }

    /// Returns the account under which the keyring has it for a profile.
    pub fn account(self, profile: &str) -> String {
        format!("{profile}/{}", self.profile_key())
    }
}

/// What a secret is fetched with.
pub struct Fetching<'a> {
    pub env: &'a Env,
    pub keyring: &'a Arc<dyn Keyring>,
    /// Where the messages of a program go.
    pub streams: &'a Arc<Streams>,
    /// Whether a person reads them, and may answer.
    pub is_at_terminal: bool,
    /// The variables that a program does not get.
    pub withheld: &'a [String],
    /// What `--deadline` leaves, and what it is as a whole.
    pub deadline: Option<Deadline>,
}

/// The deadline of a command.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    pub whole: Duration,
    /// What is left of it.
    pub left: Duration,
}

/// A secret, and the file that it is from if other users can read that.
#[derive(Debug)]
pub struct Fetched {
    pub text: SecretText,
    /// The file, if other users can read it and something can be done about it.
    pub exposed: Option<PathBuf>,
}

impl From<SecretText> for Fetched {
    fn from(text: SecretText) -> Self {
        Self { text, exposed: None }
    }
}

impl SecretSource {
    /// Reads what a profile says: `keyring:`, `file:PATH`, `env:NAME`, or the secret itself. A private key may be
    /// named by its path alone. Paths are relative to the directory of the profile file; `~/` is the home
    /// directory.
    pub(super) fn of_profile(text: &str, kind: SecretKind, profile: &str, places: PathBases<'_>) -> Self {
        if let Some(account) = text.strip_prefix("keyring:") {
            let account = account.trim();
            return Self::Keyring(if account.is_empty() {
                kind.account(profile)
            } else {
                account.to_owned()
            });
        }
        if let Some(path) = text.strip_prefix("file:") {
            return Self::File(places.path(path));
        }
        if let Some(name) = text.strip_prefix("env:") {
            return Self::Variable(name.trim().to_owned());
        }
        match Self::of_text(text, kind) {
            Self::File(_) => Self::File(places.path(text)),
            source @ (Self::Text(_)
            | Self::Keyring(_)
            | Self::NamedFile(_)
            | Self::Variable(_)
            | Self::Command(_)) => source,
        }
    }

    /// Reads what a variable says: the secret itself, or for a private key also the path of a file.
    pub(super) fn of_text(text: &str, kind: SecretKind) -> Self {
        match kind {
            SecretKind::PrivateKey if !is_key(text) => Self::File(PathBuf::from(text)),
            SecretKind::PrivateKey | SecretKind::ClientSecret => Self::Text(SecretText::new(text)),
        }
    }

    /// Tells whether the secret's own text stands where its source was read.
    pub const fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// Returns the variable that has the secret, where it is one.
    pub fn variable(&self) -> Option<&str> {
        match self {
            Self::Variable(name) => Some(name),
            Self::Text(_) | Self::Keyring(_) | Self::File(_) | Self::NamedFile(_) | Self::Command(_) => None,
        }
    }

    /// Fetches the secret.
    pub async fn fetch(&self, with: Fetching<'_>) -> Result<Fetched, SecretError> {
        let Fetching { env, keyring, streams, is_at_terminal, withheld, deadline } = with;
        let limit = deadline.map_or(LIMIT, |deadline| LIMIT.min(deadline.left));
        let fetched = async {
            match self {
                Self::Text(text) => Ok(text.clone().into()),
                Self::File(path) | Self::NamedFile(path) => self.read_file(path, env).await,
                Self::Variable(name) => {
                    let text = env.get(name).map(SecretText::new);
                    text.map(Fetched::from).ok_or_else(|| SecretError::Unset(name.clone()))
                }
                Self::Keyring(account) => from_keyring(account, keyring).await.map(Fetched::from),
                Self::Command(words) => {
                    let asked = Asked { words, withheld, streams, is_at_terminal };
                    from_command(asked, limit).await.map(Fetched::from)
                }
            }
        };
        // A program is killed at the limit, and what it printed is passed on after that.
        let grace = if matches!(self, Self::Command(_)) { GRACE } else { Duration::ZERO };
        let fetched = tokio::time::timeout(limit + grace, fetched).await;
        match (fetched, deadline) {
            (Err(_) | Ok(Err(SecretError::TooSlow { .. })), Some(deadline)) if limit < LIMIT => {
                Err(SecretError::Deadline { deadline: deadline.whole, waited_for: self.giver() })
            }
            (Err(_), _) => Err(SecretError::TooSlow { giver: self.giver(), limit }),
            (Ok(fetched), _) => fetched,
        }
    }

    /// Reads a file off the runtime's thread: it may be a FIFO that no one writes into.
    async fn read_file(&self, path: &Path, env: &Env) -> Result<Fetched, SecretError> {
        let failed = |source| match self {
            Self::NamedFile(_) => SecretError::NamedFile(source),
            Self::Text(_) | Self::Keyring(_) | Self::File(_) | Self::Variable(_) | Self::Command(_) => {
                SecretError::Unreadable { path: path.to_owned(), source }
            }
        };
        let read = tokio::task::spawn_blocking({
            let path = path.to_owned();
            move || read_key_text(&path)
        });
        let read = read.await.map_err(|error| failed(std::io::Error::other(error)))?;
        let (text, exposure) = read.map_err(failed)?.ok_or_else(|| failed(no_such_file()))?;
        let text = SecretText::new(&text);
        if text.is_empty() {
            return Err(match self {
                Self::NamedFile(_) => {
                    failed(std::io::Error::new(std::io::ErrorKind::InvalidData, "it holds nothing"))
                }
                Self::Text(_) | Self::Keyring(_) | Self::File(_) | Self::Variable(_) | Self::Command(_) => {
                    SecretError::Empty(path.display().to_string())
                }
            });
        }
        let is_exposed = exposure.unless_credential(path, env) == Exposure::Readable;
        Ok(Fetched { text, exposed: is_exposed.then(|| path.to_owned()) })
    }

    /// Names what gives the secret, for messages.
    fn giver(&self) -> String {
        match self {
            Self::Text(_) | Self::Variable(_) | Self::NamedFile(_) => "the file".to_owned(),
            Self::File(path) => path.display().to_string(),
            Self::Keyring(_) => "the system keyring".to_owned(),
            Self::Command(words) => format!("`{}`", words.first().map_or("", String::as_str)),
        }
    }
}

/// From where the paths in a profile are counted.
#[derive(Clone, Copy)]
pub(super) struct PathBases<'a> {
    pub(super) profile_file: &'a Path,
    pub(super) home: Option<&'a Path>,
}

impl PathBases<'_> {
    fn path(self, text: &str) -> PathBuf {
        match (text.strip_prefix("~/"), self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => self.profile_file.parent().unwrap_or(Path::new("")).join(text),
        }
    }
}

/// Tells whether a text is a key and not the path of one: it says so, or it is a key without its first and last line,
/// or one that was encoded once more, as people put it into variables. No path is so long and has neither a dot nor a
/// tilde. A path is shown in messages, and a key is not.
pub fn is_key(text: &str) -> bool {
    let is_of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_= \r\n\t".contains(&byte);
    let is_bare = text.len() > 100 && text.bytes().all(is_of_base64);
    is_bare || text.contains("-----BEGIN") || text.trim_start().starts_with('{')
}

async fn from_keyring(account: &str, keyring: &Arc<dyn Keyring>) -> Result<SecretText, SecretError> {
    let (keyring, wanted) = (Arc::clone(keyring), account.to_owned());
    // The service may take its time, or ask the person to unlock it; interruptions are heard meanwhile.
    let found = tokio::task::spawn_blocking(move || keyring.get(&wanted)).await;
    let found = found.map_err(|_| KeyringError::Failed("the call did not end".to_owned()))??;
    let bytes = found.ok_or_else(|| SecretError::NotInKeyring(account.to_owned()))?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| KeyringError::Failed("what it has is not text".to_owned()))?;
    not_empty(SecretText::new(text), || format!("the keyring's {account}"))
}

async fn from_command(asked: Asked<'_>, limit: Duration) -> Result<SecretText, SecretError> {
    let program = asked.words.first().cloned().unwrap_or_default();
    let failed = |why: String| SecretError::Command { program: program.clone(), why };
    let output = run_for_output(asked, limit, learn).await.map_err(|error| {
        let is = |kind| error.kind() == kind;
        if is(std::io::ErrorKind::TimedOut) {
            return SecretError::TooSlow { giver: format!("`{program}`"), limit };
        }
        failed(if is(std::io::ErrorKind::NotFound) {
            "is not there".to_owned()
        } else {
            format!("could not be run: {error}")
        })
    })?;
    if !output.succeeded {
        return Err(failed(format!("ended with {}, and no secret was taken from it", output.status)));
    }
    let text = std::str::from_utf8(&output.stdout)
        .map_err(|_| failed("printed something that is not text".to_owned()))?;
    let text = SecretText::new(text);
    if text.is_empty() { Err(failed("printed nothing".to_owned())) } else { Ok(text) }
}

/// Lets the redactor know what a program printed, whatever becomes of it, before its messages are passed on.
fn learn(printed: &[u8]) {
    if let Ok(text) = std::str::from_utf8(printed) {
        drop(SecretText::new(text));
    }
}

fn not_empty(text: SecretText, place: impl FnOnce() -> String) -> Result<SecretText, SecretError> {
    if text.is_empty() { Err(SecretError::Empty(place())) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_profile(text: &str, kind: SecretKind) -> String {
        let places = PathBases {
            profile_file: Path::new("/home/me/.config/zpakey/config.toml"),
            home: Some(Path::new("/home/me")),
        };
        format!("{:?}", SecretSource::of_profile(text, kind, "prod", places))
    }

    #[test]
    fn a_profile_says_where_a_secret_is() {
        use SecretKind::{ClientSecret, PrivateKey};
        for (text, kind, expected) in [
            ("keyring:", ClientSecret, r#"Keyring("prod/client_secret")"#),
            ("keyring:", PrivateKey, r#"Keyring("prod/private_key")"#),
            ("keyring:mine", ClientSecret, r#"Keyring("mine")"#),
            ("file:prod.secret", ClientSecret, r#"File("/home/me/.config/zpakey/prod.secret")"#),
            ("file:~/s", ClientSecret, r#"File("/home/me/s")"#),
            ("file:/run/s", ClientSecret, r#"File("/run/s")"#),
            ("env:ACME", ClientSecret, r#"Variable("ACME")"#),
            ("a:b#c", ClientSecret, "Text(SecretText(redacted))"),
            ("~/key.pem", PrivateKey, r#"File("/home/me/key.pem")"#),
            ("-----BEGIN PRIVATE KEY-----\n", PrivateKey, "Text(SecretText(redacted))"),
            (r#"{"kty":"RSA"}"#, PrivateKey, "Text(SecretText(redacted))"),
        ] {
            assert_eq!(of_profile(text, kind), expected);
        }
    }
}
