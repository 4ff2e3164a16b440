//! What the supervisors' live board says.

chapter! {
    /// Names a phrase of this chapter.
    Board {
        Title: "Painel", "Board";
    }
}
