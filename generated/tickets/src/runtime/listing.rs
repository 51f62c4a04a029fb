//! Pages of the lists that clients are told: of tools, resources, prompts.

use rmcp::model::{ErrorData, PaginatedRequestParams};

/// Items of a page.
const PAGE: usize = 100;

/// The page that a request asks for, and the cursor of the next. The lists never change while a
/// server runs, so a cursor is a place in them.
///
/// # Errors
/// The cursor is none of this list.
pub fn page<T: Clone>(
    list: &str,
    items: &[T],
    request: Option<PaginatedRequestParams>,
) -> Result<(Vec<T>, Option<String>), ErrorData> {
    let begin = match request.and_then(|request| request.cursor) {
        None => 0,
        Some(cursor) => {
            let at = (PAGE..items.len()).step_by(PAGE).find(|at| cursor_of(list, *at) == cursor);
            at.ok_or_else(|| {
                let message = format!("this is no cursor of the {list}: begin without one");
                ErrorData::invalid_params(message, None)
            })?
        }
    };
    let end = items.len().min(begin + PAGE);
    let next = (end < items.len()).then(|| cursor_of(list, end));
    Ok((items[begin..end].to_vec(), next))
}

fn cursor_of(list: &str, at: usize) -> String {
    format!("{list}+{at:x}")
}

#[cfg(test)]
mod tests {
    use super::page;
    use rmcp::model::PaginatedRequestParams;

    #[test]
    fn pages_hold_the_whole_list_in_its_order() {
        for size in [0, 1, 99, 100, 101, 200, 201, 1234] {
            let items: Vec<usize> = (0..size).collect();
            let (mut all, mut next) = page("tools", &items, None).expect("the first page");
            while let Some(cursor) = next {
                let request = PaginatedRequestParams::default().with_cursor(Some(cursor));
                let (more, after) = page("tools", &items, Some(request)).expect("a page");
                assert!((1..=100).contains(&more.len()));
                all.extend(more);
                next = after;
            }
            assert_eq!(all, items);
        }
    }

    #[test]
    fn a_cursor_is_good_for_its_list_alone() {
        let items = [0; 250];
        let (_, next) = page("tools", &items, None).expect("the first page");
        for cursor in ["", "0", "tools+0", "tools+65", "tools+064", "tools+12c", "prompts+64"] {
            let request = PaginatedRequestParams::default().with_cursor(Some(cursor.to_owned()));
            let error = page("tools", &items, Some(request)).expect_err(cursor);
            assert_eq!(error.code.0, -32602);
        }
        let request = PaginatedRequestParams::default().with_cursor(next);
        assert!(page("tools", &items, Some(request.clone())).is_ok());
        assert!(page("prompts", &items, Some(request)).is_err());
    }
}
