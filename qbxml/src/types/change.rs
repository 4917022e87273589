//! The three states of a field in a Mod request.

/// What a Mod request does with one field (`qbxml.md` 7): only the elements sent are changed, an
/// empty one clears.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Change<T> {
    /// The element is left out: QuickBooks keeps what it has.
    #[default]
    Keep,
    /// The element is sent with this value.
    Set(T),
    /// The element is sent empty. Fields that may not be cleared (status 3190) refuse this when the
    /// request is written.
    Clear,
}

impl<T> Change<T> {
    /// Whether nothing is sent.
    #[must_use]
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The value to set, if there is one.
    #[must_use]
    pub const fn as_set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// `Set` or `Clear`: makes the field hold exactly `value`.
    #[must_use]
    pub fn to(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

impl<T> From<T> for Change<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}
