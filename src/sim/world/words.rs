//! Names, numbers, texts and amounts as people type them, each with something unique in it.

use super::diary::Diary;
use crate::model::Side;
use crate::sim::billcom::random::Random;

/// What names are made of: short, long, foreign, with signs that XML and both programs treat in their own ways.
const TAILS: &[&str] = &[
    "Acme Tools",
    "Müller & Söhne",
    "Smith <Sons> \"Ltd\"",
    "O'Neil Brothers",
    "A Very Long Company Name That Goes On",
    "Café  Ortiz",
    "100% Paper",
];

/// What only Bill.com can keep as it is.
const FOREIGN_TAILS: &[&str] = &["Łódź Transport", "東京 Trading", "Paper: Mill", "Naïve 😀 Toys", "Tabs\tand Spaces "];

/// One of the choices, by its weight.
pub(super) fn draw<T: Copy>(random: &mut Random, choices: &[(u64, T)]) -> T {
    let total: u64 = choices.iter().map(|(weight, _)| weight).sum();
    let mut left = random.next() % total.max(1);
    for (weight, choice) in choices {
        if left < *weight {
            return *choice;
        }
        left -= weight;
    }
    choices[choices.len() - 1].1
}

fn tail(random: &mut Random, side: Side) -> &'static str {
    let foreign = side == Side::BillCom && random.chance(250);
    let tails: &[&'static str] = if foreign { FOREIGN_TAILS } else { TAILS };
    random.pick::<&'static str>(tails)
}

/// A name nobody has: `V12 r13 Acme Tools`.
pub(super) fn new_name(diary: &mut Diary, random: &mut Random, letter: char, side: Side) -> String {
    let token = format!("{letter}{}", diary.number());
    other_name(diary, random, &token, side)
}

/// Another name for a record.
pub(super) fn other_name(diary: &mut Diary, random: &mut Random, token: &str, side: Side) -> String {
    format!("{token} r{} {}", diary.number(), tail(random, side))
}

/// A number of a document: `B12`, sometimes longer than QuickBooks keeps.
pub(super) fn number(diary: &mut Diary, random: &mut Random, letter: char) -> String {
    let long = if random.chance(100) { "-4711" } else { "" };
    format!("{letter}{}{long}", diary.number())
}

/// A value for a field.
pub(super) fn value(diary: &mut Diary, random: &mut Random, field: &str, side: Side) -> String {
    let number = diary.number();
    match field {
        "phone" => format!("555-{number:04}"),
        "email" => format!("office{number}@example.com"),
        "account_number" => format!("ACC{number}"),
        _ => format!("t{number} {}", tail(random, side)),
    }
}

/// An amount that no other is near to.
pub(super) fn amount(diary: &mut Diary, random: &mut Random) -> i64 {
    let number = i64::try_from(diary.number()).unwrap_or(0);
    let cents = i64::try_from(random.below(100)).unwrap_or(0);
    number * 700 + cents + 1
}

/// All of an amount, or a part of it.
pub(super) fn share(random: &mut Random, cents: i64) -> i64 {
    if random.chance(600) { cents } else { (cents / 3).max(1) }
}
