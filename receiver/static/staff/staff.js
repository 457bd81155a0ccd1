// One key a message: a approves, r goes to the reason, u undoes. Everything works without this file.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!control) return;
  event.preventDefault();
  if (control.matches("button")) control.click();
  else control.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.blur?.();
});

// A second press while the first is on its way would decide a message that nobody has seen.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
