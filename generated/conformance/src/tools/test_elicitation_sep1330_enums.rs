//! The tool `test_elicitation_sep1330_enums`.

use std::time::Duration;

use serde::Serialize;

use crate::runtime::database::Row;
use crate::runtime::failure::Failure;
use crate::runtime::{answer, ask, decode, input, value};
use crate::server::Shared;

/// The statement.
const SQL: &str = r"SELECT ?1 || ', ' || ?2 || ', ' || ?3 AS single,
       (SELECT COUNT(*) FROM words WHERE word IN (SELECT value FROM json_each(?4)) OR word IN (SELECT value FROM json_each(?5))) AS several";

/// What a person is asked for where the client leaves it out.
pub const FORMS: &[ask::Form] = &[
    ask::Form {
        name: "choices",
        message: "What shall it be?",
        schema: r#"{"type":"object","properties":{"untitledSingle":{"type":"string","enum":["option1","option2","option3"]},"titledSingle":{"type":"string","oneOf":[{"const":"value1","title":"First Option"},{"const":"value2","title":"Second Option"},{"const":"value3","title":"Third Option"}]},"legacyEnum":{"type":"string","enum":["opt1","opt2","opt3"],"enumNames":["Option One","Option Two","Option Three"]},"untitledMulti":{"type":"array","items":{"type":"string","enum":["option1","option2","option3"]}},"titledMulti":{"type":"array","items":{"anyOf":[{"const":"value1","title":"First Option"},{"const":"value2","title":"Second Option"},{"const":"value3","title":"Third Option"}]}}},"required":["untitledSingle","titledSingle","legacyEnum","untitledMulti","titledMulti"]}"#,
        params: &[
            "untitledSingle",
            "titledSingle",
            "legacyEnum",
            "untitledMulti",
            "titledMulti",
        ],
    },
];

/// How long the statements may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What the tool takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// `untitledSingle`.
    pub untitled_single: UntitledSingle,
    /// `titledSingle`.
    pub titled_single: TitledSingle,
    /// `legacyEnum`.
    pub legacy_enum: LegacyEnum,
    /// `untitledMulti`.
    pub untitled_multi: Vec<UntitledMulti>,
    /// `titledMulti`.
    pub titled_multi: Vec<TitledMulti>,
}

impl Params {
    /// Reads the arguments.
    pub fn read(arguments: input::Arguments) -> input::Read<Self> {
        let mut fields = input::Fields::of(arguments, input::Unknown::Refuse);
        let untitled_single = fields
            .required(
                "untitledSingle",
                |input| Ok(input.choice(&UntitledSingle::ALL)?.value),
            );
        let titled_single = fields
            .required(
                "titledSingle",
                |input| Ok(input.choice(&TitledSingle::ALL)?.value),
            );
        let legacy_enum = fields
            .required("legacyEnum", |input| Ok(input.choice(&LegacyEnum::ALL)?.value));
        let untitled_multi = fields
            .required(
                "untitledMulti",
                |input| Ok(
                    input
                        .array(|input| Ok(input.choice(&UntitledMulti::ALL)?.value))?
                        .value,
                ),
            );
        let titled_multi = fields
            .required(
                "titledMulti",
                |input| Ok(
                    input
                        .array(|input| Ok(input.choice(&TitledMulti::ALL)?.value))?
                        .value,
                ),
            );
        fields
            .finish(|| Some(Self {
                untitled_single: untitled_single?,
                titled_single: titled_single?,
                legacy_enum: legacy_enum?,
                untitled_multi: untitled_multi?,
                titled_multi: titled_multi?,
            }))
    }
}

/// `untitledSingle`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum UntitledSingle {
    /// `option1`.
    #[serde(rename = "option1")]
    Option1,
    /// `option2`.
    #[serde(rename = "option2")]
    Option2,
    /// `option3`.
    #[serde(rename = "option3")]
    Option3,
}

impl UntitledSingle {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("option1", Self::Option1),
        ("option2", Self::Option2),
        ("option3", Self::Option3),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Option1 => "option1",
            Self::Option2 => "option2",
            Self::Option3 => "option3",
        }
    }
}

/// `titledSingle`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TitledSingle {
    /// `value1`: First Option.
    #[serde(rename = "value1")]
    Value1,
    /// `value2`: Second Option.
    #[serde(rename = "value2")]
    Value2,
    /// `value3`: Third Option.
    #[serde(rename = "value3")]
    Value3,
}

impl TitledSingle {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("value1", Self::Value1),
        ("value2", Self::Value2),
        ("value3", Self::Value3),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value1 => "value1",
            Self::Value2 => "value2",
            Self::Value3 => "value3",
        }
    }
}

/// `legacyEnum`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum LegacyEnum {
    /// `opt1`: Option One.
    #[serde(rename = "opt1")]
    Opt1,
    /// `opt2`: Option Two.
    #[serde(rename = "opt2")]
    Opt2,
    /// `opt3`: Option Three.
    #[serde(rename = "opt3")]
    Opt3,
}

impl LegacyEnum {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("opt1", Self::Opt1),
        ("opt2", Self::Opt2),
        ("opt3", Self::Opt3),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opt1 => "opt1",
            Self::Opt2 => "opt2",
            Self::Opt3 => "opt3",
        }
    }
}

/// `untitledMulti`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum UntitledMulti {
    /// `option1`.
    #[serde(rename = "option1")]
    Option1,
    /// `option2`.
    #[serde(rename = "option2")]
    Option2,
    /// `option3`.
    #[serde(rename = "option3")]
    Option3,
}

impl UntitledMulti {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("option1", Self::Option1),
        ("option2", Self::Option2),
        ("option3", Self::Option3),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Option1 => "option1",
            Self::Option2 => "option2",
            Self::Option3 => "option3",
        }
    }
}

/// `titledMulti`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TitledMulti {
    /// `value1`: First Option.
    #[serde(rename = "value1")]
    Value1,
    /// `value2`: Second Option.
    #[serde(rename = "value2")]
    Value2,
    /// `value3`: Third Option.
    #[serde(rename = "value3")]
    Value3,
}

impl TitledMulti {
    /// Every value, by the name that clients use.
    pub const ALL: [(&'static str, Self); 3] = [
        ("value1", Self::Value1),
        ("value2", Self::Value2),
        ("value3", Self::Value3),
    ];

    /// The name that clients use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Value1 => "value1",
            Self::Value2 => "value2",
            Self::Value3 => "value3",
        }
    }
}

/// What the tool answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Output {
    /// The record.
    pub choice: ChoiceRow,
}

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChoiceRow {
    /// Column `single`.
    pub single: Option<String>,
    /// Column `several`.
    pub several: i64,
}

impl ChoiceRow {
    /// Reads a row of the statement.
    pub fn decode(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            single: decode::optional(row, 0, decode::text)?,
            several: decode::integer(row, 1)?,
        })
    }
}

/// Asks a person to choose, with titles and without, one value and several.
pub fn call(shared: &Shared, arguments: input::Arguments) -> answer::Call<'_> {
    Box::pin(async move {
        let params = Params::read(arguments).map_err(input::refuse)?;
        let output = run(shared, &params).await?;
        answer::json(&output)
    })
}

/// Runs the statements.
pub async fn run(shared: &Shared, params: &Params) -> Result<Output, Failure> {
    let statement = sqlx::query(SQL)
        .bind(params.untitled_single.as_str())
        .bind(params.titled_single.as_str())
        .bind(params.legacy_enum.as_str())
        .bind(value::json_text(&params.untitled_multi)?)
        .bind(value::json_text(&params.titled_multi)?);
    let mut session = shared.database.read(TIMEOUT).await?;
    let choice = session.one(statement, ChoiceRow::decode).await?;
    Ok(Output { choice })
}
