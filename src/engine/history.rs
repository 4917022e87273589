//! History as people look for it: by sort, side, kind, day, who and words.

use super::show::event_view;
use super::{Engine, EngineError, EventView};
use crate::limits::SEARCH_CHARS_MAX;
use crate::model::{EventKind, Kind, Side};
use crate::store::EventFilter;
use chrono::{DateTime, Days, Local, NaiveDate, NaiveTime, TimeZone, Utc};

/// Which lines of history are wanted. What is empty, or no word there is, does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Lines with smaller numbers.
    pub before: Option<i64>,
    /// The word of a sort.
    pub sort: String,
    /// The word of a side.
    pub side: String,
    /// The word of a kind.
    pub kind: String,
    /// The first day, `yyyy-MM-dd`, in the server's time zone.
    pub from: String,
    /// The last day.
    pub to: String,
    /// `person` for what people did, `counterfoil` for what happened by itself.
    pub who: String,
    /// A text that stands in the line, in whatever case.
    pub text: String,
}

impl HistoryQuery {
    fn filter(&self) -> EventFilter {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        EventFilter {
            before: self.before,
            sort: EventKind::from_word(&self.sort),
            side: Side::from_word(&self.side),
            kind: self.kind.parse::<Kind>().ok(),
            since: day(&self.from).and_then(begins),
            until: day(&self.to).and_then(|day| day.checked_add_days(Days::new(1))).and_then(begins),
            by_person: match self.who.as_str() {
                "person" => Some(true),
                "counterfoil" => Some(false),
                _ => None,
            },
            text: Some(self.text.trim().chars().take(SEARCH_CHARS_MAX).collect::<String>()).filter(|it| !it.is_empty()),
        }
    }
}

/// When a day begins here.
fn begins(day: NaiveDate) -> Option<DateTime<Utc>> {
    Local.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest().map(|time| time.to_utc())
}

impl Engine {
    /// Lines of history that fit, newest first.
    ///
    /// # Errors
    /// [`EngineError`] as everywhere.
    pub fn history_like(
        &self,
        company: &str,
        query: &HistoryQuery,
        limit: usize,
    ) -> Result<Vec<EventView>, EngineError> {
        let handle = self.company(company)?;
        let events = handle.store.read(|tx| tx.events_like(&query.filter(), limit))?;
        Ok(events.iter().map(|(id, event)| event_view(*id, event)).collect())
    }
}
