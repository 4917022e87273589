//! Reading what changed, page by page, while people go on working.
//!
//! A list is paged by offset, with no total, and rows that change while we read move to the end (`billcom.md` 3). A row
//! that leaves the part already read pulls every later row one place forward, so that the next page would begin one row
//! too late, and a change would be lost. The scan therefore never trusts an offset alone:
//!
//! * rows come ordered by `updatedTime`, from the watermark less an overlap, with `>=`: stamps have one-second precision;
//! * each page begins one row *before* the last second of the page before it, so it re-reads that whole second. If it
//!   begins with an older row, every row of that second and after it is still to come, in whatever order equal stamps are
//!   given out. If not, rows have moved past the offset, and the scan restarts from that second;
//! * a second that fills a whole page (a bulk import) is read again ordered by id as well, so that equal stamps hold still,
//!   and paged by one row of overlap, which must be the same row;
//! * a row already given out with the same stamp is dropped, a row with a newer one is given out again;
//! * the new watermark is the newest stamp seen. Our own clock plays no part.
//!
//! Lists are asked for active and inactive records by name: whether they give both unasked is not documented (`billcom.md` 3).
//! Drafts are left out. Rows stamped after the scan began simply come at the end; they are read like the others. Entities without stamps are
//! read whole, with the one-row overlap. The scan is a value: no I/O, no clock. Somebody else makes the calls.

use super::{Entity, FilterOp, ListQuery, Stamp, limits, reply};
use crate::model::Raw;
use std::collections::HashSet;

/// A scan that cannot come to an end. The watermark stays where it was; the next poll begins again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// Rows kept moving.
    #[error("the list kept changing while it was read ({} restarts)", limits::SCAN_RESTARTS_MAX)]
    Restless,
    /// Pages kept coming.
    #[error("the list has no end after {} pages", limits::SCAN_PAGES_MAX)]
    Endless,
}

/// What a page led to.
#[derive(Clone, Debug, PartialEq)]
pub enum ScanStep {
    /// New rows; ask for the next page.
    More(Vec<Raw>),
    /// New rows, and proof that rows moved meanwhile; ask again, the query has gone back.
    Restarted(Vec<Raw>),
    /// The last rows.
    Done {
        /// New rows of the last page.
        rows: Vec<Raw>,
        /// The newest stamp seen, never older than where the scan began. `None` when nothing is known yet.
        watermark: Option<Stamp>,
    },
}

/// One run over an entity.
#[derive(Clone, Debug)]
pub struct ChangeScan {
    entity: Entity,
    page_rows: usize,
    /// Lower bound of the stamps, as sent.
    from: Option<Stamp>,
    start: usize,
    /// Equal stamps are asked for in the order of their ids. Only when needed: the vendor does not name the fields one may sort by.
    by_id: bool,
    /// What the next page must bring again, if nothing has moved.
    expected: Expected,
    newest: Option<Stamp>,
    given: HashSet<Mark>,
    restarts: u32,
    pages: u32,
}

/// A row as far as the scan looks at it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Mark {
    id: String,
    stamp: Option<Stamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Expected {
    /// The page begins at the beginning.
    Nothing,
    /// A row older than this first; everything before this has been read.
    OlderThan(Stamp),
    /// This row first.
    Row(Mark),
}

impl ChangeScan {
    /// Everything that changed since a watermark, or everything there is.
    #[must_use]
    pub fn new(entity: Entity, since: Option<Stamp>) -> Self {
        let since = since.filter(|_| entity.has_stamps());
        Self {
            entity,
            page_rows: limits::PAGE_ROWS_MAX,
            from: since.map(|stamp| stamp.minus_seconds(limits::SCAN_OVERLAP_SECONDS)),
            start: 0,
            by_id: false,
            expected: Expected::Nothing,
            newest: since,
            given: HashSet::new(),
            restarts: 0,
            pages: 0,
        }
    }

    /// With smaller pages, for tests. At least three rows, so that a page can hold an overlap and something new.
    #[must_use]
    pub fn with_page_rows(mut self, page_rows: usize) -> Self {
        self.page_rows = page_rows.clamp(3, limits::PAGE_ROWS_MAX);
        self
    }

    /// The page to read next.
    #[must_use]
    pub fn next_query(&self) -> ListQuery {
        let mut query = ListQuery { start: self.start, max: self.page_rows, ..ListQuery::all(self.entity) };
        if self.entity.has_stamps() {
            query.sort.push(("updatedTime", true));
        }
        if self.by_id {
            query.sort.push(("id", true));
        }
        if let Some(from) = self.from {
            query = query.updated_since(from);
        }
        if self.entity.has_states() { query.with_filter("isActive", FilterOp::In, "1,2") } else { query }
    }

    /// Takes the rows of the page asked for.
    ///
    /// # Errors
    /// [`ScanError`] when the scan must be given up.
    pub fn page(&mut self, rows: Vec<Raw>) -> Result<ScanStep, ScanError> {
        self.pages += 1;
        if self.pages > limits::SCAN_PAGES_MAX {
            return Err(ScanError::Endless);
        }
        let marks: Vec<Mark> = rows.iter().map(|row| mark(row, self.entity)).collect();
        let moved = !self.expected.holds(&marks);
        let full = rows.len() >= self.page_rows;
        let fresh = self.give_out(rows, &marks);
        if moved {
            return self.restart(fresh);
        }
        if !full {
            return Ok(ScanStep::Done { rows: fresh, watermark: self.newest });
        }
        self.advance(&marks);
        Ok(ScanStep::More(fresh))
    }

    /// Rows not given out before. A row without an id is always given out: whoever reads it must complain.
    fn give_out(&mut self, rows: Vec<Raw>, marks: &[Mark]) -> Vec<Raw> {
        self.newest =
            marks.iter().filter_map(|mark| mark.stamp).fold(self.newest, |newest, stamp| newest.max(Some(stamp)));
        let pairs = rows.into_iter().zip(marks);
        pairs.filter_map(|(row, mark)| (mark.id.is_empty() || self.given.insert(mark.clone())).then_some(row)).collect()
    }

    /// Back to the last second that is certain: everything stamped before the expected rows has been read.
    fn restart(&mut self, fresh: Vec<Raw>) -> Result<ScanStep, ScanError> {
        self.restarts += 1;
        if self.restarts > limits::SCAN_RESTARTS_MAX {
            return Err(ScanError::Restless);
        }
        let certain = match &self.expected {
            Expected::Nothing => None,
            Expected::OlderThan(stamp) => Some(*stamp),
            Expected::Row(mark) => mark.stamp,
        };
        self.from = certain.or(self.from);
        self.start = 0;
        self.expected = Expected::Nothing;
        Ok(ScanStep::Restarted(fresh))
    }

    /// Sets out for the next page after a full one.
    fn advance(&mut self, marks: &[Mark]) {
        let last = marks.last().expect("invariant: a full page has rows");
        let ascending = marks.is_sorted_by_key(|mark| mark.stamp);
        let begin = marks.iter().position(|mark| mark.stamp == last.stamp).unwrap_or(0);
        match last.stamp.filter(|_| ascending) {
            // The older row must not be the first of this page, or the next page would be the same again.
            Some(stamp) if begin > 1 => {
                self.start += begin - 1;
                self.expected = Expected::OlderThan(stamp);
            }
            Some(stamp) if !self.by_id => {
                self.by_id = true;
                self.from = Some(stamp);
                self.start = 0;
                self.expected = Expected::Nothing;
            }
            _ => {
                self.start += marks.len() - 1;
                self.expected = Expected::Row(last.clone());
            }
        }
    }
}

impl Expected {
    fn holds(&self, marks: &[Mark]) -> bool {
        let first = marks.first();
        match self {
            Self::Nothing => true,
            Self::OlderThan(stamp) => first.is_some_and(|mark| mark.stamp < Some(*stamp)),
            Self::Row(row) => first == Some(row),
        }
    }
}

fn mark(row: &Raw, entity: Entity) -> Mark {
    let stamp = if entity.has_stamps() { reply::stamp(row) } else { None };
    Mark { id: row.text("id").unwrap_or_default(), stamp }
}

#[cfg(test)]
mod tests;
