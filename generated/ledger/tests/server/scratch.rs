//! A database for one test, on the server that `TEST_MYSQL_URL` names.

use std::str::FromStr;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::subject::runtime::database::Database;
use crate::subject::runtime::database::migrate;
use crate::subject::server::MIGRATIONS;
use crate::subject::server::settings;

/// A database that is migrated and seeded, and goes when it is dropped.
pub struct Scratch {
    /// The server, on which the user may make databases and users.
    server: MySqlConnectOptions,
    name: String,
    /// Where servers find the database, if not on the server itself.
    way: Option<Way>,
}

impl Scratch {
    /// A database after these SQL scripts have run; none where `TEST_MYSQL_URL` is not set.
    pub async fn new(seeds: &[&str]) -> Option<Self> {
        crate::support::redis_url()?;
        let Ok(url) = std::env::var("TEST_MYSQL_URL") else {
            skipped();
            return None;
        };
        let server = MySqlConnectOptions::from_str(&url).expect("TEST_MYSQL_URL is a URL");
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("mcpgen_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        run(&server, &format!("CREATE DATABASE `{name}` CHARACTER SET utf8mb4")).await;
        let scratch = Self {
            server,
            name,
            way: None,
        };
        migrate(scratch.direct().to_url_lossy().as_str(), MIGRATIONS)
            .await
            .expect("the migrations run");
        let mut connection = scratch.direct().connect().await.expect("the database opens");
        for seed in seeds {
            let script = sqlx::raw_sql(AssertSqlSafe((*seed).to_owned()));
            connection.execute(script).await.expect("the seed runs");
        }
        connection.close().await.expect("the database closes");
        scratch.enlist().await;
        Some(scratch)
    }

    /// Where a server finds it.
    pub fn url(&self) -> String {
        if let Some(way) = &self.way {
            let options = self.served().host("127.0.0.1").port(way.port);
            return options.to_url_lossy().to_string();
        }
        self.served().to_url_lossy().to_string()
    }

    /// The database as a server has it.
    pub async fn open(&self) -> Database {
        // Connections are opened when a test needs them.
        Database::connect(settings(self.url())).expect("the URL is sound")
    }

    /// The database as the role of the server has it.
    fn served(&self) -> MySqlConnectOptions {
        self.direct().username(&self.name).password(&self.name)
    }

    /// Makes a role that may do what `deploy/grants.sql` says, and nothing else.
    async fn enlist(&self) {
        let name = &self.name;
        let mut sql = format!("CREATE USER '{name}'@'%' IDENTIFIED BY '{name}';");
        let lines = include_str!("../../deploy/grants.sql").lines();
        let grants = lines.filter_map(|line| line.strip_prefix("GRANT ")?.rsplit_once(" TO "));
        for (grant, _) in grants {
            sql.push_str(&format!("GRANT {grant} TO '{name}'@'%';"));
        }
        run(&self.direct(), &sql).await;
    }

    /// Takes one of its grants from the role.
    pub async fn revoke(&self, grant: &str) {
        let name = &self.name;
        run(&self.direct(), &format!("REVOKE {grant} FROM '{name}'@'%'")).await;
    }

    /// Gives it back.
    pub async fn grant(&self, grant: &str) {
        let name = &self.name;
        run(&self.direct(), &format!("GRANT {grant} TO '{name}'@'%'")).await;
    }

    fn direct(&self) -> MySqlConnectOptions {
        self.server.clone().database(&self.name)
    }

    /// Servers find the database by a way that can be cut.
    pub async fn detour(&mut self) {
        let target = format!("{}:{}", self.server.get_host(), self.server.get_port());
        self.way = Some(Way::open(target, 0).await);
    }

    /// Takes the database away.
    pub async fn take_away(&mut self) {
        if let Some(way) = &mut self.way {
            way.running.abort();
            let _ended = (&mut way.running).await;
        }
    }

    /// Puts the database back.
    pub async fn put_back(&mut self) {
        if let Some(way) = self.way.take() {
            self.way = Some(Way::open(way.target.clone(), way.port).await);
        }
    }
}

impl Drop for Scratch {
    /// Drops the database, also when a test has failed. Whoever is connected is sent away.
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                run(&server, &format!("DROP DATABASE `{name}`")).await;
                run(&server, &format!("DROP USER IF EXISTS '{name}'@'%'")).await;
            });
        });
        assert!(dropped.join().is_ok() || std::thread::panicking(), "the database goes");
    }
}

async fn run(server: &MySqlConnectOptions, sql: &str) {
    let mut connection = server.connect().await.expect("the server answers");
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.expect("it runs");
    connection.close().await.expect("the connection closes");
}

/// Says once that nothing is tested.
fn skipped() {
    use std::io::Write as _;
    static SAID: Once = Once::new();
    // Past the test harness, which keeps what passing tests print to itself.
    SAID.call_once(|| {
        let said = writeln!(
            std::io::stderr(),
            "skipped: the tests of {} need TEST_MYSQL_URL=URL of a server to make databases on",
            env!("CARGO_PKG_NAME")
        );
        said.expect("standard error is open");
    });
}

/// A way to the server that can be cut.
struct Way {
    target: String,
    port: u16,
    running: JoinHandle<()>,
}

impl Way {
    async fn open(target: String, port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let to = target.clone();
        let running = tokio::spawn(async move {
            // Connections end with the task that holds them.
            let mut open = tokio::task::JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let to = to.clone();
                open.spawn(async move {
                    let mut far = TcpStream::connect(to).await?;
                    tokio::io::copy_bidirectional(&mut near, &mut far).await
                });
            }
        });
        Self { target, port, running }
    }
}
