//! A database on a server, past the compiler.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _};

/// Runs statements on a server; the first column of the rows that they answer with.
pub(crate) fn run(url: &str, sql: &str) -> Result<Vec<String>, sqlx::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        if url.starts_with("postgres") {
            let rows = sqlx::PgConnection::connect(url).await?.fetch_all(sql).await?;
            rows.iter().map(|row| row.try_get(0)).collect()
        } else {
            let rows = sqlx::MySqlConnection::connect(url).await?.fetch_all(sql).await?;
            rows.iter().map(|row| row.try_get(0)).collect()
        }
    })
}

/// A database of one test alone, which is dropped at the end.
pub(crate) struct Own {
    server: String,
    pub(crate) name: String,
    pub(crate) url: String,
}

impl Own {
    /// A database on the server that a URL names.
    pub(crate) fn new(server: String, name: String) -> Self {
        run(&server, &format!("CREATE DATABASE {name}")).expect("a database");
        let (host, _) = server.rsplit_once('/').expect("a URL with a database");
        let url = format!("{host}/{name}");
        Self { server, name, url }
    }

    /// Runs statements in it.
    pub(crate) fn run(&self, sql: &str) -> Vec<String> {
        run(&self.url, sql).expect("it runs")
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let dropped = run(&self.server, &format!("DROP DATABASE {}", self.name));
        assert!(dropped.is_ok() || std::thread::panicking(), "{dropped:?}");
    }
}
