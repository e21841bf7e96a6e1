//! A real server under load is killed at random moments and started again on the same directory, and
//! the clients' ledger agrees each time: nothing acknowledged is lost, nothing is counted twice.
//!
//! `FLOTILLA_KILLS=200 cargo test -p server --test kill` is the long run; 20 kills by default.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    time::Duration,
};

use serde_json::{Value, json};

/// Enough that several requests are under one write when the kill comes.
const WORKERS: usize = 4;
/// Launches in one request of the batch worker: a batch is torn in the middle, too.
const BATCH: u64 = 25;
/// Few, so that two hundred kills do not end in looking through tens of thousands of cases each time.
const BATCHES_PER_KILL: usize = 3;
/// A kill comes after at most so many acknowledgements.
const ACKS_MAX: u64 = 150;
const SPECIFICATION: &str = "UID_flotilla_hello:1.0";

#[test]
fn nothing_acknowledged_is_lost_and_nothing_counts_twice() {
    let kills: u64 = std::env::var("FLOTILLA_KILLS").map_or(20, |text| text.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let mut dice = Dice(kills);
    let mut workers: Vec<Worker> = (0..WORKERS).map(Worker::new).collect();
    let mut batches = Batches::default();
    for kill in 0..kills {
        let mut server = Process::start(directory.path());
        if kill == 0 {
            server.upload(include_str!("../../../examples/hello.yawl"));
        }
        server.check_against(&workers, &batches);
        let acks = dice.below(ACKS_MAX) + 1;
        load_until_killed(&mut server, &mut workers, &mut batches, acks);
    }
    let server = Process::start(directory.path());
    server.check_against(&workers, &batches);
    for worker in &mut workers {
        worker.finish(&server.client()).expect("nobody kills this one");
    }
    batches.repeat(&server.client()).expect("nobody kills this one");
    let jobs: usize = workers.iter().map(|worker| worker.jobs.len()).sum();
    let cases = server.cases();
    assert_eq!(cases.len(), jobs + batches.cases.len(), "cases launched and cases there");
    server.check_interrupted(&workers);
    eprintln!("{kills} kills, {jobs} jobs worked to the end, {} cases", cases.len());
}

#[test]
fn a_server_that_is_asked_to_end_ends_in_order_under_load() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Process::start(directory.path());
    server.upload(include_str!("../../../examples/hello.yawl"));
    let mut worker = Worker::new(0);
    let (signal, signalled) = sync_channel(1);
    let counter = Counter { count: AtomicU64::new(0), target: 20, signal };
    let client = server.client();
    std::thread::scope(|scope| {
        let (worker, client, counter) = (&mut worker, client.clone(), &counter);
        scope.spawn(move || while worker.step(&client, counter).is_ok() {});
        signalled.recv().unwrap();
        let asked =
            Command::new("kill").arg("-TERM").arg(server.child.id().to_string()).status().unwrap();
        assert!(asked.success());
        assert_eq!(server.child.wait().unwrap().code(), Some(0));
    });
    let server = Process::start(directory.path());
    server.check_against(&[worker], &Batches::default());
}

/// Lets all workers work and kills the server after so many acknowledgements. They end by losing it.
fn load_until_killed(
    server: &mut Process,
    workers: &mut [Worker],
    batches: &mut Batches,
    acks: u64,
) {
    let (signal, signalled) = sync_channel(1);
    let counter = Counter { count: AtomicU64::new(0), target: acks, signal };
    let client = server.client();
    std::thread::scope(|scope| {
        for worker in workers {
            let (client, counter) = (client.clone(), &counter);
            scope.spawn(move || while worker.step(&client, counter).is_ok() {});
        }
        let (client, counter) = (client.clone(), &counter);
        scope.spawn(move || {
            (0..BATCHES_PER_KILL).all(|_| batches.step(&client).is_ok_and(|()| counter.ack()))
        });
        signalled.recv().unwrap();
        server.kill();
    });
}

/// Counts acknowledgements and says when there are enough.
struct Counter {
    count: AtomicU64,
    target: u64,
    signal: SyncSender<()>,
}

impl Counter {
    fn ack(&self) -> bool {
        if self.count.fetch_add(1, Ordering::SeqCst) + 1 == self.target {
            self.signal.send(()).unwrap();
        }
        true
    }
}

/// The server is gone.
#[derive(Debug)]
struct Gone;

/// How far a job has been acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Wanted,
    Launched,
    CheckedOut,
    Done,
}

/// One case that one worker takes from launch to end.
struct Job {
    name: String,
    case: Option<String>,
    stage: Stage,
    /// Some request of it was under way when the server died.
    interrupted: bool,
}

/// Does one job after another; the last one may be unfinished.
struct Worker {
    number: usize,
    jobs: Vec<Job>,
}

impl Worker {
    fn new(number: usize) -> Self {
        Self { number, jobs: Vec::new() }
    }

    /// The next request of the job under way, or the first of a new one.
    fn step(&mut self, client: &Client, counter: &Counter) -> Result<(), Gone> {
        if self.jobs.last().is_none_or(|job| job.stage == Stage::Done) {
            let name = format!("job-{}-{}", self.number, self.jobs.len());
            self.jobs.push(Job { name, case: None, stage: Stage::Wanted, interrupted: false });
        }
        self.jobs.last_mut().unwrap().step(client)?;
        counter.ack();
        Ok(())
    }

    fn finish(&mut self, client: &Client) -> Result<(), Gone> {
        let Some(job) = self.jobs.last_mut() else { return Ok(()) };
        while job.stage != Stage::Done {
            job.step(client)?;
        }
        Ok(())
    }
}

impl Job {
    /// Sends the next request, with the same command id as before if it was sent before.
    fn step(&mut self, client: &Client) -> Result<(), Gone> {
        let answer = self.send(client);
        self.interrupted |= answer.is_err();
        let (status, answer) = answer?;
        assert!(
            status == 200 || status == 201,
            "{} after {:?}: {status} {answer}",
            self.name,
            self.stage
        );
        self.stage = match self.stage {
            Stage::Wanted => {
                self.case = Some(answer["case"].as_str().unwrap().to_owned());
                Stage::Launched
            }
            Stage::Launched => {
                let started = format!("{}.1:Answer", self.case.as_ref().unwrap());
                assert_eq!(answer["item"], json!(started), "{}", self.name);
                Stage::CheckedOut
            }
            Stage::CheckedOut | Stage::Done => Stage::Done,
        };
        Ok(())
    }

    fn send(&self, client: &Client) -> Result<(u16, Value), Gone> {
        let name = &self.name;
        let item = |instance: &str| {
            let id = format!("{}{instance}:Answer", self.case.as_ref().unwrap());
            format!("/api/v1/work-items/{}", wire::segment::encode(&id))
        };
        match self.stage {
            Stage::Wanted => {
                let launch = json!({ "specification": SPECIFICATION });
                client.post("/api/v1/cases", &format!("{name}/launch"), &launch)
            }
            Stage::Launched => client.post(
                &format!("{}/checkout", item("")),
                &format!("{name}/checkout"),
                &json!({}),
            ),
            Stage::CheckedOut | Stage::Done => {
                let result = json!({ "data": format!("<Answer><Reply>{name}</Reply></Answer>") });
                client.post(&format!("{}/checkin", item(".1")), &format!("{name}/checkin"), &result)
            }
        }
    }

    fn output(&self) -> String {
        format!("<Hello><Reply>{}</Reply></Hello>", self.name)
    }
}

/// Launches many cases at a time and leaves them.
#[derive(Default)]
struct Batches {
    sent: u64,
    acknowledged: u64,
    /// Acknowledged case → its launch's command id.
    cases: BTreeMap<String, String>,
}

impl Batches {
    /// Sends the batch that was not acknowledged again, else the next one.
    fn step(&mut self, client: &Client) -> Result<(), Gone> {
        self.sent = self.acknowledged + 1;
        let ids: Vec<_> =
            (0..BATCH).map(|entry| format!("batch-{}-{entry}", self.acknowledged)).collect();
        let launches =
            ids.iter().map(|id| json!({ "specification": SPECIFICATION, "command_id": id }));
        let body = json!({ "launches": launches.collect::<Vec<_>>() });
        let (status, answer) = client.post("/api/v1/cases/batch", "", &body)?;
        assert_eq!(status, 200, "{answer}");
        for (id, result) in ids.into_iter().zip(answer["results"].as_array().unwrap()) {
            let case =
                result["case"].as_str().unwrap_or_else(|| panic!("{id}: {result}")).to_owned();
            let other = self.cases.insert(case, id);
            assert_eq!(other, None, "two launches got one case");
        }
        self.acknowledged = self.sent;
        Ok(())
    }

    fn repeat(&mut self, client: &Client) -> Result<(), Gone> {
        if self.sent > self.acknowledged { self.step(client) } else { Ok(()) }
    }

    /// Cases that may be there without their batch having been acknowledged.
    fn unsure(&self) -> usize {
        usize::try_from((self.sent - self.acknowledged) * BATCH).unwrap()
    }
}

#[derive(Clone)]
struct Client {
    address: String,
    agent: ureq::Agent,
}

impl Client {
    /// Any failure to get a whole answer means that the server is gone.
    fn post(&self, path: &str, command: &str, body: &Value) -> Result<(u16, Value), Gone> {
        let url = format!("{}{path}", self.address);
        let mut request = self.agent.post(url);
        if !command.is_empty() {
            request = request.header("idempotency-key", command);
        }
        let mut response = request.send_json(body).map_err(|_| Gone)?;
        let status = response.status().as_u16();
        let answer: Value = response.body_mut().read_json().map_err(|_| Gone)?;
        // A server that stops says so to whoever is still connected.
        if answer["code"] == "stopping" { Err(Gone) } else { Ok((status, answer)) }
    }

    fn get(&self, path: &str) -> Value {
        let mut response = self.agent.get(format!("{}{path}", self.address)).call().unwrap();
        response.body_mut().read_json().unwrap()
    }
}

/// A running `flotilla serve`. Killed when dropped.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(directory: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_flotilla"))
            .args(["serve", "--port", "0", "--management-port", "0", "--registry-port", "0"])
            .args(["--log", "warn", "--data"])
            .arg(directory.join("data"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(' ').find(|word| word.starts_with("http://"));
        let address = address.unwrap_or_else(|| panic!("the server said {line:?}")).to_owned();
        Self { child, address }
    }

    /// SIGKILL: the process has no chance to do anything.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn client(&self) -> Client {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(Duration::from_secs(30))).build().new_agent();
        Client { address: self.address.clone(), agent }
    }

    fn upload(&self, document: &str) {
        let url = format!("{}/api/v1/specifications", self.address);
        let sent =
            self.client().agent.post(url).content_type("application/xml").send(document).unwrap();
        assert_eq!(sent.status(), 201);
    }

    /// All cases with their status.
    fn cases(&self) -> BTreeMap<String, String> {
        let client = self.client();
        let mut cases = BTreeMap::new();
        let mut after = String::new();
        loop {
            let page = client.get(&format!("/api/v1/cases?limit=1000{after}"));
            for case in page["items"].as_array().unwrap() {
                let text = |field: &str| case[field].as_str().unwrap().to_owned();
                assert_eq!(
                    cases.insert(text("case"), text("status")),
                    None,
                    "a case is listed twice"
                );
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return cases,
            }
        }
    }

    /// What was acknowledged is there, and no more than what was asked for.
    fn check_against(&self, workers: &[Worker], batches: &Batches) {
        let cases = self.cases();
        let mut known = BTreeSet::new();
        for job in workers.iter().flat_map(|worker| &worker.jobs) {
            let Some(case) = &job.case else { continue };
            let status =
                cases.get(case).unwrap_or_else(|| panic!("case {case} of {} is lost", job.name));
            let may_have_ended = job.stage >= Stage::CheckedOut;
            let expected = match status.as_str() {
                "completed" => may_have_ended,
                "running" => job.stage < Stage::Done,
                _ => false,
            };
            assert!(
                expected,
                "{} is {:?} for its client and {status} for the server",
                job.name, job.stage
            );
            assert!(known.insert(case.clone()), "{case} belongs to two jobs");
        }
        for (case, launch) in &batches.cases {
            assert_eq!(cases.get(case).map(String::as_str), Some("running"), "{launch}");
            assert!(known.insert(case.clone()), "{case} belongs to two launches");
        }
        let unsure =
            workers.iter().filter_map(|worker| worker.jobs.last()).filter(|job| job.case.is_none());
        let most = known.len() + unsure.count() + batches.unsure();
        let few_enough = (known.len()..=most).contains(&cases.len());
        assert!(few_enough, "{} cases for {} to {most} launches", cases.len(), known.len());
    }

    /// Cases in whose life the server died have each thing in their history once, and the right output.
    fn check_interrupted(&self, workers: &[Worker]) {
        let client = self.client();
        let jobs = workers.iter().flat_map(|worker| &worker.jobs).filter(|job| job.interrupted);
        for job in jobs {
            let case = job.case.as_ref().unwrap();
            assert_eq!(client.get(&format!("/api/v1/cases/{case}"))["output"], json!(job.output()));
            let history = client.get(&format!("/api/v1/cases/{case}/history?limit=1000"));
            let events = history["items"].as_array().unwrap().iter();
            let events: Vec<_> = events.map(|event| event["event"].as_str().unwrap()).collect();
            for once in ["launched", "started", "completed", "case-ended"] {
                let count = events.iter().filter(|event| **event == once).count();
                assert_eq!(count, 1, "{}: {once} in {events:?}", job.name);
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// SplitMix64: the same kills give the same moments as far as the machine lets them.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % n
    }
}
