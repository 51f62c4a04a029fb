//! Each tool at the edges of what it takes.

mod find_tickets;
mod list_tickets;
mod get_ticket;
mod count_open;
mod open_ticket;
mod comment;
mod assign_ticket;
mod close_ticket;
mod hire_agent;
mod delete_ticket;
