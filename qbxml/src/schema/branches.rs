//! Choices whose branches are more than one element: [`qb_branches!`].

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

pub(crate) use qb_branches;
