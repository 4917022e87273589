//! The declarations of choices between elements: [`qb_choice!`] where each branch is one element
//! and the choice may repeat, [`qb_branches!`] where a branch is more than one, [`qb_filter!`]
//! where the choice is all that an aggregate holds.

/// Declares a choice between elements, each with its own content: an enum with one variant per
/// element.
macro_rules! qb_choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident($ty:ty) = $element:literal $(max $max:literal)? $(since $since:literal)?
            ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(clippy::large_enum_variant)] // The large variant is the common one.
        pub enum $name {
            $(
                #[doc = $crate::schema::field_doc!($element $(max $max)? $(since $since)?)]
                $(#[$variant_meta])*
                $variant($ty),
            )*
        }

        const _: () = {
            use $crate::schema::{Content, Example, FieldSpec, Kind};
            use $crate::wire::{Source, Writer};
            use $crate::error::{ReadError, WriteError};

            const BRANCHES: &[FieldSpec] = &[
                $({
                    #[allow(unused_mut)]
                    let mut spec = FieldSpec { min_occurs: 0, ..FieldSpec::of_part::<$ty>($element) };
                    $(spec.max_length = Some($max);)?
                    $(spec.since = Some($crate::version::QbXmlVersion::literal(stringify!($since)));)?
                    spec
                }),*
            ];

            impl Content for $name {
                const KIND: Kind = Kind::Choice(BRANCHES);
                const MAX: Option<u32> = None;
                const CLEARABLE: bool = false;

                fn write(&self, _spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
                    match self {
                        $(
                            Self::$variant(content) => {
                                let spec = $crate::schema::child_spec(BRANCHES, $element);
                                $crate::schema::Part::write(content, spec, w)
                            }
                        )*
                    }
                }

                fn read(_spec: &'static FieldSpec, src: &mut dyn Source) -> Result<Option<Self>, ReadError> {
                    $(
                        if src.name() == $element {
                            let spec = $crate::schema::child_spec(BRANCHES, $element);
                            return Ok(<$ty as Content>::read(spec, src)?.map(Self::$variant));
                        }
                    )*
                    src.skip_unknown()?;
                    Ok(None)
                }

                fn example(_spec: &'static FieldSpec, ex: &mut Example) -> Self {
                    let branch = $crate::schema::pick_branch(BRANCHES, ex);
                    $(
                        if branch.name == $element {
                            return Self::$variant(<$ty as Content>::example(branch, ex));
                        }
                    )*
                    unreachable!("invariant: a choice has a branch that every version knows")
                }
            }
        };
    };
}

/// Declares an aggregate that holds exactly one of several (possibly repeated) elements, such as a
/// filter by references.
macro_rules! qb_filter {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($variant:ident($ty:ty) = $element:literal $(max $max:literal)? $(since $since:literal)?),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $(
                #[doc = $crate::schema::field_doc!($element $(max $max)? $(since $since)?)]
                $variant($ty),
            )*
        }

        const _: () = {
            use $crate::error::{Limit, ReadError, WriteError};
            use $crate::schema::{Content, Example, FieldSpec, Kind, Part};
            use $crate::wire::{Source, Writer};

            const BRANCHES: &[FieldSpec] = &[
                $({
                    #[allow(unused_mut)]
                    let mut spec = FieldSpec { min_occurs: 1, ..FieldSpec::of_part::<$ty>($element) };
                    $(spec.max_length = Some($max);)?
                    $(spec.since = Some($crate::version::QbXmlVersion::literal(stringify!($since)));)?
                    spec
                }),*
            ];

            impl Content for $name {
                const KIND: Kind = Kind::Group(&[FieldSpec::choice(Kind::Choice(BRANCHES))]);
                const MAX: Option<u32> = None;
                const CLEARABLE: bool = false;

                fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
                    w.open(spec.name);
                    match self {
                        $(
                            Self::$variant(part) => {
                                let spec = $crate::schema::child_spec(BRANCHES, $element);
                                Part::write(part, spec, w)?;
                            }
                        )*
                    }
                    w.close(spec.name);
                    Ok(())
                }

                fn write_clear(spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
                    Err(w.refuse(spec.name, Limit::NotClearable, "an empty element"))
                }

                fn read(_spec: &'static FieldSpec, src: &mut dyn Source) -> Result<Option<Self>, ReadError> {
                    #[derive(Default)]
                    #[allow(non_snake_case)]
                    struct Slots {
                        $($variant: <$ty as Part>::Slot,)*
                    }
                    let mut slots = Slots::default();
                    let mut chosen = None;
                    while src.child()? {
                        $(
                            if src.name() == $element && chosen.is_none_or(|name| name == $element) {
                                chosen = Some($element);
                                let spec = $crate::schema::child_spec(BRANCHES, $element);
                                <$ty as Part>::take(&mut slots.$variant, spec, src)?;
                                continue;
                            }
                        )*
                        src.skip_unknown()?;
                    }
                    $(
                        if chosen == Some($element) {
                            let spec = $crate::schema::child_spec(BRANCHES, $element);
                            return <$ty as Part>::finish(slots.$variant, spec, src).map(Self::$variant).map(Some);
                        }
                    )*
                    Ok(None)
                }

                fn example(_spec: &'static FieldSpec, ex: &mut Example) -> Self {
                    let branch = $crate::schema::pick_branch(BRANCHES, ex);
                    $(
                        if branch.name == $element {
                            return Self::$variant(<$ty as Part>::example(branch, ex));
                        }
                    )*
                    unreachable!("invariant: a choice has a branch that every version knows")
                }
            }
        };
    };
}

/// Declares a choice inside an aggregate where a branch is an element that may repeat
/// (`Variant(Vec<T>) = "Element"`) or several elements in order (`Variant(Sequence)`, without an
/// element's name). The enum stands in a field as it is where the choice must be made, and as an
/// `Option` where it need not be.
///
/// Elements of a second branch are read over as unknown: the schema forbids them.
macro_rules! qb_branches {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident($ty:ty) $(= $element:literal $(max $max:literal)? $(since $since:literal)?)?
            ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(clippy::large_enum_variant)] // The large variant is the common one.
        pub enum $name {
            $(
                $(#[doc = $crate::schema::field_doc!($element $(max $max)? $(since $since)?)])?
                $(#[$variant_meta])*
                $variant($ty),
            )*
        }

        const _: () = {
            use $crate::error::{ReadError, ReadErrorKind, WriteError};
            use $crate::schema::{Example, FieldSpec, Kind, Part, qb_branches};
            use $crate::wire::{Source, Writer};

            const BRANCHES: &[FieldSpec] =
                &[$(qb_branches!(@spec $ty $(, $element $(max $max)? $(since $since)?)?)),*];

            #[doc(hidden)]
            #[allow(unreachable_pub, non_snake_case)]
            pub struct Slots {
                chosen: Option<usize>,
                $($variant: qb_branches!(@slot $ty $(, $element)?),)*
            }

            impl Default for Slots {
                fn default() -> Self {
                    Self { chosen: None, $($variant: Default::default(),)* }
                }
            }

            #[allow(unused_assignments, unused_variables, unused_mut)]
            impl $name {
                fn write_branch(&self, w: &mut Writer) -> Result<(), WriteError> {
                    match self {
                        $(Self::$variant(content) => qb_branches!(@write content, BRANCHES, w $(, $element)?),)*
                    }
                }

                fn take_branch(slots: &mut Slots, src: &mut dyn Source) -> Result<(), ReadError> {
                    let mut place = 0;
                    $(
                        let free = slots.chosen.is_none_or(|chosen| chosen == place);
                        if free && BRANCHES[place].takes(src.name()) {
                            slots.chosen = Some(place);
                            let slot = &mut slots.$variant;
                            return qb_branches!(@take $ty, slot, &BRANCHES[place], src $(, $element)?);
                        }
                        place += 1;
                    )*
                    src.skip_unknown()
                }

                fn finish_branch(slots: Slots, src: &mut dyn Source) -> Result<Option<Self>, ReadError> {
                    let mut place = 0;
                    $(
                        if slots.chosen == Some(place) {
                            let slot = slots.$variant;
                            let content = qb_branches!(@finish $ty, slot, &BRANCHES[place], src $(, $element)?)?;
                            return Ok(Some(Self::$variant(content)));
                        }
                        place += 1;
                    )*
                    Ok(None)
                }

                fn example_branch(ex: &mut Example) -> Self {
                    let chosen = $crate::schema::pick_branch_place(BRANCHES, ex);
                    let mut place = 0;
                    $(
                        if chosen == place {
                            return Self::$variant(qb_branches!(@example $ty, &BRANCHES[place], ex $(, $element)?));
                        }
                        place += 1;
                    )*
                    unreachable!("invariant: the place of a branch was chosen")
                }
            }

            #[doc(hidden)]
            #[allow(unreachable_pub)]
            #[derive(Default)]
            pub struct Required {
                slots: Slots,
                given: Option<$name>,
            }

            impl Part for $name {
                type Slot = Required;
                const KIND: Kind = Kind::Choice(BRANCHES);
                const MAX: Option<u32> = None;
                const MIN_OCCURS: u32 = 1;
                const MAX_OCCURS: Option<u32> = Some(1);

                fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
                    $crate::schema::gate(spec, w)?;
                    self.write_branch(w)
                }

                fn take(slot: &mut Self::Slot, _: &'static FieldSpec, src: &mut dyn Source) -> Result<(), ReadError> {
                    Self::take_branch(&mut slot.slots, src)
                }

                fn finish(
                    slot: Self::Slot,
                    spec: &'static FieldSpec,
                    src: &mut dyn Source,
                ) -> Result<Self, ReadError> {
                    Self::finish_branch(slot.slots, src)?.ok_or_else(|| src.error(ReadErrorKind::Missing(spec.name)))
                }

                fn given(slot: Self::Slot) -> Self {
                    slot.given.expect("invariant: constructors take every required field, checked while compiling")
                }

                fn example(_: &'static FieldSpec, ex: &mut Example) -> Self {
                    Self::example_branch(ex)
                }
            }

            impl From<$name> for Required {
                fn from(branch: $name) -> Self {
                    Self { slots: Slots::default(), given: Some(branch) }
                }
            }

            impl Part for Option<$name> {
                type Slot = Slots;
                const KIND: Kind = Kind::Choice(BRANCHES);
                const MAX: Option<u32> = None;
                const MIN_OCCURS: u32 = 0;
                const MAX_OCCURS: Option<u32> = Some(1);

                fn write(&self, spec: &'static FieldSpec, w: &mut Writer) -> Result<(), WriteError> {
                    let Some(branch) = self else { return Ok(()) };
                    Part::write(branch, spec, w)
                }

                fn take(slot: &mut Self::Slot, _: &'static FieldSpec, src: &mut dyn Source) -> Result<(), ReadError> {
                    $name::take_branch(slot, src)
                }

                fn finish(
                    slot: Self::Slot,
                    _: &'static FieldSpec,
                    src: &mut dyn Source,
                ) -> Result<Self, ReadError> {
                    $name::finish_branch(slot, src)
                }

                fn given(_: Self::Slot) -> Self {
                    None
                }

                fn example(spec: &'static FieldSpec, ex: &mut Example) -> Self {
                    ex.includes(spec).then(|| $name::example_branch(ex))
                }
            }
        };
    };
    (@spec $ty:ty) => { FieldSpec::choice(Kind::Inline(<$ty as $crate::schema::Sequence>::FIELDS)) };
    (@spec $ty:ty, $element:literal $(max $max:literal)? $(since $since:literal)?) => {{
        #[allow(unused_mut)]
        let mut spec = FieldSpec { min_occurs: 1, ..FieldSpec::of_part::<$ty>($element) };
        $(spec.max_length = Some($max);)?
        $(spec.since = Some($crate::version::QbXmlVersion::literal(stringify!($since)));)?
        spec
    }};
    (@slot $ty:ty) => { <$ty as $crate::schema::Sequence>::Slots };
    (@slot $ty:ty, $element:literal) => { <$ty as Part>::Slot };
    (@write $content:ident, $branches:ident, $w:ident) => {
        $crate::schema::Sequence::write_fields($content, $w)
    };
    (@write $content:ident, $branches:ident, $w:ident, $element:literal) => {
        Part::write($content, $crate::schema::child_spec($branches, $element), $w)
    };
    (@take $ty:ty, $slot:ident, $spec:expr, $src:ident) => {
        match <$ty as $crate::schema::Sequence>::FIELDS.iter().position(|field| field.takes($src.name())) {
            Some(index) => <$ty as $crate::schema::Sequence>::take($slot, index, $src),
            None => $src.skip_unknown(),
        }
    };
    (@take $ty:ty, $slot:ident, $spec:expr, $src:ident, $element:literal) => {
        <$ty as Part>::take($slot, $spec, $src)
    };
    (@finish $ty:ty, $slot:ident, $spec:expr, $src:ident) => {
        <$ty as $crate::schema::Sequence>::finish($slot, $src)
    };
    (@finish $ty:ty, $slot:ident, $spec:expr, $src:ident, $element:literal) => {
        <$ty as Part>::finish($slot, $spec, $src)
    };
    (@example $ty:ty, $spec:expr, $ex:ident) => { <$ty as $crate::schema::Sequence>::example_fields($ex) };
    (@example $ty:ty, $spec:expr, $ex:ident, $element:literal) => { <$ty as Part>::example($spec, $ex) };
}

pub(crate) use {qb_branches, qb_choice, qb_filter};
