//! The tool `create_product`.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::runtime::failure::Failure;
use crate::runtime::{answer, cache, input, template, value};
use crate::server::Shared;
use crate::{rows, types};

/// The statement.
const SQL: &str = r"INSERT INTO products (sku, name, category, price, supplier_id, reorder_level, reorder_quantity, attributes, tags)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
RETURNING id, sku, name, category, price, supplier_id, reorder_level, attributes, tags, added_on, discontinued";

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// Stock keeping unit.
    pub sku: String,
    /// `name`.
    pub name: String,
    /// Shelf that the product stands on.
    pub category: types::Category,
    /// Price of one unit.
    pub price: value::Decimal,
    /// `supplier_id`.
    pub supplier_id: i64,
    /// `reorder_level`.
    pub reorder_level: i64,
    /// `reorder_quantity`.
    pub reorder_quantity: i64,
    /// What a product of its kind has.
    pub attributes: Attributes,
    /// `tags`.
    pub tags: Vec<String>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let sku = fields
            .required("sku", |input| Ok(types::sku(input)?.max_length(20)?.value));
        let name = fields
            .required(
                "name",
                |input| Ok(input.text()?.min_length(2)?.max_length(200)?.value),
            );
        let category = fields
            .or(
                "category",
                json!("other"),
                |input| Ok(types::category(input)?.value),
            );
        let price = fields.required("price", |input| Ok(types::price(input)?.value));
        let supplier_id = fields
            .required("supplier_id", |input| Ok(input.integer()?.value));
        let reorder_level = fields
            .or(
                "reorder_level",
                json!(0),
                |input| Ok(input.integer()?.minimum(0)?.value),
            );
        let reorder_quantity = fields
            .or(
                "reorder_quantity",
                json!(10),
                |input| Ok(input.integer()?.minimum(1)?.maximum(10000)?.value),
            );
        let attributes = fields
            .or(
                "attributes",
                json!({}),
                |input| Ok(input.object(input::Unknown::Refuse, Attributes::read)?.value),
            );
        let tags = fields
            .or(
                "tags",
                json!([]),
                |input| Ok(
                    input
                        .array(|input| Ok(
                            input.text()?.min_length(1)?.max_length(40)?.value,
                        ))?
                        .max_items(20)?
                        .unique_items()?
                        .value,
                ),
            );
        fields
            .finish(|| Some(Self {
                sku: sku?,
                name: name?,
                category: category?,
                price: price?,
                supplier_id: supplier_id?,
                reorder_level: reorder_level?,
                reorder_quantity: reorder_quantity?,
                attributes: attributes?,
                tags: tags?,
            }))
    }
}

/// What a product of its kind has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attributes {
    /// `weight_g`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_g: Option<i64>,
    /// `length_m`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length_m: Option<f64>,
    /// `litres`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub litres: Option<f64>,
    /// `colour`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

impl Attributes {
    /// Reads the members of an object.
    pub fn read(mut fields: input::Fields) -> input::Read<Self> {
        let weight_g = fields
            .optional("weight_g", |input| Ok(input.integer()?.minimum(1)?.value));
        let length_m = fields
            .optional(
                "length_m",
                |input| Ok(input.number()?.exclusive_minimum(0.0)?.value),
            );
        let litres = fields
            .optional(
                "litres",
                |input| Ok(input.number()?.multiple_of_number(0.25)?.value),
            );
        let colour = fields
            .optional("colour", |input| Ok(input.text()?.max_length(30)?.value));
        fields
            .finish(|| Some(Self {
                weight_g: weight_g?,
                length_m: length_m?,
                litres: litres?,
                colour: colour?,
            }))
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub product: rows::Product,
}

/// The text of the answer.
static TEXT: template::Template = template::Template::new(
    "Created {{ product.sku }}, {{ product.name }}, for {{ product.price }}",
);

/// Add a product to the range.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let call = async {
            let output = run(shared, &params)
                .await
                .map_err(|failure| {
                    failure
                        .worded(
                            crate::runtime::failure::Kind::UniqueConstraintViolation,
                            "A product with this SKU exists",
                            &["Look at it with get_product"],
                        )
                        .worded(
                            crate::runtime::failure::Kind::ForeignKeyViolation,
                            "There is no such supplier",
                            &["Find one with list_suppliers"],
                        )
                })?;
            answer::rendered(&output, &TEXT)
        };
        cache::changing(
                &[&shared.caches.search_products, &shared.caches.list_suppliers],
                TIMEOUT,
                call,
            )
            .await
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.sku.as_str())
        .bind(params.name.as_str())
        .bind(params.category.as_str())
        .bind(params.price.0.as_str())
        .bind(params.supplier_id)
        .bind(params.reorder_level)
        .bind(params.reorder_quantity)
        .bind(value::json_text(&params.attributes)?)
        .bind(value::json_text(&params.tags)?);
    let mut session = shared.database.write(TIMEOUT).await?;
    let product = session
        .one(
            statement,
            |row| rows::Product::decode(row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        )
        .await?;
    session.commit().await?;
    Ok(Output { product })
}
