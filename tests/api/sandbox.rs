//! A plain HTTP client for the tests of the emulator. It shares nothing with the crate's own client.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking, as the tests do")]

use reqwest::{Client, Method, Response};
use serde_json::Value;
use zpakey::sandbox::{Options, Sandbox};

/// A running emulator and a client that has signed in.
pub struct Rig {
    pub sandbox: Sandbox,
    pub http: Client,
    pub token: String,
}

/// An answer that was read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub fn client() -> Client {
    // Loopback without TLS needs no certificates, and loading them takes time.
    Client::builder().tls_certs_only([]).no_proxy().build().unwrap()
}

impl Rig {
    pub async fn start(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let http = client();
        let token = sign_in(&sandbox, &http).await;
        sandbox.clear_requests();
        Self { sandbox, http, token }
    }

    pub async fn standard() -> Self {
        Self::start(Options::default()).await
    }

    /// The address of a path under the customer, version 1.
    pub fn url(&self, path: &str) -> String {
        let access = self.sandbox.access();
        format!("{}/zpa/mgmtconfig/v1/admin/customers/{}/{path}", access.api_url, access.customer_id)
    }

    pub async fn try_send(
        &self,
        method: Method,
        url: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<Response> {
        let mut request = self.http.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        request.send().await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        Answer::of(self.try_send(method, &self.url(path), body).await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Makes a key in the first App Connector group and returns the answer.
    pub async fn make(&self, name: &str) -> Value {
        let answer = self.post(KEYS, &new_key(name)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }
}

pub const KEYS: &str = "associationType/CONNECTOR_GRP/provisioningKey";
pub const EDGE_KEYS: &str = "associationType/SERVICE_EDGE_GRP/provisioningKey";

pub fn key(id: &Value) -> String {
    format!("{KEYS}/{}", id.as_str().unwrap())
}

pub fn new_key(name: &str) -> Value {
    serde_json::json!({
        "name": name, "maxUsage": "10", "enrollmentCertId": "16560", "zcomponentId": "72058304855047746"
    })
}

pub fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub async fn post_form(http: &Client, url: &str, fields: &[(&str, &str)]) -> Answer {
    let request =
        http.post(url).header("content-type", "application/x-www-form-urlencoded").body(form(fields));
    Answer::of(request.send().await.unwrap()).await
}

async fn sign_in(sandbox: &Sandbox, http: &Client) -> String {
    let access = sandbox.access();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", access.client_id.as_str()),
        ("client_secret", access.client_secret.as_str()),
        ("audience", "https://api.zscaler.com"),
    ];
    let answer = post_form(http, &access.token_url, &fields).await;
    answer.json().get("access_token").and_then(Value::as_str).unwrap().to_owned()
}
