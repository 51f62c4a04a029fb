//! Bearer tokens: what is taken, what is refused, what is asked of whoever gives them out.

mod introspection;
mod issuer;
mod jwt;
mod logs;
