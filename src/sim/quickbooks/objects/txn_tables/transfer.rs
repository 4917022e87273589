//! The tables of transfers, cut down from the vendor's schema.

use super::{DATED, MODIFIED};
use crate::sim::quickbooks::schema::{
    Node, amount, count, date, date_time, group, id, integer, one_of, reference, text,
};

/// Content of `TransferQueryRq`.
pub(crate) const QUERY: &[Node] = &[
    one_of(&[
        &[id("TxnID").required().many()],
        &[
            count("MaxReturned"),
            one_of(&[
                &[group("ModifiedDateRangeFilter", MODIFIED).required()],
                &[group("TxnDateRangeFilter", DATED).required()],
            ])
            .optional(),
        ],
    ])
    .optional(),
    text("IncludeRetElement", 50).many(),
];

/// Content of `TransferAddRq`.
pub(crate) const ADD: &[Node] = &[
    group(
        "TransferAdd",
        &[
            date("TxnDate"),
            reference("TransferFromAccountRef", 159),
            reference("TransferToAccountRef", 159),
            reference("ClassRef", 159),
            amount("Amount"),
            text("Memo", 4095),
        ],
    )
    .required()
    .attribute("defMacro"),
    text("IncludeRetElement", 50).many(),
];

/// Content of `TransferModRq`.
pub(crate) const MOD: &[Node] = &[
    group(
        "TransferMod",
        &[
            id("TxnID").required(),
            text("EditSequence", 16).required(),
            date("TxnDate"),
            reference("TransferFromAccountRef", 159),
            reference("TransferToAccountRef", 159),
            reference("ClassRef", 159),
            amount("Amount"),
            text("Memo", 4095),
        ],
    )
    .required(),
    text("IncludeRetElement", 50).many(),
];

/// Content of `TransferRet`.
pub(crate) const RET: &[Node] = &[
    id("TxnID"),
    date_time("TimeCreated"),
    date_time("TimeModified"),
    text("EditSequence", 16),
    integer("TxnNumber"),
    date("TxnDate"),
    reference("TransferFromAccountRef", 159),
    amount("FromAccountBalance"),
    reference("TransferToAccountRef", 159),
    amount("ToAccountBalance"),
    reference("ClassRef", 159),
    amount("Amount"),
    text("Memo", 4095),
];
