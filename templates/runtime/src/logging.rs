//! Logs: to stderr, because stdout belongs to the protocol over stdio. A thread of its own writes them:
//! who does not read them loses them, and holds up nobody.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;
use std::{mem, thread};

#[cfg(feature = "sensitive")]
use tracing::Level;
use tracing_subscriber::EnvFilter;
#[cfg(feature = "sensitive")]
use tracing_subscriber::{
    filter::FilterFn, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// The most bytes that wait to be written. A line that comes beyond them is lost.
const WAITING: usize = 1024 * 1024;

/// How long the end of the process waits for what is still to be written.
const LAST: Duration = Duration::from_secs(1);

/// Starts logging; `RUST_LOG` sets the level, `info` is the default. Whoever drops what this gives
/// waits a moment for the last lines.
pub fn start(#[cfg(feature = "log-format")] json: bool) -> Logs {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,rmcp=warn,sqlx=warn"));
    let logs = Logs::to(io::stderr());
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Arc::clone(&logs.0));
    #[cfg(feature = "log-format")]
    if json {
        #[cfg(not(feature = "sensitive"))]
        lines.json().flatten_event(true).init();
        #[cfg(feature = "sensitive")]
        lines.json().flatten_event(true).finish().with(quiet()).init();
        return logs;
    }
    #[cfg(not(feature = "sensitive"))]
    lines.init();
    #[cfg(feature = "sensitive")]
    lines.finish().with(quiet()).init();
    logs
}

/// Keeps whole messages out of the log, whatever its level: they hold what is sensitive.
#[cfg(feature = "sensitive")]
fn quiet() -> FilterFn {
    FilterFn::new(|line| {
        *line.level() <= Level::INFO
            || !["rmcp", "sqlx"].iter().any(|it| line.target().starts_with(it))
    })
}

/// Says why the process ends, and does not wait long for somebody to read it.
pub fn ending(error: &dyn std::error::Error) {
    let line = format!("error: {error}");
    let (writing, written) = mpsc::channel::<()>();
    thread::spawn(move || {
        eprintln!("{line}");
        drop(writing);
    });
    // It ends with the other side.
    let _ = written.recv_timeout(LAST);
}

/// What is logged is written, up to the drop of this.
#[derive(Debug)]
pub struct Logs(Arc<Queue>);

impl Logs {
    fn to(out: impl Write + Send + 'static) -> Self {
        let queue = Arc::new(Queue::default());
        thread::spawn({
            let queue = Arc::clone(&queue);
            move || queue.drain(out)
        });
        Self(queue)
    }
}

impl Drop for Logs {
    fn drop(&mut self) {
        let left = |waiting: &mut Waiting| waiting.writing || !waiting.lines.is_empty();
        drop(self.0.changed.wait_timeout_while(self.0.lock(), LAST, left));
    }
}

/// Lines on their way to whoever reads them.
#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Lines were taken out, and are not written yet.
    writing: bool,
    lost: usize,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes lines as they come, for ever.
    fn drain(&self, mut out: impl Write) {
        let mut lines = Vec::new();
        loop {
            let waiting = self.changed.wait_while(self.lock(), |it| it.lines.is_empty());
            let mut waiting = waiting.unwrap_or_else(PoisonError::into_inner);
            mem::swap(&mut waiting.lines, &mut lines);
            waiting.writing = true;
            drop(waiting);
            // There is nowhere to say that it failed.
            let _ = out.write_all(&lines);
            lines.clear();
            let mut waiting = self.lock();
            waiting.writing = false;
            let lost = mem::take(&mut waiting.lost);
            drop(waiting);
            self.changed.notify_all();
            if lost > 0 {
                tracing::warn!(
                    lost,
                    "lines of the log were lost, because they were not read in time"
                );
            }
        }
    }
}

/// A line comes in one piece.
impl Write for &Queue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.lock();
        if waiting.lines.len() + line.len() > WAITING {
            waiting.lost += 1;
        } else {
            waiting.lines.extend_from_slice(line);
            self.changed.notify_all();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, BufRead as _, BufReader, Write as _};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::Logs;

    #[test]
    fn nobody_waits_for_a_log_that_is_not_read() {
        let (_unread, out) = io::pipe().expect("a pipe");
        let begun = Instant::now();
        let logs = Logs::to(out);
        for number in 0..100_000 {
            writeln!(&*logs.0, "{number} and all the rest of a line").expect("it is taken");
        }
        assert!(logs.0.lock().lost > 0 && logs.0.lock().lines.len() <= super::WAITING);
        drop(logs);
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    }

    #[test]
    fn the_last_lines_are_written() {
        let (input, out) = io::pipe().expect("a pipe");
        let reader = thread::spawn(move || {
            let lines = BufReader::new(input).lines().take(10_000);
            lines.inspect(|_| thread::sleep(Duration::from_micros(10))).count()
        });
        let logs = Logs::to(out);
        for number in 0..10_000 {
            let line = format!("{number} and all the rest of a line\n");
            (&*logs.0).write_all(line.as_bytes()).expect("it is taken");
        }
        drop(logs);
        let begun = Instant::now();
        assert_eq!(reader.join().expect("no panic"), 10_000);
        // No more is left than a pipe holds.
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
}
