//! What reports and their definitions say.

chapter! {
    /// Names a phrase of this chapter.
    Reports {
        Title: "Relatórios", "Reports";
    }
}
