//! The declarations of aggregates, selections and enumerations: [`qb_struct!`], [`qb_selection!`]
//! and [`qb_enum!`].

/// The documentation that every field has: its element, limits and version.
macro_rules! field_doc {
    ($element:literal $(max $max:literal)? $(since $since:literal)? $(times $times:literal)?) => {
        concat!(
            "`", $element, "`"
            $(, ", at most ", stringify!($max), " characters")?
            $(, ", since qbXML ", stringify!($since))?
            $(, ", at most ", stringify!($times), " times")?,
            "."
        )
    };
}

/// Declares an aggregate: see the header of [`crate::schema`].
///
/// Before the fields may stand, in this order, `[attributes NAME: TYPE]` (a field for the
/// attributes of the start tag), `with rules` (the type implements `Rules`) and
/// `new(FIELD: TYPE, ...)` (a constructor that takes these fields and leaves all others empty; one
/// that forgets a required field does not compile). Behind them `skip { "Element", ... }` names
/// elements of the schema that are deliberately not read.
macro_rules! qb_struct {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $([attributes $attr_field:ident : $attr_ty:ty])? $(with $rules:ident)?
            $(new($($given:ident : $given_ty:ty),* $(,)?))?
        {
            $(
                $(#[$field_meta:meta])*
                $field:ident : $ty:ty = $element:literal
                    $(max $max:literal)? $(since $since:literal)? $(times $times:literal)? $([$flag:ident])*
            ),* $(,)?
        }
        $(skip { $($skipped:literal),* $(,)? })?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $(
                /// The attributes of the start tag.
                pub $attr_field: $attr_ty,
            )?
            $(
                #[doc = $crate::schema::field_doc!($element $(max $max)? $(since $since)? $(times $times)?)]
                $(#[$field_meta])*
                pub $field: $ty,
            )*
        }

        const _: () = {
            use $crate::schema::{Example, FieldSpec, Part, Sequence};
            use $crate::wire::{Source, Writer};
            use $crate::error::{ReadError, WriteError};

            const FIELDS: &[FieldSpec] = &[
                $({
                    #[allow(unused_mut)]
                    let mut spec = FieldSpec::of_part::<$ty>($element);
                    $(spec.max_length = Some($max);)?
                    $(spec.since = Some($crate::version::QbXmlVersion::literal(stringify!($since)));)?
                    $(spec.max_occurs = Some($times);)?
                    $($crate::schema::qb_struct!(@flag spec $flag);)*
                    spec
                }),*
            ];

            #[doc(hidden)]
            #[allow(unreachable_pub, clippy::derivable_impls)]
            pub struct Slots {
                $($field: <$ty as Part>::Slot,)*
            }

            impl Default for Slots {
                fn default() -> Self {
                    Self { $($field: Default::default(),)* }
                }
            }

            #[allow(dead_code)] // For types with a constructor.
            const REQUIRED: &[(&str, u32)] = &[$((stringify!($field), <$ty as Part>::MIN_OCCURS)),*];

            $(
                impl $name {
                    /// With what cannot be left out, and nothing else: what is not set is not sent.
                    #[must_use]
                    pub fn new($($given: $given_ty),*) -> Self {
                        const { $crate::schema::assert_given(&[$(stringify!($given)),*], REQUIRED) };
                        let mut slots = Slots::default();
                        $(slots.$given = $given.into();)*
                        <Self as Sequence>::given(slots)
                    }
                }
            )?

            impl Sequence for $name {
                const FIELDS: &'static [FieldSpec] = FIELDS;
                const SKIPPED: &'static [&'static str] = &[$($($skipped),*)?];
                type Slots = Slots;

                #[allow(unused_assignments, unused_variables, unused_mut)]
                fn write_fields(&self, w: &mut Writer) -> Result<(), WriteError> {
                    let mut index = 0;
                    $(
                        Part::write(&self.$field, &FIELDS[index], w)?;
                        index += 1;
                    )*
                    Ok(())
                }

                #[allow(unused_assignments, unused_variables, unused_mut)]
                fn take(slots: &mut Slots, index: usize, src: &mut dyn Source) -> Result<(), ReadError> {
                    let mut at = 0;
                    $(
                        if index == at {
                            return <$ty as Part>::take(&mut slots.$field, &FIELDS[at], src);
                        }
                        at += 1;
                    )*
                    src.skip_unknown()
                }

                #[allow(unused_assignments, unused_variables, unused_mut)]
                fn finish(slots: Slots, src: &mut dyn Source) -> Result<Self, ReadError> {
                    let mut index = 0;
                    $(
                        let $field = <$ty as Part>::finish(slots.$field, &FIELDS[index], src)?;
                        index += 1;
                    )*
                    Ok(Self {
                        $($attr_field: <$attr_ty as Default>::default(),)?
                        $($field,)*
                    })
                }

                fn given(slots: Slots) -> Self {
                    Self {
                        $($attr_field: <$attr_ty as Default>::default(),)?
                        $($field: <$ty as Part>::given(slots.$field),)*
                    }
                }

                #[allow(unused_assignments, unused_variables, unused_mut)]
                fn example_fields(ex: &mut Example) -> Self {
                    let mut index = 0;
                    $(
                        let $field = <$ty as Part>::example(&FIELDS[index], ex);
                        index += 1;
                    )*
                    #[allow(unused_mut)]
                    let mut example = Self {
                        $($attr_field: <$attr_ty as $crate::schema::Attributes>::example_attributes(ex),)?
                        $($field,)*
                    };
                    $($crate::schema::qb_struct!(@settle $rules example ex);)?
                    example
                }
            }

            impl $crate::schema::Content for $name {
                const KIND: $crate::schema::Kind = $crate::schema::Kind::Group(FIELDS);
                const MAX: Option<u32> = None;
                const CLEARABLE: bool = $crate::schema::all_clearable(FIELDS);

                fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
                    w.open_start(spec.name);
                    $($crate::schema::Attributes::write_attributes(&self.$attr_field, w)?;)?
                    w.end_start();
                    $($crate::schema::qb_struct!(@check $rules self w);)?
                    self.write_fields(w)?;
                    w.close(spec.name);
                    Ok(())
                }

                fn write_clear(spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
                    $crate::schema::write_cleared_group(spec, FIELDS, w)
                }

                fn read(_spec: &'static FieldSpec, src: &mut dyn Source) -> Result<Option<Self>, ReadError> {
                    $(let attributes = <$attr_ty as $crate::schema::Attributes>::read_attributes(src)?;)?
                    #[allow(unused_mut)]
                    let mut value: Self = $crate::schema::read_sequence(src)?;
                    $(value.$attr_field = attributes;)?
                    Ok(Some(value))
                }

                fn example(_spec: &'static FieldSpec, ex: &mut Example) -> Self {
                    Self::example_fields(ex)
                }
            }
        };
    };
    (@flag $spec:ident noclear) => { $spec.not_clearable = true; };
    (@flag $spec:ident record_id) => { $spec.record_id = true; };
    (@flag $spec:ident required) => { $spec.min_occurs = 1; };
    (@settle rules $example:ident $ex:ident) => { $crate::schema::Rules::settle(&mut $example, $ex); };
    (@check rules $self:ident $w:ident) => { $crate::schema::Rules::check($self, $w)?; };
}

/// Declares what a query selects by: repeated elements of one kind, or the filters `W`, all without
/// an element of their own. One excludes the others (schema).
macro_rules! qb_selection {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident($ty:ty) = $element:literal $(since $since:literal)?),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name<W> {
            $(
                #[doc = concat!("`", $element, "`, at least once" $(, ", since qbXML ", stringify!($since))?, ".")]
                $(#[$variant_meta])*
                $variant(Vec<$ty>),
            )*
            /// All objects that pass these filters.
            Where(W),
        }

        impl<W> $name<W> {
            /// The filters, if it selects by filters.
            #[must_use]
            pub const fn filters(&self) -> Option<&W> {
                match self {
                    Self::Where(filters) => Some(filters),
                    _ => None,
                }
            }

            /// The filters for changing them, if it selects by filters.
            pub const fn filters_mut(&mut self) -> Option<&mut W> {
                match self {
                    Self::Where(filters) => Some(filters),
                    _ => None,
                }
            }
        }

        impl<W: Default> Default for $name<W> {
            fn default() -> Self {
                Self::Where(W::default())
            }
        }

        const _: () = {
            use $crate::error::{ReadError, WriteError};
            use $crate::schema::{Example, FieldSpec, Kind, Part, Sequence};
            use $crate::wire::{Source, Writer};

            impl<W: Sequence> $name<W> {
                const BRANCHES: &'static [FieldSpec] = &[
                    $({
                        #[allow(unused_mut)]
                        let mut spec = FieldSpec { min_occurs: 1, ..FieldSpec::of_part::<Vec<$ty>>($element) };
                        $(spec.since = Some($crate::version::QbXmlVersion::literal(stringify!($since)));)?
                        spec
                    },)*
                    FieldSpec::choice(Kind::Inline(W::FIELDS)),
                ];
            }

            #[doc(hidden)]
            #[allow(unreachable_pub, non_snake_case)]
            pub struct Slots<S> {
                $($variant: Vec<$ty>,)*
                filters: S,
            }

            impl<S: Default> Default for Slots<S> {
                fn default() -> Self {
                    Self { $($variant: Vec::new(),)* filters: S::default() }
                }
            }

            impl<W: Sequence> Part for $name<W> {
                type Slot = Slots<W::Slots>;
                const KIND: Kind = Kind::Choice(Self::BRANCHES);
                const MAX: Option<u32> = None;
                const MIN_OCCURS: u32 = 0;
                const MAX_OCCURS: Option<u32> = Some(1);

                fn write(&self, _spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
                    match self {
                        $(
                            Self::$variant(list) => {
                                let spec = $crate::schema::child_spec(Self::BRANCHES, $element);
                                Part::write(list, spec, w)
                            }
                        )*
                        Self::Where(filters) => filters.write_fields(w),
                    }
                }

                fn take(
                    slot: &mut Self::Slot,
                    _spec: &'static FieldSpec,
                    src: &mut dyn Source,
                ) -> Result<(), ReadError> {
                    $(
                        if src.name() == $element {
                            let spec = $crate::schema::child_spec(Self::BRANCHES, $element);
                            return <Vec<$ty> as Part>::take(&mut slot.$variant, spec, src);
                        }
                    )*
                    match W::FIELDS.iter().position(|field| field.takes(src.name())) {
                        Some(index) => W::take(&mut slot.filters, index, src),
                        None => src.skip_unknown(),
                    }
                }

                fn finish(
                    slot: Self::Slot,
                    _spec: &'static FieldSpec,
                    src: &mut dyn Source,
                ) -> Result<Self, ReadError> {
                    $(
                        if !slot.$variant.is_empty() {
                            return Ok(Self::$variant(slot.$variant));
                        }
                    )*
                    W::finish(slot.filters, src).map(Self::Where)
                }

                fn given(slot: Self::Slot) -> Self {
                    $(
                        if !slot.$variant.is_empty() {
                            return Self::$variant(slot.$variant);
                        }
                    )*
                    Self::Where(W::given(slot.filters))
                }

                fn example(_spec: &'static FieldSpec, ex: &mut Example) -> Self {
                    let branch = $crate::schema::pick_branch(Self::BRANCHES, ex);
                    $(
                        if branch.name == $element && ex.detail() != $crate::schema::Detail::Minimal {
                            return Self::$variant(<Vec<$ty> as Part>::example(branch, ex));
                        }
                    )*
                    Self::Where(W::example_fields(ex))
                }
            }
        };
    };
}

/// Declares an enumeration of the schema. Values we do not know are kept as text in `Unrecognised`:
/// they can be read and shown, but not sent.
macro_rules! qb_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($variant:ident $(= $text:literal)? $(since $since:literal)?),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!(
                    "`",
                    $crate::schema::qb_enum!(@text $variant $($text)?),
                    "`" $(, ", since qbXML ", stringify!($since))?,
                    "."
                )]
                $variant,
            )*
            /// A value that is not in our table, as QuickBooks sent it. It cannot be sent.
            Unrecognised(String),
        }

        impl $name {
            /// All values of the schema, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $crate::schema::qb_enum!(@text $variant $($text)?),)*
                    Self::Unrecognised(text) => text,
                }
            }

            /// The version that brought the value, if not the one that brought its field.
            #[must_use]
            pub const fn since(&self) -> Option<$crate::version::QbXmlVersion> {
                match self {
                    $($(Self::$variant => Some($crate::version::QbXmlVersion::literal(stringify!($since))),)?)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::types::Value for $name {
            const TYPE: $crate::types::ValueType = $crate::types::ValueType::Enum;
            const CLEARABLE: bool = false;

            fn parse(text: &str) -> Result<Self, $crate::error::ValueError> {
                Ok(match text.trim() {
                    $($crate::schema::qb_enum!(@text $variant $($text)?) => Self::$variant,)*
                    other => Self::Unrecognised(other.to_owned()),
                })
            }

            fn put(&self, out: &mut String) {
                out.push_str(self.as_str());
            }

            fn allowed(&self, version: $crate::version::QbXmlVersion) -> Result<(), $crate::error::Limit> {
                if matches!(self, Self::Unrecognised(_)) {
                    return Err($crate::error::Limit::KnownValue);
                }
                match self.since() {
                    Some(since) if !version.knows(since) => Err($crate::error::Limit::Since(since)),
                    _ => Ok(()),
                }
            }

            fn example(_max: Option<u32>, ex: &mut $crate::schema::Example) -> Self {
                let version = ex.version();
                let known: Vec<&Self> = Self::ALL.iter().filter(|value| value.allowed(version).is_ok()).collect();
                (*ex.pick(&known)).clone()
            }
        }
    };
    (@text $variant:ident) => { stringify!($variant) };
    (@text $variant:ident $text:literal) => { $text };
}

pub(crate) use {field_doc, qb_enum, qb_selection, qb_struct};
