//! A way to a server that breaks where a test wants it to.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// When the connections of a way break. It happens once.
#[derive(Debug, Clone)]
pub enum Break {
    /// After what was asked with these words reached the server, before its answer comes back.
    Unanswered(&'static str),
    /// After so many bytes of answers from now on.
    After(usize),
}

/// How a way is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// What is asked comes through.
    Sound,
    /// Connections are closed as soon as they are there.
    Shut,
    /// Connections are there, and nothing comes through.
    Silent,
}

/// A way to a server.
#[derive(Debug)]
pub struct Way {
    /// Where it begins.
    pub port: u16,
    plan: Arc<Mutex<Option<Break>>>,
    state: watch::Sender<State>,
    _running: JoinSet<()>,
}

impl Way {
    /// A way to an address, sound until [`Way::plan`].
    pub async fn to(address: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let plan = Arc::new(Mutex::new(None));
        let state = watch::Sender::new(State::Sound);
        let mut running = JoinSet::new();
        running.spawn({
            let (plan, state) = (Arc::clone(&plan), state.clone());
            async move {
                let mut open = JoinSet::new();
                while let Ok((mut near, _)) = listener.accept().await {
                    let (address, plan) = (address.clone(), Arc::clone(&plan));
                    let mut state = state.subscribe();
                    open.spawn(async move {
                        if *state.borrow() == State::Shut {
                            return;
                        }
                        let mut far = TcpStream::connect(address).await.expect("the server");
                        tokio::select! {
                            biased;
                            () = changed_from(State::Sound, &mut state) => {}
                            () = carry(&mut near, &mut far, &plan) => return,
                        }
                        // What was silent is not heard later either.
                        changed_from(State::Silent, &mut state).await;
                    });
                }
            }
        });
        Self { port, plan, state, _running: running }
    }

    /// From now on it is like this, for connections that are open as well.
    pub fn becomes(&self, state: State) {
        self.state.send_replace(state);
    }

    /// Breaks the next connection that comes to this.
    pub fn plan(&self, plan: Break) {
        *self.plan.lock().expect("one at a time") = Some(plan);
    }

    /// Whether what was planned did happen.
    pub fn broke(&self) -> bool {
        self.plan.lock().expect("one at a time").is_none()
    }
}

/// Ends when a way is not like this any more.
async fn changed_from(was: State, state: &mut watch::Receiver<State>) {
    drop(state.wait_for(|state| *state != was).await.expect("a way"));
}

/// Carries bytes both ways until one side ends, or until they shall break.
async fn carry(near: &mut TcpStream, far: &mut TcpStream, plan: &Mutex<Option<Break>>) {
    let (mut question, mut answer) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            read = near.read(&mut question) => {
                let Ok(size @ 1..) = read else { return };
                let asked = &question[..size];
                if far.write_all(asked).await.is_err() {
                    return;
                }
                let breaks = matches!(&*plan.lock().expect("one at a time"),
                    Some(Break::Unanswered(words)) if asked.windows(words.len()).any(|at| at == words.as_bytes()));
                if breaks {
                    // The server answers when it is done; nobody hears it.
                    let _ = far.read(&mut answer).await;
                    *plan.lock().expect("one at a time") = None;
                    return;
                }
            }
            read = far.read(&mut answer) => {
                let Ok(mut size @ 1..) = read else { return };
                let ends = {
                    let mut plan = plan.lock().expect("one at a time");
                    match &mut *plan {
                        Some(Break::After(left)) if *left <= size => {
                            size = *left;
                            *plan = None;
                            true
                        }
                        Some(Break::After(left)) => {
                            *left -= size;
                            false
                        }
                        _ => false,
                    }
                };
                if near.write_all(&answer[..size]).await.is_err() || ends {
                    return;
                }
            }
        }
    }
}
