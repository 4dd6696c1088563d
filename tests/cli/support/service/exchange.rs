//! HTTP/1.1, as much of it as a test needs: requests with a length, answers with one.

use std::{
    fmt::Display,
    io::{self, BufRead, Read, Write},
};

/// A request, as it arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    pub method: String,
    /// The path and the query, as sent.
    pub target: String,
    /// The headers as sent, names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Received {
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// All values of a header, joined.
    pub fn header(&self, name: &str) -> Option<String> {
        let values = self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        Some(values.collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
    }

    /// Reads the next request of a connection; nothing where it has ended.
    pub fn read(stream: &mut impl BufRead) -> Option<Self> {
        let first = line(stream)?;
        let mut words = first.split(' ');
        let mut request =
            Self { method: words.next()?.to_owned(), target: words.next()?.to_owned(), ..Self::default() };
        loop {
            let line = line(stream)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':')?;
            request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length: u64 = request.header("content-length").map_or(Some(0), |text| text.parse().ok())?;
        stream.take(length).read_to_string(&mut request.body).ok()?;
        Some(request)
    }
}

fn line(stream: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    let length = stream.read_line(&mut line).ok()?;
    (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    /// What follows the body again and again, until nobody reads any more.
    endless: Option<String>,
}

impl Answer {
    /// A status and a body, which is JSON as far as the content type says.
    pub fn new(status: u16, body: impl Display) -> Self {
        Self { status, headers: Vec::new(), body: body.to_string(), endless: None }
            .header("content-type", "application/json")
    }

    /// A web page, such as somebody between the program and the service shows.
    pub fn page(status: u16, title: &str) -> Self {
        let body = format!("<!DOCTYPE html>\n<html><head><title>{title}</title></head></html>\n");
        Self { status, headers: Vec::new(), body, endless: None }.header("content-type", "text/html")
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same without an end: this text follows the body again and again.
    pub fn endless(mut self, text: &str) -> Self {
        self.endless = Some(text.to_owned());
        self
    }

    pub fn write(&self, stream: &mut impl Write) -> io::Result<()> {
        if let Some(text) = &self.endless {
            return self.write_endlessly(stream, text);
        }
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!(
            "HTTP/1.1 {} Told\r\ncontent-length: {}\r\n{}\r\n",
            self.status,
            self.body.len(),
            headers.collect::<String>()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(self.body.as_bytes())?;
        stream.flush()
    }

    /// Writes chunks until the reader has closed the connection; a gigabyte is as good as endless.
    fn write_endlessly(&self, stream: &mut impl Write, text: &str) -> io::Result<()> {
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let headers: String = headers.collect();
        write!(stream, "HTTP/1.1 {} Told\r\ntransfer-encoding: chunked\r\n{headers}\r\n", self.status)?;
        let mut chunk = |text: &str| write!(stream, "{:x}\r\n{text}\r\n", text.len());
        chunk(&self.body)?;
        let block = text.repeat((64 << 10) / text.len());
        for _ in 0..16 << 10 {
            chunk(&block)?;
        }
        Ok(())
    }
}
