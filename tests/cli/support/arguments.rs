//! Arguments, written as a person types them.

/// Arguments of a program: a list, or one text that is split at spaces as a shell does.
///
/// In a text, `'…'` and `"…"` keep spaces; there are no escapes and no variables. A value that comes from
/// elsewhere, such as a path, belongs in a list.
pub trait Arguments {
    fn list(self) -> Vec<String>;
}

impl Arguments for &str {
    fn list(self) -> Vec<String> {
        let mut list = Vec::new();
        let mut word: Option<String> = None;
        let mut quote = None;
        for c in self.chars() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (None, '\'' | '"') => {
                    quote = Some(c);
                    word.get_or_insert_default();
                }
                (None, c) if c.is_whitespace() => list.extend(word.take()),
                (_, c) => word.get_or_insert_default().push(c),
            }
        }
        assert!(quote.is_none(), "a quote is not closed: {self}");
        list.extend(word);
        list
    }
}

impl Arguments for &String {
    fn list(self) -> Vec<String> {
        self.as_str().list()
    }
}

impl Arguments for String {
    fn list(self) -> Vec<String> {
        self.as_str().list()
    }
}

impl<S: AsRef<str>> Arguments for &[S] {
    fn list(self) -> Vec<String> {
        self.iter().map(|argument| argument.as_ref().to_owned()).collect()
    }
}

impl<S: AsRef<str>, const N: usize> Arguments for [S; N] {
    fn list(self) -> Vec<String> {
        self.as_slice().list()
    }
}

impl<S: AsRef<str>> Arguments for Vec<S> {
    fn list(self) -> Vec<String> {
        self.as_slice().list()
    }
}
