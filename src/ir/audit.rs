//! What is written of calls.

use super::{Kind, Param, Resource, Statement, UriPart};

/// What is written of every call.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// Where lines go.
    pub sink: AuditSink,
    /// Whether lines say what calls were given.
    pub arguments: bool,
    /// Names whose values are left out, at any depth.
    pub redact: Vec<String>,
    /// Whether what changes anything is refused while its line could not be kept.
    pub required: bool,
}

/// Where lines go.
#[derive(Debug, Clone, PartialEq)]
pub enum AuditSink {
    /// Standard error.
    Stderr,
    /// A file that is named when the server starts.
    File,
    /// A table: the statement that inserts a line, whose values are texts or NULL.
    Table(Box<Statement>),
}

/// What is written of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown<'p> {
    /// The value.
    Whole,
    /// That it was there.
    Redacted,
    /// These members of an object, or of each in a list.
    Members(Vec<(&'p str, Shown<'p>)>),
}

impl Audit {
    /// What is written of the values of params, each by its name.
    #[must_use]
    pub fn members<'p>(&self, params: &'p [Param]) -> Vec<(&'p str, Shown<'p>)> {
        let given = params.iter().filter(|param| param.is_argument());
        given.map(|param| (param.ident.wire(), self.shown(param))).collect()
    }

    fn shown<'p>(&self, param: &'p Param) -> Shown<'p> {
        if self.hides(param) {
            return Shown::Redacted;
        }
        let mut ty = &param.ty;
        loop {
            match ty.resolved() {
                Kind::Array(item) => ty = item,
                Kind::Object(object) => return Shown::Members(self.members(&object.properties)),
                // Nobody said what is in it.
                Kind::Json | Kind::Bytes => return Shown::Redacted,
                _ => return Shown::Whole,
            }
        }
    }

    fn hides(&self, param: &Param) -> bool {
        param.sensitive || self.redact.iter().any(|name| name == param.ident.wire())
    }

    /// Whether the URI of a resource holds what is not written.
    #[must_use]
    pub fn hides_uri(&self, resource: &Resource) -> bool {
        resource.uri.iter().any(|part| match part {
            UriPart::Param(ident) => self.redact.iter().any(|name| name == ident.wire()),
            UriPart::Literal(_) => false,
        })
    }
}
