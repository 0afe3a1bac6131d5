//! Keeps the errors that the GPU runtime only logs.

use std::sync::Mutex;

use log::{Level, LevelFilter, Log, Metadata, Record};
use wasm_bindgen::JsValue;

static LOG: GpuLog = GpuLog {
    last: Mutex::new(None),
};

struct GpuLog {
    last: Mutex<Option<String>>,
}

impl Log for GpuLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let text = format!("{}: {}", record.target(), record.args());
        if record.level() == Level::Error {
            web_sys::console::error_1(&JsValue::from_str(&text));
            if let Ok(mut last) = self.last.lock() {
                *last = Some(text);
            }
        } else {
            web_sys::console::warn_1(&JsValue::from_str(&text));
        }
    }

    fn flush(&self) {}
}

/// Makes this the process's logger. A second call changes nothing.
pub fn install() {
    if log::set_logger(&LOG).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}

/// The last record of level error, if there was one.
pub fn last_error() -> Option<String> {
    LOG.last.lock().ok().and_then(|last| last.clone())
}
