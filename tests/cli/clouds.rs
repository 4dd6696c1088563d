//! Every cloud of both front doors: which hosts are asked. The emulator stands in for all of them as an HTTPS proxy,
//! so that the addresses are the vendor's own.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use snapbox::str;
use zpakey::{
    api::clouds,
    sandbox::{Options, Tls},
};

use crate::support::{Run, Tenant};

/// A cloud's name, the host that issues tokens, and the host of the API.
type Cloud = (&'static str, &'static str, &'static str);

/// # Source
/// The vendor's Go SDK and Python SDK.
const ONE_API: [Cloud; 6] = [
    ("production", "acme.zslogin.net", "api.zsapi.net"),
    ("beta", "acme.zsloginbeta.net", "api.beta.zsapi.net"),
    ("zpatwo", "acme.zsloginzpatwo.net", "api.zpatwo.zsapi.net"),
    ("preview", "acme.zsloginpreview.net", "api.preview.zsapi.net"),
    ("gov", "acme.zidentitygov.net", "api.zscalergov.net"),
    ("govus", "acme.zidentitygov.us", "api.zscalergov.us"),
];

const LEGACY: [Cloud; 9] = [
    ("PRODUCTION", "config.private.zscaler.com", "config.private.zscaler.com"),
    ("ZPATWO", "config.zpatwo.net", "config.zpatwo.net"),
    ("BETA", "config.zpabeta.net", "config.zpabeta.net"),
    ("GOV", "config.zpagov.net", "config.zpagov.net"),
    ("GOVUS", "config.zpagov.us", "config.zpagov.us"),
    ("PREVIEW", "config.zpapreview.net", "config.zpapreview.net"),
    ("QA", "config.qa.zpath.net", "config.qa.zpath.net"),
    ("QA2", "pdx2-zpa-config.qa2.zpath.net", "pdx2-zpa-config.qa2.zpath.net"),
    ("DEV", "authn1.dev.zpath.net", "public-api.dev.zpath.net"),
];

fn tenant() -> Tenant {
    Tenant::with(Options { tls: Tls::Proxy, ..Options::default() })
}

/// The program with the tenant's credential, and with the tenant as the proxy to everywhere.
fn zpakey(tenant: &Tenant, line: &str) -> Run {
    let access = tenant.access();
    let authority = access.ca_cert.as_ref().unwrap().display().to_string();
    tenant
        .home()
        .zpakey(format!("list --type connector --token-cache off {line}"))
        .env("HTTPS_PROXY", access.proxy_url.clone().unwrap())
        .env("SSL_CERT_FILE", authority)
        .env("ZPA_CUSTOMER_ID", &access.customer_id)
        .env("ZPAKEY_CLIENT_ID", &access.client_id)
        .env("ZPAKEY_CLIENT_SECRET", &access.client_secret)
}

/// What was asked, as host and path, but for the API's path below the customer.
fn asked(tenant: &Tenant) -> Vec<String> {
    let host = |headers: &[(String, String)]| {
        let found = headers.iter().find(|(name, _)| name == "host");
        found.map(|(_, host)| host.clone()).unwrap_or_default()
    };
    let customer = format!("v1/admin/customers/{}/", tenant.access().customer_id);
    let requests = tenant.requests().into_iter().map(|request| {
        let path = request.path.split_once(&customer).map_or(request.path.as_str(), |(before, _)| before);
        let query = if request.method == "POST" { request.query.as_str() } else { "" };
        format!("{}{path}{}{query}", host(&request.headers), if query.is_empty() { "" } else { "?" })
    });
    requests.collect()
}

#[test]
fn every_cloud_of_oneapi_is_asked_at_its_hosts() {
    let tenant = tenant();
    for (name, login, api) in ONE_API {
        for name in [name.to_owned(), name.to_uppercase()] {
            tenant.clear_requests();
            let run = zpakey(&tenant, &format!("--cloud {name} --vanity-domain acme")).run();
            run.code(0).stdout_has("[]");
            let expected = [format!("{login}/oauth2/v1/token"), format!("{api}/zpa/mgmtconfig/")];
            assert_eq!(asked(&tenant), expected, "{name}");
        }
    }
}

#[test]
fn every_cloud_of_the_legacy_api_is_asked_at_its_host() {
    let tenant = tenant();
    for (name, login, api) in LEGACY {
        for name in [name.to_owned(), name.to_lowercase()] {
            tenant.clear_requests();
            zpakey(&tenant, &format!("--auth legacy --cloud {name}")).run().code(0).stdout_has("[]");
            let sign_in = match name.as_str() {
                "DEV" | "dev" => "/authn/v1/oauth/token?grant_type=CLIENT_CREDENTIALS",
                _ => "/signin",
            };
            let expected = [format!("{login}{sign_in}"), format!("{api}/mgmtconfig/")];
            assert_eq!(asked(&tenant), expected, "{name}");
        }
    }
}

#[test]
fn without_a_cloud_it_is_production() {
    let tenant = tenant();
    zpakey(&tenant, "--vanity-domain acme").run().code(0);
    zpakey(&tenant, "--auth legacy").run().code(0);
    assert_eq!(
        asked(&tenant),
        [
            "acme.zslogin.net/oauth2/v1/token",
            "api.zsapi.net/zpa/mgmtconfig/",
            "config.private.zscaler.com/signin",
            "config.private.zscaler.com/mgmtconfig/",
        ]
    );
}

#[test]
fn the_cloud_comes_from_the_variable_of_the_front_door() {
    let tenant = tenant();
    let both = |line: &str| zpakey(&tenant, line).env("ZSCALER_CLOUD", "govus").env("ZPA_CLOUD", "GOV");
    both("").env("ZSCALER_VANITY_DOMAIN", "acme").run().code(0);
    both("").env("ZSCALER_USE_LEGACY_CLIENT", "true").run().code(0);
    both("").env("ZPAKEY_CLOUD", "beta").env("ZPAKEY_AUTH", "legacy").run().code(0);
    assert_eq!(
        asked(&tenant),
        [
            "acme.zidentitygov.us/oauth2/v1/token",
            "api.zscalergov.us/zpa/mgmtconfig/",
            "config.zpagov.net/signin",
            "config.zpagov.net/mgmtconfig/",
            "config.zpabeta.net/signin",
            "config.zpabeta.net/mgmtconfig/",
        ]
    );
}

#[test]
fn a_vanity_domain_may_be_pasted_whole() {
    let tenant = tenant();
    zpakey(&tenant, "--vanity-domain acme.zslogin.net").run().code(0);
    assert_eq!(asked(&tenant), ["acme.zslogin.net/oauth2/v1/token", "api.zsapi.net/zpa/mgmtconfig/"]);
    for wrong in ["https://acme.zslogin.net", "acme/x", "a_b", "ac me", ".zslogin.net"] {
        let run = zpakey(&tenant, "-o table").env("ZPAKEY_VANITY_DOMAIN", wrong).run().code(2);
        run.stderr_has("not a vanity domain: the \"acme\" in acme.zslogin.net");
    }
}

#[test]
fn an_unknown_cloud_is_never_production() {
    let tenant = tenant();
    for name in ["prod", "zscaler", "production.net", "beta2", "GOV US"] {
        for line in ["--vanity-domain acme", "--auth legacy"] {
            zpakey(&tenant, &format!("--cloud '{name}' {line}")).run().code(2);
        }
    }
    // A cloud of the one front door is none of the other.
    for line in ["--vanity-domain acme --cloud QA", "--vanity-domain acme --cloud dev"] {
        zpakey(&tenant, line).run().code(2);
    }
    zpakey(&tenant, "--cloud prod --vanity-domain acme -o table").run().code(2).stderr_is(str![[r#"
error: there is no cloud named "prod" for OneAPI; there are: production, beta, zpatwo, preview, gov, govus
hint: where it is a cloud that zpakey does not know, name none, and set ZPAKEY_API_URL and ZPAKEY_TOKEN_URL

"#]]);
    zpakey(&tenant, "--cloud prod --auth legacy -o table").run().code(2).stderr_is(str![[r#"
error: there is no cloud named "prod" for the legacy API; there are: PRODUCTION, ZPATWO, BETA, GOV, GOVUS, PREVIEW, QA, QA2, DEV
hint: where it is a cloud that zpakey does not know, name none, and set ZPAKEY_API_URL and ZPAKEY_TOKEN_URL

"#]]);
    zpakey(&tenant, "--vanity-domain acme -o table").env("ZPAKEY_CLOUD", "prod").run().code(2);
    assert_eq!(tenant.requests(), []);
}

#[test]
fn no_cloud_is_left_out_here() {
    let names = |clouds: &[Cloud]| clouds.iter().map(|(name, _, _)| *name).collect::<Vec<_>>();
    assert_eq!((clouds(false), clouds(true)), (names(&ONE_API), names(&LEGACY)));
}

#[test]
fn addresses_stand_in_for_a_cloud_that_is_not_known_and_is_not_named() {
    let tenant = Tenant::standard();
    tenant.zpakey("list --cloud next").run().code(2).stderr_has("name none, and set ZPAKEY_API_URL");
    assert_eq!(tenant.requests(), []);
    tenant.zpakey("list").run().code(0);
}
