//! References to transactions: by id, or by the macro of an earlier request.

use crate::error::{ReadError, WriteError};
use crate::schema::{Content, Example, FieldSpec, Kind, read_value};
use crate::types::{MacroName, TxnId, Value, ValueType};
use crate::version::QbXmlVersion;
use crate::wire::{Source, Writer};

/// A transaction that a request builds on: one that exists, or one that an earlier request of the
/// same message set adds and names with `defMacro` (`qbxml.md` 1; since 2.0).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TxnRef {
    /// `<TxnID>1A2B-1785958998</TxnID>`.
    Id(TxnId),
    /// `<TxnID useMacro="TxnID:bill1"></TxnID>`.
    Macro(MacroName),
}

/// The version that brought macros.
const MACROS_SINCE: QbXmlVersion = QbXmlVersion::us(2, 0);

impl Content for TxnRef {
    const KIND: Kind = Kind::Value(ValueType::Id);
    const MAX: Option<u32> = None;
    const CLEARABLE: bool = false;

    fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
        match self {
            Self::Id(id) => w.leaf(spec.name, id.as_str()),
            Self::Macro(name) => {
                w.gate("useMacro", MACROS_SINCE)?;
                w.open_start(spec.name);
                w.attribute("useMacro", name.as_str())?;
                w.end_start();
                w.close(spec.name);
                Ok(())
            }
        }
    }

    fn read(_spec: &'static FieldSpec, src: &mut dyn Source) -> Result<Option<Self>, ReadError> {
        let name = src.attribute("useMacro")?.and_then(|name| MacroName::new(&name).ok());
        let id = read_value(src)?;
        Ok(name.map(Self::Macro).or_else(|| id.map(Self::Id)))
    }

    fn example(_spec: &'static FieldSpec, ex: &mut Example) -> Self {
        if ex.version().knows(MACROS_SINCE) && ex.below(4) == 0 {
            return Self::Macro(<MacroName as Value>::example(None, ex));
        }
        Self::Id(<TxnId as Value>::example(None, ex))
    }
}

impl From<TxnId> for TxnRef {
    fn from(id: TxnId) -> Self {
        Self::Id(id)
    }
}
