// One key a message: a approves, a number rejects, r goes to the reason, u undoes. Everything works without this file.
const HURRY = 700; // milliseconds after a decision in which a press is its echo, not a second decision
const GLANCE = 300; // milliseconds that a message stands there before anybody can have seen it
let shown = Infinity;
addEventListener("pageshow", () => requestAnimationFrame(() => (shown = Date.now())));
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const control = document.querySelector(`[data-key="${CSS.escape(letter(event))}"]`);
  if (!control) return;
  if (control.closest("[data-one-press]") && unseen()) return;
  event.preventDefault();
  if (control.matches("button")) control.click();
  else control.focus();
});

function unseen() {
  return Date.now() - (sessionStorage.decided ?? 0) < HURRY || Date.now() - shown < GLANCE;
}

// On a keyboard of another script the key that stands in the letter's place: ф is a.
function letter({ key, code }) {
  return /^[a-z\d]$/i.test(key) ? key.toLowerCase() : code.replace(/^(Key|Digit)/, "").toLowerCase();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.blur?.();
});

// The second half of a double click would decide a message that nobody has seen.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent || (event.target.matches("[data-one-press]") && unseen())) return event.preventDefault();
  sessionStorage.decided = Date.now();
  event.target.dataset.sent = "yes";
});
