// One file in a plain text field: what is typed, saved, taken back, and changed by somebody else meanwhile.

import { element } from "/.preview/findings.js";
import { get, send } from "/.preview/server.js";

export const by = (id) => document.getElementById(id);
export const [text, said] = ["text", "said"].map(by);
const [save, undo] = ["save", "undo"].map(by);
const drafts = new Map(); // texts that are not saved, with the digest of the file that they began from

// What other parts hear of: a file is "showing" and "shown", "saving" and "saved"; what was typed is "dropped".
export const happened = new EventTarget();
// What the server told of the file that is shown; null until the first one is.
export let open = null;
export const isDraft = (name) => drafts.has(name);

text.addEventListener("input", typed);
save.addEventListener("click", write);
undo.addEventListener("click", () => (drafts.has(open.name) ? drop(open.name) : takeBack(open.name)));
addEventListener("beforeunload", (event) => drafts.size && event.preventDefault());
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    write();
  }
});

export async function show(name) {
  if (!name) return;
  tell("showing", name);
  const told = await get("text", { name });
  if (told.error) return say(told.error, true);
  open = told;
  const draft = drafts.get(name);
  text.lang = name.split("/").length > 2 ? name.split("/")[1] : "en";
  text.value = draft?.text ?? told.text;
  if (draft) open.digest = draft.digest;
  buttons();
  say(draft ? "Not saved yet." : "");
  tell("shown", name);
}

export function typed() {
  if (text.value === open.text) drafts.delete(open.name);
  else drafts.set(open.name, { text: text.value, digest: open.digest });
  buttons();
  say("");
}

function buttons() {
  save.disabled = !open || !drafts.has(open.name);
  undo.disabled = !open?.undo && !drafts.has(open?.name);
}

async function write() {
  if (save.disabled) return;
  const { name, digest } = open;
  const written = text.value;
  tell("saving", name);
  const told = await send("save", { name, text: written, digest });
  if (!told.ok) return told.changed ? conflict(told.error) : say(told.error, true);
  drafts.delete(name);
  if (open.name !== name) return;
  open = { ...open, ...told };
  if (text.value !== written) drafts.set(name, { text: text.value, digest: told.digest });
  buttons();
  say("Saved.");
  tell("saved", name);
}

// What was typed since the last save goes, and what came with it.
async function drop(name) {
  drafts.delete(name);
  await Promise.all(tell("dropped", name));
  await show(name);
  say("What was not saved is gone.");
}

// The file on the disk is another one: nothing is overwritten, and nothing that was typed is lost unasked.
function conflict(words) {
  const other = element("button", { type: "button" }, "Read it again, and drop what I typed");
  other.addEventListener("click", () => {
    drafts.delete(open.name);
    show(open.name);
  });
  say(words, true);
  said.append(" ", other);
}

export async function takeBack(name) {
  const told = await send("undo", { name });
  if (!told.ok) return say(told.error, true);
  if (name === open.name) {
    drafts.delete(name);
    await show(name);
  }
  say("Taken back.");
}

// After each save, here or elsewhere: show what the file holds now, unless something is typed that is not saved.
export async function refresh() {
  if (!open || drafts.has(open.name)) return;
  const { name } = open;
  const told = await get("text", { name });
  if (told.error || open.name !== name || drafts.has(name)) return;
  if (told.text !== text.value) text.value = told.text;
  open = told;
  buttons();
}

export function select(line) {
  const lines = text.value.split("\n");
  const begin = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(begin, begin); // scrolls to the place
  text.setSelectionRange(begin, begin + (lines[line - 1] ?? "").length);
  const style = getComputedStyle(text);
  text.scrollTop = (begin / Math.max(1, text.value.length)) * text.scrollHeight - parseFloat(style.height) / 2;
}

export function say(words, wrong = false) {
  said.textContent = words;
  said.classList.toggle("wrong", wrong);
}

// Returns what has to end before this goes on.
function tell(what, name) {
  const waits = [];
  happened.dispatchEvent(Object.assign(new Event(what), { file: name, waits }));
  return waits;
}
