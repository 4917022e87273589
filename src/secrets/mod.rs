//! Secrets: where they come from, how they rest, how they are recognised again.
//!
//! Three sorts of secret, three treatments, chosen by who made the secret up:
//!
//! * **Bill.com's credentials** must be read back in clear, so they are *sealed*: XChaCha20-Poly1305 under the server
//!   key, bound to the very table, row and column they rest in ([`Sealer::seal`]). A stolen database without the key
//!   gives nothing away, and a sealed value copied into another row does not open there.
//! * **Secrets that we generate** (connector passwords, tokens, tickets) carry at least 128 random bits. Nobody can
//!   guess them, so a fast hash is enough: a keyed one for connector passwords ([`Sealer::connector_hash`]), SHA-256
//!   for tokens ([`Token::hash`]). An idle poll of the Web Connector therefore costs microseconds.
//! * **Passwords that people choose** can be guessed, so they get Argon2id ([`password`]).
//!
//! The server key lives outside the database: in the file [`KEY_FILE`] beside it, readable by its owner only, or in
//! the environment ([`KEY_VARIABLE`]), or among systemd's credentials; [`rotation`] replaces it. From it one subkey is derived for each purpose, so that no key does two jobs.
//!
//! What this room deliberately does not do: it stores nothing but the key file, knows no SQL, counts no failures (the
//! throttle is `store::server`'s) and reads no random source of its own: [`Random`] is handed in, which is what makes
//! a simulation repeatable.
//!
//! **Invariant:** no type of this room shows a secret in its `Debug` text, and no error holds one.

mod key;
pub mod password;
mod random;
pub mod rotation;
mod sealer;
mod token;

pub use key::{KEY_FILE, KEY_VARIABLE, KeyError, ServerKey};
pub use random::{Random, SystemRandom};
pub use sealer::{ConnectorHash, SealContext, SealError, Sealer};
pub use token::{Token, TokenHash, generate_password, generate_ticket};

#[cfg(test)]
pub(crate) use random::CountingRandom;
