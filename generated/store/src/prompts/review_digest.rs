//! The prompt `review_digest`.

use std::time::Duration;

use rmcp::model::{GetPromptResult, PromptMessage};
use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{decode, input, template};
use crate::server::Shared;
use crate::types;

/// The statement of `reviews`.
const REVIEWS_SQL: &str = r"SELECT r.rating, r.title, r.body
FROM reviews AS r JOIN products AS p ON p.id = r.product_id
WHERE p.slug = $1 AND r.published
ORDER BY r.rating, r.written_at";

/// The statement of `mean`.
const MEAN_SQL: &str = r"SELECT coalesce(round(avg(r.rating), 1)::text, 'none')
FROM reviews AS r JOIN products AS p ON p.id = r.product_id
WHERE p.slug = $1 AND r.published";

/// Message 1.
static MESSAGE_1: template::Template = template::Template::new(
    r"Reviews of {{ product }}, mean {{ mean }}:
{% for r in reviews %}- {{ r.rating }}/5 {{ r.title }}: {{ r.body }}
{% else %}nobody wrote one
{% endfor %}
What do customers like, what not, and what should change?
",
);

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the prompt takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Params {
    /// Name in addresses of pages.
    pub product: String,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let product = fields.required("product", |input| Ok(types::slug(input)?.value));
        fields.finish(|| Some(Self { product: product? }))
    }
}

/// A row of `reviews`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewsRow {
    /// Column `rating`.
    pub rating: i64,
    /// Column `title`.
    pub title: String,
    /// Column `body`.
    pub body: String,
}

impl ReviewsRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            rating: decode::integer(row, 0)?,
            title: decode::text(row, 1)?,
            body: decode::text(row, 2)?,
        })
    }
}

/// What the messages can name.
#[derive(Debug, Serialize)]
struct Variables<'a> {
    /// The arguments.
    #[serde(flatten)]
    params: &'a Params,
    /// What `reviews` answered.
    reviews: Vec<ReviewsRow>,
    /// What `mean` answered.
    mean: String,
}

/// Sum up what customers say about a product.
pub async fn get(
    shared: &Shared,
    arguments: input::Arguments,
) -> Result<GetPromptResult, Failure> {
    let params = Params::read(arguments).map_err(input::refuse)?;
    let mut session = shared.database.read(TIMEOUT).await?;
    let reviews = session
        .many(sqlx::query(REVIEWS_SQL).bind(params.product.as_str()), ReviewsRow::decode)
        .await?;
    let mean = session
        .one(
            sqlx::query(MEAN_SQL).bind(params.product.as_str()),
            |row| decode::text(row, 0),
        )
        .await?;
    let variables = Variables {
        params: &params,
        reviews,
        mean,
    };
    let messages = Vec::from([
        PromptMessage::new_text(rmcp::model::Role::User, MESSAGE_1.render(&variables)?),
    ]);
    Ok(
        GetPromptResult::new(messages)
            .with_description("Sum up what customers say about a product."),
    )
}
