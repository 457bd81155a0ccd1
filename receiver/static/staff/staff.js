// One key a message: a approves, r goes to the reason, u undoes. Everything works without this file.
const HURRY = 700; // milliseconds after a decision in which `a` is a second press, not a second decision
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const control = document.querySelector(`[data-key="${CSS.escape(letter(event))}"]`);
  if (!control) return;
  if (control.dataset.key === "a" && Date.now() - (sessionStorage.decided ?? 0) < HURRY) return;
  event.preventDefault();
  if (control.matches("button")) control.click();
  else control.focus();
});

// On a keyboard of another script the key that stands in the letter's place: ф is a.
function letter({ key, code }) {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace("Key", "").toLowerCase();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.blur?.();
});

// A second press while the first is on its way would decide a message that nobody has seen.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else sessionStorage.decided = Date.now();
  event.target.dataset.sent = "yes";
});
