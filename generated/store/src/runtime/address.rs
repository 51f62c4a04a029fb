//! Where a request comes from: the address of whoever connects, or what trusted proxies say of it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::FORWARDED;
use axum::http::request::Parts;
use ipnet::IpNet;
use rmcp::RoleServer;
use rmcp::service::RequestContext;

/// What a proxy of the older kind says of whom it asks for.
const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of a client, as an HTTP request carries it beside its headers. IPv4 is never written
/// as IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address(pub IpAddr);

impl Address {
    /// Whoever has connected.
    pub fn of_peer(peer: SocketAddr) -> Self {
        Self(peer.ip().to_canonical())
    }
}

/// The address of whoever asks; none over stdio.
pub fn of(context: &RequestContext<RoleServer>) -> Option<IpAddr> {
    let address = context.extensions.get::<Parts>()?.extensions.get::<Address>()?;
    Some(address.0)
}

/// Proxies whose word is taken for whom they ask for.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Arc<[IpNet]>);

impl Proxies {
    /// Those in these networks, as `10.0.0.0/8`, or at these addresses.
    ///
    /// # Errors
    /// One of them is no network and no address.
    pub fn new(named: &[String]) -> Result<Self, String> {
        // A variable that is set to nothing names nothing.
        let named = named.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
        let networks = named.map(|name| {
            let network = name.parse().or_else(|_| name.parse::<IpAddr>().map(IpNet::from));
            network.map_err(|_| format!("{name:?} is no network of trusted proxies: 10.0.0.0/8"))
        });
        networks.collect::<Result<_, _>>().map(Self)
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Puts the address of the client in the place of whoever has connected: the last one on the way
    /// that is no trusted proxy.
    pub fn look(&self, parts: &mut Parts) {
        if let Some(Address(peer)) = parts.extensions.get().copied()
            && self.trust(peer)
        {
            parts.extensions.insert(Address(self.client(peer, &parts.headers)));
        }
    }

    /// Whom a trusted proxy asks for. A proxy writes one of the two headers and may pass on the other
    /// as it came: where they disagree, neither is taken.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = |name: &str| -> Option<Vec<&str>> {
            let lines: Vec<&str> =
                headers.get_all(name).iter().map(|line| line.to_str().unwrap_or("?")).collect();
            (!lines.is_empty()).then_some(lines)
        };
        let older = lines(X_FORWARDED_FOR).map(|lines| {
            let hops = lines.iter().flat_map(|line| line.split(','));
            self.last(peer, &hops.map(address).collect::<Vec<_>>())
        });
        let newer = lines(FORWARDED.as_str()).map(|lines| {
            let hops = lines.iter().flat_map(|line| unquoted(line, ','));
            self.last(peer, &hops.map(forwarded_for).collect::<Vec<_>>())
        });
        match (older, newer) {
            (Some(older), Some(newer)) if older != newer => peer,
            (Some(client), _) | (None, Some(client)) => client,
            (None, None) => peer,
        }
    }

    /// The last hop that is not trusted; where one cannot be read, the proxy that has written it.
    fn last(&self, peer: IpAddr, hops: &[Option<IpAddr>]) -> IpAddr {
        let mut client = peer;
        for hop in hops.iter().rev() {
            let Some(hop) = *hop else { return client };
            client = hop;
            if !self.trust(hop) {
                return client;
            }
        }
        client
    }
}

/// What stands between separators that are not in quotes.
fn unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
}

/// The address in one element of `Forwarded` (RFC 7239).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let pairs = unquoted(element, ';').filter_map(|pair| pair.split_once('='));
    let mut named = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    let (_, node) = named.next()?;
    address(node.trim().trim_matches('"'))
}

/// An address, with a port or without.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|it| it.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    /// The client of a request that somebody at an address sends with these headers.
    fn client(peer: &str, headers: &[(&str, &str)]) -> String {
        let trusted = ["10.0.0.0/8", "", " 192.0.2.7", "fd00::/8"].map(str::to_owned);
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut parts = request.body(()).expect("a request").into_parts().0;
        parts.extensions.insert(Address::of_peer(peer.parse().expect("an address")));
        Proxies::new(&trusted).expect("networks").look(&mut parts);
        parts.extensions.get::<Address>().expect("an address").0.to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let older = |hops| [("X-Forwarded-For", hops)];
        let newer = |hops| [("Forwarded", hops)];
        assert_eq!(client("203.0.113.9:1", &older("198.51.100.1")), "203.0.113.9");
        assert_eq!(client("203.0.113.9:1", &newer("for=198.51.100.1")), "203.0.113.9");
        assert_eq!(client("10.1.1.1:1", &[]), "10.1.1.1");
        assert_eq!(client("[::ffff:10.1.1.1]:1", &older("198.51.100.1")), "198.51.100.1");
        assert_eq!(client("192.0.2.7:1", &older("198.51.100.1:4711")), "198.51.100.1");
        assert_eq!(client("192.0.2.8:1", &older("198.51.100.1")), "192.0.2.8");
        assert_eq!(client("[fd00::1]:1", &newer("for=\"[2001:db8::17]:4711\"")), "2001:db8::17");
    }

    #[test]
    fn the_last_hop_that_is_not_trusted_is_the_client() {
        let older = |hops| client("10.1.1.1:1", &[("X-Forwarded-For", hops)]);
        let newer = |hops| client("10.1.1.1:1", &[("Forwarded", hops)]);
        // Whatever a client writes itself stands before what proxies add.
        assert_eq!(older("1.2.3.4, 198.51.100.1"), "198.51.100.1");
        assert_eq!(older("1.2.3.4, 198.51.100.1, 10.2.2.2"), "198.51.100.1");
        assert_eq!(newer("for=1.2.3.4, For=198.51.100.1;proto=http, for=10.2.2.2"), "198.51.100.1");
        assert_eq!(newer("for=\"_a,b\", by=10.0.0.1;for=\"198.51.100.1\""), "198.51.100.1");
        assert_eq!(older("10.3.3.3, 10.2.2.2"), "10.3.3.3");
        // What cannot be read leads no further.
        assert_eq!(older("1.2.3.4, unknown, 10.2.2.2"), "10.2.2.2");
        assert_eq!(older("nonsense"), "10.1.1.1");
        assert_eq!(newer("for=_hidden"), "10.1.1.1");
        let lines = [("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-For", "198.51.100.1")];
        assert_eq!(client("10.1.1.1:1", &lines), "198.51.100.1");
    }

    #[test]
    fn headers_that_disagree_say_nothing() {
        let both = |older, newer| [("X-Forwarded-For", older), ("Forwarded", newer)];
        let same = both("198.51.100.1", "for=198.51.100.1");
        assert_eq!(client("10.1.1.1:1", &same), "198.51.100.1");
        let other = both("198.51.100.1", "for=1.2.3.4");
        assert_eq!(client("10.1.1.1:1", &other), "10.1.1.1");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        let refused = Proxies::new(&["10.0.0.0/33".to_owned()]).expect_err("no network");
        assert!(refused.contains("10.0.0.0/33"), "{refused}");
    }
}
