//! How much clients may ask.

use std::time::Duration;

use crate::runtime::concurrency::Most;
use crate::runtime::rate;
use crate::runtime::rate::Rate;

/// How many requests are answered.
pub static RATES: &[Rate] = &[
    Rate {
        tool: None,
        requests: 1200,
        per: Duration::from_secs(60),
        burst: 200,
        key: rate::by_address,
        open: false,
    },
    Rate {
        tool: Some("search_postings"),
        requests: 20,
        per: Duration::from_secs(1),
        burst: 40,
        key: rate::by_tool,
        open: false,
    },
];

/// How many calls of a tool may run at the same time.
pub static MOST: &[Most] = &[
    Most {
        tool: "year_report",
        calls: 2,
        open: false,
    },
];
