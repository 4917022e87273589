//! Class: QuickBooks `Class`; in Bill.com a `Department`, as the incumbent has it, or an `ActgClass` by the setting
//! `class_dimension` (`billcom.md` 2.2). Travels both ways, with its parent.
//!
//! Identity: the name below the same parent. QuickBooks answers 3250 while class tracking is switched off.
//!
//! Not carried: the description and short name that Bill.com has and QuickBooks has no place for.

use super::{
    AnyRequest, Ask, BillComHome, DeletedTypes, Entity, FieldSpec, Likeness, NotExpressible, OnEdit, OnGone, OnNew,
    Partners, Reading, Rules, SideRules, Write, adapt_name, quickbooks, tree,
};
use crate::model::{ClassDimension, Fields, Kind, Life, Raw, RawError, RecordKey, Settings, Side, Sighting, Value};
use qbxml::entity::{ClassAdd, ClassMod, ClassQuery};
use qbxml::query::{ListSelection, ListWhere};
use qbxml::types::ActiveStatus;
use qbxml::{Change, QbText, Record};

/// See the module.
#[derive(Debug)]
pub(super) struct Class;

const NAME_MAX: usize = 31;

static FIELDS: &[FieldSpec] =
    &[FieldSpec::name(NAME_MAX), FieldSpec::value("parent", "Parent").identity(), FieldSpec::value("active", "Active")];

const DEPARTMENTS: &[BillComHome] = &[BillComHome::flat("Department")];
const CLASSES: &[BillComHome] = &[BillComHome::flat("ActgClass")];

/// The field of a row that holds its parent.
fn parent_field(dimension: ClassDimension) -> &'static str {
    match dimension {
        ClassDimension::Department => "parentDepartmentId",
        ClassDimension::AccountingClass => "parentActgClassId",
    }
}

impl Entity for Class {
    fn kind(&self) -> Kind {
        Kind::Class
    }

    fn rules(&self, _settings: &Settings) -> Rules {
        let both = SideRules { new: OnNew::Create, edited: OnEdit::Update, gone: OnGone::Deactivate };
        Rules { quickbooks: both, billcom: both }
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn title(&self, fields: &Fields) -> String {
        fields.text("name").unwrap_or("without a name").to_owned()
    }

    fn keys(&self, fields: &Fields) -> Vec<String> {
        tree::name_key(fields, NAME_MAX).into_iter().collect()
    }

    fn compare(&self, quickbooks: &Fields, billcom: &Fields, partners: &Partners) -> Likeness {
        if tree::same_place(quickbooks, billcom, NAME_MAX, partners) { Likeness::Same } else { Likeness::Different }
    }

    fn parent(&self) -> Option<&'static str> {
        Some("parent")
    }

    fn homes(&self, settings: &Settings) -> &'static [BillComHome] {
        match settings.class_dimension {
            ClassDimension::Department => DEPARTMENTS,
            ClassDimension::AccountingClass => CLASSES,
        }
    }

    fn read_billcom(&self, raw: &Raw, settings: &Settings) -> Result<Sighting, RawError> {
        let mut fields = Fields::new();
        fields.set_text("name", raw.text("name"));
        let parent = raw.reference(parent_field(settings.class_dimension))?;
        fields.set("parent", tree::pointer(Kind::Class, parent));
        fields.set("active", Some(Value::Flag(raw.is_active())));
        Ok(Sighting {
            key: RecordKey::new(Side::BillCom, Kind::Class, raw.id()?),
            version: raw.text("updatedTime").unwrap_or_default(),
            fields,
            life: Life::Alive,
            merged_into: raw.reference("mergedIntoId")?,
            hold: None,
            mark: None,
            line_ids: Vec::new(),
        })
    }

    fn write_billcom(&self, write: &Write<'_>) -> Raw {
        let home = self.home(write.fields, write.settings);
        let mut raw = super::billcom::begin(home.entity, write);
        super::billcom::put_text(&mut raw, write, "name", "name");
        super::billcom::put_reference(&mut raw, write, "parent", parent_field(write.settings.class_dimension));
        raw
    }

    fn ask_quickbooks(&self, ask: &Ask) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let reading = Reading::of(ask)?;
        let everything = ListWhere { active_status: Some(ActiveStatus::All), ..ListWhere::default() };
        let selection = match ask {
            Ask::Changed { .. } | Ask::Continue { .. } => {
                ListSelection::Where(ListWhere { from_modified_date: reading.since, ..everything })
            }
            Ask::ById(id) => ListSelection::ListIds(vec![quickbooks::list_id(id)?]),
            Ask::Like(fields) => {
                ListSelection::Where(ListWhere { name: quickbooks::named(fields.text("name"), NAME_MAX), ..everything })
            }
            Ask::Named(name) => {
                ListSelection::Where(ListWhere { name: quickbooks::named(Some(name), NAME_MAX), ..everything })
            }
        };
        Ok(Box::new(ClassQuery { selection, ..ClassQuery::default() }))
    }

    fn page_max(&self) -> Option<u32> {
        None
    }

    fn read_quickbooks(&self, record: &Record) -> Option<(Sighting, String)> {
        let Record::Class(ret) = record else { return None };
        let id = quickbooks::native(ret.list_id.as_ref()?.as_str())?;
        let mut fields = Fields::new();
        fields.set_text("name", ret.name.as_deref());
        fields.set("parent", quickbooks::reference(Kind::Class, ret.parent_ref.as_ref()));
        fields.set("active", Some(Value::Flag(ret.is_active.unwrap_or(true))));
        let sighting = Sighting {
            key: RecordKey::new(Side::QuickBooks, Kind::Class, id),
            version: quickbooks::version(ret.edit_sequence.as_ref()),
            fields,
            life: Life::Alive,
            merged_into: None,
            hold: None,
            mark: None,
            line_ids: Vec::new(),
        };
        Some((sighting, quickbooks::stamp(ret.time_modified.as_ref())))
    }

    fn write_quickbooks(&self, write: &Write<'_>) -> Result<Box<dyn AnyRequest>, NotExpressible> {
        let name = QbText::clean(&adapt_name(write.fields.text("name").unwrap_or_default(), NAME_MAX)).0;
        let Some(current) = write.current else {
            let mut add = ClassAdd::new(name);
            add.parent_ref = quickbooks::list_ref(write.fields.reference("parent"))?;
            return Ok(Box::new(add));
        };
        let mut change = ClassMod::new(quickbooks::list_id(&current.key.id)?, quickbooks::edit_sequence(current)?);
        if write.touches("name") {
            change.name = Change::Set(name);
        }
        if let Some(active) = write.fields.flag("active") {
            change.is_active = Change::Set(active);
        }
        if write.touches("parent") {
            change.parent_ref = Change::to(quickbooks::list_ref(write.fields.reference("parent"))?);
        }
        Ok(Box::new(change))
    }

    fn deleted_types(&self) -> DeletedTypes {
        DeletedTypes::List(&["Class"])
    }
}
