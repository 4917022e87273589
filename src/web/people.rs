//! Signing in, out and up, in the words of this room. The one file here that speaks to the server's own store.
//!
//! Everything in it blocks: call it from `web::block`.

use crate::engine::{Engine, EngineError};
use crate::model::sentence;
use crate::secrets::password::{self, Verdict};
use crate::secrets::{SystemRandom, Token};
use crate::store::server::Role;
use chrono::{DateTime, Utc};
use secrecy::SecretString;

/// A person with a session.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) is_owner: bool,
}

/// What came of an attempt to sign in.
pub(super) enum SignIn {
    /// Welcome. The token for the cookie.
    Welcome(Token),
    /// Wrong name or password; we do not say which.
    Refused,
    /// Too many failures: not before this time.
    Later(DateTime<Utc>),
}

/// What came of an attempt to use the setup link.
pub(super) enum SetUp {
    /// Done. The token for the cookie.
    Welcome(Token),
    /// The link is unknown or used.
    Dead,
    /// The password is not accepted; a sentence that says why.
    BadPassword(String),
}

/// The people of this server.
#[derive(Clone)]
pub(super) struct People {
    engine: Engine,
}

impl People {
    pub(super) const fn new(engine: Engine) -> Self {
        Self { engine }
    }

    /// The time of the engine's world.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.engine.now()
    }

    /// Whether anybody has been set up.
    pub(super) fn is_anybody(&self) -> Result<bool, EngineError> {
        Ok(self.engine.server().has_people()?)
    }

    /// Whose session a cookie is.
    pub(super) fn by_session(&self, cookie: &str) -> Result<Option<Person>, EngineError> {
        let Some(token) = Token::parse(cookie) else { return Ok(None) };
        let found = self.engine.server().session(&token.hash(), self.now())?;
        Ok(found.map(|signed_in| Person { name: signed_in.name, is_owner: signed_in.role == Role::Owner }))
    }

    /// The name of an API token, none for one we did not make.
    pub(super) fn by_token(&self, text: &str) -> Result<Option<String>, EngineError> {
        let Some(token) = Token::parse(text) else { return Ok(None) };
        Ok(self.engine.server().api_token(&token.hash(), self.now())?.map(|token| token.name))
    }

    /// Name and password. An unknown name costs the same time as a wrong password.
    pub(super) fn sign_in(&self, name: &str, given: &SecretString, address: &str) -> Result<SignIn, EngineError> {
        let server = self.engine.server();
        let account = account(name);
        if let Some(at) = server.throttle_check(&account, address, self.now())? {
            return Ok(SignIn::Later(at));
        }
        let person = server.person(name)?;
        let verdict = password::verify(person.as_ref().map(|person| &person.password_hash), given);
        let (Verdict::Right { rehash }, Some(person)) = (verdict, person) else {
            let refused_until = server.throttle_failed(&account, address, self.now())?;
            return Ok(refused_until.map_or(SignIn::Refused, SignIn::Later));
        };
        server.throttle_succeeded(&account, address)?;
        if rehash {
            let stronger = password::hash(given, &mut SystemRandom);
            server.rehash_password(&person.name, &person.password_hash, &stronger)?;
        }
        let token = Token::generate(&mut SystemRandom);
        let started = server.start_session(&token.hash(), &person.name, self.now())?;
        Ok(if started { SignIn::Welcome(token) } else { SignIn::Refused })
    }

    /// Ends the session of a cookie, if it has one.
    pub(super) fn sign_out(&self, cookie: &str) -> Result<(), EngineError> {
        let Some(token) = Token::parse(cookie) else { return Ok(()) };
        Ok(self.engine.server().end_session(&token.hash())?)
    }

    /// Whether a setup link can still be used.
    pub(super) fn is_setup_open(&self, link: &str) -> Result<bool, EngineError> {
        let Some(link) = Token::parse(link) else { return Ok(false) };
        Ok(self.engine.server().is_setup_open(&link.hash())?)
    }

    /// Makes the first owner and signs them in.
    pub(super) fn set_up(&self, link: &str, name: &str, chosen: &SecretString) -> Result<SetUp, EngineError> {
        let Some(link) = Token::parse(link) else { return Ok(SetUp::Dead) };
        let server = self.engine.server();
        // Looked at before the hash is made: a dead link costs no work.
        if !server.is_setup_open(&link.hash())? {
            return Ok(SetUp::Dead);
        }
        if let Err(why) = password::accept(chosen, name) {
            return Ok(SetUp::BadPassword(sentence(&why.to_string())));
        }
        let hash = password::hash(chosen, &mut SystemRandom);
        let token = Token::generate(&mut SystemRandom);
        let used = server.use_setup(&link.hash(), name, &hash, &token.hash(), self.now())?;
        Ok(if used { SetUp::Welcome(token) } else { SetUp::Dead })
    }
}

/// The account of a person in the throttle, apart from connectors' user names.
fn account(name: &str) -> String {
    format!("person {}", name.to_lowercase())
}
