//! The last line of the terminal, which tells what goes on and is gone when it is over.

use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::streams::is_locked;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineShape {
    Line,
    /// A bar that is so full, and a text.
    Bar {
        done: u64,
        total: u64,
    },
}

/// The line; `None` if standard error is not a terminal.
#[derive(Debug, Default)]
pub(super) struct StatusBar(Mutex<Option<ProgressBar>>);

impl StatusBar {
    pub(super) fn show(&self, shape: LineShape, fill: &str, text: String) {
        let mut shown = self.lock();
        let bar = shown.get_or_insert_with(|| {
            // What says nothing yet is not drawn.
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar
        });
        let template = match shape {
            LineShape::Line => "{text}",
            LineShape::Bar { .. } => "{bar:24} {text}",
        };
        // A message of the library's own would be drawn apart from the bar.
        let write_text = move |_: &ProgressState, line: &mut dyn Write| {
            let _ = line.write_str(&text);
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars(fill).with_key("text", write_text));
        }
        bar.update(|state| {
            if let LineShape::Bar { done, total } = shape {
                state.set_len(total);
                state.set_pos(done);
            }
        });
    }

    pub(super) fn clear(&self) {
        if let Some(bar) = self.lock().take() {
            bar.finish_and_clear();
        }
    }

    /// Tells whether the line is being drawn.
    pub(super) fn is_locked(&self) -> bool {
        is_locked(&self.0)
    }

    pub(super) fn above(&self, write: impl FnOnce()) {
        match &*self.lock() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
