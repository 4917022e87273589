//! Every bound of this room, one constant each, with the reason.
//!
//! What one SOAP document may hold is `qbwc::GuardLimits`; what is bounded here is what happens before a document is
//! complete, and everything that is not SOAP.

use std::time::Duration;

/// Bytes of a SOAP body up to which it needs no permit: every call of an idle session is below 2 KB, a first
/// `sendRequestXML` of a real company file below 20 KB.
pub(super) const SMALL_BODY_BYTES_MAX: usize = 256 * 1024;

/// Larger SOAP bodies under way at once: bounds the threads that wait for a line, and what is kept of these bodies
/// (`ecosystem.md` 3).
pub(super) const LARGE_BODIES_MAX: usize = 4;

/// Chunks of a larger body between its connection and the thread that works on it: enough that neither waits for a moment of
/// the other; each is at most 64 KB or so.
pub(super) const BODY_CHUNKS_MAX: usize = 8;

/// How long a larger body waits for its turn. The connector gives up after 100 s (`qbwc.md` 2.5).
pub(super) const LARGE_BODY_WAIT_MAX: Duration = Duration::from_secs(30);

/// Silence within a body after which its connection is given up.
pub(super) const BODY_IDLE_MAX: Duration = Duration::from_secs(30);

/// Time a whole body may take before [`BODY_BYTES_PER_SECOND_MIN`] is asked of it.
pub(super) const BODY_GRACE: Duration = Duration::from_secs(60);

/// Slowest line that is waited for: keeps a handful of trickling connections from holding all permits.
pub(super) const BODY_BYTES_PER_SECOND_MIN: u64 = 32 * 1024;

/// Bytes of a refused body that are read and thrown away, so that the client has sent all it wants and reads our answer
/// instead of an aborted connection.
pub(super) const DISCARD_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Time given to that.
pub(super) const DISCARD_TIME_MAX: Duration = Duration::from_secs(10);

/// Bytes of a form or a JSON document: the longest, all settings at once, is below 8 KB.
pub(super) const FORM_BYTES_MAX: usize = 64 * 1024;

/// Bytes of a notice of Bill.com: one record and its metadata; the largest example is below 2 KB.
pub(super) const NOTICE_BYTES_MAX: usize = 256 * 1024;

/// Argon2id runs at once: each takes 19 MiB (`ecosystem.md` 3).
pub(super) const HASHES_MAX: usize = 4;

/// Pages that follow changes at once.
pub(super) const STREAMS_MAX: usize = 256;

/// Least time between two notices on one stream: a busy first sync changes something many times a second.
pub(super) const NOTICE_SPACING: Duration = Duration::from_secs(1);

/// A comment is sent on a stream after this much silence, so that proxies keep it open.
pub(super) const STREAM_HEARTBEAT: Duration = Duration::from_secs(20);

/// A stream ends after this time and the browser opens a new one: a session that was revoked is noticed then.
pub(super) const STREAM_LIFE_MAX: Duration = Duration::from_secs(15 * 60);

/// Blocking threads of one worker: SQLite has one writer a file, so more only wait for each other.
pub(super) const BLOCKING_THREADS_MAX: usize = 32;

/// Workers that speak HTTP. All work is done by blocking threads, two keep two cores busy.
pub(super) const WORKERS: usize = 2;

/// How long an idle connection is kept: longer than the time between two calls of a session, shorter than a polling interval.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Time a client has to send the head of a request.
pub(super) const HEAD_TIME_MAX: Duration = Duration::from_secs(10);

/// How long the figures of `/metrics` hold: reading them takes a millisecond a company, and anybody may ask.
pub(super) const MEASURES_KEPT: Duration = Duration::from_secs(5);

/// Time a client has for the TLS handshake: two round trips.
pub(super) const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(10);

/// TLS handshakes under way at once in one worker: each costs a signature, and a flood must leave time for the others.
pub(super) const HANDSHAKES_MAX: usize = 64;

/// Connections open at once in one worker. An idle one costs a few KB; the limit is what a flood may take of memory and of the
/// process's files. Together they stay below the 1,024 files that a process may often have open.
pub(super) const CONNECTIONS_MAX: usize = 400;

/// Connections waiting to be taken.
pub(super) const BACKLOG_MAX: u32 = 1_024;

/// How often the certificate files are looked at again, at most, while connections come in.
pub(super) const TLS_LOOK_AGAIN: Duration = Duration::from_secs(10);

/// Bytes of a certificate or key file: a chain has about 6 KB.
pub(super) const TLS_FILE_BYTES_MAX: u64 = 256 * 1024;

/// Certificates in a chain: four are common at most.
pub(super) const TLS_CHAIN_MAX: usize = 10;

/// A certificate of which less than one part in this many is left is told of: renewals are due at a third.
pub(super) const TLS_LEFT_PART: i64 = 10;

/// Characters of a name in a certificate that are shown.
pub(super) const TLS_NAME_CHARS_MAX: usize = 120;

/// Time given to connections at the end; the process must end within 10 s of being asked to (design section 5).
pub(super) const STOP_SECONDS_MAX: u64 = 8;

/// Groups of problems shown in a list.
pub(super) const PROBLEM_GROUPS_MAX: usize = 60;

/// Companies on one page of the overview.
pub(super) const COMPANY_ROWS: usize = 60;

/// Visits of the Web Connector on one page.
pub(super) const SESSION_ROWS: usize = 50;

/// Bytes of a request or an answer that a page shows; all that is kept of it can be downloaded.
pub(super) const TRANSCRIPT_SHOWN_BYTES: usize = 16 * 1024;

/// Bytes of a downloaded file that are read at once.
pub(super) const EXPORT_CHUNK_BYTES: usize = 64 * 1024;

/// Problems of one group that are shown; all of them are settled together.
pub(super) const PROBLEM_ROWS_MAX: usize = 200;

/// Problems shown on the status page, which is to be taken in at a glance.
pub(super) const PROBLEM_CARDS_MAX: usize = 5;

/// Lines of history on the status page.
pub(super) const RECENT_EVENTS_MAX: usize = 12;

/// Visits of the Web Connector on the status page.
pub(super) const RECENT_SESSIONS_MAX: usize = 6;

/// Lines of history on one page of history.
pub(super) const HISTORY_ROWS: usize = 100;

/// Lines of history in one file for a spreadsheet.
pub(super) const EXPORTED_EVENTS_MAX: usize = 100_000;

/// Most lines of history in one answer of the JSON interface.
pub(super) const HISTORY_ROWS_MAX: usize = 500;

/// Characters of an address to return to after signing in.
pub(super) const NEXT_CHARS_MAX: usize = 512;
