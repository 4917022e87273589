//! Writes every request this crate can build as files, minimal and maximal, for checking them
//! against the schemas:
//!
//! ```text
//! cargo run -p qbxml --example emit_requests DIR [RANDOM_COUNT]
//! xmllint --noout --schema qbxmlops130.xsd DIR/13.0/*.xml
//! xmllint --noout --schema qbxmlops160.xsd DIR/16.0/*.xml
//! ```
//!
//! A maximal request takes one branch of each choice, so several are written with different seeds.
//! With `RANDOM_COUNT`, so many random ones of each come on top.

use std::error::Error;
use std::fs;
use std::path::Path;

use qbxml::schema::{Detail, Example};
use qbxml::{MessageSet, MessageSetId, OnError, QbXmlVersion, REQUESTS, RequestEntry, RequestId};

const MAXIMAL_SEEDS: u64 = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("usage: emit_requests DIR [RANDOM_COUNT]")?;
    let random_count = arguments.next().map_or(Ok(0), |count| count.parse())?;
    let mut files = 0;
    for version in [QbXmlVersion::us(12, 0), QbXmlVersion::V13, QbXmlVersion::V16] {
        let folder = Path::new(&folder).join(version.to_string());
        fs::create_dir_all(&folder)?;
        for entry in REQUESTS {
            files += emit(&folder, entry, version, Detail::Minimal, 1)?;
            files += emit(&folder, entry, version, Detail::Maximal, MAXIMAL_SEEDS)?;
            files += emit(&folder, entry, version, Detail::Random, random_count)?;
        }
        files += emit_recovery(&folder, version)?;
    }
    println!("{files} files");
    Ok(())
}

/// Writes examples of one request and returns how many.
fn emit(
    folder: &Path,
    entry: &RequestEntry,
    version: QbXmlVersion,
    detail: Detail,
    count: u64,
) -> Result<u64, Box<dyn Error>> {
    for seed in 0..count {
        let mut set = MessageSet::new(version, OnError::Continue);
        let id = RequestId::new("1")?;
        let mut example = Example::new(version, detail, seed);
        (entry.push_example)(&mut set, &id, &mut example)?;
        let detail = format!("{detail:?}").to_lowercase();
        fs::write(folder.join(format!("{}-{detail}-{seed}.xml", entry.name)), set.finish())?;
    }
    Ok(count)
}

/// Writes the empty sets of error recovery and returns how many.
fn emit_recovery(folder: &Path, version: QbXmlVersion) -> Result<u64, Box<dyn Error>> {
    let (earlier, later) = (MessageSetId::new("b7f0c3a2-0001")?, MessageSetId::new("b7f0c3a2-0002")?);
    let set = || MessageSet::new(version, OnError::Stop);
    let documents = [
        ("status-check", MessageSet::status_check(version, &earlier)),
        ("clear-one", set().old_id(earlier.clone()).finish()),
        ("clear-all", set().clear_all().finish()),
        ("clear-and-send", set().old_id(earlier).new_id(later).finish()),
    ];
    for (name, document) in &documents {
        fs::write(folder.join(format!("recovery-{name}.xml")), document)?;
    }
    Ok(documents.len() as u64)
}
