//! Agents of a site, driven through its node, and its metrics as a scrape shows them.

use std::sync::Arc;

use agents::{
    AgentId, Capability,
    marketplace::{Draft, Offering, Query, Search},
    registry::{
        AgentState, Answer, Capabilities, Command, Incarnation, Registration, StateChange, Who,
    },
};
use node::{ClaimRequest, Granted, Handle, Rejected};

use crate::site::Site;

/// The capability of the one task of `hello`.
pub(crate) const ANSWER: &str = "Answer";
pub(crate) const RESULT: &str = "<Answer><Reply>42</Reply></Answer>";

/// What a scrape showed.
pub(crate) struct Scrape(String);

impl Scrape {
    pub(crate) fn of(site: &Site) -> Self {
        Self(site.get("/actuator/prometheus").body)
    }

    /// The value of a series, written as the exposition writes it.
    #[track_caller]
    pub(crate) fn value(&self, series: &str) -> f64 {
        let line =
            self.0.lines().find(|line| line.rsplit_once(' ').map(|(it, _)| it) == Some(series));
        let line = line.unwrap_or_else(|| panic!("no series {series} in\n{}", self.0));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    }

    /// All lines of a family.
    pub(crate) fn family(&self, name: &str) -> Vec<&str> {
        let is_of_it = |line: &&str| line.split(['{', ' ']).next().is_some_and(|it| it == name);
        self.0.lines().filter(is_of_it).collect()
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

pub(crate) fn id(text: &str) -> AgentId {
    text.parse().unwrap()
}

pub(crate) fn life(node: &Handle, agent: &str) -> Incarnation {
    let who = Who::Id(id(agent));
    let epoch = node.agent(&id(agent)).expect("the agent is registered").epoch;
    Incarnation { who, epoch }
}

pub(crate) fn registrations(agents: &[&str]) -> Vec<Registration> {
    let capabilities = Capabilities::new(vec![ANSWER.parse::<Capability>().unwrap()]).unwrap();
    let one = |agent: &&str| Registration {
        id: id(agent),
        capabilities: capabilities.clone(),
        profile: None,
    };
    agents.iter().map(one).collect()
}

pub(crate) async fn register(node: &Handle, agents: &[&str]) {
    let agents = registrations(agents);
    node.registry(Command::Register { session: None, agents }).await.unwrap();
}

pub(crate) async fn renew(node: &Handle, agents: Vec<Incarnation>) -> usize {
    let answer = node.registry(Command::Renew { agents }).await.unwrap();
    let Answer::Renewed(renewed) = answer else { panic!("{answer:?}") };
    renewed.iter().filter(|renewed| renewed.is_ok()).count()
}

pub(crate) async fn become_(node: &Handle, agent: &str, state: AgentState) {
    let changes = vec![(life(node, agent), state)];
    let answer = node.registry(Command::SetStates { changes }).await.unwrap();
    let Answer::StatesSet(changes) = answer else { panic!("{answer:?}") };
    assert!(matches!(changes[0], Ok(StateChange::Changed { .. })), "{changes:?}");
}

pub(crate) async fn publish(node: &Handle, agent: Incarnation) -> Result<(), Rejected> {
    let offering = Offering::new(Draft::minimal(ANSWER, "Answers questions")).unwrap();
    node.publish(agent, Arc::new(offering)).await
}

pub(crate) fn search(node: &Handle) -> usize {
    node.search(&Search::new(Query::MaxCost(10.0))).unwrap().found.len()
}

pub(crate) async fn claim(node: &Handle, agent: &str, wait_ms: u64) -> Granted {
    let request = ClaimRequest {
        agent: life(node, agent),
        class: "test".to_owned(),
        capabilities: None,
        items_max: 1,
        wait_ms,
        term_ms: agents::lease::TERM_MS_DEFAULT,
    };
    node.claim(request).await.unwrap()
}

/// Launches cases of `hello`, each with one item.
pub(crate) fn launch(site: &Site, cases: usize) {
    for _ in 0..cases {
        let launched = site.post("/api/v1/cases", r#"{"specification":"UID_flotilla_hello:1.0"}"#);
        assert_eq!(launched.status, 201, "{}", launched.body);
    }
}
