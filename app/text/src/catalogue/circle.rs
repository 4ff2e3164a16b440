//! What the circle's simulator says.

chapter! {
    /// Names a phrase of this chapter.
    Circle {
        Title: "A ciranda desta equipe", "This team's circle";
    }
}
