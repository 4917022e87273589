//! The log as files, for where nobody keeps standard error: a service of Windows has none.
//!
//! One file is written until the next line would make it too long. Then it becomes `counterfoil.1.log`, the one before that
//! `counterfoil.2.log`, and the oldest goes. Every line is handed to the operating system at once and whole, so that nothing is lost
//! when the process ends or is ended.
//!
//! A line that cannot be written (the disk is full, the folder is gone) is counted and left out: a server does not stop because of its
//! log. The next one that can be written says before itself how many are missing.
//!
//! **Invariant:** the files of one log never take more than `size_max` × (`kept` + 2) bytes: twice that of one file when it cannot be
//! renamed because another program holds it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A log file that begins anew when it is full. Shared by all threads: a line is written under a lock.
pub(super) struct LogFile(Mutex<Rolling>);

/// How long the files get, how many are kept, and the line that says how many lines are missing.
#[derive(Clone, Copy)]
pub(super) struct Habits {
    pub(super) size_max: u64,
    pub(super) kept: usize,
    pub(super) missing: fn(u64) -> String,
}

struct Rolling {
    path: PathBuf,
    habits: Habits,
    /// The open file and its length; none after a failure.
    open: Option<(File, u64)>,
    /// Lines that could not be written since the last one that could.
    lost: u64,
}

impl LogFile {
    /// Opens the file, and makes its folder, for their owner only. A file that is there is gone on with.
    pub(super) fn open(path: &Path, habits: Habits) -> io::Result<Self> {
        let mut rolling = Rolling { path: path.to_owned(), habits, open: None, lost: 0 };
        rolling.opened()?;
        Ok(Self(Mutex::new(rolling)))
    }

    /// Waits until everything is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.rolling().open.as_ref().map_or(Ok(()), |(file, _)| file.sync_all())
    }

    fn rolling(&self) -> MutexGuard<'_, Rolling> {
        // A thread that panicked while it wrote a line has at worst left half of it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The layer that formats lines hands over one whole line in each call.
impl Write for &LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.rolling().line(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Rolling {
    fn line(&mut self, line: &[u8]) {
        match self.put(line) {
            Ok(()) => self.lost = 0,
            Err(_) => {
                self.lost = self.lost.saturating_add(1);
                // What was wrong with the file may be over when it is opened again.
                self.open = None;
            }
        }
    }

    fn put(&mut self, line: &[u8]) -> io::Result<()> {
        let mut whole = Vec::new();
        if self.lost > 0 {
            // The last thing in the file may be half a line.
            whole.extend_from_slice(b"\n");
            whole.extend_from_slice((self.habits.missing)(self.lost).as_bytes());
            whole.extend_from_slice(b"\n");
        }
        whole.extend_from_slice(line);
        let more = u64::try_from(whole.len()).unwrap_or(u64::MAX);
        let length = self.opened()?.1;
        if length > 0 && length.saturating_add(more) > self.habits.size_max {
            self.open = None;
            let rolled = roll(&self.path, self.habits.kept);
            if length.saturating_add(more) > self.habits.size_max.saturating_mul(2) {
                rolled?;
            }
        }
        let (file, length) = self.opened()?;
        *length = length.saturating_add(more);
        file.write_all(&whole)
    }

    fn opened(&mut self) -> io::Result<&mut (File, u64)> {
        if self.open.is_none() {
            let file = open(&self.path)?;
            let length = file.metadata()?.len();
            self.open = Some((file, length));
        }
        self.open.as_mut().ok_or_else(|| io::Error::other("the log file is not open"))
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        builder.create(folder)?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// Gives every file the next number, the oldest of them none any more. Nothing is written over: the first rename that fails ends it.
fn roll(path: &Path, kept: usize) -> io::Result<()> {
    gone_is_well(fs::remove_file(numbered(path, kept)))?;
    for number in (1..kept).rev() {
        gone_is_well(fs::rename(numbered(path, number), numbered(path, number + 1)))?;
    }
    if kept == 0 { Ok(()) } else { gone_is_well(fs::rename(path, numbered(path, 1))) }
}

fn gone_is_well(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// `counterfoil.log` as number 2 is `counterfoil.2.log`, which still opens with a click; number 0 is itself.
fn numbered(path: &Path, number: usize) -> PathBuf {
    if number == 0 {
        return path.to_owned();
    }
    match path.extension() {
        Some(extension) => path.with_extension(format!("{number}.{}", extension.to_string_lossy())),
        None => path.with_extension(number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HABITS: Habits = Habits { size_max: 100, kept: 2, missing: |lost| format!("{lost} missing") };

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("logs").join("counterfoil.log");
        (folder, path)
    }

    fn write(log: &LogFile, line: &str) {
        let mut writer = log;
        writer.write_all(format!("{line}\n").as_bytes()).expect("always");
    }

    fn text(path: &Path) -> String {
        fs::read_to_string(path).unwrap_or_default()
    }

    fn names(path: &Path) -> Vec<String> {
        let folder = fs::read_dir(path.parent().expect("folder")).expect("folder");
        let mut names: Vec<_> =
            folder.map(|entry| entry.expect("entry").file_name().into_string().expect("name")).collect();
        names.sort();
        names
    }

    #[test]
    fn full_files_are_kept_by_number_and_the_oldest_goes() {
        let (_folder, path) = folder();
        let log = LogFile::open(&path, HABITS).expect("opened");
        // Ten lines of ten bytes fill a file.
        for number in 0..45 {
            write(&log, &format!("line {number:04}"));
        }
        assert_eq!(names(&path), ["counterfoil.1.log", "counterfoil.2.log", "counterfoil.log"]);
        let all = text(&numbered(&path, 2)) + &text(&numbered(&path, 1)) + &text(&path);
        let wanted: String = (20..45).map(|number| format!("line {number:04}\n")).collect();
        assert_eq!(all, wanted, "in order, and nothing between them is missing");
        for name in names(&path) {
            assert!(text(&path.with_file_name(&name)).len() <= 100, "{name}");
        }
    }

    #[test]
    fn a_restart_goes_on_where_the_log_ended() {
        let (_folder, path) = folder();
        for number in 0..12 {
            write(&LogFile::open(&path, HABITS).expect("opened"), &format!("line {number:04}"));
        }
        assert_eq!(text(&path), "line 0010\nline 0011\n");
        assert_eq!(text(&numbered(&path, 1)).lines().count(), 10);
    }

    #[test]
    fn a_line_longer_than_a_file_has_one_of_its_own() {
        let (_folder, path) = folder();
        let log = LogFile::open(&path, HABITS).expect("opened");
        for line in ["short".to_owned(), "x".repeat(300), "short again".to_owned()] {
            write(&log, &line);
        }
        assert_eq!(text(&path), "short again\n");
        assert_eq!((text(&numbered(&path, 1)).len(), text(&numbered(&path, 2))), (301, "short\n".to_owned()));
    }

    #[test]
    fn what_cannot_be_written_is_counted_and_told() {
        let (_folder, path) = folder();
        let log = LogFile::open(&path, HABITS).expect("opened");
        let place = path.parent().expect("folder");
        // Something else is where the file should be: it is opened anew when a full file makes room.
        fs::remove_dir_all(place).expect("removed");
        fs::write(place, "in the way").expect("written");
        for number in 0..15 {
            write(&log, &format!("line {number:04}"));
        }
        fs::remove_file(place).expect("removed");
        write(&log, "at last");
        assert_eq!(text(&path), "\n5 missing\nat last\n", "ten went into the file that nobody sees any more");
        write(&log, "and on");
        assert!(text(&path).ends_with("at last\nand on\n"));
    }

    #[test]
    fn a_file_that_cannot_be_renamed_grows_to_twice_its_size_and_no_further() {
        let (_folder, path) = folder();
        let log = LogFile::open(&path, Habits { kept: 1, ..HABITS }).expect("opened");
        let held = numbered(&path, 1);
        fs::create_dir_all(held.join("inside")).expect("made");
        for number in 0..30 {
            write(&log, &format!("line {number:04}"));
        }
        assert_eq!(text(&path).len(), 200);
        fs::remove_dir_all(&held).expect("removed");
        write(&log, "line 0030");
        assert_eq!(text(&path), "\n10 missing\nline 0030\n");
        assert_eq!(text(&held).len(), 200);
    }

    #[test]
    fn lines_of_many_threads_stay_whole() {
        let (_folder, path) = folder();
        let log = LogFile::open(&path, Habits { size_max: 1_000, kept: 20, ..HABITS }).expect("opened");
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let log = &log;
                scope.spawn(move || (0..100).for_each(|line| write(log, &format!("thread {thread} line {line:03}"))));
            }
        });
        log.sync().expect("synced");
        let all: Vec<String> = (0..=20).map(|number| text(&numbered(&path, number))).collect();
        let mut lines: Vec<&str> = all.iter().flat_map(|text| text.lines()).collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), 400);
        assert!(lines.iter().all(|line| line.len() == "thread 0 line 000".len()));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, path) = folder();
        drop(LogFile::open(&path, HABITS).expect("opened"));
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().expect("folder"))), (0o600, 0o700));
    }

    #[test]
    fn numbers_stand_before_the_extension() {
        let number = |path: &str, number| numbered(Path::new(path), number).display().to_string();
        assert_eq!(number("logs/a.log", 0), "logs/a.log");
        assert_eq!(number("logs/a.log", 3), "logs/a.3.log");
        assert_eq!(number("logs/a", 1), "logs/a.1");
    }
}
