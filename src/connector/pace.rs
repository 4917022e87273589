//! How large the pages of a reading are: as large as QuickBooks can give them in good time.
//!
//! QuickBooks works on one request at a time and its users wait meanwhile, so a page that takes long is halved, and one that
//! comes at once is doubled (`qbxml.md` 11). The size is found anew in every session, because it depends on who else works
//! in the file.
//!
//! Whether QuickBooks takes another page size in the middle of an iteration is not settled. It is tried; if the iterator is
//! refused (3391), the reading of that kind begins again and keeps its size to the end, and if that is refused as well, the
//! kind is read in one answer, without an iterator. An iterator that was given up is not stopped by a request of its own: it
//! dies with the session, which is when QuickBooks would have needed the memory back anyway.

use super::{Part, Reading};
use crate::limits::{PAGE_HALVINGS_MAX, PAGE_MIN, PAGE_QUICK, PAGE_SLOW, READING_BEGINNINGS_MAX};
use std::time::Duration;

impl Reading {
    /// Takes note of how long QuickBooks took for the last pages.
    pub fn note_pace(&mut self, took: Duration) {
        if took > PAGE_SLOW {
            self.page_halvings = (self.page_halvings + 1).min(PAGE_HALVINGS_MAX);
        } else if took < PAGE_QUICK {
            self.page_halvings = self.page_halvings.saturating_sub(1);
        }
    }
}

impl Part {
    /// The size of the next page, for a kind of which a page holds `kind_max` at most; none when it is read in one answer.
    pub fn next_page(&mut self, kind_max: u32, halvings: u32) -> Option<u32> {
        let continues = self.iterator_id.is_some();
        if !continues && self.refused_iterators + 1 >= READING_BEGINNINGS_MAX {
            return None;
        }
        let fits = kind_max.checked_shr(halvings).unwrap_or(0).max(PAGE_MIN.min(kind_max));
        let kept = self.page_max.filter(|_| continues && self.refused_iterators > 0);
        self.page_max = Some(kept.unwrap_or(fits));
        self.page_max
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{LIST_PAGE_MAX, PAGE_HALVINGS_FIRST};
    use crate::model::{Kind, Shelf};

    const SLOW: Duration = Duration::from_secs(61);
    const QUICK: Duration = Duration::from_secs(4);

    fn part(reading: &mut Reading, iterator: bool, refused: u32) -> &mut Part {
        let part = reading.part(Shelf::first(Kind::Vendor)).expect("a kind that travels");
        part.iterator_id = iterator.then(|| "{1}".to_owned());
        part.refused_iterators = refused;
        part
    }

    #[test]
    fn pages_follow_the_time_they_take_within_bounds() {
        let mut reading = Reading::from_marks(crate::entities::shelves(), |_| None);
        let size = |reading: &mut Reading| {
            let halvings = reading.page_halvings;
            part(reading, false, 0).next_page(LIST_PAGE_MAX, halvings)
        };
        assert_eq!(size(&mut reading), Some(LIST_PAGE_MAX >> PAGE_HALVINGS_FIRST));
        reading.note_pace(Duration::from_secs(30));
        assert_eq!(size(&mut reading), Some(LIST_PAGE_MAX >> PAGE_HALVINGS_FIRST), "neither slow nor quick");
        for _ in 0..20 {
            reading.note_pace(QUICK);
        }
        assert_eq!(size(&mut reading), Some(LIST_PAGE_MAX));
        reading.note_pace(SLOW);
        assert_eq!(size(&mut reading), Some(LIST_PAGE_MAX / 2));
        for _ in 0..20 {
            reading.note_pace(SLOW);
        }
        assert_eq!(size(&mut reading), Some(PAGE_MIN));
        assert_eq!(part(&mut reading, false, 0).next_page(3, PAGE_HALVINGS_MAX), Some(3), "a kind of small pages");
    }

    #[test]
    fn after_a_refused_iterator_the_size_stays_and_at_last_there_is_none() {
        let mut reading = Reading::from_marks(crate::entities::shelves(), |_| None);
        assert_eq!(part(&mut reading, false, 0).next_page(400, 1), Some(200));
        assert_eq!(part(&mut reading, true, 0).next_page(400, 2), Some(100), "tried within the first iteration");
        assert_eq!(part(&mut reading, false, 1).next_page(400, 3), Some(50), "begun again");
        assert_eq!(part(&mut reading, true, 1).next_page(400, 0), Some(50), "kept");
        assert_eq!(part(&mut reading, false, READING_BEGINNINGS_MAX - 1).next_page(400, 0), None);
    }
}
