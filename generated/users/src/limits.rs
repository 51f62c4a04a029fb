//! How much clients may ask.

use std::time::Duration;

use crate::runtime::rate;
use crate::runtime::rate::Rate;

/// How many requests are answered.
pub static RATES: &[Rate] = &[
    Rate {
        tool: None,
        requests: 100,
        per: Duration::from_secs(60),
        burst: 20,
        key: rate::by_client,
    },
];
