//! Every bound of the application, one constant each, with the reason.
//!
//! The bounds of the SOAP guard are defaults of `qbwc::GuardLimits`, those of the qbXML reader of `qbxml::WireLimits`,
//! those of the Bill.com client stand in `billcom::limits`: each beside the code that enforces it.

use std::time::Duration;

/// Changes in one message set. One round trip costs seconds and QuickBooks answers the whole set at once; 20 to 50 small
/// Adds is what integrations settle on (`qbxml.md` 11).
pub const INTENTS_PER_SET_MAX: usize = 50;

/// Bytes of one message set. Request texts travel escaped inside SOAP; a megabyte stays far below the connector's limits.
pub const SET_BYTES_MAX: usize = 1_000_000;

/// Most records of a list in one page of an iterator (`qbxml.md` 11: 100 to 500).
pub const LIST_PAGE_MAX: u32 = 500;

/// Most transactions with their lines in one page of an iterator (`qbxml.md` 11: answers are larger and slower).
pub const TRANSACTION_PAGE_MAX: u32 = 200;

/// Halvings of the largest page that a session begins with: 125 of a list and 50 transactions are a good start
/// (`qbxml.md` 11).
pub const PAGE_HALVINGS_FIRST: u32 = 2;

/// Most halvings: eight bring every page down to [`PAGE_MIN`].
pub const PAGE_HALVINGS_MAX: u32 = 8;

/// Smallest page: below it the round trip costs more than the page.
pub const PAGE_MIN: u32 = 10;

/// Pages that took longer are halved: people wait for QuickBooks meanwhile (`qbxml.md` 11).
pub const PAGE_SLOW: Duration = Duration::from_secs(60);

/// Pages that came sooner are doubled (`qbxml.md` 11).
pub const PAGE_QUICK: Duration = Duration::from_secs(5);

/// Look-ups in one message set: each is cheap, and they stand between a doubt and its end.
pub const INQUIRIES_PER_SET_MAX: usize = 100;

/// Subjects planned in one pass: bounds the memory of a pass, not the work.
pub const SUBJECTS_PER_PASS_MAX: usize = 500;

/// Overlap of QuickBooks' high-water marks, in hours: covers the clock change, changes made while the previous run was
/// reading (`qbxml.md` 4), and a machine that moves from one coast of the United States to the other. It fades while nothing
/// changes, so that quiet sessions do not read the last hours again and again.
pub const QUICKBOOKS_OVERLAP_HOURS: i64 = 4;

/// How much of the overlap may fade from one reading to the next: a server clock that jumps takes no more of it.
pub const OVERLAP_FADES_MAX: Duration = Duration::from_secs(60 * 60);

/// Rounds of "read again, merge, send again" for a stale edit sequence before a person is asked (`qbxml.md` 7).
pub const STALE_ROUNDS_MAX: u32 = 3;

/// Times an intent is sent again after an answer that asks for it, before a person is asked.
pub const ATTEMPTS_MAX: u32 = 8;

/// First pause after such an answer; doubles up to [`RETRY_PAUSE_MAX`].
pub const RETRY_PAUSE: Duration = Duration::from_secs(5);

/// Longest pause between two tries.
pub const RETRY_PAUSE_MAX: Duration = Duration::from_secs(30 * 60);

/// How long a write to Bill.com whose answer was lost is left alone before it is looked up: the call may still be
/// running there.
pub const BILLCOM_SETTLE: Duration = Duration::from_secs(5);

/// The same after a time-out, where the server is known to be slow.
pub const BILLCOM_SETTLE_AFTER_TIMEOUT: Duration = Duration::from_secs(60);

/// Writes in a row whose answer does not tell what became of them (9005 with a full disk, `qbxml.md` 2) before a session writes
/// no more: an ordinary accident spoils one, and what is still wanted is not lost.
pub const UNCLEAR_WRITES_MAX: u32 = 3;

/// Message sets in one session: a loop guard; ten thousand changes need 250.
pub const ROUNDS_PER_SESSION_MAX: u32 = 5_000;

/// A session without a call for this long is over: slow queries in QuickBooks take minutes (`qbwc.md` 2.5).
pub const SESSION_IDLE_MAX: Duration = Duration::from_secs(60 * 60);

/// A message set whose outcome was once in doubt is remembered by QuickBooks at least this long, in case another
/// connector still holds its text.
pub const CONTESTED_SET_KEPT: Duration = Duration::from_secs(60 * 60);

/// QuickBooks lists deletions of the last 90 days only (`qbxml.md` 9); a longer silence needs a complete reading.
pub const DELETION_HORIZON_DAYS: i64 = 85;

/// Every kind of QuickBooks is read from beginning to end when the last such reading is this old. It finds transfers that
/// somebody deleted, which QuickBooks lists nowhere (`qbxml.md` 9), and what a clock or zone that was set back by more than
/// [`QUICKBOOKS_OVERLAP_HOURS`] has hidden. Once a week it costs minutes; nothing unchanged is written or planned.
pub const QUICKBOOKS_FULL_READ: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Rows of Bill.com's lists that are stored in one transaction, with what the page that reaches it holds beyond: a connector
/// waits for it, a poll that finds nothing writes once.
pub const BILLCOM_ROWS_TOGETHER_MAX: usize = 500;

/// Bill.com's lists are read completely this often; the scan should find nothing.
pub const BILLCOM_FULL_SCAN: Duration = Duration::from_secs(24 * 60 * 60);

/// Least time between two readings that Bill.com's notices ask for: one change often sends several.
pub const NOTICE_PAUSE: Duration = Duration::from_secs(3);

/// How often it is looked whether Bill.com still sends notices: each look costs one of the 200 sign-ins an hour.
pub const NOTICES_LOOKED_AT_EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// How long the key before is accepted for notices: those signed with it may still be tried again. How long Bill.com tries is
/// not published.
pub const WEBHOOK_FORMER_KEY_KEPT: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Known records that a complete reading of Bill.com lacks, and which are read one by one to see what became of them. Normally
/// there are none.
pub const VANISHED_LOOKED_AT_MAX: usize = 20;

/// Merges, and levels of a tree, followed one after the other: QuickBooks has five levels (`qbxml.md` 8).
pub const MERGES_FOLLOWED_MAX: usize = 8;

/// Records of QuickBooks that name one which was merged, read again one by one: a hundred fit in a message set. Where there are
/// more, everything is read again.
pub const NAMING_READ_AGAIN_MAX: usize = 500;

/// Records that are one and the same by pairs and merges, on both sides together: a vendor that sixty others were merged into
/// has been cleaned up once and for all.
pub const LINEAGE_MAX: usize = 64;

/// Known records that a complete reading may lack without a person being asked, and the share of all that may: somebody
/// deletes a few, a damaged list lacks many.
pub const VANISHED_UNASKED_MAX: usize = 5;

/// See [`VANISHED_UNASKED_MAX`].
pub const VANISHED_UNASKED_PERCENT: usize = 10;

/// Sessions of one company that may be cut off by the next one in a row, before a newcomer has to wait.
pub const INTERRUPTED_SESSIONS_MAX: usize = 10;

/// How long a newcomer then waits for a session that was heard of: long enough for one of two to get ahead.
pub const BUSY_FOR: Duration = Duration::from_secs(10);

/// Candidates shown for one ambiguous record.
pub const CANDIDATES_MAX: usize = 10;

/// Records that share a name or number with one, and belong to the same vendor, that are compared with it. Where there are
/// more, nothing follows from not finding one: the record waits.
pub const LOOK_ALIKES_MAX: usize = 200;

/// Characters of a foreign error text that are kept: enough for every text QuickBooks writes.
pub const FOREIGN_TEXT_CHARS_MAX: usize = 300;

/// Texts of one record that are told one by one when QuickBooks cannot keep them as they are: a line of history, not a page.
pub const ADAPTATIONS_SHOWN_MAX: usize = 10;

/// Events shown on one page of history.
pub const HISTORY_PAGE_MAX: usize = 500;

/// Company files kept open at once; an open one costs about 200 KB.
pub const OPEN_COMPANIES_MAX: usize = 512;

/// Time the server takes to finish what is in hand when it is told to stop.
pub const STOP_GRACE: Duration = Duration::from_secs(8);

/// Passes of planning in a row before it gives up for now: a loop guard, far above what a tree of any depth needs.
pub const PLANNING_PASSES_MAX: usize = 10_000;

/// Subjects whose planning the reply to `receiveResponseXML` waits for: a second or so. What a larger reading brings is
/// planned by the company's loop, or when the connector asks for more.
pub const SUBJECTS_WAITED_FOR: usize = 4 * SUBJECTS_PER_PASS_MAX;

/// Message sets that may turn out to hold nothing before one is handed over: a loop guard; each settles something.
pub const EMPTY_SETS_MAX: usize = 1_000;

/// Records of one answer to a look-up that are kept until it ends: names and numbers are near unique, so answers are short.
/// A longer answer leaves the look-up open.
pub const LOOKED_UP_MAX: usize = 1_000;

/// Times the reading of a kind is begun in one session, when QuickBooks forgets its iterator; the last time it is read
/// without one.
pub const READING_BEGINNINGS_MAX: u32 = 3;

/// Bytes of an answer's findings that are kept in memory: a page of an iterator. A longer answer is kept in a file.
pub const SPOOL_MEMORY_BYTES_MAX: usize = 1024 * 1024;

/// Bytes of an answer's findings altogether. They are about as long as the answer itself, which has at most 64 MiB; an
/// answer made of the shortest records there can be has four times as much.
pub const SPOOL_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Hours that a QuickBooks stamp may lie ahead of UTC: no place on Earth is more than fourteen hours ahead, and one is for a
/// clock that is a little wrong. A later stamp must not become a mark, or everything up to it would be missed.
pub const QUICKBOOKS_AHEAD_HOURS: i64 = 15;

/// Ready changes that are counted for the progress shown in the connector; beyond 40 sets the percentage hardly moves.
pub const PROGRESS_COUNTED_MAX: usize = 40 * INTENTS_PER_SET_MAX;

/// Writes to Bill.com looked at in one go: bounds the memory of a round, not the work.
pub const BILLCOM_WRITES_PER_ROUND_MAX: usize = 100;

/// Tries that lengthen the pause before a write that Bill.com certainly did not take in is sent again: from the sixth on
/// it is 160 seconds. It never ends, because nothing is wrong with the write.
pub const NOT_TAKEN_TRIES_COUNTED_MAX: u32 = 6;

/// Pause when Bill.com asks to be left alone for a while (`billcom.md` 4).
pub const BILLCOM_BUSY_PAUSE: Duration = Duration::from_secs(5 * 60);

/// Pause when an error of Bill.com would meet every other call as well, such as a refused sign-in.
pub const BILLCOM_BLOCKED_PAUSE: Duration = Duration::from_secs(30);

/// Shortest rest of a company's loop, so that a time that is always due cannot make it spin.
pub const REST_MIN: Duration = Duration::from_millis(100);

/// How often companies added by another process are looked for, and the times of contact kept.
pub const LOOK_AROUND: Duration = Duration::from_secs(1);

/// Free bytes below which `doctor` fails: a copy before an upgrade and a night's backup of a small office.
pub const DISK_FREE_LEAST: u64 = 100_000_000;

/// Free bytes below which `doctor` warns.
pub const DISK_FREE_WANTED: u64 = 1_000_000_000;

/// Time given to one question that `doctor` asks.
pub const DOCTOR_CALL_MAX: Duration = Duration::from_secs(10);

/// How far our clock may be from Bill.com's: sessions end after 35 minutes there, and stamps are compared in minutes.
pub const CLOCK_DIFFERENCE_MAX: Duration = Duration::from_secs(5 * 60);

/// Differences of the clock from which on somebody should look at it.
pub const CLOCK_DIFFERENCE_WANTED: Duration = Duration::from_secs(60);

/// Companies that are measured one by one: reading one takes a millisecond, and a monitoring system asks every few seconds.
pub const MEASURED_COMPANIES_MAX: usize = 2_000;

/// The hour of the night, on the clock on the wall, after which the nightly backup is made.
pub const BACKUP_HOUR: u32 = 2;

/// Nightly backups that are kept, unless somebody says otherwise: two weeks.
pub const BACKUPS_KEPT: usize = 14;

/// Most nightly backups that can be asked for: three years.
pub const BACKUPS_KEPT_MAX: usize = 1_100;

/// How often it is looked whether the nightly backup is due.
pub const BACKUP_LOOKED_AT_EVERY: Duration = Duration::from_secs(60);

/// Pause after a nightly backup that failed: the disk may be full, and trying costs as much as making one.
pub const BACKUP_RETRY: Duration = Duration::from_secs(60 * 60);

/// Bytes of a backup's manifest: 200 for each company.
pub const MANIFEST_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Files in a backup: the server's, and one for each company.
pub const BACKUP_PARTS_MAX: usize = 100_000;

/// Days ahead that the cash-flow calendar shows: terms are 30 or 60 days, so later than this hardly anything is known.
pub const FORECAST_DAYS: u64 = 90;

/// Days of the past that it shows, to see where a balance comes from.
pub const FORECAST_DAYS_BACK: u64 = 30;

/// Expected movements listed in a calendar; all of them are counted.
pub const FORECAST_ITEMS_MAX: usize = 2_000;

/// Open problems read for a status page.
pub const PROBLEMS_SHOWN_MAX: usize = 1_000;

/// Steps of a plan that are shown.
pub const STEPS_SHOWN_MAX: usize = 2_000;

/// Characters of a company's name: one line of a page.
pub const COMPANY_NAME_CHARS_MAX: usize = 80;

/// Characters of a person's name.
pub const PERSON_NAME_CHARS_MAX: usize = 60;

/// Characters kept of what a browser calls itself: enough to recognise it in a list of sessions.
pub const AGENT_CHARS_MAX: usize = 200;

/// Characters of the name of an API token.
pub const TOKEN_NAME_CHARS_MAX: usize = 64;

/// Characters of a foreign name (a company in a path, a user name) that are kept where it is counted or shown.
pub const FOREIGN_NAME_CHARS_MAX: usize = 80;

/// A web session ends when it was not used for this long (`ecosystem.md` 3).
pub const WEB_SESSION_IDLE_MAX: Duration = Duration::from_secs(12 * 60 * 60);

/// A web session ends this long after it began, used or not (`ecosystem.md` 3).
pub const WEB_SESSION_LIFE_MAX: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Web sessions one person can have at once; one more ends the one that was not used for longest.
pub const WEB_SESSIONS_PER_PERSON_MAX: i64 = 20;

/// Bytes of a request or an answer that are kept for people to read: a page of an iterator is about as long, and nobody reads
/// more of one.
pub const TRANSCRIPT_TEXT_BYTES_MAX: usize = 128 * 1024;

/// Message sets of one session whose texts are kept: a first reading has hundreds that are all alike.
pub const TRANSCRIPT_ROUNDS_MAX: u32 = 60;

/// Sessions whose texts are kept: most of a working day. With both bounds above, the texts of a company stay below 80 MB, and
/// are a few on an ordinary day.
pub const TRANSCRIPTS_KEPT: i64 = 50;

/// Message sets of a session that are listed.
pub const EXCHANGES_SHOWN_MAX: usize = 500;

/// Records on one page of a search.
pub const RECORDS_PER_PAGE: usize = 50;

/// Intents and lines of history that the page of one record shows.
pub const RECORD_HISTORY_MAX: usize = 50;

/// Records that a search leaves out before its page begins: who turns a hundred pages should search for more letters.
pub const RECORDS_SKIPPED_MAX: usize = 5_000;

/// Characters of a text that is searched for.
pub const SEARCH_CHARS_MAX: usize = 100;

/// Problems that one press of a button settles.
pub const RESOLVED_TOGETHER_MAX: usize = 1_000;

/// Examples of each group of a plan on its first page.
pub const PLAN_EXAMPLES: usize = 8;

/// Steps of one group of a plan on a page of its own.
pub const PLAN_STEPS_PER_PAGE: usize = 100;

/// How much later than its schedule says the Web Connector may come before its silence is an alarm: one visit may be missed
/// because QuickBooks was busy, and a computer may be slow.
pub const CONTACT_GRACE: Duration = Duration::from_secs(2 * 60);

/// How long a test of Bill.com's credentials waits for all of its calls: longer than a person would.
pub const BILLCOM_TRIED_FOR: Duration = Duration::from_secs(45);

/// Accounts, and items, that a form offers to choose from; others can be typed.
pub const SUGGESTIONS_MAX: usize = 400;

/// Least time between two messages to one alert channel: people who get more stop reading them (`ecosystem.md` 2).
pub const ALERT_DIGEST_EVERY: Duration = Duration::from_secs(60 * 60);

/// Pause before an alert that could not be sent is tried again; doubles up to [`ALERT_RETRY_MAX`].
pub const ALERT_RETRY_PAUSE: Duration = Duration::from_secs(60);

/// Longest pause between two tries of an alert.
pub const ALERT_RETRY_MAX: Duration = Duration::from_secs(60 * 60);

/// Time between two heartbeats: the usual period of the services that listen for them (`ecosystem.md` 2).
pub const HEARTBEAT_EVERY: Duration = Duration::from_secs(5 * 60);

/// How often it is looked whether somebody must be told.
pub const ALERT_LOOK_EVERY: Duration = Duration::from_secs(15);

/// Time that a server may take to take an alert.
pub const ALERT_SEND_MAX: Duration = Duration::from_secs(20);

/// The Web Connector may be silent for this long unless the owner says otherwise: an evening without its computer is no
/// alarm, a working day is.
pub const SILENCE_USUAL: Duration = Duration::from_secs(16 * 60 * 60);

/// Shortest silence that can be an alarm: connectors come by every quarter of an hour at most.
pub const SILENCE_MIN: Duration = Duration::from_secs(15 * 60);

/// Alert channels there can be.
pub const ALERT_CHANNELS_MAX: usize = 100;

/// Characters of an e-mail address or URL that alerts go to.
pub const ALERT_TARGET_CHARS_MAX: usize = 1_000;

/// Faults that one alert names; the rest is counted.
pub const ALERT_FAULTS_SHOWN_MAX: usize = 50;

/// Bytes of a log file, then the next one begins: a month of an ordinary office, and any editor opens it.
pub const LOG_FILE_BYTES_MAX: u64 = 10_000_000;

/// Log files kept beside the one that is written: what led to a complaint is still there when somebody asks. With the bound above a
/// log never takes more than 60 MB.
pub const LOG_FILES_KEPT: usize = 4;

/// Characters of what a broken invariant says that are logged.
pub const PANIC_CHARS_MAX: usize = 300;
