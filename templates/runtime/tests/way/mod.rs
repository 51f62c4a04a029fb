//! A way to a server that breaks where a test wants it to.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// When the connections of a way break. It happens once.
#[derive(Debug, Clone)]
pub enum Break {
    /// After what was asked with these words reached the server, before its answer comes back.
    Unanswered(&'static str),
    /// After so many bytes of answers from now on.
    After(usize),
}

/// A way to a server.
#[derive(Debug)]
pub struct Way {
    /// Where it begins.
    pub port: u16,
    plan: Arc<Mutex<Option<Break>>>,
    _running: JoinSet<()>,
}

impl Way {
    /// A way to an address, sound until [`Way::plan`].
    pub async fn to(address: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let plan = Arc::new(Mutex::new(None));
        let mut running = JoinSet::new();
        running.spawn({
            let plan = Arc::clone(&plan);
            async move {
                let mut open = JoinSet::new();
                while let Ok((near, _)) = listener.accept().await {
                    let (address, plan) = (address.clone(), Arc::clone(&plan));
                    open.spawn(async move {
                        let far = TcpStream::connect(address).await.expect("the server");
                        carry(near, far, &plan).await;
                    });
                }
            }
        });
        Self { port, plan, _running: running }
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

/// Carries bytes both ways until one side ends, or until they shall break.
async fn carry(mut near: TcpStream, mut far: TcpStream, plan: &Mutex<Option<Break>>) {
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
