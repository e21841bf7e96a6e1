//! The server as its clients see it: a whole one in this process, spoken to over its sockets.

mod contract;
mod hostile;
mod operation;
mod site;
