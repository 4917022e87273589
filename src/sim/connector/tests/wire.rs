//! Styles, headers, the HTTP transport and the timer.

use super::*;

#[tokio::test]
async fn missing_headers_and_redirects_are_violations() {
    let mut office = office(Service::with_work(&[]));
    let mut answer = HttpAnswer::xml(302, "");
    answer.headers.retain(|(name, _)| name != "Content-Length");
    office.service.lock().expect("free").raw = Some(("authenticate", Ok(answer)));
    office.run().await;
    assert_eq!(office.connector.violations, ["authenticate: a redirect, which is never followed"]);
}

#[tokio::test]
async fn rpc_and_soap_12_are_spoken_too() {
    let transport = LocalTransport::new(|_: &str, body: &str| {
        let envelope = parse(body).expect("well formed").root;
        let call = envelope.child("Body").expect("a body").children[0].clone();
        let soap = &envelope.namespace;
        let result = match call.name.as_str() {
            "authenticate" => strings(&["T", "none", "", ""]),
            _ => String::new(),
        };
        let text = format!(
            "<e:Envelope xmlns:e=\"{soap}\"><e:Body><{0}Response xmlns=\"{NAMESPACE}\"><{0}Result>{result}</{0}Result></{0}Response></e:Body></e:Envelope>",
            call.name
        );
        let mut answer = HttpAnswer::xml(200, &text);
        if soap.contains("2003") {
            answer.headers[0].1 = "application/soap+xml; charset=utf-8".to_owned();
        }
        Ok(answer)
    });
    let company = Mutex::new(CompanyFile::new("Acme", 1));
    let clock = VirtualClock::new(summer());
    let rpc = GOOD.replace("<QBType>", "<Style>RPC</Style><QBType>");
    let mut connector = Connector::new(&rpc, "x", transport).expect("good");
    assert_eq!(connector.form.style, Style::Rpc);
    assert_eq!(connector.run_update(&company, &clock).await.ending, Ending::NoWork);
    connector.form = Form { style: Style::Document, soap_12: true };
    assert_eq!(connector.run_update(&company, &clock).await.ending, Ending::NoWork);
}

#[tokio::test]
async fn the_http_transport_sends_the_headers_of_the_capture() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut seen = Vec::new();
        let mut buffer = [0_u8; 4096];
        while !seen.ends_with(b"</soap:Envelope>") {
            let read = stream.read(&mut buffer).expect("readable");
            assert!(read > 0, "the client hung up");
            seen.extend_from_slice(&buffer[..read]);
        }
        let body = "<x/>";
        let head = format!(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("writable");
        String::from_utf8(seen).expect("text")
    });
    let transport = HttpTransport::new(&format!("http://{address}/qbwc"), false).expect("a client");
    let body = soap::write(Form::default(), "serverVersion", &[]);
    let answer = transport.post(&soap::action("serverVersion"), body).await.expect("an answer");
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"<x/>".as_slice()));
    let seen = server.join().expect("the server ran").to_ascii_lowercase();
    for header in [
        "post /qbwc http/1.1\r\n",
        "user-agent: mozilla/4.0 (compatible; msie 6.0; ms web services client protocol 2.0.50727.1433)\r\n",
        "content-type: text/xml; charset=utf-8\r\n",
        "soapaction: \"http://developer.intuit.com/serverversion\"\r\n",
        "expect: 100-continue\r\n",
        "content-length: ",
    ] {
        assert!(seen.contains(header), "{header:?} in {seen}");
    }
    assert!(!seen.contains("accept-encoding"), "no compression is asked for");
}

#[tokio::test]
async fn the_timer_runs_again_and_again() {
    let mut office = office(Service::with_work(&[]));
    for _ in 0..5 {
        office.script("authenticate", &strings(&["T", "none", "", ""]));
    }
    let mut endings = Vec::new();
    let company = Arc::clone(&office.company);
    let timer = office.connector.run_on_timer(&company, Duration::from_millis(1), |report| {
        endings.push(report.ending.clone());
    });
    let _ = tokio::time::timeout(Duration::from_millis(200), timer).await;
    assert!(endings.len() >= 3, "{endings:?}");
}

#[test]
fn updates_can_be_spawned() {
    fn is_send(_: &impl Send) {}
    let company = Mutex::new(CompanyFile::new("Acme", 1));
    let transport = HttpTransport::new("http://localhost:1/", false).expect("a client");
    let mut connector = Connector::new(GOOD, "x", transport).expect("good");
    is_send(&connector);
    is_send(&connector.run_update(&company, &SystemClock));
}
