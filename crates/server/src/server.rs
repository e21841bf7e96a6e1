//! A whole server: a node, its listeners, and the order in which they start and stop.

use std::{net::SocketAddr, time::Duration};

use node::{Fault, Node};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use tracing::info;

use crate::{
    app::{self, App},
    config::Config,
    guard::Guarded,
    listen::{self, Limits},
};

/// A server that runs. [`Server::stop`] ends it in order.
pub struct Server {
    node: Node,
    stop: watch::Sender<bool>,
    listeners: JoinSet<()>,
    addresses: Addresses,
}

/// Where the server listens.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    pub public: SocketAddr,
    pub management: SocketAddr,
    /// The agent-registry service, if it is on.
    pub registry: Option<SocketAddr>,
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("could not listen on {address}; choose another port, or 0 for a free one")]
    Bind {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("could not start on directory {directory}")]
    Node {
        directory: String,
        #[source]
        source: node::StartError,
    },
    #[error("the system gives no random key for hand-offs; set handoff_key")]
    Randomness(#[source] getrandom::Error),
}

impl Server {
    /// Takes the ports, recovers what the data directory holds, then serves.
    pub async fn start(config: &Config) -> Result<Self, StartError> {
        // Ports first: a second server on the same directory must not get as far as its log.
        let public = bind(SocketAddr::new(config.host, config.port)).await?;
        let management = bind(SocketAddr::new(config.host, config.management_port)).await?;
        let registry = match config.registry {
            true => Some(bind(SocketAddr::new(config.host, config.registry_port)).await?),
            false => None,
        };
        let node = Node::start(node_config(config)).await.map_err(|source| StartError::Node {
            directory: config.data.display().to_string(),
            source,
        })?;
        let found = node.recovered();
        info!(
            took_ms = found.took.as_millis(),
            specifications = found.specifications,
            cases = found.cases,
            open_cases = found.open_cases,
            records = found.records,
            torn_bytes = found.torn_bytes,
            "recovered"
        );
        let (stop, stopping) = watch::channel(false);
        let app = App::new(&node, config, stopping.clone()).map_err(StartError::Randomness)?;
        let limits = Limits {
            connections_max: config.connections_max,
            head: Duration::from_millis(config.head_ms_max),
            ..Limits::default()
        };
        let mut server = Self {
            addresses: Addresses {
                public: public.address,
                management: management.address,
                registry: registry.as_ref().map(|bound| bound.address),
            },
            node,
            stop,
            listeners: JoinSet::new(),
        };
        server.listen(public, app::public(app.clone(), config), limits);
        server.listen(management, app::management(app.clone()), limits);
        if let Some(registry) = registry {
            server.listen(registry, app::registry(app, config), limits);
        }
        Ok(server)
    }

    fn listen(&mut self, bound: Bound, routes: Guarded, limits: Limits) {
        self.listeners.spawn(listen::serve(bound.listener, routes, limits, self.stop.subscribe()));
    }

    /// Where it listens; a port that was given as 0 is the one that was found.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// The node inside, for work in this process.
    pub fn node(&self) -> node::Handle {
        self.node.handle()
    }

    /// Waits until a partition fails.
    pub async fn failed(&self) -> Fault {
        self.node.failed().await
    }

    /// Takes no new connection, finishes what is under way, then stops the node.
    pub async fn stop(mut self) -> Result<(), Fault> {
        // Nobody may be listening any more; that is no reason not to go on.
        let _ = self.stop.send(true);
        while self.listeners.join_next().await.is_some() {}
        self.node.shutdown().await
    }
}

struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

async fn bind(address: SocketAddr) -> Result<Bound, StartError> {
    let failed = |source| StartError::Bind { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok(Bound { listener, address })
}

fn node_config(config: &Config) -> node::Config {
    node::Config {
        directory: Some(config.data.clone()),
        partitions: config.partitions,
        inbox_max: config.inbox_max,
        hot_cases_max: config.hot_cases_max,
        snapshot_every_records: config.snapshot_every_records,
        agents: config.registry_settings(),
        backoff: config.backoff(),
        breaker: config.breaker_rule(),
        retry: config.retry(),
        ..node::Config::default()
    }
}
