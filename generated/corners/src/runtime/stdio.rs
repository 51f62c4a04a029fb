//! MCP over standard input and output.

use rmcp::service::ServerInitializeError;
use rmcp::transport::io::stdio_pipes;
use rmcp::{ServerHandler, ServiceExt};

/// Serves one client until its input ends.
///
/// # Errors
/// The transport failed. Input that ends before the first message is no error.
pub async fn serve<S: ServerHandler>(server: S) -> Result<(), Box<dyn std::error::Error>> {
    match server.serve(stdio_pipes()).await {
        Ok(running) => {
            running.waiting().await?;
            Ok(())
        }
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
