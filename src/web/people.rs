//! Signing in, out and up, and proving oneself again, in the words of this room. The one file here that speaks to the server's
//! own store.
//!
//! Everything in it blocks: call it from `web::block`.

use crate::engine::{Engine, EngineError, Origin, person_refusal};
use crate::secrets::password::{self, Verdict};
use crate::secrets::{SystemRandom, Token};
use crate::store::server::{Person as Known, Role};
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

/// What came of asking somebody who is signed in for their password again.
pub(super) enum Confirmed {
    /// It is the one.
    Right,
    /// It is not.
    Wrong,
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

    /// The script of an API token, none for one we did not make.
    pub(super) fn by_token(&self, text: &str) -> Result<Option<Person>, EngineError> {
        let Some(token) = Token::parse(text) else { return Ok(None) };
        let found = self.engine.server().api_token(&token.hash(), self.now())?;
        Ok(found.map(|token| Person { name: token.name, is_owner: token.role == Role::Owner }))
    }

    /// Name and password. An unknown name costs the same time as a wrong password.
    pub(super) fn sign_in(&self, name: &str, given: &SecretString, origin: &Origin) -> Result<SignIn, EngineError> {
        let person = match self.prove(name, given, &origin.address)? {
            Proof::Right(person) => person,
            Proof::Wrong => return Ok(SignIn::Refused),
            Proof::Later(at) => return Ok(SignIn::Later(at)),
        };
        let token = Token::generate(&mut SystemRandom);
        let started = self.engine.server().start_session(&token.hash(), &person.name, origin, self.now())?;
        Ok(if started { SignIn::Welcome(token) } else { SignIn::Refused })
    }

    /// Asks somebody who is signed in for their password again, before something that a borrowed browser must not do.
    pub(super) fn confirm(&self, name: &str, given: &SecretString, address: &str) -> Result<Confirmed, EngineError> {
        Ok(match self.prove(name, given, address)? {
            Proof::Right(_) => Confirmed::Right,
            Proof::Wrong => Confirmed::Wrong,
            Proof::Later(at) => Confirmed::Later(at),
        })
    }

    /// Checks a password, within the throttle.
    fn prove(&self, name: &str, given: &SecretString, address: &str) -> Result<Proof, EngineError> {
        let server = self.engine.server();
        let account = account(name);
        if let Some(at) = server.throttle_check(&account, address, self.now())? {
            return Ok(Proof::Later(at));
        }
        let person = server.person(name)?;
        let verdict = password::verify(person.as_ref().map(|person| &person.password_hash), given);
        let (Verdict::Right { rehash }, Some(person)) = (verdict, person) else {
            let refused_until = server.throttle_failed(&account, address, self.now())?;
            return Ok(refused_until.map_or(Proof::Wrong, Proof::Later));
        };
        server.throttle_succeeded(&account, address)?;
        if rehash {
            let stronger = password::hash(given, &mut SystemRandom);
            server.rehash_password(&person.name, &person.password_hash, &stronger)?;
        }
        Ok(Proof::Right(person))
    }

    /// Gives a person the password they chose; their other browsers are signed out.
    pub(super) fn change_password(&self, name: &str, chosen: &SecretString, cookie: &str) -> Result<(), EngineError> {
        let kept = Token::parse(cookie).map(|token| token.hash());
        self.engine.set_person_password(name, chosen, kept.as_ref())
    }

    /// Ends the sessions of a person, except for that of this cookie.
    pub(super) fn end_others(&self, name: &str, cookie: &str) -> Result<usize, EngineError> {
        let kept = Token::parse(cookie).map(|token| token.hash());
        Ok(self.engine.server().end_sessions(name, kept.as_ref())?)
    }

    /// The short name of the session of a cookie.
    pub(super) fn short_name(cookie: &str) -> Option<String> {
        Token::parse(cookie).map(|token| token.hash().short())
    }

    /// Ends one session, of one person or of anybody.
    pub(super) fn end_session(&self, person: Option<&str>, id: &str) -> Result<bool, EngineError> {
        Ok(self.engine.server().end_session_by_id(person, id)?)
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
    pub(super) fn set_up(
        &self,
        link: &str,
        name: &str,
        chosen: &SecretString,
        origin: &Origin,
    ) -> Result<SetUp, EngineError> {
        let Some(link) = Token::parse(link) else { return Ok(SetUp::Dead) };
        let server = self.engine.server();
        // Looked at before the hash is made: a dead link costs no work.
        if !server.is_setup_open(&link.hash())? {
            return Ok(SetUp::Dead);
        }
        let hash = match self.engine.hash_chosen(name, chosen) {
            Ok(hash) => hash,
            Err(error) => return person_refusal(&error).map(SetUp::BadPassword).ok_or(error),
        };
        let token = Token::generate(&mut SystemRandom);
        let used = server.use_setup(&link.hash(), name, &hash, &token.hash(), origin, self.now())?;
        Ok(if used { SetUp::Welcome(token) } else { SetUp::Dead })
    }
}

/// What a check of a name and password found.
enum Proof {
    Right(Known),
    Wrong,
    Later(DateTime<Utc>),
}

/// The account of a person in the throttle, apart from connectors' user names.
fn account(name: &str) -> String {
    format!("person {}", name.to_lowercase())
}
