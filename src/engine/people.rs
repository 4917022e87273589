//! Who may sign in, who is signed in, and which scripts have a token: for the pages and the command line alike.
//!
//! Signing in itself is the pages' business; here is what an owner does about people.

use super::{Engine, EngineError};
use crate::limits::{PERSON_NAME_CHARS_MAX, TOKEN_NAME_CHARS_MAX};
use crate::model::sentence;
use crate::secrets::password::{self, PasswordHash};
use crate::secrets::{SystemRandom, Token, TokenHash};
use crate::store::server::{Changed, Role};
use chrono::{DateTime, SecondsFormat, Utc};
use secrecy::SecretString;
use serde::Serialize;

/// Somebody who may sign in.
#[derive(Clone, Debug, Serialize)]
pub struct PersonView {
    /// The name.
    pub name: String,
    /// `owner` or `viewer`.
    pub role: String,
    /// Since when, RFC 3339.
    pub created_at: String,
    /// Browsers in which they are signed in.
    pub sessions: usize,
}

/// A browser in which somebody is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct WebSessionView {
    /// Its short name.
    pub id: String,
    /// Whose it is.
    pub person: String,
    /// Where it was begun.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// When it was last used, exact to a few minutes.
    pub last_seen_at: String,
    /// When it ends even if it is used.
    pub expires_at: String,
}

/// A token of a script.
#[derive(Clone, Debug, Serialize)]
pub struct TokenView {
    /// Its short name.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// `owner` or `viewer`.
    pub role: String,
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// When it was last used, exact to a few minutes.
    pub last_used_at: Option<String>,
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl Engine {
    /// Everybody who may sign in, by name.
    ///
    /// # Errors
    /// [`EngineError`] when they cannot be read.
    pub fn people(&self) -> Result<Vec<PersonView>, EngineError> {
        let server = self.server();
        let sessions = server.web_sessions(None, self.now())?;
        let view = |person: crate::store::server::Person| PersonView {
            sessions: sessions.iter().filter(|session| session.person == person.name).count(),
            role: person.role.word().to_owned(),
            created_at: time(person.created_at),
            name: person.name,
        };
        Ok(server.people()?.into_iter().map(view).collect())
    }

    /// Adds a person.
    ///
    /// # Errors
    /// [`EngineError::BadPerson`] when the name or the password cannot be; nothing is changed then.
    pub fn add_person(&self, name: &str, role: Role, chosen: &SecretString) -> Result<(), EngineError> {
        let name = name.trim();
        check_name(name)?;
        let hash = self.hash_chosen(name, chosen)?;
        if self.server().add_person(name, role, &hash, self.now())? {
            Ok(())
        } else {
            Err(EngineError::BadPerson(format!("there is somebody called {name} already")))
        }
    }

    /// Gives a person another role.
    ///
    /// # Errors
    /// [`EngineError::BadPerson`] when there is nobody of this name, or when it is the last owner.
    pub fn set_role(&self, name: &str, role: Role) -> Result<(), EngineError> {
        told(name, self.server().set_role(name, role)?)
    }

    /// Gives a person another password. Their sessions end, except for `keep`.
    ///
    /// # Errors
    /// [`EngineError::BadPerson`] when there is nobody of this name, or the password cannot be.
    pub fn set_person_password(
        &self,
        name: &str,
        chosen: &SecretString,
        keep: Option<&TokenHash>,
    ) -> Result<(), EngineError> {
        let person = self.server().person(name)?.ok_or_else(|| nobody(name))?;
        let hash = self.hash_chosen(&person.name, chosen)?;
        let done = self.server().set_password(&person.name, &hash, keep)?;
        told(name, if done { Changed::Done } else { Changed::Nobody })
    }

    /// Removes a person; their sessions end with them.
    ///
    /// # Errors
    /// [`EngineError::BadPerson`] when there is nobody of this name, or when it is the last owner.
    pub fn remove_person(&self, name: &str) -> Result<(), EngineError> {
        told(name, self.server().remove_person(name)?)
    }

    /// Ends all sessions of a person.
    ///
    /// # Errors
    /// [`EngineError`] when it cannot be written.
    pub fn sign_out_everywhere(&self, name: &str) -> Result<(), EngineError> {
        self.server().end_sessions(name, None)?;
        Ok(())
    }

    /// Checks a chosen password against the rules and the names of the companies here, and hashes it.
    ///
    /// # Errors
    /// [`EngineError::BadPerson`] with the sentence for that person.
    pub fn hash_chosen(&self, name: &str, chosen: &SecretString) -> Result<PasswordHash, EngineError> {
        let companies = self.server().companies()?;
        let names = companies.iter().map(|company| company.name.as_str());
        password::accept(chosen, name, names).map_err(|why| EngineError::BadPerson(why.to_string()))?;
        Ok(password::hash(chosen, &mut SystemRandom))
    }

    /// The browsers in which a person, or anybody, is signed in.
    ///
    /// # Errors
    /// [`EngineError`] when they cannot be read.
    pub fn web_sessions(&self, person: Option<&str>) -> Result<Vec<WebSessionView>, EngineError> {
        let sessions = self.server().web_sessions(person, self.now())?;
        let view = |session: crate::store::server::WebSession| WebSessionView {
            id: session.id,
            person: session.person,
            address: session.origin.address,
            agent: session.origin.agent,
            started_at: time(session.started_at),
            last_seen_at: time(session.last_seen_at),
            expires_at: time(session.expires_at),
        };
        Ok(sessions.into_iter().map(view).collect())
    }

    /// All tokens of scripts, the newest first.
    ///
    /// # Errors
    /// [`EngineError`] when they cannot be read.
    pub fn api_tokens(&self) -> Result<Vec<TokenView>, EngineError> {
        let view = |token: crate::store::server::ApiToken| TokenView {
            id: token.id,
            name: token.name,
            role: token.role.word().to_owned(),
            created_at: time(token.created_at),
            last_used_at: token.last_used_at.map(time),
        };
        Ok(self.server().api_tokens()?.into_iter().map(view).collect())
    }

    /// Makes a token for a script. It is shown once, by whoever asked.
    ///
    /// # Errors
    /// [`EngineError::BadPerson`] when the name cannot be.
    pub fn create_token(&self, name: &str, role: Role) -> Result<Token, EngineError> {
        let name = name.trim();
        if !(1..=TOKEN_NAME_CHARS_MAX).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(EngineError::BadPerson(format!("a token's name has 1 to {TOKEN_NAME_CHARS_MAX} characters")));
        }
        let token = Token::generate(&mut SystemRandom);
        self.server().add_api_token(&token.hash(), name, role, self.now())?;
        Ok(token)
    }

    /// Takes a token back.
    ///
    /// # Errors
    /// [`EngineError::BadPerson`] when there is none of this short name.
    pub fn revoke_token(&self, id: &str) -> Result<(), EngineError> {
        if self.server().remove_api_token(id)? {
            Ok(())
        } else {
            Err(EngineError::BadPerson("there is no such token".to_owned()))
        }
    }
}

/// Whether somebody can be called this.
///
/// # Errors
/// [`EngineError::BadPerson`] when not.
pub fn check_name(name: &str) -> Result<(), EngineError> {
    let fits = (1..=PERSON_NAME_CHARS_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits {
        Ok(())
    } else {
        Err(EngineError::BadPerson(format!("a person's name has 1 to {PERSON_NAME_CHARS_MAX} characters")))
    }
}

fn nobody(name: &str) -> EngineError {
    EngineError::BadPerson(format!(
        "there is nobody called {}",
        name.chars().take(PERSON_NAME_CHARS_MAX).collect::<String>()
    ))
}

fn told(name: &str, changed: Changed) -> Result<(), EngineError> {
    match changed {
        Changed::Done => Ok(()),
        Changed::Nobody => Err(nobody(name)),
        Changed::LastOwner => {
            Err(EngineError::BadPerson(format!("{name} is the last owner; make somebody else an owner first")))
        }
    }
}

/// The sentence of an error about people, as a page shows it; none for other errors.
#[must_use]
pub fn person_refusal(error: &EngineError) -> Option<String> {
    match error {
        EngineError::BadPerson(why) => Some(sentence(why)),
        _ => None,
    }
}
