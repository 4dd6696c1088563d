//! An emulator of the ZPA API: a real HTTP server on the loopback interface, with a tenant behind it.
//!
//! It shares no code and no type with the client, so that a mistake of the one cannot hide in the other. It
//! speaks JSON values, in the order of the wire.
//!
//! ```text
//!  reception ── authority    certificates            proxy, hosts    HTTPS for the Zscaler hosts
//!      │
//!      ▼
//!  line         a connection that can be broken on purpose
//!      │
//!      ▼
//!  server ───── recorded     what arrived            fault, play     what shall go wrong
//!      │                                            second_actor    what someone else does
//!      │
//!      ├─────── control      enroll: hosts that enrol
//!      ▼
//!  service ──── signin       assertion: whose token is valid         limit    20 reads and 10 writes in 10 s
//!      │
//!      ▼
//!  routes ───── keys, groups, components, microtenants, directory, profiles, tenant_calls        page, search: lists        lies: not as asked
//!      │
//!      ▼
//!  store ────── tenant       state_file   the lasting one            seed, standard   a new one
//! ```
//!
//! # Secrets
//!
//! Each secret that a sandbox makes contains [`SECRET_MARKER`]. Key texts and tokens are derived from ids, so
//! neither the file of a tenant nor [`Sandbox::tenant`] holds one.
//!
//! # HTTPS
//!
//! With [`Tls::Proxy`] the port is an HTTPS proxy as well: it takes connections to the hosts of the API for
//! itself, with certificates of an authority that is made for this run, and refuses every other host. So
//! programs that cannot be told another address reach the sandbox through [`Access::environment`]. With
//! [`Tls::On`] its own address is HTTPS too. It listens on the loopback interface only, and connects to
//! nothing.
//!
//! # Enrolment
//!
//! [`Sandbox::enroll`] plays hosts that enrol with the text of a key, as does `POST` to
//! [`Access::enroll_url`] from another process, with
//! `{"provisioningKey": "3|…", "ip": "192.0.2.1", "count": 1}`, of which only the first is needed. The answer
//! is `{"enrolled": [{"id", "name", "associationType", "groupId", "provisioningKeyId"}]}`, or 401 with
//! `{"id": "enrolment.refused", "reason", "hostLog"}`. No token is asked for, and the call is not part of
//! what is recorded, limited or broken.
//!
//! # Behaviour and its sources
//!
//! *recorded*: in traffic that the vendor recorded for the tests of its SDK, or that a user reported.
//! *documented*: the vendor says so, on a page or in the code of an SDK.
//! *invented*: no source decides; the sandbox does what seems likeliest. A name in parentheses is the quirk that
//! chooses otherwise, see [`Quirks`].
//!
//! Sources: **KEYS** is the help page "Configuring Provisioning Keys Using API", **CERT** "Obtaining
//! Enrollment Certificate Details Using API", **START** "Getting Started with the ZPA API", **ERR**
//! "Understanding Response Codes & Error Messages", **RATE** "Rate Limiting" of ZPA, **RANGES** "Ranges &
//! Limitations", **EDIT** "Editing a Private Service Edge Provisioning Key", all on help.zscaler.com; **PY** is
//! zscaler-sdk-python with the recordings in its `tests/integration/zpa/cassettes`, **GO** zscaler-sdk-go.
//!
//! | behaviour | grade | source |
//! |---|---|---|
//! | **Signing in** | | |
//! | `OneAPI` token: form fields, answer, `expires_in` a number, headers | recorded | PY, any recording: token request |
//! | `audience` is required | documented | automate.zscaler.com, "API Authentication Overview" |
//! | bodies and statuses of the token endpoint's refusals (`token-error`) | invented | |
//! | private-key sign-in: form fields, RS256, `iss`, `sub`, `aud`, `exp` | documented | GO `oneapiclient.go`, PY `oneapi_oauth_client.py`; automate.zscaler.com, "Getting Started" |
//! | an assertion is refused from the second of its `exp` on | invented | |
//! | legacy sign-in: answer, spacing, `expires_in` a text | documented | START |
//! | legacy sign-in with wrong credentials: 401 `invalid_client` | recorded | zscaler-terraformer issue 218 (a user's report) |
//! | tokens are JSON Web Tokens with `exp` | documented | GO `utils/utils.go`, PY `zscaler/utils.py` read it |
//! | a token of one front door is refused at the other | invented | |
//! | `/signout` answers 200 with an empty body, and ends the token | invented | path: START |
//! | `OneAPI` 401 for a missing, unknown or expired token, with the gateway's headers only | recorded | PY `TestAppConnectorGroup` |
//! | legacy 401 for the same: `access.denied` | invented | body: ERR |
//! | another customer's id in the path: 401 `access.denied` | invented | body: ERR |
//! | **Keys** | | |
//! | order and types of a key's properties; empty ones are absent | recorded | PY `TestAppConnectorGroupProvisioningKey` |
//! | places of `ipAcl`, `uiConfig`, `microtenantId`, `microtenantName` in that order | invented | |
//! | POST answers 200, without the names of group and certificate (`create-status`) | recorded | as above; KEYS says 201 |
//! | PUT and DELETE answer 204 without body and content type | recorded | as above |
//! | the keys of a component: a bare list | documented | GO `provisioningkey` |
//! | of an unknown component: an empty list | invented | |
//! | numbers and texts for `maxUsage`, unknown properties ignored | recorded | as above |
//! | texts for booleans | documented | KEYS |
//! | ids: one short sequence over all types, not used again | recorded | PY, two recordings made 2 s apart |
//! | shape of the key text | recorded | PY, eight samples |
//! | PUT that leaves properties out keeps them, but clears `ipAcl` and `uiConfig` (`put`) | invented | other objects in PY keep numbers and booleans and lose some texts |
//! | `"enabled": false` takes effect (`enabled`) | invented | default: KEYS |
//! | the text can be read again while the key is exportable (`secret`) | recorded | as above |
//! | PUT with another `zcomponentId`: ignored (`group-move`) | invented | the portal cannot change it: EDIT |
//! | `exportable` from false to true: ignored | invented | cannot be switched back: KEYS, EDIT |
//! | a key that is not exportable has no `provisioningKey` in GET and lists, but in the answer to its POST (`hidden-text`) | invented | "hidden": KEYS |
//! | missing or bad property: 400 `invalid.resource.argument` | invented | body: `zscaler_api_talkers` issue 44 |
//! | `maxUsage` is a whole number from 1, and may be below `usageCount` (`max-below-used`) | invented | |
//! | deleting a key does nothing to what was enrolled with it (`delete-breaks-connectors`) | invented | |
//! | second key of the same name, type and microtenant: 400 `duplicate.name` (`names`) | invented | |
//! | most keys of a type: 100 | documented | RANGES, for two of the types |
//! | the one above: 403 `LIMIT_EXCEEDED` | invented | body: GO `oneapiconfig.go` |
//! | unknown id: 400 `resource.not.found` (`not-found`) | documented | ERR |
//! | PUT and DELETE of a key that is read-only or managed by Zscaler: 403 `access.denied` | invented | refused: KEYS |
//! | unknown association type: 400 `invalid.resource.argument` | invented | |
//! | `expirationInEpochSec` in a body: ignored (`expiry`) | invented | |
//! | `ipAcl` in a body: a list of texts, not looked into (`ip-acl`) | invented | |
//! | **Certificates, groups, connectors, microtenants** | | |
//! | properties and their order | recorded | PY `TestAppConnectorGroup`, `TestServiceEdgeGroup`, `TestMicrotenants` |
//! | list of certificates is v2, one certificate is v1 | documented | GO `enrollmentcert`; CERT |
//! | the other versions of both: 404 | invented | |
//! | certificates Root, Client, Connector, Service Edge with consecutive ids | recorded | PY `TestAppConnectorGroupProvisioningKey` |
//! | certificate Isolation Client | documented | PY's tests read it; its id here: invented |
//! | a certificate without a private key cannot sign for a key | documented | KEYS |
//! | groups: 201 for the POST, 204 for the PUT and the DELETE; what the answer to the POST lacks | recorded | as above |
//! | PUT of an App Connector group that leaves the place out: latitude, longitude, city and country are lost, the rest is kept | recorded | PY `TestAppConnectorGroup` |
//! | PUT of a Service Edge group keeps all that it leaves out | recorded | PY `TestServiceEdgeGroup` |
//! | `isPublic` is a text | recorded | as above |
//! | city and country of a new place are found from its coordinates | recorded | as above; here from the words of `location`: invented |
//! | unknown properties of a group are kept; empty ones are cleared; ids, times and authors in a body are ignored | invented | |
//! | what a POST of a group leaves out gets the values that the recordings show | invented | |
//! | a second group or microtenant of the same name: 400 `duplicate.name` (`names`) | invented | |
//! | DELETE of a group with keys or hosts, of a microtenant with groups or keys: 400 `resource.in.use` (`group-delete`) | invented | |
//! | PUT of a connector or service edge: name, description and `enabled` | invented | path: GO `appconnectorcontroller` |
//! | `bulkDelete` answers 204; unless all ids exist none is deleted, 400 `resource.not.found` | invented | 204: GO, path |
//! | deleting a connector does not lower the uses of its key | documented | help.zscaler.com, "Managing Deployed App Connectors" |
//! | microtenants: 201 for the POST, 204 for the PUT and the DELETE; new ones come before the Default one | recorded | PY `TestMicrotenants` |
//! | PUT and DELETE of the Default microtenant: 403 `access.denied` | invented | |
//! | version profiles | documented | help.zscaler.com, "Obtaining Version Profile Details Using API" |
//! | policy sets, which have no rules here; types other than `ACCESS_POLICY` | recorded; invented | PY `TestAccessPolicyRule` |
//! | `appConnectorGroup/summary` and `serviceEdgeGroup/summary`: a page of id, name, enabled | invented | path: PY |
//! | the summary of microtenants: a bare list, Default has id 0 | recorded | PY `TestMicrotenants` |
//! | `microtenantId` absent on read means all, on write Default | documented | KEYS |
//! | an object of another microtenant: not found | invented | the SDKs always send it |
//! | an unknown `microtenantId`: 400 `resource.not.found` | invented | |
//! | groups of one microtenant can be referred to from another | invented | |
//! | **Enrolment** | | |
//! | a host is named after the key and the time, joins the key's group, and raises `usageCount` | documented | help.zscaler.com, "About App Connector Provisioning Keys" |
//! | `modifiedTime` and `modifiedBy` 3 of the key change with it | recorded | PY `TestServiceEdgeGroupProvisioningKey`, KEYS: two samples |
//! | refused when disabled, used up, expired, outside the IP ACL, or without a certificate that can sign | invented | used up: as above |
//! | what a refused host logs | documented | as above |
//! | `usercodes` answers 200 with its body; codes enrol nothing here | invented | path and properties: GO, PY |
//! | **Answers and effects that are not as asked** (none is a default) | | |
//! | the text of a key is `"***"` (`secret`) | invented | |
//! | a PUT keeps the name, or cuts, lowers or trims it (`put-name`); ignores `enabled` (`enabled`) or a limit below the uses (`max-below-used`) | invented | |
//! | a POST makes a key of another group, certificate or limit (`post-makes`) | invented | |
//! | a DELETE answers 200 with `text/html` or `resource.not.found`, or 204 while the key stays (`delete`) | invented | |
//! | `resource.not.found` with 200 or 409 (`not-found`) | documented | the vendor's OneAPI SDK for Python, of its products together |
//! | a list is `{}`, `{"list":null}`, `{"status":"error"}`, miscounted or without totals (`lists`) | invented | |
//! | no `date` header (`date`), or a wrong one (`clock-off`) | invented | |
//! | POST and PUT of a group without `enrollmentCertId`: 400 (`group-certificate`) | documented | PY 1.11.3 always sends it; terraform-provider-zpa issue 650 (a user's report) |
//! | what [faults](fault) play, and a [second actor](fault#a-second-actor) with another `modifiedBy` | invented | |
//! | **Lists** | | |
//! | envelope, totals as texts | recorded | PY, all lists |
//! | 20 a page unless given, at most 500 | documented | KEYS |
//! | more than 500: taken as 500; 0: 400 | invented | |
//! | empty list and page after the last: the totals and an empty list (`past-end`) | invented | |
//! | lists show a change at once (`list-lag`) | invented | |
//! | order of a list: as created | invented | |
//! | `search` with `EQ` and `LIKE`, spaces | documented | KEYS, CERT |
//! | `search` with plus signs | recorded | PY `TestServiceEdgeGroupProvisioningKey` |
//! | `search` with anything else: 400 `filtering.input.invalid.operand` | documented | GO `services/common` quotes it |
//! | `EQ` respects case, `LIKE` does not; an unknown property finds nothing | invented | |
//! | **Everything else** | | |
//! | 20 reads and 10 writes in 10 s from the first call | documented | RATE |
//! | 429: body, `retry-after` with an `s` | recorded | PY `TestAccessPolicyReorderRule` |
//! | the limit counts requests with a valid token, sign-ins not, both front doors together (`limit`) | invented | |
//! | response headers | recorded | PY, all recordings |
//! | legacy: the same without the gateway's | invented | |
//! | compressed with gzip when the client accepts it | recorded | PY, all recordings; refusals: invented |
//! | a JSON body with GET and DELETE is ignored | recorded | PY, all recordings |
//! | any other GET under the customer: an empty page, or 404 when [`Options::strict`]; noted in [`Sandbox::unknown_paths`] | invented | |
//! | any other path or method: 404, 405; POST, PUT and DELETE are noted too | invented | |
//! | `authDomains` | documented | PY; the domain: invented |
//! | `assistantSchedule`: off until a POST, 5 to 90 days | documented | PY, terraform-provider-zpa; statuses: invented |
//! | `nameWithoutTrim` in the body of a key: kept and told | invented | the vendor's OneAPI SDK for Python lists it |
//! | `version` of a group, when something has enrolled | documented | PY; when: invented |
//! | `upgradeStatus` and `lastBrokerConnectTime` of what enrolled | documented | GO; values: invented |
//! | a `Host` header with neither a loopback name nor a Zscaler host: 403 | invented | |
//! | the lasting tenant's file cannot be read or written: 424 `sandbox.error`, and nothing is changed | invented | |
//!
//! # Seeds
//!
//! A seed is a JSON object. What it leaves out comes from the standard tenant, or with `"empty": true` from
//! the empty one. Objects have the properties of the wire; those that are left out are completed, `null`
//! takes one away, numbers become texts.
//!
//! | property | what it is |
//! |---|---|
//! | `customer_id` | the customer, as text |
//! | `empty` | whether to start from the empty tenant |
//! | `certificates` | enrollment certificates; `name` at least |
//! | `microtenants` | microtenants; Default is added when it is missing |
//! | `connector_groups`, `service_edge_groups` | groups; `name` at least |
//! | `other_groups` | groups of the other types: `association_type`, `id`, `name` |
//! | `keys` | keys; `association_type` or `associationType` (`CONNECTOR_GRP` if left out), and the properties of the wire; others are refused unless they are under `extra`. A `provisioningKey` is ignored: texts are always made here. There may be more than 100 |
//! | `connectors`, `service_edges` | enrolled ones; `provisioningKeyId` at least, the rest follows from that key |
//! | `assistant_schedule` | the schedule that deletes disconnected App Connectors, as `GET assistantSchedule` answers it |
//! | `quirks` | names of [`Quirks::SETTINGS`] with their values: `{"names": "free", "list-lag": 3}` |
//! | `public_key_pem` | the RSA public key of the API client, for sign-ins with a private key |
//! | `unavailable_types` | for each type that is refused: `{"NP_ASSISTANT_GRP": {"status": 401, "body": {…}}}` |
//!
//! ```json
//! {
//!   "keys": [
//!     {"name": "prod-fra-01", "maxUsage": 10, "usageCount": 4, "modifiedBy": "3"},
//!     {"association_type": "SERVICE_EDGE_GRP", "name": "branch-emea", "exportable": false}
//!   ]
//! }
//! ```

mod access;
mod assertion;
mod authority;
mod call;
mod circumstances;
mod components;
mod control;
mod directory;
mod enroll;
mod enrolled;
mod error;
pub mod fault;
mod fault_input;
mod fleet;
mod group_input;
mod groups;
mod hosts;
mod key_input;
mod key_view;
mod keys;
mod kind;
mod lies;
mod limit;
mod line;
mod microtenants;
mod options;
mod page;
mod play;
mod profiles;
mod proxy;
pub mod quirks;
mod reception;
mod recorded;
mod response;
mod routes;
mod running;
mod search;
mod second_actor;
mod secret_text;
mod seed;
mod seed_check;
mod server;
mod service;
mod signin;
mod standard;
mod state;
mod state_file;
mod store;
mod tenant;
mod tenant_calls;

pub use self::{
    access::Access,
    enroll::{Enrolment, EnrolmentRefused},
    error::SandboxError,
    fault::{Action, Fault},
    fleet::{FleetTenant, fleet},
    options::{Contents, Options, Storage, Tls},
    quirks::Quirks,
    recorded::{Recorded, UnknownPaths},
    running::Sandbox,
    second_actor::{Act, SECOND_ACTOR},
    state_file::reset,
};

/// A part of every secret that a sandbox makes: key texts, access tokens, the client secret.
///
/// Where it occurs, a secret was written.
pub const SECRET_MARKER: &str = "NotARealSecret";
