//! House style as a test: what a reviewer would have to look for every time, a program looks for instead.
//!
//! One walk over the tree, a lexer of sixty lines that knows comments, strings and code apart, and one function for each
//! rule. A rule returns its complaints; the tests at the bottom first show that it complains about a bad sample, then that
//! it has nothing to say about this repository. Lists of exceptions may only shrink: one that is not needed any more fails.
//!
//! This file uses nothing but the standard library and none of the crates here, so that it still runs when they do not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of one function, its signature and braces included.
const FUNCTION_LINES_MAX: usize = 70;
/// Lines of one file of ours.
const FILE_LINES_MAX: usize = 800;

/// Functions that are longer, with their length. **May only shrink.** A length that is too high fails as well.
const LONG_FUNCTIONS: &[(&str, &str, usize)] = &[];

/// Which room of `src` may use which, the libraries included (design section 1). What is not named is forbidden.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("limits", &["qbwc", "qbxml"]),
    ("config", &["limits"]),
    ("telemetry", &["config", "limits"]),
    ("entities", &["model", "limits", "qbxml"]),
    ("plan", &["model", "entities", "limits", "qbxml"]),
    ("connector", &["model", "entities", "plan", "limits", "qbwc"]),
    ("secrets", &[]),
    ("billcom", &["model", "limits"]),
    ("store", &["model", "entities", "plan", "secrets", "limits"]),
    ("engine", &["model", "entities", "plan", "connector", "store", "billcom", "secrets", "limits", "qbxml", "qbwc"]),
    ("web", &["engine", "model", "limits", "qbwc"]),
    // The simulators share no parser with the product: of `billcom` they use the trait of the wire and its clock.
    ("sim", &["model", "billcom"]),
    // The worlds of the simulation are the one place where the simulators meet the engine.
    ("sim/world", &["sim", "engine", "secrets", "model", "billcom", "qbwc"]),
    ("cli", &["engine", "web", "sim", "model", "config", "telemetry", "limits"]),
];

/// Arrows that run against the table: file, room used, and why. **May only shrink.**
const ARROW_EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/web/people.rs", "store", "people, their sessions and tokens are none of the engine's business"),
    ("src/web/people.rs", "secrets", "people's passwords and tokens"),
    ("src/web/site.rs", "secrets", "the form token's key"),
    ("src/web/pages/sign_in.rs", "secrets", "the session's token"),
    ("src/cli/demo.rs", "billcom", "the clock that the simulators share"),
    ("src/cli/demo.rs", "secrets", "a random name for the temporary folder"),
    ("src/cli/simulate.rs", "billcom", "the clock that the simulators share"),
    ("src/cli/backup.rs", "secrets", "whether the key that is there belongs to a backup"),
    ("src/cli/serve.rs", "secrets", "the one-time setup link"),
    ("src/cli/error.rs", "store", "a data file that cannot be used, in words"),
];

/// Rooms that are pure: everything they need is an argument.
const PURE_ROOMS: &[&str] = &["model", "entities", "plan", "connector"];
/// Words that a pure room does not hold.
const IMPURE: &[&str] = &[
    "async",
    "await",
    "now()",
    "SystemTime",
    "Instant",
    "thread",
    "getrandom",
    "Random",
    "rusqlite",
    "tokio",
    "reqwest",
];

/// Openings of SQL statements, as they stand in a string.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "REPLACE INTO ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
    "BEGIN IMMEDIATE",
];

/// Calls that do not belong into code that runs, and those that do not belong into any code of ours.
const BANNED_IN_PRODUCT: &[&str] = &[".unwrap()", "panic!(", "std::process::exit("];
const BANNED_EVERYWHERE: &[&str] = &["todo!(", "unimplemented!(", "dbg!("];
/// Files of the product that may panic, and why. **May only shrink.**
const MAY_PANIC: &[(&str, &str)] = &[("qbxml/src/version.rs", "a constant that is wrong does not compile")];

/// Folders of fixtures that a test discovers by itself, and that test. Every other fixture is named by its file name.
const DISCOVERED: &[(&str, &str)] = &[
    ("fixtures/attacks/", "wsdl/tests/attacks.rs"),
    ("fixtures/db/", "src/store/tests.rs"),
    ("fixtures/entities/", "tests/it/kinds/stories.rs"),
    ("fixtures/errors/", "tests/it/errors.rs"),
    ("fixtures/qbwc/", "wsdl/tests/conversations.rs"),
    ("fixtures/qbxml/", "qbxml/tests/support/mod.rs"),
];

/// Texts that have no place in a repository, in pieces so that this file does not find itself.
const MACHINE_PATHS: &[(&str, &str)] = &[("/wor", "k/"), ("/ho", "me/"), ("/ro", "ot/")];
const REGISTRY_HOSTS: &[(&str, &str)] = &[
    ("crates", ".io"),
    ("pypi", ".org"),
    ("files.python", "hosted"),
    ("registry.npm", "js"),
    ("deb.deb", "ian"),
    ("proxy.gol", "ang"),
];
const WORKING_TALK: &[(&str, &str)] = &[
    ("clau", "de"),
    ("anthro", "pic"),
    ("chat", "gpt"),
    ("language ", "model"),
    ("the br", "ief says"),
    ("my he", "lper"),
    ("another he", "lper"),
    ("as the le", "ad "),
    ("this is a st", "ub"),
    ("fix", "me"),
];

/// A file of ours: its path below the root with forward slashes, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether it is test code as a whole.
    fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        parts.any(|part| matches!(part, "tests" | "tests.rs" | "examples" | "benches" | "fuzz"))
    }

    /// Whether it is part of a library or of the program.
    fn is_product(&self) -> bool {
        let within = ["src/", "qbxml/src/", "wsdl/src/"];
        self.is_rust() && !self.is_test() && within.iter().any(|folder| self.path.starts_with(folder))
    }

    /// Its code without comments and strings, and, in a file of the product, without the items that only tests have.
    fn code(&self) -> String {
        let code = lex(&self.text).code;
        if self.is_product() { without_tests(code) } else { code }
    }

    /// The room of `src` it belongs to, and the module path within the crate.
    fn module(&self) -> Option<(String, Vec<String>)> {
        let inside = self.path.strip_prefix("src/")?.strip_suffix(".rs")?;
        let path: Vec<String> = inside.split('/').filter(|part| *part != "mod").map(str::to_owned).collect();
        let room = match path.as_slice() {
            [first, second, ..] if first == "sim" && second == "world" => "sim/world".to_owned(),
            [first, ..] => first.clone(),
            [] => return None,
        };
        (!matches!(room.as_str(), "lib" | "main")).then_some((room, path))
    }
}

// ---- reading the tree -------------------------------------------------------------------------------------------------

fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("tests are run by cargo"))
}

/// Every text file of ours: built, fetched and private folders are left out.
fn tree() -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            // In a further working tree of git this is a file.
            if name == ".git" {
                continue;
            }
            if path.is_dir() {
                let of_tools = matches!(name, "__pycache__" | ".pytest_cache" | "corpus" | "artifacts");
                let skipped = of_tools || matches!(name, "target" | "counterfoil-data");
                if !skipped {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let below = path.strip_prefix(root()).expect("below the root");
                found.push(Source { path: below.to_string_lossy().replace('\\', "/"), text });
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(found.len() > 100, "the tree was not found");
    found
}

// ---- a lexer, as small as it can be -----------------------------------------------------------------------------------

/// A Rust file taken apart.
struct Lexed {
    /// The code: comments are blank, of a string one quotation mark is left, lines stay where they are.
    code: String,
    /// What stands in strings, with the number of the line each begins on.
    strings: Vec<(usize, String)>,
}

fn lex(text: &str) -> Lexed {
    let signs: Vec<char> = text.chars().collect();
    let mut lexed = Lexed { code: String::with_capacity(text.len()), strings: Vec::new() };
    let (mut at, mut line) = (0, 1);
    while at < signs.len() {
        let (length, string) = token(&signs, at);
        let taken = &signs[at..at + length];
        if let Some((begin, end)) = string {
            lexed.strings.push((line, signs[begin..end].iter().collect()));
        }
        match string {
            _ if length == 1 => lexed.code.push(taken[0]),
            Some(_) => lexed.code.extend(std::iter::once('"').chain(taken[1..].iter().map(blank))),
            None => lexed.code.extend(taken.iter().map(blank)),
        }
        line += taken.iter().filter(|sign| **sign == '\n').count();
        at += length;
    }
    lexed
}

fn blank(sign: &char) -> char {
    if *sign == '\n' { '\n' } else { ' ' }
}

/// How many signs belong together here (1: code), and where the content of a string lies.
fn token(signs: &[char], at: usize) -> (usize, Option<(usize, usize)>) {
    let sign = |offset: usize| signs.get(at + offset).copied().unwrap_or('\0');
    let after_name = at > 0 && (signs[at - 1].is_alphanumeric() || signs[at - 1] == '_');
    match sign(0) {
        '/' if sign(1) == '/' => (signs[at..].iter().take_while(|sign| **sign != '\n').count(), None),
        '/' if sign(1) == '*' => (block_comment(&signs[at..]), None),
        '"' => string(signs, at, 1),
        'b' | 'c' if sign(1) == '"' && !after_name => string(signs, at, 2),
        'r' if matches!(sign(1), '"' | '#') && !after_name => raw_string(signs, at, 1),
        'b' | 'c' if sign(1) == 'r' && matches!(sign(2), '"' | '#') && !after_name => raw_string(signs, at, 2),
        '\'' if sign(1) == '\\' => (3 + signs[at + 3..].iter().take_while(|sign| **sign != '\'').count() + 1, None),
        '\'' if sign(2) == '\'' => (3, None),
        _ => (1, None),
    }
}

fn block_comment(signs: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at + 1 < signs.len() {
        match (signs[at], signs[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    signs.len()
}

fn string(signs: &[char], at: usize, opening: usize) -> (usize, Option<(usize, usize)>) {
    let begin = at + opening;
    let mut end = begin;
    while end < signs.len() && signs[end] != '"' {
        end += if signs[end] == '\\' { 2 } else { 1 };
    }
    let end = end.min(signs.len());
    ((end + 1).min(signs.len()) - at, Some((begin, end)))
}

fn raw_string(signs: &[char], at: usize, opening: usize) -> (usize, Option<(usize, usize)>) {
    let hashes = signs[at + opening..].iter().take_while(|sign| **sign == '#').count();
    let begin = at + opening + hashes + 1;
    if signs.get(begin - 1) != Some(&'"') {
        return (1, None); // A raw identifier.
    }
    let closes = |end: usize| {
        signs[end] == '"' && signs[end + 1..].iter().take(hashes).filter(|sign| **sign == '#').count() == hashes
    };
    let end = (begin..signs.len()).find(|end| closes(*end)).unwrap_or(signs.len());
    ((end + 1 + hashes).min(signs.len()) - at, Some((begin, end)))
}

/// Blanks every item behind `#[cfg(test)]`.
fn without_tests(code: String) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut code = code;
    while let Some(begin) = code.find(MARK) {
        let end = end_of_item(&code, begin + MARK.len());
        let nothing: String = code[begin..end].chars().map(|sign| blank(&sign)).collect();
        code.replace_range(begin..end, &nothing);
    }
    code
}

/// Behind the `;` or the closing brace of the item that begins here.
fn end_of_item(code: &str, begin: usize) -> usize {
    let (mut braces, mut others) = (0, 0);
    for (offset, sign) in code[begin..].char_indices() {
        match sign {
            '{' => braces += 1,
            '}' if braces <= 1 => return begin + offset + 1,
            '}' => braces -= 1,
            '(' | '[' => others += 1,
            ')' | ']' => others -= 1,
            ';' if braces == 0 && others == 0 => return begin + offset + 1,
            _ => {}
        }
    }
    code.len()
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Where a word stands by itself.
fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let of_name = |sign: char| sign.is_alphanumeric() || sign == '_';
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = code[..*at].chars().next_back().is_some_and(of_name);
        let ends_in_name = word.chars().next_back().is_some_and(of_name);
        let after = ends_in_name && code[at + word.len()..].chars().next().is_some_and(of_name);
        let begins_with_name = word.chars().next().is_some_and(of_name);
        !(after || begins_with_name && before)
    })
}

// ---- the rules --------------------------------------------------------------------------------------------------------

/// Rooms and libraries that a file uses, with the line of the first use.
fn uses(source: &Source) -> BTreeMap<String, usize> {
    let mut used = BTreeMap::new();
    let Some((room, module)) = source.module() else { return used };
    let code = source.code();
    let mut note = |name: &str, at: usize| {
        let known = ARROWS.iter().any(|(room, _)| *room == name) || matches!(name, "qbxml" | "qbwc");
        if known && name != room {
            used.entry(name.to_owned()).or_insert_with(|| line_of(&code, at));
        }
    };
    for at in words(&code, "crate::") {
        first_names(&code[at + "crate::".len()..]).iter().for_each(|name| note(name, at));
    }
    for at in words(&code, "super::") {
        let chain = code[at..].split("super::").take_while(|between| between.is_empty()).count();
        let longer = code[..at].ends_with("super::");
        // Only a chain that leaves the room leads to another one.
        if !longer && chain == module.len() {
            first_names(&code[at + "super::".len() * chain..]).iter().for_each(|name| note(name, at));
        }
    }
    for library in ["qbxml", "qbwc"] {
        let path = format!("{library}::");
        for at in words(&code, &path).filter(|at| !code[..*at].ends_with("::")) {
            note(library, at);
        }
    }
    used
}

/// The first names of a path or of a group of paths: `a::b` gives `a`, `{a::b, c}` gives `a` and `c`.
fn first_names(code: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect::<String>();
    let Some(group) = code.strip_prefix('{') else { return vec![name(code)] };
    let (mut names, mut depth, mut begin) = (Vec::new(), 0, true);
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begin = true,
            sign if begin && !sign.is_whitespace() => {
                names.push(name(&group[at..]));
                begin = false;
            }
            _ => {}
        }
    }
    names
}

fn arrows(sources: &[Source], exceptions: &[(&str, &str, &str)]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut needed = BTreeSet::new();
    for source in sources.iter().filter(|source| source.is_product()) {
        let Some((room, _)) = source.module() else { continue };
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == room) else {
            complaints.push(format!("{}: the room {room} is not in the table of arrows", source.path));
            continue;
        };
        for (used, line) in uses(source) {
            if exceptions.iter().any(|(path, room, _)| *path == source.path && *room == used) {
                needed.insert((source.path.clone(), used));
            } else if !allowed.contains(&used.as_str()) {
                complaints.push(format!("{}:{line}: {room} may not use {used}", source.path));
            }
        }
    }
    for (path, room, _) in exceptions {
        if !needed.contains(&((*path).to_owned(), (*room).to_owned())) {
            complaints.push(format!("{path}: the exception for {room} is not needed any more; remove it"));
        }
    }
    complaints
}

/// The two libraries know neither each other nor the application.
fn libraries_stand_alone(sources: &[Source]) -> Vec<String> {
    let strangers = [("qbxml/", ["qbwc", "counterfoil"]), ("wsdl/", ["qbxml", "counterfoil"])];
    let mut complaints = Vec::new();
    for (folder, unknown) in strangers {
        let of_library = |source: &&Source| {
            source.path == format!("{folder}Cargo.toml") || (source.path.starts_with(folder) && source.is_rust())
        };
        for source in sources.iter().filter(of_library) {
            let code = if source.is_rust() { source.code() } else { source.text.clone() };
            for name in unknown {
                let in_code = words(&code, &format!("{name}::")).next().is_some();
                let in_manifest = !source.is_rust() && code.lines().any(|line| line.starts_with(name));
                if in_code || in_manifest {
                    complaints.push(format!("{}: {folder} knows nothing of {name}", source.path));
                }
            }
        }
    }
    complaints
}

fn sql_outside_the_store(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| source.is_product() && !source.path.starts_with("src/store/")) {
        let lexed = lex(&source.text);
        let kept = source.code();
        for (line, text) in &lexed.strings {
            // Strings of test modules are not the product's.
            let in_test = !kept.lines().nth(line - 1).is_some_and(|line| line.contains('"'));
            if !in_test && SQL.iter().any(|opening| text.trim_start().starts_with(opening)) {
                complaints.push(format!("{}:{line}: SQL belongs into src/store", source.path));
            }
        }
        for at in words(&kept, "rusqlite") {
            complaints.push(format!("{}:{}: rusqlite belongs into src/store", source.path, line_of(&kept, at)));
        }
    }
    complaints
}

fn impure(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| source.is_product()) {
        let Some((room, _)) = source.module().filter(|(room, _)| PURE_ROOMS.contains(&room.as_str())) else { continue };
        let code = source.code();
        for word in IMPURE {
            for at in words(&code, word) {
                complaints.push(format!("{}:{}: {room} is pure, and {word} is not", source.path, line_of(&code, at)));
            }
        }
    }
    complaints
}

/// Name, first line and length of every function with a body.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for at in words(code, "fn ") {
        let name: String = code[at + 3..].chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
        let end = end_of_item(code, at);
        if !name.is_empty() && code[at..end].ends_with('}') {
            let (first, last) = (line_of(code, at), line_of(code, end));
            found.push((name, first, last - first + 1));
        }
    }
    found
}

fn long_functions(sources: &[Source], known: &[(&str, &str, usize)]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut needed = BTreeSet::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        for (name, line, length) in
            functions(&lex(&source.text).code).into_iter().filter(|(_, _, length)| *length > FUNCTION_LINES_MAX)
        {
            match known.iter().find(|(path, function, _)| *path == source.path && *function == name) {
                Some((path, function, max)) if length == *max => drop(needed.insert((*path, *function))),
                Some((_, _, max)) => complaints.push(format!(
                    "{}:{line}: {name} has {length} lines and is listed with {max}; the list may only shrink",
                    source.path
                )),
                None => complaints.push(format!(
                    "{}:{line}: {name} has {length} lines; {FUNCTION_LINES_MAX} are enough",
                    source.path
                )),
            }
        }
    }
    let left = known.iter().filter(|(path, function, _)| !needed.contains(&(*path, *function)));
    complaints.extend(
        left.map(|(path, function, _)| format!("{path}: {function} is not too long any more; remove it from the list")),
    );
    complaints
}

fn long_files(sources: &[Source]) -> Vec<String> {
    let long = |source: &&Source| source.is_rust() && source.text.lines().count() > FILE_LINES_MAX;
    let complaint = |source: &Source| {
        format!("{}: {} lines; {FILE_LINES_MAX} are enough", source.path, source.text.lines().count())
    };
    sources.iter().filter(long).map(complaint).collect()
}

fn banned_words(sources: &[Source], may_panic: &[(&str, &str)]) -> Vec<String> {
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let code = source.code();
        let strict = source.is_product() && !may_panic.iter().any(|(path, _)| *path == source.path);
        let of_product = if strict { BANNED_IN_PRODUCT } else { &[] };
        for word in BANNED_EVERYWHERE.iter().chain(of_product) {
            for at in words(&code, word) {
                complaints.push(format!("{}:{}: {word} has no place here", source.path, line_of(&code, at)));
            }
        }
    }
    let calm = |path: &str| {
        let source = sources.iter().find(|source| source.path == path);
        source.is_none_or(|source| BANNED_IN_PRODUCT.iter().all(|word| words(&source.code(), word).next().is_none()))
    };
    let idle = may_panic.iter().filter(|(path, _)| calm(path));
    complaints.extend(idle.map(|(path, _)| format!("{path}: the exception is not needed any more; remove it")));
    complaints
}

/// Paths that a document names in backticks or links to.
fn named_paths(document: &str) -> BTreeSet<String> {
    const ROOTS: &[&str] = &["src", "qbxml", "wsdl", "tests", "fixtures", "docs", ".ci", ".config"];
    let spans = document.split('`').skip(1).step_by(2);
    let links = document.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let path = |text: &str| -> Option<String> {
        let text = text.split('#').next().unwrap_or_default().trim_end_matches('/');
        let fits = |sign: char| sign.is_ascii_alphanumeric() || "./_-".contains(sign);
        let rooted = ROOTS.iter().any(|root| text.strip_prefix(root).is_some_and(|rest| rest.starts_with('/')));
        let top_file = !text.contains('/') && [".md", ".toml"].iter().any(|ending| text.ends_with(ending));
        (text.chars().all(fits) && (rooted || top_file)).then(|| text.to_owned())
    };
    spans.chain(links).filter_map(path).collect()
}

fn stale_paths(documents: &[&Source], exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut complaints = Vec::new();
    for document in documents {
        for path in named_paths(&document.text).into_iter().filter(|path| !exists(path)) {
            complaints.push(format!("{}: there is no {path}", document.path));
        }
    }
    complaints
}

fn unused_fixtures(sources: &[Source]) -> Vec<String> {
    let texts: Vec<&Source> =
        sources.iter().filter(|source| source.is_rust() || source.path.ends_with(".py")).collect();
    let discovered = |path: &str| {
        DISCOVERED.iter().any(|(folder, test)| {
            let by = texts.iter().find(|source| source.path == *test);
            path.starts_with(folder) && by.is_some_and(|source| source.text.contains(folder.trim_end_matches('/')))
        })
    };
    let named = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        texts.iter().any(|source| source.path != "tests/tidy.rs" && source.text.contains(name))
    };
    let unused = |source: &&Source| {
        let path = source.path.as_str();
        path.starts_with("fixtures/") && !path.ends_with("README.md") && !discovered(path) && !named(path)
    };
    sources.iter().filter(unused).map(|source| format!("{}: no test names or discovers it", source.path)).collect()
}

/// Paths of somebody's machine, hosts of package registries, and talk about how the work is organised.
fn foreign_talk(sources: &[Source]) -> Vec<String> {
    let kinds = [
        ("a path of one machine", MACHINE_PATHS),
        ("the host of a package registry", REGISTRY_HOSTS),
        ("talk about the work", WORKING_TALK),
    ];
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| !source.path.ends_with("Cargo.lock")) {
        for (number, line) in source.text.lines().enumerate() {
            let line = line.to_ascii_lowercase();
            for (what, needles) in kinds {
                if needles.iter().any(|(left, right)| line.contains(&format!("{left}{right}").to_ascii_lowercase())) {
                    complaints.push(format!("{}:{}: {what}", source.path, number + 1));
                }
            }
        }
    }
    complaints
}

// ---- the tests --------------------------------------------------------------------------------------------------------

fn assert_tidy(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn bad(path: &str, text: &str) -> Vec<Source> {
    vec![Source::new(path, text)]
}

#[test]
fn comments_strings_and_code_are_told_apart() {
    let text = "let a = \"x // y\"; // z\nlet b = r#\"q \" r\"#; /* c /* d */ e */ let c = '\"'; let d: &'static str = b\"k\\\"l\";";
    let lexed = lex(text);
    let strings: Vec<&str> = lexed.strings.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(strings, ["x // y", "q \" r", "k\\\"l"]);
    assert_eq!(lexed.strings[1].0, 2, "the line of a string");
    for gone in ["x", "z", "q", "d */", "k"] {
        assert!(!lexed.code.contains(gone), "{gone} is still in {}", lexed.code);
    }
    assert!(lexed.code.contains("let c =") && lexed.code.contains("&'static str"), "{}", lexed.code);
    assert_eq!(lexed.code.lines().count(), text.lines().count());
}

#[test]
fn items_of_tests_are_left_out_of_the_product() {
    let source = Source::new(
        "src/plan/x.rs",
        "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { c.unwrap(); }\n}\n#[cfg(test)]\nuse d;\nfn e() {}\n",
    );
    let code = source.code();
    assert!(
        code.contains("fn a") && code.contains("fn e") && !code.contains("unwrap") && !code.contains("use d"),
        "{code}"
    );
}

#[test]
fn rooms_use_each_other_one_way_only() {
    for (path, text) in [
        ("src/plan/x.rs", "use crate::store::Tx;"),
        ("src/model/x.rs", "fn f() { crate::entities::entity(k); }"),
        ("src/plan/deep/x.rs", "use super::super::super::engine::Engine;"),
        ("src/entities/x.rs", "use crate::{model::Kind, plan::{self, Partners}};"),
        ("src/sim/x.rs", "fn f() { let _ = qbxml::MessageSet::new(v, e); }"),
        ("src/new_room/x.rs", "fn f() {}"),
    ] {
        assert_eq!(arrows(&bad(path, text), &[]).len(), 1, "{path}: {text}");
    }
    let fine =
        "use crate::model::Kind; use super::plan_of_mine; // crate::store\nconst A: &str = \"crate::store::Tx\";";
    assert_tidy(&arrows(&bad("src/plan/x.rs", fine), &[]));
    let idle = arrows(&bad("src/plan/x.rs", fine), &[("src/plan/x.rs", "store", "no reason")]);
    assert!(idle[0].contains("not needed any more"), "{idle:?}");
    assert_tidy(&arrows(&tree(), ARROW_EXCEPTIONS));
}

#[test]
fn the_libraries_know_neither_each_other_nor_the_application() {
    assert_eq!(libraries_stand_alone(&bad("qbxml/src/x.rs", "use qbwc::Reply;")).len(), 1);
    assert_eq!(libraries_stand_alone(&bad("wsdl/Cargo.toml", "[dependencies]\nqbxml.workspace = true\n")).len(), 1);
    assert_tidy(&libraries_stand_alone(&tree()));
}

#[test]
fn sql_stands_in_the_store_only() {
    assert_eq!(sql_outside_the_store(&bad("src/engine/x.rs", "db.run(\n    \"SELECT 1 FROM link\"\n);")).len(), 1);
    assert_eq!(sql_outside_the_store(&bad("src/web/x.rs", "use rusqlite::Connection;")).len(), 1);
    assert_tidy(&sql_outside_the_store(&bad("src/store/x.rs", "db.run(\"SELECT 1 FROM link\");")));
    assert_tidy(&sql_outside_the_store(&tree()));
}

#[test]
fn decisions_are_pure() {
    for text in ["async fn f() {}", "let t = Utc::now();", "fn f(r: &mut dyn Random) {}", "std::thread::sleep(d);"] {
        assert_eq!(impure(&bad("src/plan/x.rs", text)).len(), 1, "{text}");
    }
    assert_tidy(&impure(&bad("src/plan/x.rs", "fn f(now: DateTime<Utc>) { g(now) } // async, now()")));
    assert_tidy(&impure(&tree()));
}

#[test]
fn functions_are_short() {
    let body = |lines: usize| format!("fn long() -> [u8; 3] {{\n{}}}\n", "    a();\n".repeat(lines));
    assert_tidy(&long_functions(&bad("src/x.rs", &body(68)), &[]));
    let long = bad("src/x.rs", &body(69));
    assert!(long_functions(&long, &[])[0].contains("71 lines"));
    assert_tidy(&long_functions(&long, &[("src/x.rs", "long", 71)]));
    assert!(long_functions(&long, &[("src/x.rs", "long", 80)])[0].contains("may only shrink"));
    assert!(long_functions(&bad("src/x.rs", &body(1)), &[("src/x.rs", "long", 71)])[0].contains("remove it"));
    assert_tidy(&long_functions(&tree(), LONG_FUNCTIONS));
}

#[test]
fn files_are_short() {
    assert_eq!(long_files(&bad("src/x.rs", &"\n".repeat(801))).len(), 1);
    assert_tidy(&long_files(&tree()));
}

#[test]
fn banned_words_do_not_occur() {
    for (path, text) in [
        ("src/x.rs", "fn f() { a.unwrap(); }"),
        ("qbxml/src/x.rs", "fn f() { panic!(\"no\"); }"),
        ("tests/it/x.rs", "fn f() { todo!(\"later\"); }"),
        ("wsdl/src/x.rs", "fn f() { dbg!(a); }"),
    ] {
        assert_eq!(banned_words(&bad(path, text), &[]).len(), 1, "{path}: {text}");
    }
    assert_tidy(&banned_words(
        &bad("src/x.rs", "fn f() { a.unwrap_or(b); }\n#[cfg(test)]\nmod tests { fn g() { a.unwrap(); } }"),
        &[],
    ));
    assert_tidy(&banned_words(&tree(), MAY_PANIC));
}

#[test]
fn documents_name_paths_that_exist() {
    let document =
        Source::new("README.md", "`src/gone/x.rs`, [a](docs/gone.png), `gone.toml`, `cargo test`, `/qbwc/{id}`, `a/b`");
    assert_eq!(stale_paths(&[&document], |_| false).len(), 3);
    let tree = tree();
    let documents: Vec<&Source> = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md", "fixtures/README.md"]
        .iter()
        .map(|name| tree.iter().find(|source| source.path == *name).unwrap_or_else(|| panic!("there is no {name}")))
        .collect();
    assert!(named_paths(&documents[1].text).len() > 20, "ARCHITECTURE.md names hardly anything");
    assert_tidy(&stale_paths(&documents, |path| Path::new(&root()).join(path).exists()));
}

#[test]
fn the_code_map_names_every_room() {
    let tree = tree();
    let map = tree.iter().find(|source| source.path == "ARCHITECTURE.md").expect("a code map");
    for (room, _) in ARROWS {
        assert!(map.text.contains(&format!("src/{room}")), "ARCHITECTURE.md does not name src/{room}");
    }
}

#[test]
fn every_fixture_is_used() {
    let mut sources = bad("fixtures/attacks/new.xml", "<a/>");
    assert_eq!(unused_fixtures(&sources).len(), 1, "its folder is discovered by a test that is not there");
    sources.push(Source::new("wsdl/tests/attacks.rs", "read_dir(\"fixtures/attacks\")"));
    sources.push(Source::new("fixtures/billcom/lonely.json", "{}"));
    assert_eq!(unused_fixtures(&sources).len(), 1);
    sources.push(Source::new("tests/it/x.rs", "include_str!(\"lonely.json\")"));
    assert_tidy(&unused_fixtures(&sources));
    assert_tidy(&unused_fixtures(&tree()));
}

#[test]
fn nothing_tells_of_machines_registries_or_of_how_the_work_is_done() {
    for needles in [MACHINE_PATHS, REGISTRY_HOSTS, WORKING_TALK] {
        for (left, right) in needles {
            assert_eq!(foreign_talk(&bad("docs/x.md", &format!("see {left}{right} there"))).len(), 1, "{left}{right}");
        }
    }
    assert_tidy(&foreign_talk(&tree()));
}
