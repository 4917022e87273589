//! Passwords that people choose: which are accepted, how they are hashed, how they are checked.
//!
//! Argon2id with 19 MiB, two passes, one lane (OWASP's recommendation; `ecosystem.md` 3). A password is taken exactly as
//! typed: never trimmed, never cut, any character. What is asked of it is length, and that it is not among the first
//! that anybody would try: there are no composition rules, because those make passwords worse.
//!
//! A name that does not exist costs as much as one that does, and no more than [`AT_ONCE_MAX`] hashes run at the same
//! time: their memory is bounded however many people sign in.
//!
//! Hashing takes tens of milliseconds: call it on a thread that may block.
//!
//! **Invariant:** neither a password nor its hash appears in an error or in `Debug` output.

use super::Random;
use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Condvar, LazyLock, Mutex, PoisonError};

/// Fewest characters of a new password.
pub const CHARS_MIN: usize = 15;
/// Most characters of a password. The bound is there for the server's sake; no sentence comes near.
pub const CHARS_MAX: usize = 256;
/// Hashes that run at once: 4 × 19 MiB.
pub const AT_ONCE_MAX: usize = 4;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;

/// Most memory a stored hash may ask for. Only a tampered database asks for more.
const STORED_MEMORY_KIB_MAX: u32 = 256 * 1024;
/// Most passes a stored hash may ask for.
const STORED_PASSES_MAX: u32 = 16;

/// Longest piece whose repetition makes a password common: `passwordpassword`, `abc123abc123abc123`.
const REPEATED_CHARS_MAX: usize = 8;
/// Fewest different characters a password must have.
const DIFFERENT_CHARS_MIN: usize = 5;

/// Rows that fingers walk along; a password that is a piece of one, forwards or backwards, is common.
const WALKS: [&str; 4] = [
    "0123456789012345678901234567890123456789",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "1234567890qwertyuiopasdfghjklzxcvbnm1234567890qwertyuiop",
    "qazwsxedcrfvtgbyhnujmikolp",
];

/// Words of this place: the programs' names, and what the work is about. Names of companies and of the person come on top.
const CONTEXT: [&str; 16] = [
    "counterfoil",
    "quickbooks",
    "billcom",
    "bill",
    "intuit",
    "webconnector",
    "connector",
    "bookkeeper",
    "bookkeeping",
    "accounting",
    "accountant",
    "payables",
    "invoice",
    "password",
    "admin",
    "owner",
];
/// Shorter words occur in every sentence.
const CONTEXT_CHARS_MIN: usize = 4;
/// Fewest letters and digits that must be left where words of this place were taken out.
const OWN_SIGNS_MIN: usize = 6;

/// Long passwords that leaked lists show often, lower case, one a line: what is left of the 20,000 and 30,000 most
/// common ones once the short ones are gone, and their usual variations.
static COMMON: LazyLock<BTreeSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Why a new password is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Too few characters.
    #[error("the password needs at least {CHARS_MIN} characters; a short sentence does well")]
    TooShort,
    /// Too many characters.
    #[error("the password can have at most {CHARS_MAX} characters")]
    TooLong,
    /// Among the first that anybody would try.
    #[error("this password is one of the first that anybody would try; choose another")]
    Common,
    /// It is the user's name, once or several times.
    #[error("the password must not be made of the user name")]
    Name,
    /// Little is left of it without words that anybody would think of first in this place.
    #[error("the password is little more than the name of a program or company; add a few words of your own")]
    Expected,
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password, or no such person.
    Wrong,
    /// The password.
    Right {
        /// The hash is weaker than what we make today: hash the password again and store that.
        rehash: bool,
    },
}

/// A stored password: the PHC text with its parameters and salt. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a stored text. One that is not a hash is never right.
    #[must_use]
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text, for storing.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Checks a password that a person wants to have. `companies` are names that anybody here knows.
///
/// # Errors
/// [`BadPassword`], in a sentence for that person.
pub fn accept<'a>(
    password: &SecretString,
    user_name: &'a str,
    companies: impl IntoIterator<Item = &'a str>,
) -> Result<(), BadPassword> {
    let password = password.expose_secret();
    let chars = password.chars().count();
    if chars < CHARS_MIN {
        return Err(BadPassword::TooShort);
    }
    if chars > CHARS_MAX {
        return Err(BadPassword::TooLong);
    }
    let lower: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    let name: Vec<char> = user_name.chars().flat_map(char::to_lowercase).collect();
    if !name.is_empty() && lower.chunks(name.len()).all(|piece| name.starts_with(piece)) {
        return Err(BadPassword::Name);
    }
    if is_common(&lower) {
        return Err(BadPassword::Common);
    }
    if is_expected(&lower, user_name, companies) { Err(BadPassword::Expected) } else { Ok(()) }
}

/// Hashes a password with a new salt. Takes tens of milliseconds.
#[must_use]
pub fn hash(password: &SecretString, random: &mut dyn Random) -> PasswordHash {
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt);
    hash_with(password.expose_secret(), &salt)
}

/// Checks a password. `None` stands for a person who does not exist: never right, and as much work.
#[must_use]
pub fn verify(stored: Option<&PasswordHash>, password: &SecretString) -> Verdict {
    let password = password.expose_secret();
    // Nobody has a longer password: the work of a hash must not grow with what a stranger sends.
    let password = if password.chars().nth(CHARS_MAX).is_some() { "" } else { password };
    let Some(parsed) = stored.and_then(|stored| Phc::new(stored.as_str()).ok()).filter(is_bearable) else {
        let _equal_work = hash_with(password, &[0; SALT_BYTES]);
        return Verdict::Wrong;
    };
    let _place = GATE.enter();
    match hasher().verify_password(password.as_bytes(), &parsed) {
        Ok(()) if !password.is_empty() => Verdict::Right { rehash: is_weak(&parsed) },
        _ => Verdict::Wrong,
    }
}

fn hasher() -> Argon2<'static> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).expect("invariant: the parameters lie within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_with(password: &str, salt: &[u8; SALT_BYTES]) -> PasswordHash {
    let _place = GATE.enter();
    let hash: Phc = hasher()
        .hash_password_with_salt(password.as_bytes(), salt)
        .expect("invariant: password and salt lie within Argon2's bounds");
    PasswordHash(hash.to_string())
}

/// Whether the parameters of a stored hash can be computed without harm.
fn is_bearable(hash: &Phc) -> bool {
    Params::try_from(hash).is_ok_and(|params| {
        params.m_cost() <= STORED_MEMORY_KIB_MAX && params.t_cost() <= STORED_PASSES_MAX && params.p_cost() <= 8
    })
}

fn is_weak(hash: &Phc) -> bool {
    hash.algorithm.as_str() != "argon2id"
        || Params::try_from(hash).map_or(true, |params| params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES)
}

fn is_common(lower: &[char]) -> bool {
    let text: String = lower.iter().collect();
    let different: BTreeSet<&char> = lower.iter().collect();
    let repeats = |length: usize| lower.chunks(length).all(|piece| lower.starts_with(piece));
    different.len() < DIFFERENT_CHARS_MIN
        || COMMON.contains(text.as_str())
        || (1..=REPEATED_CHARS_MAX).any(repeats)
        || WALKS.iter().any(|walk| walk.contains(&text) || walk.contains(&text.chars().rev().collect::<String>()))
}

/// Whether less than a short password is left once the words are gone that anybody would think of first in this place.
fn is_expected<'a>(lower: &[char], user_name: &'a str, companies: impl IntoIterator<Item = &'a str>) -> bool {
    let bare = |text: &str| text.chars().flat_map(char::to_lowercase).filter(|sign| sign.is_alphanumeric()).collect();
    let all: String = bare(&lower.iter().collect::<String>());
    let mut left = all.clone();
    let words = companies.into_iter().chain([user_name]).flat_map(str::split_whitespace).map(bare);
    let mut words: Vec<String> = CONTEXT.iter().map(|word| (*word).to_owned()).chain(words).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words.iter().filter(|word| word.chars().count() >= CONTEXT_CHARS_MIN) {
        left = left.replace(word.as_str(), "");
    }
    left != all && left.chars().count() < OWN_SIGNS_MIN
}

/// The one gate of the process: what is bounded is its memory.
static GATE: Gate = Gate::new();

/// Lets [`AT_ONCE_MAX`] hashes run, and the others wait.
struct Gate {
    running: Mutex<usize>,
    freed: Condvar,
}

impl Gate {
    const fn new() -> Self {
        Self { running: Mutex::new(0), freed: Condvar::new() }
    }

    /// Waits for a place; it is given back on drop.
    fn enter(&self) -> Place<'_> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |running: &mut usize| *running >= AT_ONCE_MAX;
        let mut running = self.freed.wait_while(running, full).unwrap_or_else(PoisonError::into_inner);
        *running += 1;
        Place(self)
    }
}

/// A place among the hashes that run at once.
struct Place<'a>(&'a Gate);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.running.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::CountingRandom;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    fn accepted(text: &str) -> Result<(), BadPassword> {
        accept(&secret(text), "Owner", ["Acme Tools"])
    }

    #[test]
    fn length_is_counted_in_characters_and_nothing_is_trimmed() {
        assert_eq!(accepted("fourteen chars"), Err(BadPassword::TooShort));
        assert_eq!(accepted(" fifteen chars "), Ok(()), "spaces count");
        assert_eq!(accepted("größer als zwölf"), Ok(()));
        let long: String = ('a'..='z').cycle().step_by(3).take(CHARS_MAX).collect();
        assert_eq!(accepted(&long), Ok(()));
        assert_eq!(accepted(&format!("{long}x")), Err(BadPassword::TooLong));
    }

    #[test]
    fn what_anybody_would_try_is_refused() {
        for common in [
            "passwordpassword",
            "PasswordPassword",
            "CorrectHorseBatteryStaple",
            "1qaz2wsx3edc4rfv",
            "aaaaaaaaaaaaaaaaaaaa",
            "abababababababab",
            "abcdefghijklmnop",
            "ponmlkjihgfedcba",
            "567890123456789",
            "summer24summer24summer24",
            "qwertyuiopasdfg",
        ] {
            assert_eq!(accepted(common), Err(BadPassword::Common), "{common}");
        }
        assert_eq!(accepted("ownerownerowner"), Err(BadPassword::Name));
        assert_eq!(accepted("The heron stands in cold water"), Ok(()));
    }

    #[test]
    fn every_line_of_the_list_is_worth_its_place() {
        assert!(COMMON.len() >= 200, "{}", COMMON.len());
        for line in COMMON.iter() {
            assert!(line.chars().count() >= CHARS_MIN, "{line:?} is refused for its length already");
            assert_eq!(*line, line.to_lowercase(), "the list is compared in lower case");
            assert_eq!(accepted(line), Err(BadPassword::Common), "{line}");
        }
    }

    #[test]
    fn a_hash_recognises_its_password_and_no_other() {
        let stored = hash(&secret(" The heron stands "), &mut CountingRandom::default());
        assert!(stored.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", stored.as_str());
        assert_eq!(verify(Some(&stored), &secret(" The heron stands ")), Verdict::Right { rehash: false });
        assert_eq!(verify(Some(&stored), &secret("The heron stands")), Verdict::Wrong);
        assert_eq!(verify(Some(&stored), &secret("")), Verdict::Wrong);
        assert_eq!(verify(None, &secret(" The heron stands ")), Verdict::Wrong);
        assert_eq!(format!("{stored:?}"), "PasswordHash(…)");
    }

    #[test]
    fn the_same_password_is_never_hashed_alike_twice() {
        let mut random = CountingRandom::default();
        let password = secret("The heron stands");
        assert_ne!(hash(&password, &mut random).as_str(), hash(&password, &mut random).as_str());
    }

    #[test]
    fn words_of_this_place_do_not_make_a_password() {
        for expected in
            ["Counterfoil2026", "QuickBooks-Bill.com", "acme tools 12345", "Acme-Tools-Owner!", "Intuit Billcom 7"]
        {
            assert_eq!(accepted(expected), Err(BadPassword::Expected), "{expected}");
        }
        assert_eq!(accepted("counterfoil behind the bookshelf"), Ok(()));
        assert_eq!(accepted("8362 4405 1973 26"), Ok(()), "no rule wants letters");
        assert_eq!(accepted("?!§$%&/()=?`*+#'"), Ok(()), "no rule wants letters or digits");
    }

    #[test]
    fn a_weaker_hash_asks_to_be_made_again() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).expect("params"));
        let stored: Phc = weak.hash_password_with_salt(b"The heron stands", &[7; 16]).expect("hash");
        let stored = PasswordHash::from_stored(stored.to_string());
        assert_eq!(verify(Some(&stored), &secret("The heron stands")), Verdict::Right { rehash: true });
    }

    #[test]
    fn a_tampered_hash_is_wrong_and_costs_no_more_than_another() {
        for text in [
            "",
            "plain",
            "$argon2id$v=19$m=4194304,t=900,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
            "$2b$10$abcdefghijklmnopqrstuv",
        ] {
            let stored = PasswordHash::from_stored(text.to_owned());
            assert_eq!(verify(Some(&stored), &secret("The heron stands")), Verdict::Wrong, "{text}");
        }
    }

    #[test]
    fn an_endless_password_is_wrong_without_endless_work() {
        let stored = hash(&secret("The heron stands"), &mut CountingRandom::default());
        assert_eq!(verify(Some(&stored), &secret(&"x".repeat(10_000_000))), Verdict::Wrong);
    }

    #[test]
    fn no_more_than_the_bound_are_let_in_and_everybody_gets_a_turn() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let (gate, inside, most, served) = (Gate::new(), AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 * AT_ONCE_MAX {
                scope.spawn(|| {
                    let _place = gate.enter();
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(2));
                    inside.fetch_sub(1, Ordering::SeqCst);
                    served.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        assert!(most.into_inner() <= AT_ONCE_MAX);
        assert_eq!(served.into_inner(), 4 * AT_ONCE_MAX);
        assert_eq!(gate.running.into_inner().expect("lock"), 0);
    }
}
