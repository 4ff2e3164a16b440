//! What Ajustes and the faults of its forms say.

chapter! {
    /// Names a phrase of this chapter.
    Settings {
        Title: "Ajustes", "Settings";
    }
}
