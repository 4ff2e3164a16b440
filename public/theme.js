// The chosen appearance, applied before anything is painted: the page waits for this small script and for no other.
// `app/ui/src/browser/theme.rs` keeps the choice and changes it.
try {
  const chosen = localStorage.getItem("ciranda.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // A browser that keeps nothing for us follows the system.
}
