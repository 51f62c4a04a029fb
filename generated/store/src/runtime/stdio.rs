//! MCP over standard input and output.

use rmcp::service::ServerInitializeError;
use rmcp::transport::io::stdio_pipes;
use rmcp::{ServerHandler, ServiceExt};
use tokio_util::sync::CancellationToken;

/// Serves one client until its input ends, or until `stop`.
///
/// # Errors
/// The transport failed. Input that ends before the first message is no error.
pub async fn serve<S: ServerHandler>(
    server: S,
    stop: CancellationToken,
) -> Result<(), Box<dyn std::error::Error>> {
    tokio::select! {
        ended = until_end_of_input(server) => ended,
        () = stop.cancelled() => Ok(()),
    }
}

async fn until_end_of_input<S: ServerHandler>(server: S) -> Result<(), Box<dyn std::error::Error>> {
    match server.serve(stdio_pipes()).await {
        Ok(running) => {
            running.waiting().await?;
            Ok(())
        }
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
