//! Requests that want to do harm, and what they get: a clear refusal.
//!
//! Tests share their machine with compilers, so that no time is soon enough here: only what hangs ends a client's patience.
//! What a query may cost is held in `query`, by processor time.
//!
//! The files of `testdata/hostile/http` are whole requests; `HOST` stands for the address.

use std::{
    fmt::Write as _,
    fs,
    io::{Read, Write},
    path::PathBuf,
    time::{Duration, Instant},
};

use expect_test::expect;

use crate::site::{HELLO, PATIENCE, Site, connect};

#[test]
fn every_request_of_the_corpus_is_refused() {
    let site = Site::with_examples();
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/hostile/http"));
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "http"));
    files.sort();
    let mut got = String::new();
    for file in files {
        let text = fs::read(&file).unwrap();
        let answer = site.raw(&complete(&text, &site.addresses.public.to_string()));
        let name = file.file_name().unwrap().to_str().unwrap();
        writeln!(got, "{name}: {}", first_words(&answer)).unwrap();
    }
    expect![[r#"
        body-array.http: HTTP/1.1 400 Bad Request malformed-body the body is no JSON object; send {...}
        body-empty.http: HTTP/1.1 400 Bad Request malformed-body the body is no JSON object; send {...}
        body-invalid-utf8.http: HTTP/1.1 400 Bad Request malformed-body specification: invalid unicode code point at line 1 column 19
        body-null.http: HTTP/1.1 400 Bad Request malformed-body the body is no JSON object; send {...}
        body-truncated.http: HTTP/1.1 400 Bad Request malformed-body data: EOF while parsing a string at line 1 column 53
        body-twice.http: HTTP/1.1 400 Bad Request malformed-body duplicate field `specification` at line 1 column 57
        body-unknown-field.http: HTTP/1.1 400 Bad Request malformed-body speciification: unknown field `speciification`, expected one of `specification`, `case`, `data`, `start_at`, `command_id`, `traceparent` at line 1 column 58
        body-wrong-type.http: HTTP/1.1 400 Bad Request malformed-body specification: invalid type: map, expected a string at line 1 column 17
        case-id-long.http: HTTP/1.1 400 Bad Request not-a-case-id "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        case-id-nul.http: HTTP/1.1 400 Bad Request not-a-case-id "a\0b" is no case id: use 1 to 128 letters, digits, `_` or `-`
        case-id-traversal.http: HTTP/1.1 400 Bad Request not-a-case-id "../../etc/passwd" is no case id: use 1 to 128 letters, digits, `_` or `-`
        command-id-header-binary.http: HTTP/1.1 400 Bad Request malformed-header Idempotency-Key holds characters beyond ASCII; use a UUID
        command-id-long.http: HTTP/1.1 400 Bad Request not-a-command-id "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" is no command id: use 1 to 12
        content-type-json-for-xml.http: HTTP/1.1 415 Unsupported Media Type unsupported-media-type the content type is "application/json"; send the document as application/xml
        content-type-missing.http: HTTP/1.1 415 Unsupported Media Type unsupported-media-type the content type is ""; send application/json
        content-type-text.http: HTTP/1.1 415 Unsupported Media Type unsupported-media-type the content type is "text/plain"; send application/json
        data-entity-bomb.http: HTTP/1.1 422 Unprocessable Entity not-xml data is not XML: a document type declaration is not accepted; remove it
        data-not-xml.http: HTTP/1.1 422 Unprocessable Entity not-xml data is not XML: not well-formed at 1:1: the root node was opened but never closed
        head-conflicting-lengths.http: HTTP/1.1 400 Bad Request
        head-garbage.http: HTTP/1.1 400 Bad Request
        head-huge.http: HTTP/1.1 431 Request Header Fields Too Large
        head-many.http: HTTP/1.1 431 Request Header Fields Too Large
        head-smuggled.http: HTTP/1.1 400 Bad Request malformed-body the body is no JSON object; send {...}
        head-unknown-method.http: HTTP/1.1 405 Method Not Allowed method-not-allowed "/api/v1/cases" does not take BREW; GET /api/v1/openapi.json lists what it takes
        history-after-negative.http: HTTP/1.1 400 Bad Request malformed-query after: invalid digit found in string
        item-of-no-case.http: HTTP/1.1 404 Not Found no-such-item no work item :::
        item-path-overflow.http: HTTP/1.1 404 Not Found no-such-case no case 1
        limit-huge.http: HTTP/1.1 400 Bad Request malformed-query limit: number too large to fit in target type
        limit-negative.http: HTTP/1.1 400 Bad Request malformed-query limit: invalid digit found in string
        limit-text.http: HTTP/1.1 400 Bad Request malformed-query limit: invalid digit found in string
        limit-zero.http: HTTP/1.1 400 Bad Request malformed-query limit is 0, allowed are 1 to 1000; ask for more pages
        moment-far.http: HTTP/1.1 400 Bad Request malformed-body start_at: "99999-01-01T00:00:00Z" is no moment; write RFC 3339, such as 2026-11-21T06:30:00Z at line 1 column 77
        moment-number.http: HTTP/1.1 400 Bad Request malformed-body start_at: number out of range at line 1 column 58
        path-bad-encoding.http: HTTP/1.1 400 Bad Request malformed-path Invalid UTF-8 in `id`; encode every byte of an id but A-Z a-z 0-9 - . _ ~
        path-double-encoding.http: HTTP/1.1 404 Not Found no-such-case no case %2e%2e%2fetc
        path-long.http: HTTP/1.1 404 Not Found no-such-case no case aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        path-traversal-assets.http: HTTP/1.1 404 Not Found no-such-route no file "assets/../../package.json"; GET / has the names of the current ones
        path-traversal-encoded.http: HTTP/1.1 404 Not Found no-such-route no file "assets/..%2f..%2fpackage.json"; GET / has the names of the current ones
        path-traversal.http: HTTP/1.1 404 Not Found no-such-route no route "/../../../../etc/passwd"; GET /api/v1/openapi.json and docs/api.md list all
        query-status-unknown.http: HTTP/1.1 400 Bad Request malformed-query no case has status "sleeping"; use one of scheduled, running, suspended, completed, deadlocked, emptied, cancelled
        query-unknown.http: HTTP/1.1 400 Bad Request malformed-query colour: unknown field `colour`, expected one of `status`, `specification`, `prefix`, `after`, `limit`
        xml-billion-laughs.http: HTTP/1.1 422 Unprocessable Entity specification-invalid [document-dtd] the specification has 1 finding(s), first: error[document-dtd] document: a document type declaration is not accepted; remove it (remove the <!DOCTYPE ...>; writ
        xml-external-entity.http: HTTP/1.1 422 Unprocessable Entity specification-invalid [document-dtd] the specification has 1 finding(s), first: error[document-dtd] document: a document type declaration is not accepted; remove it (remove the <!DOCTYPE ...>; writ
        xml-invalid-utf8.http: HTTP/1.1 400 Bad Request malformed-body the document is not UTF-8 at byte 18; convert it
        xml-nothing.http: HTTP/1.1 400 Bad Request malformed-body the body is empty; send the .yawl document
        xml-other-root.http: HTTP/1.1 422 Unprocessable Entity specification-invalid [document-root] the specification has 1 finding(s), first: error[document-root] html at 1:1: the root element is "html" (a YAWL document starts with specificationSet)
        xml-truncated.http: HTTP/1.1 422 Unprocessable Entity specification-invalid [document-not-xml] the specification has 1 finding(s), first: error[document-not-xml] document at 1:1: not well-formed at 1:1: unexpected end of stream (mend the XML at this place
        xml-utf16.http: HTTP/1.1 400 Bad Request malformed-body the document is not UTF-8 at byte 0; convert it
    "#]].assert_eq(&got);
}

/// Puts the address and the body's length in, and turns the head's line ends into those of HTTP.
fn complete(request: &[u8], host: &str) -> Vec<u8> {
    let split =
        request.windows(2).position(|pair| pair == b"\n\n").map_or(request.len(), |at| at + 2);
    let (head, body) = request.split_at(split);
    let head = String::from_utf8_lossy(head).replace("HOST", host);
    let head = head.replace("LENGTH", &body.len().to_string()).replace('\n', "\r\n");
    [head.as_bytes(), body].concat()
}

/// Status, code and the beginning of the detail.
fn first_words(answer: &str) -> String {
    let status = answer.lines().next().unwrap_or("closed").to_owned();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    match serde_json::from_str::<serde_json::Value>(body) {
        Ok(problem) => {
            let word = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
            let finding = problem["findings"][0]["rule"].as_str().map(|rule| format!(" [{rule}]"));
            let detail: String = word("detail").chars().take(160).collect();
            format!("{status} {}{} {detail}", word("code"), finding.unwrap_or_default())
        }
        Err(_) => status,
    }
}

/// The files of one folder of the corpus, by name.
fn corpus(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder =
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/hostile")).join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = |file: PathBuf| {
        (file.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&file).unwrap())
    };
    files.map(named).collect()
}

#[test]
fn every_hostile_specification_is_refused() {
    let site = Site::new();
    let client = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .new_agent();
    let url = format!("http://{}/api/v1/specifications", site.addresses.public);
    for (name, document) in corpus("spec") {
        let mut answer =
            client.post(&url).content_type("application/xml").send(&document[..]).unwrap();
        let problem: serde_json::Value = answer.body_mut().read_json().unwrap();
        assert!(matches!(answer.status().as_u16(), 400 | 413 | 422), "{name}: {problem}");
    }
}

#[test]
fn every_hostile_schema_is_answered() {
    let site = Site::new();
    let ours = HELLO.lines().find(|line| line.contains("<xs:schema")).unwrap();
    for (name, schema) in corpus("schema") {
        let document = HELLO.replace(ours, &String::from_utf8_lossy(&schema));
        let answer =
            site.ask("POST", "/api/v1/specifications/verify", Some(("application/xml", &document)));
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
    }
}

/// A query is judged at upload; one that explodes on its data is stopped when the task starts.
#[test]
fn every_hostile_query_is_answered() {
    let query = "&lt;Question&gt;{/Hello/Question/text()}&lt;/Question&gt;";
    let site = Site::new();
    for (number, (name, text)) in corpus("query").into_iter().enumerate() {
        let mut escaped = String::new();
        model::xml::escape_attribute(&String::from_utf8_lossy(&text), &mut escaped);
        let document =
            HELLO.replace(query, &escaped).replace("UID_flotilla_hello", &format!("UID_{number}"));
        assert!(document.contains(&escaped));
        let ask = |what: &str, method: &str, path: &str, body: Option<(&str, &str)>| {
            let answer = site.ask(method, path, body);
            assert!(answer.status < 500, "{name}: {what}: {} {}", answer.status, answer.body);
            answer.status
        };
        let upload =
            ask("upload", "POST", "/api/v1/specifications", Some(("application/xml", &document)));
        if upload == 201 {
            let launch = format!(r#"{{"specification":"UID_{number}:1.0","case":"{number}"}}"#);
            ask("launch", "POST", "/api/v1/cases", Some(("application/json", &launch)));
            let checkout = format!("/api/v1/work-items/{number}%3AAnswer/checkout");
            ask("check-out", "POST", &checkout, None);
        }
    }
}

#[test]
fn an_announced_giant_is_refused_before_it_is_sent() {
    let site = Site::new();
    for (path, kind) in
        [("/api/v1/specifications", "application/xml"), ("/api/v1/cases", "application/json")]
    {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: 9999999999\r\n\r\n",
            site.addresses.public
        );
        let answer = site.raw(head.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(answer.contains("body-too-large"), "{answer}");
    }
}

#[test]
fn a_giant_in_chunks_is_cut_off_at_the_limit() {
    let site = Site::new();
    let mut stream = connect(site.addresses.public);
    let head = format!(
        "POST /api/v1/specifications HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/xml\r\ntransfer-encoding: chunked\r\n\r\n",
        site.addresses.public
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; 0x10_0000], b"\r\n"].concat();
    // The server answers and closes in the middle; writing then fails, which is the point.
    let sent = (0..64).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!(sent < 64, "all of 64 MiB were taken");
}

#[test]
fn deep_and_expanding_documents_are_refused() {
    let site = Site::with_examples();
    let deep = format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    let wide = format!("<a>{}</a>", "<b/>".repeat(1_000_000));
    let bomb = "<!DOCTYPE b [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><specificationSet>&b;</specificationSet>";
    for document in [deep.as_str(), wide.as_str(), bomb, "", "\u{feff}", "<", "]]>"] {
        let answer =
            site.ask("POST", "/api/v1/specifications", Some(("application/xml", document)));
        assert!(matches!(answer.status, 400 | 413 | 422), "{} {}", answer.status, answer.body);
    }
    let json = format!("{{\"specification\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let answer = site.post("/api/v1/cases", &json);
    assert_eq!((answer.status, answer.json()["code"].as_str()), (400, Some("malformed-body")));
    // Data of a case is XML within JSON and has the same limits.
    let data = format!("<Hello>{}{}</Hello>", "<a>".repeat(50_000), "</a>".repeat(50_000));
    let body =
        serde_json::json!({ "specification": "UID_flotilla_hello:1.0", "data": data }).to_string();
    assert_eq!(site.post("/api/v1/cases", &body).status, 422);
}

#[test]
fn a_batch_beyond_the_limit_is_refused_whole() {
    let site = Site::with_examples();
    let launch = serde_json::json!({ "specification": "UID_flotilla_hello:1.0" });
    let body = serde_json::json!({ "launches": vec![launch; 10_001] }).to_string();
    let answer = site.post("/api/v1/cases/batch", &body);
    assert_eq!((answer.status, answer.json()["code"].as_str()), (413, Some("too-large")));
    assert_eq!(site.get("/api/v1/cases").json()["items"], serde_json::json!([]));
}

#[test]
fn a_slow_head_is_cut_off() {
    let site = Site::with(|config| config.head_ms_max = 200);
    let mut stream = connect(site.addresses.public);
    stream.write_all(b"GET /api/v1/cases HTTP/1.1\r\nhost: x").unwrap();
    #[allow(clippy::disallowed_methods, reason = "when the server gives up is what is tested")]
    let began = Instant::now();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    // Without the setting it would be 15 seconds.
    assert!(began.elapsed() < Duration::from_secs(14), "cut off after {:?}", began.elapsed());
}

#[test]
fn a_slow_body_is_told_so() {
    let site = Site::with(|config| config.body_ms_max = 200);
    let request = format!(
        "POST /api/v1/cases HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{",
        site.addresses.public
    );
    let answer = site.raw(request.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("request-timeout"), "{answer}");
}

#[test]
fn connections_beyond_the_limit_get_a_whole_answer() {
    let site = Site::with(|config| config.connections_max = 2);
    let request = format!("GET /yawl/ib HTTP/1.1\r\nhost: {}\r\n\r\n", site.addresses.public);
    let mut held: Vec<_> = (0..2).map(|_| connect(site.addresses.public)).collect();
    // Answered once, each of the two certainly has its place.
    for stream in &mut held {
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
    }
    let mut third = connect(site.addresses.public);
    third.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    third.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("retry-after: 1") && answer.contains("overloaded"), "{answer}");
}

#[test]
fn event_streams_beyond_the_limit_are_refused() {
    let site = Site::with(|config| config.event_streams_max = 0);
    let answer = site.get("/api/v1/events");
    assert_eq!((answer.status, answer.json()["code"].as_str()), (429, Some("too-many-streams")));
    assert_eq!(answer.header("retry-after"), Some("10"));
}

#[test]
fn pages_of_other_sites_and_foreign_names_are_refused() {
    let site = Site::with_examples();
    let ask = |extra: &str| {
        let request = format!(
            "POST /api/v1/cases/1/cancel HTTP/1.1\r\nconnection: close\r\ncontent-length: 0\r\n{extra}\r\n\r\n"
        );
        first_words(&site.raw(request.as_bytes()))
    };
    let host = site.addresses.public;
    assert!(
        ask(&format!("host: {host}\r\norigin: http://evil.example")).contains("foreign-origin")
    );
    assert!(ask("host: evil.example").contains("foreign-host"));
    assert!(ask(&format!("host: {host}\r\norigin: http://{host}")).contains("no-such-case"));
}

#[test]
fn names_that_need_encoding_go_there_and_back() {
    let site = Site::new();
    let uri = "http://example.com/a b?c#d/Ü";
    let document = HELLO
        .replace("uri=\"hello\"", &format!("uri=\"{uri}\""))
        .replace("<identifier>UID_flotilla_hello</identifier>", "");
    let answer = site.ask("POST", "/api/v1/specifications", Some(("application/xml", &document)));
    if answer.status == 201 {
        let key = answer.json()["specifications"][0]["key"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/specifications/{}", wire::segment::encode(&key));
        assert_eq!(site.get(&path).json()["uri"], serde_json::json!(uri));
    } else {
        assert_eq!(answer.status, 422, "{}", answer.body);
    }
}
