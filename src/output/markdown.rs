//! Tables in Markdown, as GitHub and GitLab read it in comments and summaries.

use std::fmt::Write as _;

/// The most that a table takes: GitHub refuses a job summary that is longer.
///
/// # Source
/// GitHub, "Workflow commands for GitHub Actions": a step's summary has at most 1 MiB.
///
/// Unit: bytes.
const MOST: usize = (1 << 20) - 1024;

/// Appends a table. Rows that do not fit are left out, and their number is told.
pub(super) fn write(headers: &[&str], rows: impl Iterator<Item = Vec<String>>, buffer: &mut Vec<u8>) {
    let mut text = String::new();
    let _ = writeln!(text, "| {} |", headers.join(" | "));
    let _ = writeln!(text, "|{}", " --- |".repeat(headers.len()));
    let mut left_out = 0_usize;
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
        let line = format!("| {} |\n", cells.join(" | "));
        if left_out > 0 || text.len() + line.len() > MOST {
            left_out += 1;
        } else {
            text.push_str(&line);
        }
    }
    if left_out > 0 {
        let noun = if left_out == 1 { "row" } else { "rows" };
        let _ = writeln!(text, "\n{left_out} more {noun} did not fit into 1 MiB.");
    }
    buffer.extend_from_slice(text.as_bytes());
}

/// Writes a text so that Markdown shows it as it is: no table ends, no link, no HTML, no mention of a person.
fn escaped(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    for one in cell.chars() {
        match one {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            // A forge looks for mentions and issue numbers after the escapes are gone; an empty comment parts them.
            '@' | '#' => {
                let _ = write!(text, "{one}<!-- -->");
            }
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '!' | '|' | '~' | '$' => {
                text.push('\\');
                text.push(one);
            }
            '\n' | '\r' => text.push(' '),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(rows: &[&[&str]]) -> String {
        let rows = rows.iter().map(|row| row.iter().map(ToString::to_string).collect());
        let mut buffer = Vec::new();
        write(&["A", "B"], rows, &mut buffer);
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn what_markdown_would_read_is_escaped() {
        assert_eq!(
            written(&[&["a|b `c` <img> [x](y)", "@team #1 & x_y"]]),
            "| A | B |\n| --- | --- |\n| a\\|b \\`c\\` &lt;img&gt; \\[x\\](y) | @<!-- -->team #<!-- -->1 &amp; x\\_y |\n"
        );
    }

    #[test]
    fn a_table_stays_below_a_mebibyte_and_tells_what_is_left_out() {
        let long = "x".repeat(1000);
        let row = [long.as_str(), ""];
        let rows: Vec<&[&str]> = vec![&row; 1100];
        let text = written(&rows);
        assert!(text.len() < 1 << 20, "{}", text.len());
        let shown = text.lines().filter(|line| line.starts_with("| x")).count();
        assert!(
            text.ends_with(&format!("\n\n{} more rows did not fit into 1 MiB.\n", 1100 - shown)),
            "{shown}"
        );
    }
}
