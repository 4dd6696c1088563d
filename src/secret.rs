//! Secrets: the texts that zpakey carries and never shows unasked.
//!
//! None of the types here has `Display`, `Serialize`, `Deref` or `PartialEq`, and `Debug` redacts. Their text
//! leaves them only through this closed list of sinks; everywhere else `expose_secret` is refused by clippy:
//!
//! | sink | function |
//! |---|---|
//! | the body of a token request | [`ClientSecret::append_form_value`] |
//! | the key that signs an assertion | [`PrivateKey::read_by`] |
//! | the `Authorization` header, marked sensitive | [`AccessToken::authorization`] |
//! | the proxy's connector | [`ProxyAddress::whole`] |
//! | the answer to `reveal`, `create --reveal` or `rotate --reveal` | [`KeySecret::revealed`] |
//! | the answer to `auth token` | [`AccessToken::revealed`] |
//! | a private file | [`KeySecret::write_to`], [`AccessToken::write_to`], [`Kept::write_to`] |
//! | the token cache, encrypted | [`AccessToken::sealed`] |
//! | the key that encrypts the token cache | [`ClientSecret::token_key`], [`PrivateKey::token_key`] |
//! | the system keyring | [`Kept::for_keyring`] |
//! | a program that is run with it: its standard input, or a variable of its environment | [`KeySecret::with_exposed`] |
//! | the clipboard, by the standard input of a program or by the terminal | [`KeySecret::for_clipboard`] |
//! | a CI runner that masks it, by way of standard error | [`KeySecret::mask_for_github`] |
//!
//! A text that someone else has, which [`ParsedKeyText`] looks at, is hashed and not kept at all.
//!
//! # Threat model
//!
//! Protected are key values, with which anyone can enrol machines; the secret, the private key and the tokens of the API
//! client, with which anyone can create such keys; the password of a proxy. From other users of the machine, its other programs
//! as far as they cannot read a user's memory or files, readers of output in which a secret was not requested (history, build
//! log, ticket), a server that quotes what it was sent, and slips. Each row names tests that fail without the protection.
//!
//! | what could happen | what is done | tests |
//! |---|---|---|
//! | an answer, a message or a trace shows a secret | no type here has a text that can be printed; a secret is in the answers that were asked for it alone | `no_command_leaks_a_secret_in_any_format_whatever_the_api_answers`, `no_process_leaks_a_secret`, `debug_shows_nothing` |
//! | an error quotes what was read or sent | errors keep places and not values; all that goes to standard error passes the [`Redactor`] | `no_answer_that_says_yes_makes_a_reader_panic_or_an_error_quote_it`, `no_secret_passes_the_redactor_however_it_is_encoded_and_written`, `any_secret_in_any_way_and_pieces_is_redacted`, `no_credential_that_is_bad_leaks` |
//! | what we run prints a secret: a hook its input, a program that gives the secret its trace | both pass the [`Redactor`] on their way to standard error, line by line, whole and in pieces of 31 bytes and more; `cmd` is held until the secret is known, unless a person reads | `a_hook_that_prints_what_it_is_handed_puts_no_key_into_the_log`, `a_key_that_a_hook_prints_in_two_halves_is_not_in_the_log`, `a_program_that_gives_the_secret_and_prints_it_besides_puts_none_into_the_log`, `a_program_that_gives_the_secret_may_print_it_in_any_encoding`, `a_store_that_prints_the_value_puts_no_key_into_the_log` |
//! | a server quotes what it was sent, in whatever encoding | the redactor is one for the process and learns on any thread; reasons are redacted before they are cut | `a_secret_that_any_thread_makes_is_known_on_every_thread`, `a_token_from_the_cache_that_the_api_quotes_is_redacted`, `a_client_secret_that_the_token_endpoint_quotes_is_redacted`, `an_assertion_that_the_token_endpoint_quotes_is_redacted` |
//! | what we run reads our credentials from its environment | one list of variables that no program gets, with those that profiles name and the password of the SDK's proxy | `no_program_that_is_run_gets_our_credentials`, `a_program_that_gives_the_secret_gets_none_of_ours`, `the_variables_that_hold_a_secret_are_these` |
//! | a name or a reason forges messages, commands to a CI runner, or another name | text of the server is a type whose `Display` escapes; messages are one line; each format escapes | `no_name_begins_a_line_of_its_own_in_any_message`, `no_reason_of_a_refusal_begins_a_line_of_its_own`, `a_question_shows_a_forged_name_in_one_line`, `at_a_terminal_every_format_escapes_what_would_deceive`, `names_that_look_alike_are_told_apart`, `every_text_of_the_server_is_a_type_that_escapes_itself` |
//! | a name is taken for an option, an id, or a formula | printed commands use the id or `name:`; digits from standard input are an id first; CSV marks such cells | `a_key_that_is_named_like_an_option_is_named_by_its_id_in_printed_commands`, `digits_from_standard_input_mean_the_id_and_not_another_keys_name`, `a_spreadsheet_runs_no_cell` |
//! | a key value stays on the clipboard | it is cleared after the wait or at a signal, unless it holds something else by then; what serves it gets the value by standard input | `a_program_gets_it_by_standard_input_and_the_clipboard_is_cleared_after_the_wait`, `each_signal_clears_it_at_once`, `what_was_copied_meanwhile_is_left_alone`, `a_terminal_is_told_by_osc_52_and_told_again_to_clear` |
//! | a panic shows a secret, or leaves half a file | a panic's payload is never printed; drops run; a file appears whole or not at all | `a_program_that_breaks_at_any_effect_leaks_nothing_and_leaves_no_half_file`, `a_panic_while_something_is_said_does_not_wait_for_itself` |
//! | a secret is in a command line or an environment that others read | no option takes one; what looks like a key is refused unquoted; programs that are run get none but the key value that they are run with | `the_command_line_of_a_running_process_has_no_secret`, `no_command_without_a_request_leaks_and_no_wrong_command_line_is_quoted`, `a_program_that_gives_the_secret_is_told_none_and_zpakeys_own_environment_gets_none`, `a_program_that_gets_a_file_or_standard_input_has_no_secret_in_its_environment` |
//! | a secret is revealed by mistake | a person is asked, `--yes` is the only leave, and no variable is one | `a_mask_is_no_leave`, `no_mask_is_written_where_no_runner_reads_along` |
//! | a build log keeps a revealed key | `--out-file`, and `--ci github` before the key is written | `the_mask_is_written_before_the_key`, `the_recipe_for_github_hands_the_key_over_and_its_log_has_no_secret` |
//! | a file with a secret is read by others, or written through a link | 0600 from the first byte whatever the umask, links not followed; one that others can read is used with a warning, unless a container or systemd mounts it so | `a_new_file_is_private_and_whole`, `links_and_directories_are_refused`, `a_file_has_the_mode_that_is_said_whatever_the_umask`, `a_secret_that_others_can_read_is_used_with_a_warning_however_it_is_named`, `a_file_with_a_key_that_others_can_read_is_warned_of` |
//! | another user writes the configuration, which names programs to run and addresses | a file that others can write or own, itself or by a directory or symlink on the way, is refused before it is read; so is another user's, by root too | `a_profile_file_that_others_can_write_is_refused_before_its_program_runs`, `a_directory_on_the_way_that_others_can_write_is_refused`, `a_symlink_leads_through_a_directory_that_others_can_write_and_is_refused`, `root_with_the_home_of_another_user_runs_no_program_of_that_user` |
//! | another user plants a link, a FIFO or a file where state is kept | owners, links and second names are checked at the open file; nothing that is opened blocks, and locks are waited for in bounds | `a_link_a_fifo_or_a_second_name_in_place_of_any_file_harms_nothing`, `a_link_or_a_fifo_in_place_of_a_lock_harms_nothing`, `a_token_that_another_user_planted_is_not_sent`, `nothing_is_made_below_a_directory_of_another_user`, `a_directory_that_another_user_made_there_first_is_not_used`, `a_key_whose_lock_is_never_given_back_is_written_after_ten_seconds_and_the_wait_is_told` |
//! | a secret is typed in place of the file that has it | the name of such a file is not quoted | `what_was_typed_in_place_of_a_file_is_not_quoted_for_it_may_be_the_secret` |
//! | what is kept between runs has a secret | tokens alone, encrypted, in a private file or the keyring; the log has names and ids | `the_file_is_private_and_has_no_secret_and_nothing_made_of_one`, `what_others_could_have_touched_is_not_trusted` |
//! | who has the token cache has the token, or tests guesses of the secret against it | tokens are encrypted with a key derived from the credential and a salt by PBKDF2; the file's name has no part of the secret | `the_file_is_private_is_named_by_a_hash_and_holds_an_encrypted_token_only`, `a_sealed_token_differs_each_time_and_has_nothing_of_token_or_secret` |
//! | a token outlives its credential: the secret was replaced, or another is used | the same credential alone decrypts the token; signing out forgets it, whatever the secret is by now | `two_secrets_of_one_client_take_turns_and_each_signs_in_once`, `a_secret_that_was_replaced_is_not_hidden_by_the_token_of_the_old_one`, `status_says_usable_only_if_a_token_of_this_very_secret_is_cached`, `logout_forgets_the_token_even_if_the_secret_is_another_by_now` |
//! | a crash leaves the memory in a file, or another program reads it | core dumps are off and the process is not dumpable before the first secret is read; buffers are wiped where they are ours | `a_running_process_leaves_no_core_dump`, `core_dumps_are_off_and_the_memory_is_closed`, `the_first_thing_that_main_does_is_to_forbid_core_dumps` |
//! | a private key or another secret is pasted in the wrong place, and sent | what no client secret or token looks like is refused, unquoted, before anything is sent | `a_client_secret_that_cannot_be_one_is_refused_before_anything_is_sent`, `a_token_that_cannot_be_one_is_refused_before_anything_is_sent`, `a_client_id_that_was_not_replaced_or_is_in_quotes_is_refused_without_being_quoted` |
//! | a variable or file of the vendor's SDK leads our credential elsewhere | they are read last, and a credential is taken whole; the SDK's token endpoint counts for a credential of the environment only; a program in the sandbox meets none of them | `everything_else_comes_before_it`, `the_sdks_token_endpoint_gets_no_secret_of_a_profile`, `a_program_in_the_sandbox_meets_neither_the_sdks_profile_nor_its_key` |
//! | an answer changes what is written back | an object with a field twice is left out; what is read goes back as it came | `a_key_with_a_field_twice_is_named_and_the_others_are_listed`, `any_answer_is_read_or_refused_and_a_key_goes_back_as_it_came` |
//! | a secret is sent to someone else | https with certificates checked, http to this machine only, no redirect is followed | `an_address_that_would_send_secrets_in_the_clear_is_refused`, `a_redirect_is_not_followed` |
//! | what was changed goes unnoticed, since the answer is lost or the terminal is gone | what was done is said on standard error with exit code 6; a hang-up lets the write finish; a log that cannot be read is an error | `each_command_that_writes_says_so`, `a_hang_up_in_a_write_of_one_key_waits_for_its_answer_and_dies_of_the_signal`, `a_log_of_another_user_is_an_error_and_doctor_tells_it` |
//! | a reveal goes unnoticed | each is in the log of this machine, no matter what confirmed it | `each_write_and_each_reveal_is_an_entry`, `a_creation_that_reveals_is_two_entries`, `a_text_that_a_program_gets_is_an_entry_while_the_program_runs`, `each_step_of_a_rotation_is_an_entry_and_so_is_each_place_that_its_text_goes_to` |
//! | the proof itself is blind | leaks are planted, and are found | `a_leak_in_a_stream_is_found`, `a_leak_in_a_file_is_found_wherever_it_is`, `a_leak_in_a_processs_command_line_or_environment_is_found` |
//!
//! What is not protected: what becomes of a text after it was handed over; pieces of a secret of fewer than 31 bytes
//! that a hook prints apart from each other, as a hexdump does with 16 to a line; one that it prints backwards or in a form
//! that the redactor does not know (it knows base64, also twice, base32, hex, percent, JSON and HTML); copies that libraries and the system make
//! while they work (TLS, the encoders of CSV and YAML, the environment); from root, and from a program that the same
//! user lets trace others; a secret of fewer than 8 bytes in a message that quotes it; the log on this machine from its
//! owner, who can edit it, and what was done from other machines, which it does not know; in a user namespace, a directory
//! whose owner the namespace does not have, since root's directories look like that.

#![warn(clippy::missing_errors_doc, clippy::must_use_candidate, clippy::return_self_not_must_use)]

mod encodings;
mod held;
mod kept;
mod key_secret;
mod known;
mod look;
mod proxy;
mod redactor;
mod seal;
mod shapes;

use std::fmt;
use std::io::{self, Write};

use secrecy::{ExposeSecret, SecretString};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use known::Class;

pub use held::{FormatIssue, ParseKeyTextError, ParsedKeyText};
pub use kept::Kept;
pub use key_secret::{KeyDigest, KeySecret, ListedKeySecret};
pub use look::SecretLook;
pub use proxy::{ProxyAddress, ProxyAddressError};
pub use redactor::{LineRedactor, RedactingWriter, Redactor, redact};
pub use seal::TokenKey;
pub use shapes::redact_shapes;

/// A secret as it was read from where it is kept, before it is known what it is good for.
#[derive(Clone)]
pub struct SecretText(SecretString);

/// The secret half of an API client's credential.
#[derive(Clone)]
pub struct ClientSecret(SecretString);

/// The private key that an API client signs its assertions with: PEM.
#[derive(Clone)]
pub struct PrivateKey(SecretString);

/// A bearer token.
#[derive(Clone)]
pub struct AccessToken(SecretString);

/// A key value, or a token, on its way to the person or program that asked for it.
pub struct Revealed<'a>(&'a SecretString);

/// What some editors and shells write at the start of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What is shorter is not looked for in messages. Unit: bytes.
const SHORTEST_CONCEALED: usize = 4;

#[expect(clippy::disallowed_methods, reason = "the one place; its callers are the sinks listed above")]
fn expose(secret: &SecretString) -> &str {
    secret.expose_secret()
}

/// Makes a secret that the redactor of this process knows.
fn known(text: impl Into<SecretString>, class: Class) -> SecretString {
    let secret = text.into();
    redactor::learn(&secret, class);
    secret
}

impl SecretText {
    /// Takes a text from where it is kept. A line break at its end and a byte order mark at its start are the editor's,
    /// not the secret's.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(known(
            text.trim_start_matches(BYTE_ORDER_MARK).trim_end_matches(['\r', '\n']),
            Class::Credential,
        ))
    }

    /// Tells whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        expose(&self.0).trim().is_empty()
    }
}

impl From<SecretText> for ClientSecret {
    fn from(text: SecretText) -> Self {
        Self(text.0)
    }
}

impl From<SecretText> for PrivateKey {
    fn from(text: SecretText) -> Self {
        Self(text.0)
    }
}

impl ClientSecret {
    /// Takes a secret from where it is kept.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(known(text, Class::Credential))
    }

    /// Replaces the secret in the text of an answer that quotes it.
    #[must_use]
    pub fn conceal(&self, text: &str) -> String {
        conceal(&self.0, text)
    }

    /// Appends the secret, percent-encoded, to the body of a token request.
    ///
    /// # Secrets
    /// The bytes go into `body`, which is wiped when dropped.
    pub fn append_form_value(&self, body: &mut Zeroizing<String>) {
        for part in url::form_urlencoded::byte_serialize(expose(&self.0).as_bytes()) {
            body.push_str(part);
        }
    }
}

/// A server may quote what it was sent. The text is looked for as it is, percent-encoded, and as JSON writes it.
/// One of a few characters is found in any text, and a message without them says nothing.
fn conceal(secret: &SecretString, text: &str) -> String {
    let plain = expose(secret);
    if plain.len() < SHORTEST_CONCEALED {
        return text.to_owned();
    }
    let encoded: Zeroizing<String> =
        Zeroizing::new(url::form_urlencoded::byte_serialize(plain.as_bytes()).collect());
    let escaped = Zeroizing::new(plain.replace('\\', r"\\").replace('"', r#"\""#));
    let slashed = Zeroizing::new(escaped.replace('/', r"\/"));
    let looks = [plain, &escaped, &slashed, &encoded];
    looks.iter().fold(text.to_owned(), |text, look| text.replace(*look, "[redacted]"))
}

impl PrivateKey {
    /// Takes a key from where it is kept.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(known(text, Class::Credential))
    }

    /// Hands the text to the reader that makes a signing key of it.
    ///
    /// # Secrets
    /// The reader keeps what it needs to sign and nothing that shows the text.
    pub fn read_by<T>(&self, read: impl FnOnce(&str) -> T) -> T {
        read(expose(&self.0))
    }
}

impl AccessToken {
    /// Hands the token to the answer that was asked to show it.
    ///
    /// # Secrets
    /// Whatever formats the result shows the token: only the writer of answers may.
    #[must_use]
    pub const fn revealed(&self) -> Revealed<'_> {
        Revealed(&self.0)
    }

    /// Writes the exact bytes, without a newline, into a private file.
    ///
    /// # Errors
    /// What the writer says.
    ///
    /// # Secrets
    /// The bytes go to `writer` and nowhere else.
    pub fn write_to(&self, writer: &mut dyn Write) -> io::Result<()> {
        writer.write_all(expose(&self.0).as_bytes())
    }

    /// Encrypts the token for the cache, which is a private file or the system keyring. Returns `None` if the system
    /// gives no random bytes.
    ///
    /// # Secrets
    /// Only the same credential decrypts it, and only for this place.
    #[must_use]
    pub fn sealed(&self, key: &TokenKey, place: &str) -> Option<String> {
        key.seal(place, self)
    }

    /// Tells whether two tokens are the same.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let digest = |token: &Self| <[u8; 32]>::from(Sha256::digest(expose(&token.0).as_bytes()));
        digest(self) == digest(other)
    }

    /// Tells whether a header can carry the token.
    #[must_use]
    pub fn is_sendable(&self) -> bool {
        let text = expose(&self.0);
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
    }

    /// Replaces the token in the text of an answer that quotes it.
    #[must_use]
    pub fn conceal(&self, text: &str) -> String {
        conceal(&self.0, text)
    }

    /// Takes a token that the environment gives. A line break at its end and a byte order mark at its start are those of
    /// the file that it was read from.
    #[must_use]
    pub fn new(text: String) -> Self {
        let text = Zeroizing::new(text);
        Self(known(
            text.trim_start_matches(BYTE_ORDER_MARK).trim_end_matches(['\r', '\n']),
            Class::Credential,
        ))
    }

    /// Returns the value of the `Authorization` header.
    ///
    /// # Secrets
    /// The caller marks the header sensitive.
    #[must_use]
    pub fn authorization(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("Bearer {}", expose(&self.0)))
    }
}

impl fmt::Display for Revealed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(expose(self.0))
    }
}

impl Serialize for Revealed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(expose(self.0))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretText(redacted)")
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientSecret(redacted)")
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PrivateKey(redacted)")
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AccessToken(redacted)")
    }
}

/// Reads a text and gives it to one function; an error never quotes it, as serde's own would.
struct TextVisitor<F>(F);

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for TextVisitor<F> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        Ok((self.0)(text))
    }
}

impl<'de> Deserialize<'de> for ClientSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(|text: &str| Self(known(text, Class::Credential))))
    }
}

impl<'de> Deserialize<'de> for AccessToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(|text: &str| Self(known(text, Class::Credential))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        let shown = format!(
            "{:?} {:?} {:?} {:?} {:?} {:?}",
            serde_json::from_str::<KeySecret>("\"s3cret\"").unwrap(),
            serde_json::from_str::<ListedKeySecret>("\"s3cret\"").unwrap(),
            ClientSecret::new("s3cret".to_owned()),
            PrivateKey::new("s3cret".to_owned()),
            AccessToken::new("s3cret".to_owned()),
            "http://me:s3cret@proxy".parse::<ProxyAddress>().unwrap(),
        );
        assert_eq!(
            shown,
            "KeySecret(redacted) ListedKeySecret(redacted) ClientSecret(redacted) PrivateKey(redacted) \
             AccessToken(redacted) ProxyAddress(http://proxy:80)"
        );
    }

    #[test]
    fn a_wrong_type_is_reported_without_its_value() {
        let error = serde_json::from_str::<AccessToken>("12345678").unwrap_err().to_string();
        assert!(error.contains("expected a text"), "{error}");
    }

    #[test]
    fn a_secret_that_a_server_quotes_is_concealed() {
        let secret = ClientSecret::new(r#"a:/"b"#.to_owned());
        for quoted in [r#"a:/"b"#, r#"a:/\"b"#, r#"a:\/\"b"#, "a%3A%2F%22b"] {
            assert_eq!(
                secret.conceal(&format!("no client '{quoted}'.")),
                "no client '[redacted]'.",
                "{quoted}"
            );
        }
        assert_eq!(ClientSecret::new(String::new()).conceal("none"), "none");
        assert_eq!(ClientSecret::new("den".to_owned()).conceal("access.denied"), "access.denied");
    }
}
