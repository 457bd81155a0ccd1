// One file in a plain text field: what is typed, saved, taken back, and changed by somebody else meanwhile.

import { element } from "/.preview/findings.js";
import { keep, kept } from "/.preview/kept.js";
import { get, send } from "/.preview/server.js";

export const by = (id) => document.getElementById(id);
export const [text, said] = ["text", "said"].map(by);
const [save, undo] = ["save", "undo"].map(by);
const TO_THE_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/;
const KEPT = "preview drafts"; // a page that is loaded again, or that a telephone put to sleep, has them still
const before = kept(KEPT); // the page shown may have written something else under this name
const drafts = new Map(Array.isArray(before) ? before : []); // texts that are not saved, with the digest of the file that they began from
let saving = Promise.resolve(); // one save waits for the one before: it begins from what that left

// What other parts hear of: a file is "showing" and "shown", "saving" and "saved"; what was typed is "dropped", what was saved "taken back".
export const happened = new EventTarget();
// What the server told of the file that is shown; null until the first one is.
export let open = null;
export const isDraft = (name) => drafts.has(name);

text.addEventListener("input", typed);
text.addEventListener("paste", ({ clipboardData }) => {
  if (!/<a\s[^>]*href/i.test(clipboardData.getData("text/html"))) return;
  setTimeout(() => say("Links stay behind when words are pasted: write each as [words](https://…).", true));
});
save.addEventListener("click", () => write());
undo.addEventListener("click", () => (drafts.has(open.name) ? drop(open.name) : takeBack(open.name)));
addEventListener("beforeunload", (event) => drafts.size && event.preventDefault());
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    write();
  }
});

// Returns whether the file is shown: of one that cannot be read it is said why, and the one before stays.
export async function show(name) {
  if (!name) return false;
  tell("showing", name);
  const told = await get("text", { name });
  if (told.error) {
    tell("showing", open?.name ?? "");
    say(told.error, true);
    return false;
  }
  open = told;
  text.readOnly = false;
  const draft = drafts.get(name);
  text.lang = name.split("/").length > 2 ? name.split("/")[1] : "en";
  text.dir = TO_THE_LEFT.test(text.lang) ? "rtl" : "ltr";
  text.value = draft?.text ?? told.text;
  if (draft?.text === told.text) forget(name);
  else if (draft) open.digest = draft.digest;
  buttons();
  say(drafts.has(name) ? "Not saved yet." : "");
  tell("shown", name);
  return true;
}

export function typed() {
  if (text.value === open.text) forget(open.name);
  else remember(open.name, { text: text.value, digest: open.digest });
  buttons();
  say("");
}

function buttons() {
  save.disabled = !open || !drafts.has(open.name);
  undo.disabled = !open?.undo && !drafts.has(open?.name);
}

function remember(name, draft) {
  drafts.set(name, draft);
  keep(KEPT, [...drafts]);
}

function forget(name) {
  drafts.delete(name);
  keep(KEPT, [...drafts]);
}

function write(name = open?.name) {
  saving = saving.then(() => writeOne(name));
  return saving;
}

async function writeOne(name) {
  const draft = drafts.get(name);
  if (!draft) return;
  tell("saving", name);
  const told = await send("save", { name, ...draft });
  if (!told.ok) return told.changed ? conflict(name, told.error) : say(told.error, true);
  if (drafts.get(name) === draft) forget(name);
  else if (drafts.has(name)) remember(name, { ...drafts.get(name), digest: told.digest });
  if (open.name !== name) return say(`${name}: saved.`);
  open = { ...open, ...told };
  buttons();
  say("Saved.");
  tell("saved", name);
}

// What was typed since the last save goes, and what came with it.
async function drop(name) {
  forget(name);
  await Promise.all(tell("dropped", name));
  await show(name);
  say("What was not saved is gone.");
}

// The file on the disk is another one: nothing is overwritten, and nothing that was typed is lost unasked.
function conflict(name, words) {
  const theirs = element("button", { type: "button" }, "Read it again, and drop what I typed");
  theirs.addEventListener("click", () => {
    forget(name);
    show(name);
  });
  const mine = element("button", { type: "button" }, "Save mine in its place");
  mine.addEventListener("click", async () => {
    const told = await get("text", { name });
    if (told.error) return say(told.error, true);
    if (drafts.has(name)) remember(name, { ...drafts.get(name), digest: told.digest });
    write(name); // another file may be open by now
  });
  say(words, true);
  said.append(" ", theirs, " ", mine);
}

// A file that was renamed has its old name again.
export async function takeBack(name) {
  const told = await send("undo", { name });
  if (!told.ok) return say(told.error, true);
  if (name === open.name) {
    forget(name);
    await Promise.all(tell("taken back", told.shown));
    await show(told.shown);
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
