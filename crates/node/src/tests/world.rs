//! The only place that knows the node's interface. A script has one command a line:
//!
//! ```text
//! upload pair            from testdata; `unload pair:1.0`, `specifications`
//! launch pair:1.0 case=X id=L1 at=5000 data=<Pair>...</Pair> trace=00-...
//! start 1:A id=c1        also skip, force, suspend, unsuspend, rollback, restart-item, cancel-item
//! complete 1.1:A id=c2 <Work><k>1</k></Work>
//! cancel 1               also suspend-case, resume-case
//! case 1   cases   items   history 1   item 1:A
//! advance 1000           moves the virtual clock to that moment
//! crash   shutdown       and start again on the same stores
//! ```

mod organisation;
pub(crate) mod people;
mod reviews;
mod roll;
mod worklists;

use std::fmt::Write as _;

use engine::{
    CaseId,
    case::{CaseStatus, ItemStatus},
    view::Mark,
};
use expect_test::Expect;

use crate::{
    Answered, CaseFilter, Clock, Command, CommandId, Config, Handle, ItemFilter, Launch, Node,
    Rejected, SpecificationKey, Storage,
};

pub(crate) const PAIR: &str = include_str!("../../testdata/pair.yawl");
pub(crate) const RACE: &str = include_str!("../../testdata/race.yawl");
pub(crate) const JUDGED: &str = include_str!("../../testdata/judged.yawl");
pub(crate) const WAITING: &str = include_str!("../../testdata/waiting.yawl");

/// A node with its stores, which outlive it.
pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) storage: Storage,
    node: Option<Node>,
    /// Holds the files of a world on disk.
    _directory: Option<tempfile::TempDir>,
}

/// Runs work that needs the runtime.
pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(work)
}

/// Runs `script` in memory and compares what was said.
#[track_caller]
pub(crate) fn check(script: &str, want: Expect) {
    check_with(config(), script, want);
}

/// Runs `script` on a node of this configuration.
#[track_caller]
pub(crate) fn check_with(config: Config, script: &str, want: Expect) {
    let said = run(async {
        let mut world = World::memory(config).await;
        world.tell(script).await
    });
    want.assert_eq(&said);
}

/// Two partitions and a clock at zero.
pub(crate) fn config() -> Config {
    Config { clock: Clock::virtual_at(0), ..Config::default() }
}

impl World {
    pub(crate) async fn memory(config: Config) -> Self {
        let storage = Storage::memory(config.partitions);
        Self::on(config, storage, None).await
    }

    pub(crate) async fn disk(config: Config) -> Self {
        let directory = tempfile::tempdir().unwrap();
        // Small segments, so that starting takes no time and a script fills more than one.
        let options = store::Options { segment_bytes: 16 * 1024, ..store::Options::default() };
        let storage = Storage::disk_with(directory.path().to_owned(), options);
        Self::on(config, storage, Some(directory)).await
    }

    async fn on(config: Config, storage: Storage, directory: Option<tempfile::TempDir>) -> Self {
        let node = Node::start_on(config.clone(), storage.clone()).await.unwrap();
        Self { config, storage, node: Some(node), _directory: directory }
    }

    pub(crate) fn directory(&self) -> &std::path::Path {
        self._directory.as_ref().unwrap().path()
    }

    pub(crate) fn node(&self) -> &Node {
        self.node.as_ref().unwrap()
    }

    pub(crate) fn handle(&self) -> Handle {
        self.node().handle()
    }

    pub(crate) async fn crash(&mut self) {
        self.node.take().unwrap().crash().await;
        self.start().await;
    }

    pub(crate) async fn shut_down(&mut self) {
        self.node.take().unwrap().shutdown().await.unwrap();
        self.start().await;
    }

    /// Ends the node as a killed process and leaves it ended.
    pub(crate) async fn stop(&mut self) {
        self.node.take().unwrap().crash().await;
    }

    pub(crate) async fn start(&mut self) {
        self.node = Some(Node::start_on(self.config.clone(), self.storage.clone()).await.unwrap());
    }

    /// Does each line and gives what was said to it.
    pub(crate) async fn tell(&mut self, script: &str) -> String {
        let mut said = String::new();
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let answer = match self.tell_line(line).await {
                Ok(answer) => answer,
                Err(rejected) => format!("{}: {rejected}", rejected.code()),
            };
            writeln!(said, "{line} => {answer}").unwrap();
        }
        said
    }

    async fn tell_line(&mut self, line: &str) -> Result<String, Rejected> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let handle = self.handle();
        match word {
            "crash" => self.crash().await,
            "shutdown" => self.shut_down().await,
            "upload" => return upload(&handle, rest).await,
            "unload" => handle.unload(&SpecificationKey::named(rest)).await?,
            "specifications" => {
                let show = |loaded: &std::sync::Arc<crate::Loaded>| {
                    format!("{} ({} open)", loaded.key, handle.open_cases(loaded))
                };
                return Ok(handle.specifications().iter().map(show).collect::<Vec<_>>().join(", "));
            }
            "launch" => return launch(&handle, rest).await,
            "advance" => handle.advance_to(rest.parse().unwrap()).await?,
            "due" => return Ok(format!("{:?}", handle.next_due_ms())),
            "case" => return case(&handle, rest).await,
            "cases" => return Ok(cases(&handle)),
            "items" => return Ok(items(&handle)),
            "item" => return item(&handle, rest).await,
            "history" => return history(&handle, rest).await,
            _ => {
                if let Some(told) = people::tell(&handle, word, rest).await {
                    return told;
                }
                if let Some(told) = organisation::tell(&handle, word, rest).await {
                    return told;
                }
                if let Some(told) = worklists::tell(&handle, word, rest).await {
                    return told;
                }
                if let Some(told) = reviews::tell(&handle, word, rest).await {
                    return told;
                }
                if let Some(told) = roll::tell(&handle, word, rest).await {
                    return told;
                }
                return command(&handle, word, rest).await;
            }
        }
        Ok("ok".to_owned())
    }
}

async fn upload(handle: &Handle, what: &str) -> Result<String, Rejected> {
    let xml = match what {
        "pair" => PAIR.to_owned(),
        "pair changed" => PAIR.replace("<name>First</name>", "<name>Other</name>"),
        "pair broken" => PAIR.replace(r#"<nextElementRef id="B"/>"#, r#"<nextElementRef id="X"/>"#),
        "waiting" => WAITING.to_owned(),
        "pair everywhere" => everywhere(PAIR),
        "given" => given("given", "user", "user"),
        "given wrong" => given("given", "user", "user").replace("SeparationOf", "UnionOf"),
        "given nowhere" => {
            everywhere(&given("given", "user", "user")).replace("everywhere", "nowhere")
        }
        "ready" => given("ready", "system", "system"),
        "expenses" => include_str!("../../../../examples/expenses.yawl").to_owned(),
        "race" => RACE.to_owned(),
        "judged" => JUDGED.to_owned(),
        // Nobody is asked when the votes do not settle it.
        "judged alone" => JUDGED
            .replace("ext:review-arbiter=\"judge\"", "ext:review-human=\"false\"")
            .replace("<identifier>judged", "<identifier>alone"),
        _ => panic!("no specification {what}"),
    };
    match handle.upload(&xml).await {
        Ok(uploaded) => {
            Ok(uploaded.iter().map(|one| one.key.to_string()).collect::<Vec<_>>().join(", "))
        }
        // What the verifier says is tested there.
        Err(Rejected::Invalid(_)) => Ok("specification-invalid".to_owned()),
        Err(rejected) => Err(rejected),
    }
}

/// [`PAIR`] for clerks, the second task without whoever did the first; all may do everything with an item.
fn given(name: &str, allocate: &str, start: &str) -> String {
    let privilege =
        |name| format!("<privilege><name>{name}</name><allowall>true</allowall></privilege>");
    let all: String = [
        "canSuspend",
        "canReallocateStateless",
        "canReallocateStateful",
        "canDeallocate",
        "canDelegate",
        "canSkip",
        "canPile",
    ]
    .map(privilege)
    .concat();
    let resourcing = |constraints: &str| {
        format!(
            r#"<resourcing><offer initiator="system"><distributionSet><initialSet><role>clerk</role></initialSet>{constraints}</distributionSet></offer><allocate initiator="{allocate}"/><start initiator="{start}"/><privileges>{all}</privileges></resourcing>"#
        )
    };
    let apart = "<constraints><constraint><name>SeparationOfDuties</name><params><param>        <key>familiarTask</key><value>A</value></param></params></constraint></constraints>";
    let end = r#"<decomposesTo id="Work"/>"#;
    let (first, rest) = PAIR.split_once(end).unwrap();
    let (second, rest) = rest.split_once(end).unwrap();
    let text = [first, &resourcing(""), end, second, &resourcing(apart), end, rest].concat();
    text.replace(r#"uri="pair""#, &format!(r#"uri="{name}""#))
        .replace("<identifier>pair<", &format!("<identifier>{name}<"))
}

fn everywhere(text: &str) -> String {
    let extensions = r#"xmlns:ext="https://flotilla.dev/schema/extensions" ext:resourcing="everywhere" isRootNet="true""#;
    text.replace(r#"isRootNet="true""#, extensions)
}

async fn launch(handle: &Handle, rest: &str) -> Result<String, Rejected> {
    let mut words = rest.split(' ');
    let specification = words.next().unwrap().to_owned();
    let mut launch = Launch { specification, ..Launch::default() };
    for word in words {
        match word.split_once('=') {
            Some(("case", case)) => launch.case = Some(case.to_owned()),
            Some(("id", id)) => launch.command = Some(CommandId::parse(id)?),
            Some(("at", ms)) => launch.start_at_ms = Some(ms.parse().unwrap()),
            Some(("data", data)) => launch.data = Some(data.to_owned()),
            Some(("trace", text)) => launch.traceparent = Some(text.parse().unwrap()),
            _ => panic!("launch with {word}"),
        }
    }
    let root = match launch.specification.as_str() {
        "pair:1.0" | "given:1.0" | "ready:1.0" => Some("Pair"),
        "judged:1.0" | "alone:1.0" => Some("Judged"),
        _ => None,
    };
    let usual = root.map(|root| format!("<{root}><k>0</k></{root}>"));
    launch.data = launch.data.or(usual);
    let launched = handle.launch(launch).await?;
    Ok(format!("case {} {} at {}", launched.case, launched.status.name(), launched.launched_at_ms))
}

async fn command(handle: &Handle, word: &str, rest: &str) -> Result<String, Rejected> {
    let mut words: Vec<&str> = rest.split(' ').collect();
    let subject = words.remove(0).to_owned();
    let mut id = None;
    if let Some(text) = words.first().and_then(|word| word.strip_prefix("id=")) {
        id = Some(CommandId::parse(text)?);
        words.remove(0);
    }
    let data = words.join(" ");
    let item = subject.clone();
    let command = match word {
        "start" => Command::Start { item },
        "complete" => Command::Complete { item, data },
        "skip" => Command::Skip { item },
        "force" => Command::Force { item, data: None },
        "suspend" => Command::Suspend { item },
        "unsuspend" => Command::Unsuspend { item },
        "rollback" => Command::Rollback { item },
        "restart-item" => Command::Restart { item },
        "cancel-item" => Command::CancelItem { item },
        "cancel" => Command::CancelCase,
        "suspend-case" => Command::SuspendCase,
        "resume-case" => Command::ResumeCase,
        _ => panic!("no command {word}"),
    };
    let case = crate::case_of_item(&subject).unwrap_or_else(|| CaseId::parse(&subject).unwrap());
    Ok(match handle.command(&case, id, command).await? {
        Answered::Done => "done".to_owned(),
        Answered::Started { item, data } => format!("started {item} {data}"),
        Answered::Added { item } => format!("added {item}"),
        Answered::HandedOff { item, epoch } => format!("handed off {item}, epoch {}", epoch.0),
        Answered::Taken { item, .. } => format!("taken {item}"),
    })
}

/// A case on one line.
async fn case(handle: &Handle, case: &str) -> Result<String, Rejected> {
    let detail = handle.case(&CaseId::parse(case).unwrap()).await?;
    let mut said = format!("{} |", detail.summary.status.name());
    for (element, mark) in &detail.view.marking {
        match mark {
            Mark::Tokens(tokens) => write!(said, " {element}={tokens}").unwrap(),
            Mark::Busy(counts) => write!(said, " {element}={counts:?}").unwrap(),
        }
    }
    said.push_str(" |");
    for (item, view) in &detail.view.items {
        write!(said, " {item} {}", view.status).unwrap();
    }
    said.push_str(" |");
    for data in detail.view.data.values() {
        write!(said, " {data}").unwrap();
    }
    if let Some(output) = detail.output {
        write!(said, " => {output}").unwrap();
    }
    if let Some(traceparent) = detail.traceparent {
        write!(said, " | {traceparent}").unwrap();
    }
    Ok(said)
}

pub(crate) fn cases(handle: &Handle) -> String {
    let page = handle.cases(&CaseFilter::default(), None, 1000);
    let show = |case: &crate::CaseSummary| {
        let status: CaseStatus = case.status;
        format!("{} {} {}", case.case, status.name(), case.open_items)
    };
    page.items.iter().map(show).collect::<Vec<_>>().join(", ")
}

pub(crate) fn items(handle: &Handle) -> String {
    let page = handle.items(&ItemFilter::default(), None, 1000);
    let show = |item: &crate::ItemSummary| {
        let status: ItemStatus = item.status;
        format!("{} {status}", item.item)
    };
    page.items.iter().map(show).collect::<Vec<_>>().join(", ")
}

async fn item(handle: &Handle, item: &str) -> Result<String, Rejected> {
    let detail = handle.item(item).await?;
    let summary = detail.summary;
    Ok(format!("{} {} {} {:?}", summary.item, summary.task_name, summary.status, detail.data))
}

async fn history(handle: &Handle, case: &str) -> Result<String, Rejected> {
    let case = CaseId::parse(case).unwrap();
    let mut said = String::new();
    let mut after = None;
    loop {
        let page = handle.history(&case, after, 4).await?;
        for event in &page.items {
            let detail: Vec<String> =
                event.detail.iter().map(|(name, value)| format!("{name}={value}")).collect();
            write!(
                said,
                "\n  {} {} {} {}",
                event.at_ms,
                event.event,
                event.subject,
                detail.join(" ")
            )
            .unwrap();
        }
        after = page.next;
        if after.is_none() {
            return Ok(said);
        }
    }
}
