//! How many requests are answered, by the generic cell rate algorithm: requests that come one after
//! the other at the rate are taken, and so are those that come early by no more than a burst.
//!
//! In a time that is as long as `n` requests at the rate, at most `burst + n` are taken.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::service::RequestContext;
use sha2::{Digest as _, Sha256};

use super::address;
use super::cells::Cells;
use super::failure::{Failure, Kind};
use super::shared::Redis;

/// What the protocol knows of a request.
type Context = RequestContext<RoleServer>;

/// How many requests are answered: all of them together, or calls of a tool.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// The tool whose calls are meant; none for all requests.
    pub tool: Option<&'static str>,
    /// Requests in a period, one after the other.
    pub requests: u32,
    /// The period.
    pub per: Duration,
    /// Requests that may come at once.
    pub burst: u32,
    /// Who or what has a limit of its own.
    pub key: fn(&Asked<'_>) -> String,
    /// Whether requests are let through while Redis does not answer.
    pub open: bool,
}

/// A request, as far as limits look at it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'r> {
    /// Its method.
    pub method: &'r str,
    /// The tool that is called.
    pub tool: Option<&'r str>,
    /// Where it comes from; none over stdio.
    pub address: Option<IpAddr>,
}

/// One that has a limit of its own. Times are in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Who or what it is.
    pub key: [u8; 16],
    /// How far apart requests are at the rate.
    pub interval: u64,
    /// How early one may come.
    pub tolerance: u64,
}

/// Each address has a limit of its own, of IPv6 each /64: whoever has one has all of it.
pub fn by_address(asked: &Asked<'_>) -> String {
    match asked.address {
        Some(IpAddr::V4(address)) => format!("address {address}"),
        Some(IpAddr::V6(address)) => format!("address {:x}", address.to_bits() >> 64),
        None => "stdio".to_owned(),
    }
}

/// Each tool has a limit of its own, whoever calls it, and so has each other method.
pub fn by_tool(asked: &Asked<'_>) -> String {
    format!("{} {}", asked.method, asked.tool.unwrap_or_default())
}

/// Counts requests.
#[derive(Debug)]
pub struct Rates {
    rates: &'static [Rate],
    cells: Cells,
    /// What clients make up is counted as one.
    tools: std::collections::HashSet<String>,
}

impl Rates {
    /// Counts by these rates from now on.
    pub fn new(
        rates: &'static [Rate],
        tools: &[rmcp::model::Tool],
        redis: &Arc<Redis>,
    ) -> Self {
        let cells = Cells::new(redis);
        Self {
            rates,
            cells,
            tools: tools.iter().map(|tool| tool.name.to_string()).collect(),
        }
    }

    /// Takes a request, which may be a call of a tool.
    ///
    /// # Errors
    /// There were too many before it; it counts nowhere then.
    pub async fn admit(
        &self,
        method: &str,
        tool: Option<&str>,
        context: &Context,
    ) -> Result<(), Failure> {
        let asked = Asked {
            method,
            tool,
            address: address::of(context),
        };
        self.count(asked).await
    }

    /// Takes a request of which is known what limits look at.
    ///
    /// # Errors
    /// There were too many before it; it counts nowhere then.
    pub async fn count(&self, asked: Asked<'_>) -> Result<(), Failure> {
        let means = |rate: &&Rate| rate.tool.is_none() || rate.tool == asked.tool;
        let rates: Vec<&Rate> = self.rates.iter().filter(means).collect();
        if rates.is_empty() {
            return Ok(());
        }
        let asked = Asked { tool: asked.tool.filter(|tool| self.tools.contains(*tool)), ..asked };
        let cells: Vec<Cell> = rates.iter().map(|rate| rate.cell(&asked)).collect();
        let refused = match self.cells.admit(&cells).await {
            Ok(refused) => refused,
            Err(_) if rates.iter().all(|rate| rate.open) => return Ok(()),
            Err(_) => return Err(uncounted()),
        };
        let Some((index, wait)) = refused else { return Ok(()) };
        let rate = rates[index];
        Err(rate.refusal(wait))
    }
}

impl Rate {
    /// What is counted of a request.
    fn cell(&self, asked: &Asked<'_>) -> Cell {
        // Clients do not choose how long a key is, and nobody reads in Redis who they are.
        let name = format!("{} {}", self.tool.unwrap_or_default(), (self.key)(asked));
        let mut key = [0; 16];
        key.copy_from_slice(&Sha256::digest(name)[..16]);
        let per = u64::try_from(self.per.as_micros()).unwrap_or(u64::MAX);
        let interval = per.div_ceil(u64::from(self.requests).max(1));
        Cell { key, interval, tolerance: interval * u64::from(self.burst.saturating_sub(1)) }
    }

    fn refusal(&self, wait: Duration) -> Failure {
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        let period = match self.per.as_secs() {
            1 => "a second",
            60 => "a minute",
            _ => "an hour",
        };
        let what = match self.tool {
            Some(tool) => format!("calls of `{tool}`"),
            None => "requests".to_owned(),
        };
        let retry = match seconds {
            1 => "try again in a second".to_owned(),
            seconds => format!("try again in {seconds} seconds"),
        };
        let message = format!("There are more than {} {what} {period}: {retry}.", self.requests);
        Failure::new(Kind::RateLimited, message).after(u64::try_from(seconds).unwrap_or(u64::MAX))
    }
}

/// What is refused while nobody can count.
fn uncounted() -> Failure {
    let why = "Requests cannot be counted at the moment, and none is answered uncounted; try again in a \
               moment.";
    Failure::new(Kind::ConnectionError, why).after(1)
}
