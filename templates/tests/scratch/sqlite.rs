//! A database for one test: a file of its own.

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

use crate::subject::runtime::database::{Database, migrate};
use crate::subject::server::{MIGRATIONS, settings};

/// A database that is migrated and seeded, and goes when it is dropped.
pub struct Scratch(TempDir);

impl Scratch {
    /// A database after these SQL scripts have run.
    #[cfg(not(feature = "shared"))]
    pub async fn new(seeds: &[&str]) -> Self {
        let scratch = Self(TempDir::new().expect("a folder"));
        migrate(&scratch.url(), MIGRATIONS).await.expect("the migrations run");
        let mut connection =
            SqliteConnection::connect(&scratch.url()).await.expect("the database opens");
        for seed in seeds {
            let script = sqlx::raw_sql(AssertSqlSafe((*seed).to_owned()));
            script.execute(&mut connection).await.expect("the seed runs");
        }
        connection.close().await.expect("the database closes");
        scratch
    }

    /// A database after these SQL scripts have run; none where no Redis is named for tests.
    #[cfg(feature = "shared")]
    pub async fn new(seeds: &[&str]) -> Option<Self> {
        crate::support::redis_url()?;
        let scratch = Self(TempDir::new().expect("a folder"));
        migrate(&scratch.url(), MIGRATIONS).await.expect("the migrations run");
        let mut connection =
            SqliteConnection::connect(&scratch.url()).await.expect("the database opens");
        for seed in seeds {
            let script = sqlx::raw_sql(AssertSqlSafe((*seed).to_owned()));
            script.execute(&mut connection).await.expect("the seed runs");
        }
        connection.close().await.expect("the database closes");
        Some(scratch)
    }

    /// Where a server finds it.
    pub fn url(&self) -> String {
        format!("sqlite:{}", self.0.path().join("test.db").display())
    }

    /// The database as a server has it.
    pub async fn open(&self) -> Database {
        Database::open(settings(self.url()), MIGRATIONS).await.expect("it opens")
    }

    /// Takes the database away.
    #[cfg(feature = "lost")]
    pub async fn take_away(&mut self) {
        std::fs::rename(self.0.path().join("test.db"), self.0.path().join("test.away"))
            .expect("the file moves");
    }

    /// Puts the database back.
    #[cfg(feature = "lost")]
    pub async fn put_back(&mut self) {
        std::fs::rename(self.0.path().join("test.away"), self.0.path().join("test.db"))
            .expect("the file moves back");
    }
}
