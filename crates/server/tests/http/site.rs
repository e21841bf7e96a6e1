//! A server on free ports with an empty directory, and a client that runs scripts of requests.

use std::{
    fmt::Write as _,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use expect_test::Expect;
use serde_json::Value;
use server::{
    config::Config,
    server::{Addresses, Server},
};
use tokio::{runtime::Runtime, task::JoinHandle};

/// Nothing here may take longer: a test that hangs is a test that fails. Compilers on the same machine are no reason to.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Runs out after [`PATIENCE`].
pub(crate) struct Deadline(std::time::Instant);

impl Deadline {
    pub(crate) fn begin() -> Self {
        Self(node::Clock::system().monotonic())
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.elapsed() > PATIENCE
    }
}

/// A running server. Stops in order when dropped.
pub(crate) struct Site {
    runtime: Runtime,
    server: Option<Server>,
    pub(crate) addresses: Addresses,
    client: ureq::Agent,
    _directory: tempfile::TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        let mut config = Config { data, port: 0, management_port: 0, ..Config::default() };
        change(&mut config);
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(&config)).unwrap();
        let client = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .new_agent();
        let addresses = server.addresses();
        Self { runtime, server: Some(server), addresses, client, _directory: directory }
    }

    /// A site on which the examples `hello` and `four_tasks` are loaded.
    pub(crate) fn with_examples() -> Self {
        let site = Self::new();
        for document in [HELLO, FOUR_TASKS] {
            let answer =
                site.ask("POST", "/api/v1/specifications", Some(("application/xml", document)));
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
        site
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, json: &str) -> Answer {
        self.ask("POST", path, Some(("application/json", json)))
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<(&str, &str)>) -> Answer {
        self.ask_at(self.addresses.public, method, path, body)
    }

    /// Asks on another of the server's ports.
    pub(crate) fn ask_at(
        &self,
        address: SocketAddr,
        method: &str,
        path: &str,
        body: Option<(&str, &str)>,
    ) -> Answer {
        let url = format!("http://{address}{path}");
        let request = ureq::http::Request::builder().method(method).uri(url);
        let response = match body {
            Some((kind, text)) => {
                self.client.run(request.header("content-type", kind).body(text.to_owned()).unwrap())
            }
            None => self.client.run(request.body(()).unwrap()),
        };
        let mut response = response.unwrap();
        let headers = response.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
            .collect();
        let status = response.status().as_u16();
        Answer { status, headers, body: response.body_mut().read_to_string().unwrap() }
    }

    /// Claims that wait for work.
    pub(crate) fn waiting_claims(&self) -> usize {
        let node = self.server.as_ref().unwrap().node();
        self.runtime.block_on(node.discovery()).unwrap().waiting
    }

    /// Sends raw bytes on a connection of its own and reads until the server closes it.
    pub(crate) fn raw(&self, request: &[u8]) -> String {
        let mut stream = connect(self.addresses.public);
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        // A reset after the answer is an end, too.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Runs one request a line, `METHOD path [body]`, and compares the answers, moments and ages blanked out.
    #[track_caller]
    pub(crate) fn check(&self, script: &str, want: Expect) {
        let mut got = String::new();
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (method, rest) = line.split_once(' ').unwrap();
            let (path, body) =
                rest.split_once(' ').map_or((rest, None), |(path, body)| (path, Some(body)));
            let answer = self.ask(method, path, body.map(|body| ("application/json", body)));
            writeln!(got, "{method} {path}\n  {} {}", answer.status, show(&answer.body)).unwrap();
        }
        want.assert_eq(&got);
    }

    /// The node inside, for what no interface offers.
    pub(crate) fn node(&self) -> node::Handle {
        self.server.as_ref().unwrap().node()
    }

    /// Runs something on the server's own threads.
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Starts something there that goes on meanwhile.
    pub(crate) fn start<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.runtime.handle().spawn(work)
    }

    /// Stops the server and gives the result.
    pub(crate) fn stop(mut self) -> Result<(), node::Fault> {
        let server = self.server.take().unwrap();
        self.runtime.block_on(server.stop())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            // The test's own outcome is what counts.
            let _ = self.runtime.block_on(server.stop());
        }
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

fn show(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(mut value) => {
            blank_moments(&mut value);
            value.to_string()
        }
        Err(_) => body.to_owned(),
    }
}

fn blank_moments(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let is_moment = name == "at" || name.ends_with("_at");
                let is_age = name.ends_with("_ms_ago") || name == "left_ms";
                if is_moment && field.is_string() {
                    *field = Value::from("T");
                } else if is_age && field.is_number() {
                    *field = Value::from("MS");
                } else {
                    blank_moments(field);
                }
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(blank_moments),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

pub(crate) const HELLO: &str = include_str!("../../../../examples/hello.yawl");
pub(crate) const FOUR_TASKS: &str = include_str!("../../../../examples/four_tasks.yawl");
