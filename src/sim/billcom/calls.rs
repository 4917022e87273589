//! From a path and a form to what is asked for.

use super::record::View;
use super::reply::{Refusal, envelope};
use super::schema::{Table, Type};
use super::session::{Session, SignInKind};
use super::{Organization, list, write};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::sync::PoisonError;

/// Rows of one bulk call (`billcom.md` 3).
const BULK_ROWS_MAX: usize = 100;

/// A form whose names have been checked.
pub(super) struct Form<'a> {
    fields: &'a [(String, String)],
}

impl<'a> Form<'a> {
    /// Every name must be known and stand there once.
    fn read(fields: &'a [(String, String)], known: &[&str]) -> Result<Self, Refusal> {
        for (index, (name, _)) in fields.iter().enumerate() {
            let repeated = fields[..index].iter().any(|(other, _)| other == name);
            if repeated || !known.contains(&name.as_str()) {
                return Err(Refusal::unknown_name(&format!("parameter {name}")));
            }
        }
        Ok(Self { fields })
    }

    fn get(&self, name: &'static str) -> Result<&'a str, Refusal> {
        let found = self.fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty()).ok_or_else(|| Refusal::missing_parameter(name))
    }

    /// `data` as an object with these keys only.
    pub(super) fn data(&self, known: &[&str]) -> Result<Map<String, Value>, Refusal> {
        let data: Value = serde_json::from_str(self.get("data")?).map_err(|_| Refusal::not_json())?;
        let Value::Object(data) = data else {
            return Err(Refusal::not_json());
        };
        only(&data, known)?;
        Ok(data)
    }
}

/// An object may have these keys only.
pub(super) fn only(object: &Map<String, Value>, known: &[&str]) -> Result<(), Refusal> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Refusal::unknown_name(&format!("data.{key}"))),
        None => Ok(()),
    }
}

impl Organization {
    /// One call: count it, let it in, do it.
    pub(super) fn call(&mut self, now: DateTime<Utc>, path: &str, form: &[(String, String)]) -> Result<Value, Refusal> {
        let call = path.strip_suffix(".json").ok_or_else(|| Refusal::unsupported(path))?;
        let login = matches!(call, "Login" | "ListOrgs");
        let counted = self.usage.lock().unwrap_or_else(PoisonError::into_inner).call(now, login);
        counted.map_err(Refusal::hourly)?;
        match call {
            "Login" => return self.login(now, form),
            "ListOrgs" => return self.list_orgs(form),
            _ => {}
        }
        let form = Form::read(form, &["devKey", "sessionId", "data"])?;
        self.check_key(&form)?;
        let id = form.get("sessionId").map_err(|_| Refusal::session())?;
        let session = self.sessions.touch(id, now).ok_or_else(Refusal::session)?;
        let parts: Vec<&str> = call.split('/').collect();
        match parts[..] {
            ["Logout"] => {
                self.sessions.close(id);
                Ok(json!({}))
            }
            ["GetSessionInfo"] => Ok(json!({"organizationId": self.id(), "userId": session.user_id})),
            ["CurrentTime"] => Ok(json!({"currentTime": super::record::print_time(now, true)})),
            ["GetObjectUrl"] => self.object_url(&form),
            ["GetEntityMetadata"] => metadata(&form),
            ["List", entity] => {
                let table = offered(entity, "List", path)?;
                self.may_read(table, &session)?;
                self.list(now, table, &form.data(list::PARAMETERS)?)
            }
            ["Crud", verb, entity] => self.crud(now, offered(entity, verb, path)?, verb, &form, &session),
            ["Bulk", "Crud", verb, entity] => {
                let table = offered(entity, verb, path)?;
                let bulk = verb != "Read" && table.offers("Delete");
                if bulk { self.bulk(now, table, verb, &form, &session) } else { Err(Refusal::unsupported(path)) }
            }
            [name] => self.money_call(now, name, &form, &session),
            _ => Err(Refusal::unsupported(path)),
        }
    }

    fn check_key(&self, form: &Form<'_>) -> Result<(), Refusal> {
        let key = form.get("devKey").map_err(|_| Refusal::developer_key())?;
        if key == self.developer_key() { Ok(()) } else { Err(Refusal::developer_key()) }
    }

    fn login(&mut self, now: DateTime<Utc>, form: &[(String, String)]) -> Result<Value, Refusal> {
        let form = Form::read(form, &["userName", "password", "orgId", "devKey", "mfaId", "deviceId"])?;
        self.check_key(&form)?;
        let (name, secret) = (form.get("userName")?, form.get("password")?);
        let found = self.credentials.iter().find(|it| it.name == name && it.secret == secret);
        let credential = found.cloned().ok_or_else(Refusal::credentials)?;
        if form.get("orgId")? != self.id() {
            return Err(Refusal::organization());
        }
        if !self.rules.api_access {
            return Err(Refusal::no_api_access());
        }
        let session = self.sessions.open(&credential, now, &mut self.random);
        Ok(json!({
            "sessionId": session,
            "orgId": self.id(),
            "usersId": credential.user_id,
            "apiEndPoint": self.api_end_point,
        }))
    }

    fn list_orgs(&self, form: &[(String, String)]) -> Result<Value, Refusal> {
        let form = Form::read(form, &["userName", "password", "devKey"])?;
        self.check_key(&form)?;
        let (name, secret) = (form.get("userName")?, form.get("password")?);
        if !self.credentials.iter().any(|it| it.name == name && it.secret == secret) {
            return Err(Refusal::credentials());
        }
        Ok(json!([{"orgId": self.id(), "orgName": self.identity.name}]))
    }

    fn object_url(&self, form: &Form<'_>) -> Result<Value, Refusal> {
        let data = form.data(&["objectId"])?;
        let id = text_parameter(&data, "objectId")?;
        let known = Table::ALL.iter().any(|table| self.record(table.name, id).is_some());
        if known { Ok(json!({"url": format!("https://app.bill.example/{id}")})) } else { Err(Refusal::not_found(id)) }
    }

    fn crud(
        &mut self,
        now: DateTime<Utc>,
        table: &'static Table,
        verb: &str,
        form: &Form<'_>,
        session: &Session,
    ) -> Result<Value, Refusal> {
        let data = form.data(parameters(verb, table))?;
        if verb == "Read" {
            self.may_read(table, session)?;
            return self.read(now, table, text_parameter(&data, "id")?);
        }
        self.write(now, table, verb, &data, session)
    }

    /// Two entities may be closed to a sync token; whether they are, the vendor does not say (`billcom.md` 8, 1).
    fn may_read(&self, table: &Table, session: &Session) -> Result<(), Refusal> {
        let token = session.kind == SignInKind::SyncToken;
        match table.name {
            "Organization" if token && !self.rules.token_reads_organization => Err(Refusal::not_found(self.id())),
            "MoneyMovement" if token && !self.rules.token_rights.read_movements => Err(Refusal::not_permitted()),
            _ => Ok(()),
        }
    }

    fn read(&self, now: DateTime<Utc>, table: &Table, id: &str) -> Result<Value, Refusal> {
        let record = self.record(table.name, id).ok_or_else(|| Refusal::not_found(id))?;
        let (as_text, read) = (self.rules.types_wander, self.rules.documented_types);
        Ok(self.print(record, table, View { as_text, read, ..self.view(now, true) }))
    }

    /// One of the four writes; answers with the whole record, with real milliseconds.
    fn write(
        &mut self,
        now: DateTime<Utc>,
        table: &'static Table,
        verb: &str,
        data: &Map<String, Value>,
        session: &Session,
    ) -> Result<Value, Refusal> {
        let id = match verb {
            "Create" | "Update" => {
                let object =
                    data.get("obj").and_then(Value::as_object).ok_or_else(|| Refusal::missing_parameter("obj"))?;
                let duplicates = match data.get("allowDuplicateInvNum") {
                    None => false,
                    Some(flag) => flag.as_bool().ok_or_else(|| Refusal::field_type("allowDuplicateInvNum"))?,
                };
                let permit = write::Permit { duplicates, trusted: session.trusted };
                if verb == "Create" {
                    self.create(now, table, object, permit)?
                } else {
                    self.update(now, table, object, permit)?
                }
            }
            _ => {
                let id = text_parameter(data, "id")?.to_owned();
                self.check_lock(table, &id)?;
                self.set_state(now, table, &id, if verb == "Undelete" { "1" } else { "2" })?;
                id
            }
        };
        let record = self.record(table.name, &id).ok_or_else(|| Refusal::not_found(&id))?;
        Ok(self.print(record, table, View { written: true, ..self.view(now, true) }))
    }

    /// Each row succeeds or fails by itself.
    fn bulk(
        &mut self,
        now: DateTime<Utc>,
        table: &'static Table,
        verb: &str,
        form: &Form<'_>,
        session: &Session,
    ) -> Result<Value, Refusal> {
        let data = form.data(&["bulk"])?;
        let rows = data.get("bulk").and_then(Value::as_array).ok_or_else(|| Refusal::missing_parameter("bulk"))?;
        if rows.len() > BULK_ROWS_MAX {
            return Err(Refusal::parameter_value("bulk", &json!(rows.len())));
        }
        let path = format!("Bulk/Crud/{verb}/{}", table.name);
        let mut answers = Vec::new();
        for row in rows {
            let outcome = row.as_object().ok_or_else(Refusal::not_json).and_then(|row| {
                only(row, parameters(verb, table))?;
                self.write(now, table, verb, row, session)
            });
            answers.push(match outcome {
                Ok(data) => envelope(&data),
                Err(refusal) => {
                    self.note(&path, &refusal);
                    refusal.envelope()
                }
            });
        }
        Ok(json!({ "bulk": answers }))
    }
}

fn offered(entity: &str, verb: &str, path: &str) -> Result<&'static Table, Refusal> {
    Table::named(entity).filter(|table| table.offers(verb)).ok_or_else(|| Refusal::unsupported(path))
}

fn parameters(verb: &str, table: &Table) -> &'static [&'static str] {
    match verb {
        "Create" | "Update" if table.name == "Bill" => &["obj", "allowDuplicateInvNum"],
        "Create" | "Update" => &["obj"],
        _ => &["id"],
    }
}

pub(super) fn text_parameter<'a>(data: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, Refusal> {
    let value = data.get(name).ok_or_else(|| Refusal::missing_parameter(name))?;
    value.as_str().filter(|text| !text.is_empty()).ok_or_else(|| Refusal::parameter_value(name, value))
}

/// Field metadata; the vendor gives the reply no schema, an old client shows these four per field (`billcom.md` 2.14).
fn metadata(form: &Form<'_>) -> Result<Value, Refusal> {
    let data = form.data(&["entity"])?;
    let names = data.get("entity").and_then(Value::as_array).ok_or_else(|| Refusal::missing_parameter("entity"))?;
    let mut reply = Map::new();
    for name in names {
        let table = name.as_str().and_then(Table::named).ok_or_else(|| Refusal::parameter_value("entity", name))?;
        let fields = table.fields.iter().filter(|field| field.printed);
        let fields = fields.map(|field| {
            let kind = match field.kind {
                Type::Money | Type::Number => "number",
                Type::Flag => "boolean",
                Type::Rows(_) | Type::Linked(..) => "list",
                Type::Summary => "object",
                _ => "string",
            };
            let needed = field.needed_to_create;
            let facts = json!({"readonly": !field.written, "required": needed, "type": kind, "label": field.name});
            (field.name.to_owned(), facts)
        });
        let mut fields: Map<String, Value> = fields.collect();
        let stamps: &[&str] = if table.stamped { &["createdTime", "updatedTime"] } else { &[] };
        let states: &[&str] = if table.states.is_empty() { &[] } else { &["isActive"] };
        for name in ["entity", "id"].iter().chain(states).chain(stamps) {
            let facts = json!({"readonly": *name != "isActive", "required": false, "type": "string", "label": name});
            fields.insert((*name).to_owned(), facts);
        }
        reply.insert(table.name.to_owned(), json!({ "fields": fields }));
    }
    Ok(Value::Object(reply))
}
