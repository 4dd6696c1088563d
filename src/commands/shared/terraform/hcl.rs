//! Terraform's language, written as `terraform fmt` writes it.

use std::fmt::{self, Write as _};

use crate::domain::is_deceptive;

/// A block: its head, its attributes, and the blocks within it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Block {
    head: String,
    attributes: Vec<Attribute>,
    blocks: Vec<Self>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Attribute {
    name: &'static str,
    /// An expression on one line.
    value: String,
    comment: Option<String>,
}

impl Block {
    /// Begins a block of this type with these labels, which have to be identifiers.
    pub(crate) fn new(kind: &str, labels: &[&str]) -> Self {
        let labels = labels.iter().fold(String::new(), |all, label| all + " \"" + label + "\"");
        Self { head: format!("{kind}{labels}"), ..Self::default() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push(Attribute { name, value: value.into(), comment: None });
        self
    }

    /// Adds an attribute if there is a value.
    pub(crate) fn with_some(self, name: &'static str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Puts a comment at the end of the attribute that was added last. An empty one is none.
    pub(crate) fn comment(mut self, text: &str) -> Self {
        if let Some(last) = self.attributes.last_mut() {
            last.comment = Some(one_line(text)).filter(|text| !text.is_empty());
        }
        self
    }

    pub(crate) fn block(mut self, block: Self) -> Self {
        self.blocks.push(block);
        self
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.blocks.is_empty()
    }

    /// Writes the block as comments.
    pub(crate) fn commented_out(&self) -> String {
        self.to_string().lines().fold(String::new(), |text, line| {
            let space = if line.is_empty() { "" } else { " " };
            text + "#" + space + line + "\n"
        })
    }

    fn write(&self, depth: usize, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = "  ".repeat(depth);
        writeln!(formatter, "{indent}{} {{", self.head)?;
        let width = self.attributes.iter().map(|attribute| attribute.name.len()).max().unwrap_or(0);
        for (at, attribute) in self.attributes.iter().enumerate() {
            write!(formatter, "{indent}  {:width$} = {}", attribute.name, attribute.value)?;
            if let Some(comment) = &attribute.comment {
                let padding = self.widest_beside(at).saturating_sub(attribute.value.chars().count());
                write!(formatter, "{} # {comment}", " ".repeat(padding))?;
            }
            formatter.write_char('\n')?;
        }
        for (at, block) in self.blocks.iter().enumerate() {
            if at > 0 || !self.attributes.is_empty() {
                formatter.write_char('\n')?;
            }
            block.write(depth + 1, formatter)?;
        }
        writeln!(formatter, "{indent}}}")
    }

    /// Returns the width of the widest value among the lines around this one that have comments without a gap: `terraform
    /// fmt` aligns these comments. Unit: characters.
    fn widest_beside(&self, at: usize) -> usize {
        let (before, after) = self.attributes.split_at(at);
        let has_comment = |attribute: &&Attribute| attribute.comment.is_some();
        let before = before.iter().rev().take_while(has_comment);
        let beside = before.chain(after.iter().take_while(has_comment));
        beside.map(|attribute| attribute.value.chars().count()).max().unwrap_or(0)
    }
}

impl fmt::Display for Block {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(0, formatter)
    }
}

/// Writes a text as a literal: quotes, backslashes, line breaks and what begins a template are escaped, and so is what
/// could deceive a reader.
///
/// # Source
/// HCL's native syntax specification; `$${` is read as `${` by Terraform 1.11.4 behind further dollar signs, too.
pub(crate) fn quoted(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                literal.push(character);
                literal.push(character);
            }
            hidden if is_deceptive(hidden) => {
                let code = u32::from(hidden);
                // Writing to a string does not fail.
                let _ = if code > 0xffff {
                    write!(literal, "\\U{code:08x}")
                } else {
                    write!(literal, "\\u{code:04x}")
                };
            }
            plain => literal.push(plain),
        }
    }
    literal.push('"');
    literal
}

/// Writes texts as a list on one line.
pub(crate) fn list<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let literals: Vec<String> = texts.into_iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", literals.join(", "))
}

/// Makes a comment's text one line that deceives no one.
pub(crate) fn one_line(text: &str) -> String {
    crate::domain::escape(text).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> hcl::Body {
        hcl::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    /// The value of the attribute `name` of the only block.
    fn value(body: &hcl::Body, name: &str) -> hcl::Value {
        let block = body.blocks().next().unwrap();
        let attribute = block.body.attributes().find(|attribute| attribute.key.as_str() == name).unwrap();
        // Templates with nothing to evaluate are texts with escapes.
        let context = hcl::eval::Context::new();
        hcl::eval::Evaluate::evaluate(&attribute.expr, &context).unwrap()
    }

    /// Texts that hold what has a meaning in the language, and any others.
    fn text() -> impl Strategy<Value = String> {
        let tricky = prop::sample::select(vec![
            "${",
            "$${",
            "$",
            "%{",
            "%%{",
            "%",
            "}",
            "{",
            "\"",
            "\\",
            "\n",
            "\r",
            "\t",
            "#",
            "//",
            "/*",
            "${x}",
            "\\n",
            "\\u0041",
            "<<EOT\n",
            "~}",
            "\u{202e}",
            "\u{0}",
            "é",
            "東",
            "\u{e0041}",
        ]);
        let any = any::<char>().prop_map(String::from);
        prop::collection::vec(prop_oneof![tricky.prop_map(str::to_owned), any], 0..12)
            .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn any_text_and_any_list_come_back_as_they_went_in(name in text(), acl in prop::collection::vec(text(), 0..4)) {
            let block = Block::new("resource", &["zpa_provisioning_key", "a"])
                .with("name", quoted(&name))
                .comment(&name)
                .with("ip_acl", list(&acl));
            let body = read(&block.to_string());
            prop_assert_eq!(value(&body, "name"), hcl::Value::from(name));
            prop_assert_eq!(value(&body, "ip_acl"), hcl::Value::from_iter(acl));
        }

        #[test]
        fn a_block_that_is_commented_out_says_nothing(name in text()) {
            let block = Block::new("resource", &["a", "b"]).with("name", quoted(&name)).comment(&name);
            prop_assert_eq!(read(&block.commented_out()).into_inner().len(), 0);
        }
    }

    #[test]
    fn names_and_comments_are_aligned_and_blocks_stand_apart() {
        let block = Block::new("resource", &["zpa_provisioning_key", "a"])
            .with("name", quoted("a"))
            .with("enrollment_cert_id", quoted("16560"))
            .comment("Connector")
            .with("zcomponent_id", quoted("72058304855047746"))
            .comment("AWS\nus")
            .with("ip_acl", list(["10.0.0.1/32"]))
            .block(Block::new("lifecycle", &[]).with("prevent_destroy", "true"));
        let expected = "\
resource \"zpa_provisioning_key\" \"a\" {
  name               = \"a\"
  enrollment_cert_id = \"16560\"             # Connector
  zcomponent_id      = \"72058304855047746\" # AWS\\nus
  ip_acl             = [\"10.0.0.1/32\"]

  lifecycle {
    prevent_destroy = true
  }
}
";
        assert_eq!(block.to_string(), expected);
    }
}
