//! A server on free ports with the example `hello`, its client, and workers whose ends are heard.

use std::time::Duration;

use sdk::{
    Client, Element, Failure, Work, Worker,
    client::{Pauses, Settings},
    wire::case::Launch,
    worker::Ended,
};
use server::{config::Config, server::Server};
use tokio::{sync::mpsc, time::timeout};

/// Nothing here may take longer: a test that hangs is a test that fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
pub(crate) const HELLO: &str = include_str!("../../../../examples/hello.yawl");
pub(crate) const SPECIFICATION: &str = "UID_flotilla_hello:1.0";
/// Ends that wait to be looked at.
const ENDS_MAX: usize = 1_000;

/// A running server.
pub(crate) struct Site {
    pub(crate) config: Config,
    pub(crate) server: Server,
    pub(crate) client: Client,
    pub(crate) _directory: tempfile::TempDir,
}

/// The ends of a worker's items, as they come.
pub(crate) struct Ends(mpsc::Receiver<Ended>);

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        let mut config =
            Config { data, port: 0, management_port: 0, registry: false, ..Config::default() };
        change(&mut config);
        let server = Server::start(&config).await.unwrap();
        let config = Config { port: server.addresses().public.port(), ..config };
        let client = client(&format!("http://{}", server.addresses().public));
        client.upload(HELLO).await.unwrap();
        Self { config, server, client, _directory: directory }
    }

    /// Launches cases and gives their ids.
    pub(crate) async fn launch(&self, count: usize) -> Vec<String> {
        launch(&self.client, count).await
    }

    pub(crate) async fn status(&self, case: &str) -> String {
        self.client.case(case).await.unwrap().head.status
    }

    /// An answering worker whose ends are heard.
    pub(crate) fn worker(&self, agent: &str) -> (Worker, Ends) {
        heard(Worker::new(self.client.clone(), agent).wait(Duration::from_secs(5)))
    }

    pub(crate) async fn stop(self) {
        self.server.stop().await.unwrap();
    }
}

pub(crate) async fn launch(client: &Client, count: usize) -> Vec<String> {
    let launch = || Launch { specification: SPECIFICATION.to_owned(), ..Launch::default() };
    let launched = client.launch_many((0..count).map(|_| launch()).collect()).await.unwrap();
    launched.into_iter().map(|one| one.unwrap().case).collect()
}

/// A client that tries again soon.
pub(crate) fn client(url: &str) -> Client {
    let pauses = Pauses { first: Duration::from_millis(20), longest: Duration::from_millis(200) };
    Client::with(url, Settings { pauses, ..Settings::default() }).unwrap()
}

pub(crate) fn heard(worker: Worker) -> (Worker, Ends) {
    let (sender, receiver) = mpsc::channel(ENDS_MAX);
    let worker = worker.observe(move |ended| sender.try_send(ended.clone()).unwrap());
    (worker, Ends(receiver))
}

pub(crate) async fn answer(work: Work) -> Result<Element, Failure> {
    let question: String = work.input()?.value("Question")?;
    Ok(work.output()?.with("Reply", format!("{question} <Forty> & \"two\".")))
}

impl Ends {
    pub(crate) async fn next(&mut self) -> Ended {
        soon(self.0.recv()).await.expect("the worker is there")
    }

    /// The words of the next end.
    pub(crate) async fn how(&mut self) -> String {
        self.next().await.how.to_string()
    }

    pub(crate) fn nothing_more(&mut self) {
        assert!(self.0.try_recv().is_err());
    }
}

/// What comes of it, or a failed test.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.expect("it comes in time")
}

/// Asks again until it holds.
pub(crate) async fn until<F: Future<Output = bool>>(mut holds: impl FnMut() -> F) {
    soon(async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
