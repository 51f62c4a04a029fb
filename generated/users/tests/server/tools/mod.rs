//! Each tool at the edges of what it takes.

mod query_users;
mod create_user;
mod get_user;
mod list_users;
mod update_user;
mod transfer_role;
