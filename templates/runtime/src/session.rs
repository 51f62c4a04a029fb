//! What a session gives of a statement's rows.

use super::database::{Row, Session, Statement};
use super::failure::Failure;
#[cfg(feature = "optional-row")]
use super::failure::Kind;

impl Session {
    /// What tells an answer from another one, whatever its columns are.
    #[cfg(feature = "watch-poll")]
    pub async fn digest(&mut self, statement: Statement<'_>) -> Result<u64, Failure> {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        let mut hasher = DefaultHasher::new();
        self.each(statement, |row| {
            for at in 0..sqlx::Row::len(&row) {
                super::decode::as_stored(&row, at)?.hash(&mut hasher);
            }
            Ok(true)
        })
        .await?;
        Ok(hasher.finish())
    }

    /// Every row of a statement.
    #[cfg(any(feature = "many", feature = "page", feature = "optional-row"))]
    async fn fetch(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        self.each(statement, |row| {
            rows.push(row);
            #[cfg(feature = "row-progress")]
            super::progress::read(rows.len());
            Ok(true)
        })
        .await?;
        Ok(rows)
    }

    /// Every row.
    #[cfg(feature = "many")]
    pub async fn many<T>(
        &mut self,
        statement: Statement<'_>,
        decode: impl Fn(&Row) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>, Failure> {
        let rows = self.fetch(statement).await?;
        #[cfg(feature = "audit")]
        super::audit::rows(rows.len());
        rows.iter().map(|row| decode(row).map_err(Failure::from)).collect()
    }

    /// Rows until there are `max_rows`, or until their JSON has `max_bytes`; and whether there were
    /// more.
    #[cfg(feature = "bounded")]
    pub async fn bounded<T: serde::Serialize>(
        &mut self,
        statement: Statement<'_>,
        max_rows: usize,
        max_bytes: usize,
        decode: impl Fn(&Row) -> Result<T, sqlx::Error>,
    ) -> Result<(Vec<T>, bool), Failure> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        let mut more = false;
        self.each(statement, |row| {
            let row = decode(&row)?;
            bytes +=
                serde_json::to_string(&row).map_err(|error| Failure::unknown(&error))?.len() + 1;
            more = rows.len() == max_rows || bytes > max_bytes;
            if !more {
                rows.push(row);
                #[cfg(feature = "row-progress")]
                super::progress::read(rows.len());
            }
            Ok(!more)
        })
        .await?;
        #[cfg(feature = "audit")]
        super::audit::rows(rows.len());
        Ok((rows, more))
    }

    /// At most `size` rows of those that are fetched, and where the page ends if there were more.
    #[cfg(feature = "page")]
    pub async fn page<T>(
        &mut self,
        statement: Statement<'_>,
        size: i64,
        keys: &[usize],
        decode: impl Fn(&Row) -> Result<T, sqlx::Error>,
    ) -> Result<(Vec<T>, Option<super::cursor::Position>), Failure> {
        let size = usize::try_from(size).unwrap_or(0);
        let rows = self.fetch(statement).await?;
        let end = match rows.get(size.saturating_sub(1)) {
            Some(last) if rows.len() > size => Some(super::cursor::Position::of(last, keys)?),
            Some(_) | None => None,
        };
        #[cfg(feature = "audit")]
        super::audit::rows(rows.len().min(size));
        let page = rows.iter().take(size).map(|row| decode(row).map_err(Failure::from));
        Ok((page.collect::<Result<_, _>>()?, end))
    }

    /// One row or none; two are an error.
    #[cfg(feature = "optional-row")]
    pub async fn optional<T>(
        &mut self,
        statement: Statement<'_>,
        decode: impl Fn(&Row) -> Result<T, sqlx::Error>,
    ) -> Result<Option<T>, Failure> {
        let rows = self.fetch(statement).await?;
        #[cfg(feature = "audit")]
        super::audit::rows(rows.len());
        match rows.as_slice() {
            [] => Ok(None),
            [row] => Ok(Some(decode(row)?)),
            _ => Err(Failure::new(
                Kind::ResultTooLarge,
                "More than one record fits these arguments; nothing was changed.",
            )),
        }
    }

    /// Exactly one row.
    #[cfg(feature = "one-row")]
    pub async fn one<T>(
        &mut self,
        statement: Statement<'_>,
        decode: impl Fn(&Row) -> Result<T, sqlx::Error>,
    ) -> Result<T, Failure> {
        self.optional(statement, decode).await?.ok_or_else(Failure::not_found)
    }
}
