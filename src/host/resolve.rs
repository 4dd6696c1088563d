//! Names of hosts.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

/// Asks the system for the addresses of a host.
pub async fn resolve(host: &str, limit: Duration) -> io::Result<Vec<IpAddr>> {
    // The port is of no account for a name.
    let found = tokio::time::timeout(limit, tokio::net::lookup_host((host, 443))).await;
    let mut addresses: Vec<IpAddr> =
        found.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??.map(|address| address.ip()).collect();
    addresses.dedup();
    Ok(addresses)
}
