//! How many round trips a command waits for over TLS, the opening of connections included, and how many connections it
//! opens.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::net::SocketAddr;

use serde_json::json;
use zpakey::sandbox::{Contents, Options, Tls};

use crate::support::{FarServer, RoundTrips, Run, Tenant};

/// A slow machine can only make a chain longer: one run of so many has to be as short as wanted.
const RUNS: usize = 5;

/// A tenant whose API and whose token endpoint are far away, each behind an address of its own.
struct FarTenant {
    tenant: Tenant,
    trips: RoundTrips,
    api: FarServer,
    token: FarServer,
}

/// What a command waited for, and the connections that it opened.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cost {
    round_trips: f64,
    to_api: usize,
    to_token: usize,
}

impl FarTenant {
    fn new() -> Self {
        let keys = json!({"keys": [{"name": "a"}, {"name": "b", "association_type": "SERVICE_EDGE_GRP"}]});
        let options = Options { contents: Contents::Seed(keys), tls: Tls::On, ..Options::default() };
        let tenant = Tenant::with(options);
        let upstream: SocketAddr = tenant.access().api_url.rsplit('/').next().unwrap().parse().unwrap();
        let trips = RoundTrips::default();
        let [api, token] = [(); 2].map(|()| FarServer::to(upstream, &trips));
        Self { tenant, trips, api, token }
    }

    fn zpakey(&self, line: &str) -> Run {
        let host = |far: &FarServer| format!("https://127.0.0.1:{}", far.port());
        let run = self.tenant.zpakey(line).env("ZPAKEY_API_URL", host(&self.api));
        run.env("ZPAKEY_TOKEN_URL", format!("{}/oauth2/v1/token", host(&self.token)))
    }

    /// The cost in the first run that waits for no more round trips than wanted, or in the shortest of all.
    fn cost(&self, line: &str, wanted: f64) -> Cost {
        let one = || {
            let before = (self.api.connections(), self.token.connections());
            self.trips.begin();
            self.zpakey(line).run().code(0);
            Cost {
                round_trips: self.trips.count(),
                to_api: self.api.connections() - before.0,
                to_token: self.token.connections() - before.1,
            }
        };
        let mut shortest = one();
        for _ in 1..RUNS {
            if shortest.round_trips > wanted {
                shortest = [shortest, one()]
                    .into_iter()
                    .min_by(|a, b| a.round_trips.total_cmp(&b.round_trips))
                    .unwrap();
            }
        }
        shortest
    }

    /// The cost with a token that an earlier run has kept.
    fn cost_signed_in(&self, line: &str, wanted: f64) -> Cost {
        self.zpakey("list -q").run().code(0);
        self.cost(line, wanted)
    }
}

#[test]
fn a_command_that_reads_waits_for_a_connection_and_one_answer() {
    let far = FarTenant::new();
    for line in ["get id:38101 --type connector", "list --type connector", "get a --type connector"] {
        let cost = far.cost_signed_in(line, 3.0);
        assert_eq!(cost, Cost { round_trips: 3.0, to_api: 1, to_token: 0 }, "{line}");
    }
    // The lists of both types are in flight together, each by a connection of its own.
    for line in ["get a", "list"] {
        let cost = far.cost_signed_in(line, 3.0);
        assert_eq!((cost.round_trips, cost.to_token), (3.0, 0), "{line}");
        assert!(cost.to_api <= 2, "{line}: {cost:?}");
    }
}

#[test]
fn a_value_that_needs_no_question_is_in_the_list_that_finds_the_key() {
    let far = FarTenant::new();
    for line in ["reveal a --yes", "reveal a --out-file key --force", "exec a --stdin -- true"] {
        let cost = far.cost_signed_in(line, 3.0);
        assert_eq!((cost.round_trips, cost.to_token), (3.0, 0), "{line}");
    }
}

#[test]
fn an_update_waits_for_its_fresh_read_its_write_and_what_it_reads_back() {
    let far = FarTenant::new();
    let cost = far.cost_signed_in("update a --add-uses 1", 6.0);
    assert_eq!((cost.round_trips, cost.to_token), (6.0, 0));
}

#[test]
fn signing_in_costs_one_round_trip_more() {
    let far = FarTenant::new();
    for (line, signed_in) in
        [("get a", 3.0), ("list", 3.0), ("reveal a --yes", 3.0), ("update a --add-uses 1", 6.0)]
    {
        let cost = far.cost(&format!("{line} --token-cache off"), signed_in + 1.2);
        assert!(cost.round_trips <= signed_in + 1.2, "{line}: {cost:?}");
        // Were it less, the connection to the token endpoint would not be counted.
        assert!(cost.round_trips > signed_in, "{line}: {cost:?}");
        assert_eq!(cost.to_token, 1, "{line}");
        assert!(cost.to_api <= 2, "{line}: {cost:?}");
    }
}
