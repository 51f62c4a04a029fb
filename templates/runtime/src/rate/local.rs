//! Requests that this process counts by itself.
//!
//! A cell whose moment has passed is like one that never was, so that it can be forgotten. There are
//! never more than [`MOST`] that are remembered; who comes then shares a cell with others.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::rate::Cell;

/// The most cells that are remembered: some 5 MB.
const MOST: usize = 100_000;

/// Cells are looked through for what can be forgotten from so many on.
const FEW: usize = 1024;

/// How long not to look again, where there are as many as there may be.
const PAUSE: u64 = 100_000;

/// Counts requests.
#[derive(Debug)]
pub struct Cells {
    begun: Instant,
    table: Mutex<Table>,
}

#[derive(Debug)]
struct Table {
    /// When the next request of a cell would come at the rate.
    moments: HashMap<[u8; 16], u64>,
    /// How many there may be before they are looked through.
    room: usize,
    /// When they were looked through last.
    swept: u64,
}

impl Cells {
    /// Nothing was asked yet.
    pub fn new() -> Self {
        let table = Table { moments: HashMap::new(), room: FEW, swept: 0 };
        Self { begun: Instant::now(), table: Mutex::new(table) }
    }

    /// Takes a request that falls into these cells, into all of them or into none. Else, which of them
    /// has the longest to wait, and how long.
    pub fn admit(&self, cells: &[Cell]) -> Option<(usize, Duration)> {
        let now = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.admit_at(cells, now)
    }

    /// The same, so many microseconds after the beginning.
    pub(super) fn admit_at(&self, cells: &[Cell], now: u64) -> Option<(usize, Duration)> {
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.admit(cells, now)
    }
}

impl Table {
    fn admit(&mut self, cells: &[Cell], now: u64) -> Option<(usize, Duration)> {
        let keys: Vec<[u8; 16]> = cells.iter().map(|cell| self.place(cell, now)).collect();
        let moment = |key| self.moments.get(key).copied().unwrap_or(now).max(now);
        let moments: Vec<u64> = keys.iter().map(moment).collect();
        let waits = cells.iter().zip(&moments);
        let waits = waits.map(|(cell, moment)| (moment - now).saturating_sub(cell.tolerance));
        if let Some((index, wait)) =
            waits.enumerate().filter(|(_, wait)| *wait > 0).max_by_key(|(_, wait)| *wait)
        {
            return Some((index, Duration::from_micros(wait)));
        }
        for ((key, moment), cell) in keys.into_iter().zip(moments).zip(cells) {
            self.moments.insert(key, moment + cell.interval);
        }
        None
    }

    /// Where a cell is remembered: in a place of its own, or in one of a few where there is no more room.
    fn place(&mut self, &Cell { key, interval, .. }: &Cell, now: u64) -> [u8; 16] {
        if self.moments.len() < self.room || self.moments.contains_key(&key) {
            return key;
        }
        if self.room < MOST || now >= self.swept + PAUSE {
            self.moments.retain(|_, moment| *moment > now);
            self.room = (self.moments.len() * 2).clamp(FEW, MOST);
            self.swept = now;
        }
        if self.moments.len() < self.room {
            return key;
        }
        let mut shared = [0; 16];
        shared[0] = key[0];
        shared[8..].copy_from_slice(&interval.to_be_bytes());
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(number: u64, interval: u64, tolerance: u64) -> Cell {
        let mut key = [1; 16];
        key[..8].copy_from_slice(&number.to_be_bytes());
        Cell { key, interval, tolerance }
    }

    /// What the algorithm says in another way: a bucket that holds a burst, of which time fills in one
    /// request after the other.
    struct Bucket {
        full: u64,
        level: u64,
        seen: u64,
    }

    impl Bucket {
        fn takes(&mut self, interval: u64, now: u64) -> bool {
            self.level = (self.level + now - self.seen).min(self.full);
            self.seen = now;
            let takes = self.level >= interval;
            self.level -= if takes { interval } else { 0 };
            takes
        }
    }

    #[test]
    fn requests_are_taken_as_by_a_bucket() {
        let mut random = 1_u64;
        let mut any = move |most: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 33) % most
        };
        for round in 0..200 {
            let (interval, burst) = (1 + any(1000), 1 + any(20));
            let cell = cell(round, interval, interval * (burst - 1));
            let full = interval * burst;
            let mut bucket = Bucket { full, level: full, seen: 0 };
            let cells = Cells::new();
            let (mut now, mut taken) = (0, Vec::new());
            for _ in 0..500 {
                now += any(2 * interval);
                let admitted = cells.admit_at(&[cell], now);
                assert_eq!(
                    admitted.is_none(),
                    bucket.takes(interval, now),
                    "{interval} {burst} {now}"
                );
                match admitted {
                    None => taken.push(now),
                    // Who waits as long as that is let in.
                    Some((_, wait)) => {
                        let wait = u64::try_from(wait.as_micros()).expect("a short time");
                        assert!(wait > 0 && wait <= interval, "{wait}");
                    }
                }
            }
            for (index, first) in taken.iter().enumerate() {
                for (more, last) in taken[index..].iter().enumerate() {
                    assert!((more as u64) < burst + (last - first) / interval);
                }
            }
        }
    }

    #[test]
    fn a_request_counts_in_all_of_its_cells_or_in_none() {
        let cells = Cells::new();
        assert_eq!(cells.admit(&[cell(0, 10, 0)]), None);
        let (wide, narrow) = (cell(1, 10, 20), cell(2, 1000, 0));
        assert_eq!(cells.admit_at(&[wide, narrow], 0), None);
        let wait = Some((1, Duration::from_micros(1000)));
        for _ in 0..10 {
            assert_eq!(cells.admit_at(&[wide, narrow], 0), wait);
        }
        // Those that were refused took nothing from the other cell.
        assert_eq!(cells.admit_at(&[wide], 0), None);
        assert_eq!(cells.admit_at(&[wide], 0), None);
        assert_eq!(cells.admit_at(&[wide], 0), Some((0, Duration::from_micros(10))));
    }

    #[test]
    fn memory_is_bounded_whoever_comes() {
        let cells = Cells::new();
        let mut table = cells.table.lock().expect("a table");
        let hour = 3_600_000_000;
        let mut refused = 0;
        for number in 0..1_000_000 {
            refused += usize::from(table.admit(&[cell(number, hour, 0)], number).is_some());
        }
        assert!(table.moments.len() <= MOST + 256, "{}", table.moments.len());
        assert!(table.moments.capacity() < 4 * MOST, "{}", table.moments.capacity());
        // Newcomers share what is left, and are refused rather than taken too often.
        assert!(refused > 800_000, "{refused}");
        // When their time has passed all of them are forgotten.
        assert!(table.admit(&[cell(2_000_000, hour, 0)], 2 * hour).is_none());
        assert!(table.moments.len() < 10, "{}", table.moments.len());
    }

    #[test]
    fn many_who_come_seldom_are_never_in_each_others_way() {
        let cells = Cells::new();
        let mut table = cells.table.lock().expect("a table");
        for number in 0..1_000_000 {
            assert!(table.admit(&[cell(number, 1000, 0)], number * 10).is_none(), "{number}");
        }
        assert!(table.moments.capacity() < 10_000, "{}", table.moments.capacity());
    }
}
