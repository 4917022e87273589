//! A large answer through the real server: `cargo bench -p counterfoil --bench answer`.
//!
//! The program is started as a person would start it. A connector of this file signs in over HTTP, is asked for everything,
//! and answers with 50,000 records at once. What is printed: the time from the first byte sent to the reply, the parts it is
//! judged by (four passes of quick-xml's event loop over the same qbXML, and the same rows written by SQLite with nothing else
//! done), and the most memory the server ever had.

#[path = "../qbxml/benches/support/mod.rs"]
mod support;

use qbwc::client::{Call, encode_call, read_reply};
use qbwc::{OperationName, Reply};
use quick_xml::Reader;
use quick_xml::events::Event;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::error::Error;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::{RECORDS, answer, median};

/// Passes of each measurement.
const PASSES: usize = 5;

/// How long the server may plan what it has read before its memory is looked at.
const PLANNING_MAX: Duration = Duration::from_secs(20);

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut server = Server::start(folder.path())?;
    let request = server.asked_for_everything()?;
    let text = respond(&request);
    let call = Call::ReceiveResponseXml {
        ticket: server.ticket.clone(),
        response: text.clone(),
        hresult: String::new(),
        message: String::new(),
    };
    let body = encode_call(&call);
    println!("{RECORDS} records, {} bytes of qbXML, {} on the wire", text.len(), body.len());
    let before = server.peak_kilobytes()?;
    let began = Instant::now();
    let reply = server.exchange(OperationName::ReceiveResponseXml, &body)?;
    let whole = began.elapsed();
    assert!(matches!(reply, Reply::ReceiveResponseXml(percent) if percent > 0), "the answer is taken in");
    let peak = server.peak_kilobytes()?;
    assert_eq!(stored(&folder.path().join("companies/bench.db"))?, RECORDS);
    drop((call, body));
    let bare = median(PASSES, || bare_events(text.as_bytes()));
    let rows = Rows::load(&folder.path().join("companies/bench.db"))?;
    let inserts = median(PASSES, || rows.insert(folder.path()).expect("SQLite"));
    let ms = |time: Duration| time.as_millis();
    println!("bare event loop, four passes {:>8} ms", ms(4 * bare));
    println!("the inserts alone            {:>8} ms", ms(inserts));
    println!("both together                {:>8} ms", ms(4 * bare + inserts));
    println!("the server, whole            {:>8} ms", ms(whole));
    println!("resident, before             {:>8} KB", before);
    println!("resident, at most            {:>8} KB", peak);
    std::thread::sleep(PLANNING_MAX);
    println!("resident, after planning     {:>8} KB", server.peak_kilobytes()?);
    server.stop()
}

/// What the parser alone needs.
fn bare_events(text: &[u8]) {
    let mut reader = Reader::from_reader(text);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).expect("well-formed") {
            Event::Eof => return,
            event => {
                black_box(event);
            }
        }
    }
}

fn stored(file: &Path) -> Result<usize, Box<dyn Error>> {
    let sql = "SELECT count(*) FROM sighting WHERE side = 'quickbooks' AND kind = 'vendor'";
    Ok(Connection::open(file)?.query_row(sql, [], |row| row.get::<_, i64>(0))?.try_into()?)
}

/// The tables that a reading fills.
const TABLES: [&str; 2] = ["sighting", "sighting_key"];

/// The rows that the server has stored, and the statements that made their tables.
struct Rows {
    forms: Vec<String>,
    tables: Vec<Vec<Vec<Value>>>,
}

impl Rows {
    fn load(file: &Path) -> Result<Self, Box<dyn Error>> {
        let source = Connection::open(file)?;
        let sql = "SELECT sql FROM sqlite_schema WHERE tbl_name IN ('sighting', 'sighting_key') AND sql IS NOT NULL";
        let forms = source.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut tables = Vec::new();
        for table in TABLES {
            let mut select = source.prepare(&format!("SELECT * FROM {table}"))?;
            let columns = select.column_count();
            let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
            tables.push(select.query_map([], row)?.collect::<Result<_, _>>()?);
        }
        Ok(Self { forms, tables })
    }

    /// Writes them into an empty file of the same form, in one transaction, with nothing else done.
    fn insert(&self, folder: &Path) -> Result<(), Box<dyn Error>> {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.join(format!("copy.db{ending}")));
        }
        let mut copy = Connection::open(folder.join("copy.db"))?;
        copy.pragma_update(None, "journal_mode", "WAL")?;
        copy.pragma_update(None, "synchronous", "FULL")?;
        for form in &self.forms {
            copy.execute_batch(form)?;
        }
        let transaction = copy.transaction()?;
        for (table, rows) in TABLES.iter().zip(&self.tables) {
            let columns = rows.first().map_or(0, Vec::len);
            assert!(columns > 0, "the reading has filled {table}");
            let places: Vec<String> = (1..=columns).map(|place| format!("?{place}")).collect();
            let mut insert = transaction.prepare(&format!("INSERT INTO {table} VALUES ({})", places.join(", ")))?;
            for row in rows {
                insert.execute(rusqlite::params_from_iter(row))?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

/// Answers every request of a message set: vendors to one, nothing to the others.
fn respond(request: &str) -> String {
    let mut empty = String::new();
    let mut vendors = String::new();
    for part in request.split('<').filter(|part| part.contains("Rq requestID=")) {
        let name = part.split("Rq ").next().unwrap_or_default();
        let id = part.split("requestID=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        if name == "VendorQuery" {
            vendors = id.to_owned();
        } else {
            empty.push_str(&format!(
                "<{name}Rs requestID=\"{id}\" statusCode=\"1\" statusSeverity=\"Info\" statusMessage=\"none\"/>"
            ));
        }
    }
    assert!(!vendors.is_empty(), "vendors are asked for: {request}");
    answer(RECORDS, &vendors).replace("</QBXMLMsgsRs>", &format!("{empty}</QBXMLMsgsRs>"))
}

/// A running server with one company, and a session of its connector.
struct Server {
    process: Child,
    connection: BufReader<TcpStream>,
    ticket: String,
}

impl Server {
    fn start(data: &Path) -> Result<Self, Box<dyn Error>> {
        let program = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_counterfoil"));
            command.arg("--data").arg(data).stdout(Stdio::piped()).stderr(Stdio::null());
            command
        };
        let added = program()
            .args(["company", "add", "Bench", "--billcom-url", "http://127.0.0.1:9/api/v2", "--billcom-org", "008"])
            .args(["--billcom-user", "sync", "--json"])
            .env("COUNTERFOIL_BILLCOM_PASSWORD", "sync-token")
            .env("COUNTERFOIL_BILLCOM_DEV_KEY", "developer-key")
            .output()?;
        let added: serde_json::Value = serde_json::from_slice(&added.stdout)?;
        let text = |key: &str| added[key].as_str().unwrap_or_default().to_owned();
        let mut process = program().args(["serve", "--listen", "127.0.0.1:0"]).spawn()?;
        let mut lines = BufReader::new(process.stdout.take().ok_or("no output")?).lines();
        let address = loop {
            let line = lines.next().ok_or("the server ended")??;
            if let Some((_, address)) = line.split_once("Listening on http://") {
                break address.trim_end_matches('/').to_owned();
            }
        };
        let connection = BufReader::new(TcpStream::connect(address)?);
        let mut server = Self { process, connection, ticket: String::new() };
        let call = Call::Authenticate { user_name: text("user_name"), password: text("password") };
        let Reply::Authenticate(result) = server.call(OperationName::Authenticate, &call)? else {
            return Err("no reply to authenticate".into());
        };
        server.ticket.clone_from(&result.ticket);
        Ok(server)
    }

    /// The message set that reads everything; the question which file is open is answered on the way.
    fn asked_for_everything(&mut self) -> Result<String, Box<dyn Error>> {
        loop {
            let send = Call::SendRequestXml {
                ticket: self.ticket.clone(),
                hcp_response: String::new(),
                company_file_name: "C:\\Books\\Bench.qbw".to_owned(),
                country: "US".to_owned(),
                major_version: 16,
                minor_version: 0,
            };
            let Reply::SendRequestXml(request) = self.call(OperationName::SendRequestXml, &send)? else {
                return Err("no request".into());
            };
            if request.contains("VendorQueryRq") {
                return Ok(request);
            }
            let company = "<?xml version=\"1.0\" ?><QBXML><QBXMLMsgsRs><CompanyQueryRs statusCode=\"0\"><CompanyRet>\
                           <CompanyName>Bench</CompanyName></CompanyRet></CompanyQueryRs></QBXMLMsgsRs></QBXML>";
            let receive = Call::ReceiveResponseXml {
                ticket: self.ticket.clone(),
                response: company.to_owned(),
                hresult: String::new(),
                message: String::new(),
            };
            self.call(OperationName::ReceiveResponseXml, &receive)?;
        }
    }

    fn call(&mut self, name: OperationName, call: &Call) -> Result<Reply, Box<dyn Error>> {
        self.exchange(name, &encode_call(call))
    }

    fn exchange(&mut self, name: OperationName, body: &[u8]) -> Result<Reply, Box<dyn Error>> {
        let head = format!(
            "POST /qbwc/bench HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let stream = self.connection.get_mut();
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.connection.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.connection.read_exact(&mut answer)?;
        Ok(read_reply(name, &answer, 1 << 20)?)
    }

    /// The most memory the server has had so far, as the operating system counts it.
    fn peak_kilobytes(&self) -> Result<u64, Box<dyn Error>> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    fn stop(mut self) -> Result<(), Box<dyn Error>> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}
