//! Every bound of the Bill.com client, with its reason.
//!
//! Vendor figures are from `billcom.md` section 4 (documented rate limits) and section 1 (life of a session).

use std::time::Duration;

/// Rows asked for in one `List` call. The documented default is 999; whether 999 or 1000 is the ceiling differs between pages, so 999.
pub const PAGE_ROWS_MAX: usize = 999;

/// Calls an hour and developer key (`BDC_1144` beyond).
pub const CALLS_PER_HOUR_MAX: u32 = 20_000;

/// Of these, calls that lists may use: the rest is for writes, which should not wait for the next hour because readings were many.
pub const READINGS_PER_HOUR_MAX: u32 = 18_000;

/// Rows of one bulk call (`billcom.md` 3).
pub const BULK_ROWS_MAX: usize = 100;

/// Logins an hour and developer key, `Login` and `ListOrgs` together (`BDC_1144` beyond).
pub const LOGINS_PER_HOUR_MAX: u32 = 200;

/// Calls at once for one organisation and key. Bill.com refuses the fourth (`BDC_1322`); the third is left to a command that runs beside the server.
pub const CALLS_AT_ONCE_MAX: usize = 2;

/// A user's session dies after this much idle time.
pub const USER_SESSION_IDLE_MAX: Duration = Duration::from_secs(35 * 60);

/// A sync token's session dies after this much idle time, according to the current documentation.
pub const TOKEN_SESSION_IDLE_MAX: Duration = Duration::from_secs(48 * 3600);

/// A session this close to its end is not used again: a call may wait that long for its turn.
pub const SESSION_IDLE_MARGIN: Duration = Duration::from_secs(60);

/// First pause after a login was refused for its credentials. Without a pause a wrong password would use up the logins
/// of all companies that share the key, and might lock the user out.
pub const LOGIN_PAUSE_FIRST: Duration = Duration::from_secs(5);

/// Longest pause between refused logins; short enough to heal soon after a person has mended the cause.
pub const LOGIN_PAUSE_MAX: Duration = Duration::from_secs(15 * 60);

/// Times a call is repeated after `BDC_1322` (too many calls at once), waiting 1, 2 and 4 seconds as the vendor advises.
pub const CROWDED_REPEATS_MAX: u32 = 3;

/// Time to reach Bill.com. Longer than a retransmitted SYN, shorter than a person's patience.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest silence while an answer is on its way.
pub const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Longest whole call. A page of 999 bills may take its time.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(180);

/// Bytes of one answer, after decompression. 999 bills with twenty lines each are about 20 MB.
pub const REPLY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Characters kept of Bill.com's error text.
pub const MESSAGE_CHARS_MAX: usize = 300;

/// Characters kept of an error code such as `BDC_1109`.
pub const CODE_CHARS_MAX: usize = 32;

/// Seconds re-read before the watermark: stamps have one-second precision, and child rows trail their parent by seconds
/// (`billcom.md` 3, hazards 1 and 3).
pub const SCAN_OVERLAP_SECONDS: i64 = 120;

/// Times one scan starts over because rows moved while it was reading. Each restart re-reads only from the last stamp that is certain.
pub const SCAN_RESTARTS_MAX: u32 = 100;

/// Pages of one scan: two million rows, far beyond any organisation, so that a server that answers for ever is noticed.
pub const SCAN_PAGES_MAX: u32 = 2_000;
