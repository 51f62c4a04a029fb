//! The stable codes of diagnostics.

/// Declares the codes once: variant, id, and what the code stands for.
macro_rules! codes {
    ($($variant:ident $id:literal $what:literal;)*) => {
        /// A stable code. Codes are never reused for something else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $what] $variant,)*
        }

        impl Code {
            /// Every code, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The id that people see and grep for: `unknown-key`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// What the code stands for, in one sentence.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $what,)* }
            }
        }
    };
}

codes! {
    // Reading the file.
    Yaml "yaml" "The file is not valid YAML.";
    Encoding "encoding" "The file is not UTF-8.";
    TooLarge "too-large" "The file is larger, deeper or has more nodes than mcpgen reads.";
    DuplicateKey "duplicate-key" "A mapping has the same key twice.";
    Ambiguous "ambiguous" "Two YAML readers understand the file differently.";
    FileNotFound "file-not-found" "A file that the spec names cannot be read.";
    // The JSON Schema.
    UnknownKey "unknown-key" "A key that the language does not have.";
    NotSupported "not-supported" "A key or value that this version of mcpgen does not support yet.";
    MissingKey "missing-key" "A key that must be there is missing.";
    WrongType "wrong-type" "A value of the wrong type.";
    InvalidValue "invalid-value" "A value outside of what the key takes.";
    // Meaning: names and types.
    InvalidName "invalid-name" "A name that cannot be used.";
    NameCollision "name-collision" "Two names that become the same name in Rust.";
    UnknownType "unknown-type" "A type that is neither built in nor declared under types.";
    UnknownName "unknown-name" "A name that refers to nothing.";
    InvalidConstraint "invalid-constraint" "A constraint that does not fit its type or contradicts another one.";
    InvalidDefault "invalid-default" "A default or an example that its own constraints refuse.";
    Exclusive "exclusive" "Keys of which exactly one must be there.";
    Unused "unused" "A param, type or row that nothing uses.";
    // Meaning: SQL.
    SqlSyntax "sql-syntax" "SQL that mcpgen or the database cannot read.";
    SqlError "sql-error" "A statement that the database refuses.";
    UndeclaredBinding "undeclared-binding" "A binding without a param of its name.";
    OptionalOutsideClause "optional-outside-clause" "An optional param outside of an optional clause.";
    InvalidBinding "invalid-binding" "A binding that cannot stand where it stands.";
    InvalidClause "invalid-clause" "An optional clause that cannot be used like this.";
    InvalidEffect "invalid-effect" "A statement whose effect is not allowed where it stands.";
    ColumnMismatch "column-mismatch" "A param or a column that contradicts the database.";
    UntypedColumn "untyped-column" "A result column whose type must be declared.";
    InvalidReturns "invalid-returns" "A result shape that the statement cannot have.";
    InvalidPage "invalid-page" "sort or page that the statement cannot have.";
    Template "template" "A template that cannot be rendered.";
    InvalidUri "invalid-uri" "A resource URI that cannot be used.";
    InvalidTest "invalid-test" "A test case that can never pass.";
    Migration "migration" "A migration that the database refuses.";
    Database "database" "A server that must be asked and is not named, or cannot be used.";
}
