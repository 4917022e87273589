//! The status catalogue, pinned: each code with its reaction. The list is written out so that a
//! changed table is a changed test.

use qbxml::types::STATUS_TABLE;
use qbxml::{Reaction, Status, StatusCode};

fn reaction(code: i32) -> Reaction {
    let code = StatusCode(code);
    Status { code, severity: code.severity(), message: String::new() }.reaction()
}

const BY_REACTION: &[(Reaction, &[i32])] = &[
    (Reaction::Ok, &[0, 1, 550, 560]),
    (Reaction::Partial, &[500, 501, 510]),
    (Reaction::Retry, &[1000, 1010, 3162, 3175, 3176, 3230, 3231, 3391]),
    (Reaction::Refresh, &[3120, 3130, 3140, 3172, 3173, 3200]),
    (Reaction::Adopt, &[3100]),
    // 3170, 3180 and 3210 without a word of a lock.
    (
        Reaction::Person,
        &[570, 3101, 3160, 3161, 3170, 3171, 3180, 3185, 3210, 3220, 3240, 3260, 3261, 3262, 3263, 3270],
    ),
    (
        Reaction::Fix,
        &[
            530, 531, 540, 1030, 1060, 3000, 3010, 3020, 3030, 3031, 3035, 3040, 3045, 3050, 3060, 3065, 3070, 3080,
            3085, 3090, 3110, 3121, 3150, 3151, 3177, 3190, 3205, 3250, 3280, 3290, 3300, 3310, 3340, 3390, 9004, 9100,
        ],
    ),
    (Reaction::Recovery, &[600, 9001, 9002, 9003, 9005]),
];

#[test]
fn every_code_has_its_reaction() {
    for (expected, codes) in BY_REACTION {
        for code in *codes {
            assert_eq!(reaction(*code), *expected, "{code}");
            assert!(StatusCode(*code).entry().is_some_and(|entry| !entry.meaning.is_empty()), "{code}");
        }
    }
    assert_eq!(reaction(9199), Reaction::Fix);
}

#[test]
fn the_list_is_complete() {
    let listed: usize = BY_REACTION.iter().map(|(_, codes)| codes.len()).sum();
    assert_eq!(listed, STATUS_TABLE.len());
    assert_eq!(listed, 79);
}
