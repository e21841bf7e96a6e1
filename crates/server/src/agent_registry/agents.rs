//! Agents register, are listed, found by what they can do, renewed, and leave.

use std::{collections::BTreeMap, fmt::Display, str::FromStr, sync::Arc};

use ::agents::{
    AgentId, Capability,
    marketplace::{Draft, Offering},
    registry::{
        Answer, Capabilities, Command, Enrolment, Incarnation, Metadata, Profile,
        Registration as Enrol, Text, Who,
    },
};
use axum::{
    Json as Reply,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
};
use node::{AgentDetail, AgentFilter};
use serde::Deserialize;
use tokio::task::block_in_place;
use wire::{
    agent_registry::{AgentInfo, Domain, Done, Registration},
    limits::PAGE_MAX,
    segment,
};

use crate::{
    app::App,
    body::{Filter, Id, Json},
    problem::{Code, Failure},
};

/// Agents read for one answer of `by-capability`; where more are registered it says how to go on.
const SCANNED_MAX: usize = 50_000;
/// Where a registration's own words stand in the metadata.
pub(super) const DOMAIN: &str = "domainName";
const KIND: &str = "type";

/// Which agents of a list are meant.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    after: Option<String>,
    limit: Option<usize>,
    domain: Option<String>,
}

/// A list as the agents of existing deployments read it: an array, with the way to more in the header `Link`.
type Listed = (HeaderMap, Reply<Vec<AgentInfo>>);

/// Registers an agent, or brings up to date what is known of it, and lists it on the marketplace with what can be said
/// of it: its domain, at the price of an agent that names none.
pub(super) async fn register(
    State(app): State<App>,
    Json(registration): Json<Registration>,
) -> Result<Reply<Done>, Failure> {
    let Newcomer { enrol, offering } = Newcomer::read(registration)?;
    let id = enrol.id.clone();
    let command = Command::Register { session: None, agents: vec![enrol] };
    let Answer::Registered(enrolments) = app.node.registry(command).await? else {
        unreachable!("a registration is answered as one")
    };
    for Enrolment { epoch, .. } in enrolments {
        let agent = Incarnation { who: Who::Id(id.clone()), epoch };
        app.node.publish(agent, offering.clone()).await?;
    }
    Ok(done("registered", &id))
}

pub(super) async fn list(
    State(app): State<App>,
    Filter(page): Filter<Page>,
) -> Result<Listed, Failure> {
    if page.domain.is_some() {
        let detail = "domain is a parameter of /agents/by-capability";
        return Err(Failure::new(Code::MalformedQuery, detail));
    }
    let found = block_in_place(|| Scan::new(&app, &page)?.run(|_| true))?;
    Ok(found.listed("/agents?"))
}

/// Agents of a domain: it is theirs, whatever the capitals, or their description mentions it.
pub(super) async fn by_capability(
    State(app): State<App>,
    Filter(page): Filter<Page>,
) -> Result<Listed, Failure> {
    let domain = page.domain.as_deref().map(str::trim).unwrap_or_default();
    if domain.is_empty() {
        let detail = "domain is missing; ask for /agents/by-capability?domain=...";
        return Err(Failure::new(Code::MalformedQuery, detail));
    }
    let wanted = domain.to_lowercase();
    let has_it = |agent: &AgentDetail| {
        agent.capabilities.iter().any(|capability| capability.as_str() == wanted)
            || describe(agent).domain_name.to_lowercase() == wanted
            || describe(agent).description.to_lowercase().contains(&wanted)
    };
    let found = block_in_place(|| Scan::new(&app, &page)?.run(has_it))?;
    Ok(found.listed(&format!("/agents/by-capability?domain={}&", segment::encode(domain))))
}

pub(super) async fn one(State(app): State<App>, id: Id) -> Result<Reply<AgentInfo>, Failure> {
    Ok(Reply(show(&find(&app, &id)?)))
}

pub(super) async fn unregister(State(app): State<App>, id: Id) -> Result<Reply<Done>, Failure> {
    let agent = find(&app, &id)?;
    let agents = vec![life_of(&agent)];
    let Answer::Deregistered(gone) = app.node.registry(Command::Deregister { agents }).await?
    else {
        unreachable!("a deregistration is answered as one")
    };
    known(&agent.id, gone.into_iter().all(|gone| gone.is_ok()))?;
    Ok(done("unregistered", &agent.id))
}

/// The agent lives.
pub(super) async fn heartbeat(State(app): State<App>, id: Id) -> Result<Reply<Done>, Failure> {
    let agent = find(&app, &id)?;
    let agents = vec![life_of(&agent)];
    let Answer::Renewed(renewed) = app.node.registry(Command::Renew { agents }).await? else {
        unreachable!("a renewal is answered as one")
    };
    known(&agent.id, renewed.into_iter().all(|renewed| renewed.is_ok()))?;
    Ok(done("ok", &agent.id))
}

/// The agent of this name, once it is durable.
pub(super) fn find(app: &App, Id(id): &Id) -> Result<AgentDetail, Failure> {
    let id: AgentId = id.parse().map_err(|error| {
        Failure::new(Code::MalformedPath, format!("{error}; this is no agent's id"))
    })?;
    app.node.agent(&id).ok_or_else(|| unknown(&id))
}

fn known(id: &AgentId, is_known: bool) -> Result<(), Failure> {
    if is_known { Ok(()) } else { Err(unknown(id)) }
}

fn unknown(id: &AgentId) -> Failure {
    let detail = format!("no agent {id} is registered; POST /agents/register comes first");
    Failure::new(Code::NoSuchAgent, detail)
}

fn life_of(agent: &AgentDetail) -> Incarnation {
    Incarnation { who: Who::Id(agent.id.clone()), epoch: agent.epoch }
}

fn done(status: &str, id: &AgentId) -> Reply<Done> {
    Reply(Done { status: status.to_owned(), agent_id: id.to_string() })
}

/// A registration that was read: who comes, and what is listed of it.
struct Newcomer {
    enrol: Enrol,
    offering: Arc<Offering>,
}

impl Newcomer {
    fn read(registration: Registration) -> Result<Self, Failure> {
        let Registration { id, name, capabilities, capability, host, port, .. } = registration;
        let domain = capability.unwrap_or_else(|| Domain {
            domain_name: capabilities.first().cloned().unwrap_or_default(),
            description: String::new(),
        });
        if domain.domain_name.trim().is_empty() {
            let detail =
                "the agent can do nothing; name its capability.domainName, or capabilities";
            return Err(Failure::new(Code::MalformedBody, detail));
        }
        let mut all = Vec::with_capacity(capabilities.len() + 1);
        for text in capabilities.iter().chain([&domain.domain_name]) {
            all.push(read::<Capability>("capabilities", text)?);
        }
        let endpoint =
            registration.endpoint.or_else(|| Some(format!("http://{}:{}", host?, port?)));
        let own = [(DOMAIN, Some(domain.domain_name.clone())), (KIND, registration.kind)];
        let own = own.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
        let mut metadata = BTreeMap::new();
        for (key, value) in registration.metadata.into_iter().chain(own) {
            metadata.insert(read("metadata", &key)?, read("metadata", &value)?);
        }
        let profile = Profile {
            name: read("name", &name)?,
            description: read("capability.description", &domain.description)?,
            version: read("version", registration.version.as_deref().unwrap_or_default())?,
            endpoint: read::<Text<512>>("endpoint", endpoint.as_deref().unwrap_or_default())?,
            metadata: Metadata::new(metadata).map_err(|error| wrong("metadata", error))?,
        };
        let draft = Draft::minimal(domain.domain_name.trim(), &domain.description);
        let enrol = Enrol {
            id: read("id", &id)?,
            capabilities: Capabilities::new(all).map_err(|error| wrong("capabilities", error))?,
            profile: Some(Arc::new(profile)),
        };
        let offering = Offering::new(draft).map_err(|error| wrong("capability", error))?;
        Ok(Self { enrol, offering: Arc::new(offering) })
    }
}

fn read<T: FromStr<Err: Display>>(field: &str, text: &str) -> Result<T, Failure> {
    text.parse().map_err(|error| wrong(field, error))
}

fn wrong(field: &str, error: impl Display) -> Failure {
    Failure::new(Code::MalformedBody, format!("{field}: {error}; change it"))
}

/// A walk over the agents in the order of their ids.
struct Scan<'a> {
    app: &'a App,
    after: Option<AgentId>,
    limit: usize,
}

/// What a walk found, and where it stopped short.
struct Found {
    agents: Vec<AgentInfo>,
    next: Option<String>,
}

impl<'a> Scan<'a> {
    fn new(app: &'a App, page: &Page) -> Result<Self, Failure> {
        let limit = page.limit.unwrap_or(PAGE_MAX);
        if !(1..=PAGE_MAX).contains(&limit) {
            let detail = format!("limit is {limit}, allowed are 1 to {PAGE_MAX}");
            return Err(Failure::new(Code::MalformedQuery, detail));
        }
        let after = page.after.as_deref().map(str::parse).transpose();
        let after = after.map_err(|error| {
            Failure::new(Code::MalformedQuery, format!("after: {error}; pass what Link gave"))
        })?;
        Ok(Self { app, after, limit })
    }

    fn run(self, wanted: impl Fn(&AgentDetail) -> bool) -> Result<Found, Failure> {
        let Self { app, mut after, limit } = self;
        let mut agents = Vec::new();
        for _ in 0..SCANNED_MAX.div_ceil(PAGE_MAX) {
            // No more than are still wanted, so that the place to go on is behind the last one taken.
            let page =
                app.node.agents(&AgentFilter::default(), after.as_ref(), limit - agents.len());
            agents.extend(page.items.iter().filter(|agent| wanted(agent)).map(show));
            let Some(next) = page.next else { return Ok(Found { agents, next: None }) };
            after = Some(next.parse().expect("the id of an agent"));
            if agents.len() == limit {
                break;
            }
        }
        Ok(Found { agents, next: after.map(|id| id.to_string()) })
    }
}

impl Found {
    fn listed(self, path: &str) -> Listed {
        let mut headers = HeaderMap::new();
        if let Some(next) = self.next {
            let link = format!("<{path}after={}>; rel=\"next\"", segment::encode(&next));
            let link = HeaderValue::try_from(link).expect("an encoded path is plain text");
            headers.insert(header::LINK, link);
        }
        (headers, Reply(self.agents))
    }
}

fn show(agent: &AgentDetail) -> AgentInfo {
    let empty = Profile::default();
    let profile = agent.profile.as_deref().unwrap_or(&empty);
    let metadata = profile.metadata.iter();
    AgentInfo {
        id: agent.id.to_string(),
        name: profile.name.to_string(),
        capabilities: agent.capabilities.iter().map(ToString::to_string).collect(),
        capability: describe(agent),
        endpoint: endpoint(agent),
        version: profile.version.to_string(),
        metadata: metadata.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        lifecycle: agent.state.to_string(),
        liveness: format!("{:?}", agent.liveness).to_lowercase(),
        last_heartbeat_ms_ago: agent.renewed_ms_ago,
    }
}

/// The domain as it was registered here; of agents that registered elsewhere their first capability.
pub(super) fn describe(agent: &AgentDetail) -> Domain {
    let profile = agent.profile.as_deref();
    let own = profile.and_then(|profile| profile.metadata.iter().find(|(key, _)| *key == DOMAIN));
    let first = || agent.capabilities.first().map(ToString::to_string).unwrap_or_default();
    Domain {
        domain_name: own.map_or_else(first, |(_, domain)| domain.to_owned()),
        description: profile.map(|profile| profile.description.to_string()).unwrap_or_default(),
    }
}

/// Where the agent itself can be reached, if it said so.
pub(super) fn endpoint(agent: &AgentDetail) -> Option<String> {
    let endpoint = agent.profile.as_deref()?.endpoint.as_str();
    (!endpoint.is_empty()).then(|| endpoint.to_owned())
}
