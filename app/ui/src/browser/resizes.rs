//! Tells when an element changes its size.

use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};

/// An observer with its listener; dropping it ends both.
pub struct Resizes {
    observer: ResizeObserver,
    _listener: Closure<dyn FnMut()>,
}

impl Resizes {
    /// Calls `resized` now and after each change of the element's size; `None` in a browser without observers.
    pub fn of(element: &Element, resized: impl FnMut() + 'static) -> Option<Self> {
        let listener = Closure::new(resized);
        let observer = ResizeObserver::new(listener.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _listener: listener })
    }
}

impl Drop for Resizes {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
