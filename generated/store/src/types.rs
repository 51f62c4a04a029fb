//! Types that several params share.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::runtime::{format, input, value};

/// Reads the type `Email`.
pub fn email(input: input::Input) -> input::Read<input::Checked<String>> {
    input.text()?.format("an email address", format::email)?.max_length(254)
}

/// Reads the type `Country`.
pub fn country(input: input::Input) -> input::Read<input::Checked<String>> {
    input
        .text()?
        .pattern({
            static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new("^[A-Z]{2}$").expect("mcpgen compiled this pattern")
            });
            &PATTERN
        })
}

/// Reads the type `Sku`.
pub fn sku(input: input::Input) -> input::Read<input::Checked<String>> {
    input
        .text()?
        .pattern({
            static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new("^[A-Z]{3}-[0-9]{4}$").expect("mcpgen compiled this pattern")
            });
            &PATTERN
        })
}

/// Reads the type `Slug`.
pub fn slug(input: input::Input) -> input::Read<input::Checked<String>> {
    input
        .text()?
        .pattern({
            static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new("^[a-z0-9]+(-[a-z0-9]+)*$")
                    .expect("mcpgen compiled this pattern")
            });
            &PATTERN
        })?
        .max_length(80)
}

/// Reads the type `Tag`.
pub fn tag(input: input::Input) -> input::Read<input::Checked<String>> {
    input.text()?.min_length(1)?.max_length(40)
}

/// Reads the type `Amount`.
pub fn amount(input: input::Input) -> input::Read<input::Checked<value::Decimal>> {
    input.parsed("a decimal number in a string, like \"12.50\"", format::decimal)
}

/// Reads the type `Quantity`.
pub fn quantity(input: input::Input) -> input::Read<input::Checked<i64>> {
    input.integer()?.minimum(1)?.maximum(100)
}

/// Reads the type `OrderNumber`.
pub fn order_number(input: input::Input) -> input::Read<input::Checked<i64>> {
    input.integer()?.minimum(1001)
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum OrderStatus {
    /// `pending`.
    #[serde(rename = "pending")]
    Pending,
    /// `paid`.
    #[serde(rename = "paid")]
    Paid,
    /// `packing`.
    #[serde(rename = "packing")]
    Packing,
    /// `shipped`.
    #[serde(rename = "shipped")]
    Shipped,
    /// `delivered`.
    #[serde(rename = "delivered")]
    Delivered,
    /// `cancelled`.
    #[serde(rename = "cancelled")]
    Cancelled,
    /// `refunded`.
    #[serde(rename = "refunded")]
    Refunded,
}

impl OrderStatus {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 7] = [
        ("pending", Self::Pending),
        ("paid", Self::Paid),
        ("packing", Self::Packing),
        ("shipped", Self::Shipped),
        ("delivered", Self::Delivered),
        ("cancelled", Self::Cancelled),
        ("refunded", Self::Refunded),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Packing => "packing",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
        }
    }
}

/// Reads the type `OrderStatus`.
pub fn order_status(input: input::Input) -> input::Read<input::Checked<OrderStatus>> {
    input.choice(&OrderStatus::ALL)
}

/// `PaymentMethod`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum PaymentMethod {
    /// `card`.
    #[serde(rename = "card")]
    Card,
    /// `transfer`.
    #[serde(rename = "transfer")]
    Transfer,
    /// `voucher`.
    #[serde(rename = "voucher")]
    Voucher,
}

impl PaymentMethod {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("card", Self::Card),
        ("transfer", Self::Transfer),
        ("voucher", Self::Voucher),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Transfer => "transfer",
            Self::Voucher => "voucher",
        }
    }
}

/// Reads the type `PaymentMethod`.
pub fn payment_method(
    input: input::Input,
) -> input::Read<input::Checked<PaymentMethod>> {
    input.choice(&PaymentMethod::ALL)
}

/// Only active products are sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ProductStatus {
    /// `draft`.
    #[serde(rename = "draft")]
    Draft,
    /// `active`.
    #[serde(rename = "active")]
    Active,
    /// `retired`.
    #[serde(rename = "retired")]
    Retired,
}

impl ProductStatus {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("draft", Self::Draft),
        ("active", Self::Active),
        ("retired", Self::Retired),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }
}

/// Reads the type `ProductStatus`.
pub fn product_status(
    input: input::Input,
) -> input::Read<input::Checked<ProductStatus>> {
    input.choice(&ProductStatus::ALL)
}

/// `AddressKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum AddressKind {
    /// `shipping`.
    #[serde(rename = "shipping")]
    Shipping,
    /// `billing`.
    #[serde(rename = "billing")]
    Billing,
}

impl AddressKind {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 2] = [
        ("shipping", Self::Shipping),
        ("billing", Self::Billing),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shipping => "shipping",
            Self::Billing => "billing",
        }
    }
}

/// Reads the type `AddressKind`.
pub fn address_kind(input: input::Input) -> input::Read<input::Checked<AddressKind>> {
    input.choice(&AddressKind::ALL)
}

/// How many of what.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// What is sold.
    pub sku: String,
    /// Number of units.
    pub quantity: i64,
}

impl Item {
    /// Reads the members of an object.
    pub fn read(mut fields: input::Fields) -> input::Read<Self> {
        let sku = fields.required("sku", |input| Ok(sku(input)?.value));
        let quantity = fields.required("quantity", |input| Ok(quantity(input)?.value));
        fields
            .finish(|| Some(Self {
                sku: sku?,
                quantity: quantity?,
            }))
    }
}

/// Reads the type `Item`.
pub fn item(input: input::Input) -> input::Read<input::Checked<Item>> {
    input.object(input::Unknown::Refuse, Item::read)
}
