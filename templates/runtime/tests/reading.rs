//! What arguments are taken, and what is said of the rest.

use mcpgen_runtime::format;
use mcpgen_runtime::input::{Checked, Fields, Input, Read, Unknown, refuse};
use mcpgen_runtime::uri::{Part, matched};
use serde_json::{Value, json};

fn read<T>(value: Value, read: impl FnOnce(Input) -> Read<Checked<T>>) -> Result<T, String> {
    let Value::Object(arguments) = json!({ "x": value }) else { unreachable!("it is an object") };
    let mut fields = Fields::of(arguments, Unknown::Refuse);
    let found = fields.required("x", |input| Ok(read(input)?.value));
    fields.finish(|| found).map_err(|problems| refuse(problems).message)
}

#[test]
fn what_converts_without_loss_is_taken() {
    assert_eq!(read(json!("5"), Input::integer), Ok(5));
    assert_eq!(read(json!(5.0), Input::integer), Ok(5));
    assert_eq!(read(json!("1.5"), Input::number), Ok(1.5));
    assert_eq!(read(json!("true"), Input::boolean), Ok(true));
    assert_eq!(read(json!(42), Input::text), Ok("42".to_owned()));
    let list = |input: Input| input.array(|item| Ok(item.integer()?.value));
    assert_eq!(read(json!("[1, 2]"), list), Ok(vec![1, 2]));
    assert_eq!(read(json!("B"), |input| input.choice(&[("a", 1), ("b", 2)])), Ok(2));
}

#[test]
fn what_would_lose_something_is_refused_by_name() {
    for (value, expected) in [
        (json!(5.5), "`x` must be an integer, not 5.5."),
        (json!("five"), "`x` must be an integer, not \"five\"."),
        (json!(1e300), "`x` must be an integer, not 1e+300."),
        (json!([1]), "`x` must be an integer, not a list."),
        (json!(null), "`x` is required."),
    ] {
        assert_eq!(read(value, Input::integer), Err(expected.to_owned()));
    }
    assert!(read(json!("a\u{0}b"), Input::text).is_err());
    assert!(read(json!("NaN"), Input::number).is_err());
    assert!(read(json!(true), Input::text).is_err());
}

#[test]
fn a_call_with_thousands_of_problems_gets_a_short_answer() {
    let arguments = (0..50_000).map(|n| (format!("k{n}"), json!(1))).collect();
    let fields = Fields::of(arguments, Unknown::Refuse);
    let message = fields.finish(|| Some(())).map_err(|problems| refuse(problems).message);
    let message = message.expect_err("nothing of it is known");
    assert!(message.len() < 2000 && message.contains("49980 more"), "{message}");
}

#[test]
fn formats() {
    for (text, fits) in
        [("2024-02-29", true), ("2023-02-29", false), ("2024- 2- 9", false), ("+999-01-01", false)]
    {
        assert_eq!(format::date(text).is_some(), fits, "{text}");
    }
    for (text, fits) in [
        ("2024-02-29T12:30:00Z", true),
        ("2024-02-29T12:30:00.5+02:00", true),
        ("2024-02-29 12:30", false),
        ("9999-12-31T23:59:59-01:00", false),
        ("2016-12-31T23:59:60Z", false),
    ] {
        assert_eq!(format::date_time(text).is_some(), fits, "{text}");
    }
    for (text, fits) in
        [("-12.50", true), ("1e5", false), (".5", false), ("1.", false), ("", false)]
    {
        assert_eq!(format::decimal(text).is_some(), fits, "{text}");
    }
    for (text, fits) in [
        ("ada@example.com", true),
        ("a.b+c@example.co.uk", true),
        ("ada", false),
        ("@example.com", false),
        ("a@b@example.com", false),
        ("ada@-example.com", false),
        ("a..b@example.com", false),
    ] {
        assert_eq!(format::email(text), fits, "{text}");
    }
    for (text, fits) in [
        ("https://example.com/a?b#c", true),
        ("mailto:a@b", true),
        ("no uri", false),
        ("http://a b", false),
        ("x:%zz", false),
    ] {
        assert_eq!(format::uri(text), fits, "{text}");
    }
    assert!(format::uuid("6F0A3C5E-8F43-4C8B-9D5E-0A1B2C3D4E5F").is_some());
    assert!(format::uuid("6F0A3C5E8F434C8B9D5E0A1B2C3D4E5F").is_none());
}

#[test]
fn placeholders_of_uris() {
    let parts = [Part::Text("shop://"), Part::Param("kind"), Part::Text("/"), Part::Param("id")];
    let found = matched(&parts, "shop://a%20b/7").expect("it matches");
    assert_eq!(Value::Object(found), json!({ "kind": "a b", "id": "7" }));
    for other in
        ["shop://a/", "shop:///7", "shop://a/7/8", "shop://a/%zz", "shop://a/%ff", "other://a/7"]
    {
        assert!(matched(&parts, other).is_none(), "{other}");
    }
}
