// The editor beside the page: one file in a plain text field, saved as it was but for what was changed.

import { listen } from "/.preview/news.js";
import { editing, element, post } from "/.preview/findings.js";

const by = (id) => document.getElementById(id);
const [frame] = document.getElementsByTagName("iframe");
const [file, text, save, undo, said] = ["file", "text", "save", "undo", "said"].map(by);
const asked = new URLSearchParams(location.search);
const pictures = new Map(); // those that were laid beside a text, by its name
const drafts = new Map(); // texts that are not saved, with the digest of the file that they began from
let open = null; // what the server told of the file that is shown
const PAGES = { "privacy.md": "privacy/", "thanks.md": "thanks/" }; // the others stand on the campaign's
const undescribed = new Map(); // files that still say what another picture showed, with their languages
let page = asked.get("page") || "/";
let spoken = ""; // the language of that page
let awaited = null; // the page of what was saved, and the state that it is not in yet
let leading = ""; // the page that is on its way
let pages = 0; // the number of the state that is shown

frame.src = page;
frame.addEventListener("load", () => {
  page = frame.contentWindow.location.pathname;
  if (leading && leading.split("#")[0] !== page) return lead(leading); // the page before came anew meanwhile
  leading = "";
  by("whole").href = page;
  history.replaceState(null, "", `?${new URLSearchParams({ page, file: file.value })}`);
  if (open) list(); // until then the first one is on its way
});
await list(asked.get("file"));
if (Number(asked.get("line"))) select(Number(asked.get("line")));

listen(refresh, () => {});
addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== frame.contentWindow) return;
  if (data.preview === "open") turnTo(data.file, data.line);
  if (data.preview === "pointed") find(data);
  if (data.preview === "counted") say("This is counted where the messages are kept; no file holds it.");
});
addEventListener("beforeunload", (event) => drafts.size && event.preventDefault());
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    write();
  }
});
file.addEventListener("change", () => {
  const address = pageOf(file.value);
  if (address && address !== page) lead(address);
  show(file.value);
});
text.addEventListener("input", typed);
save.addEventListener("click", write);
undo.addEventListener("click", () => (drafts.has(open.name) ? drop(open.name) : takeBack(open.name)));

// What belongs to the page, the file that is open with it; `anew` that is no more, and another one is shown.
async function list(wanted, anew = !open) {
  const { files, first, language } = await get("files", { page });
  const here = open?.name.replace(`/${spoken}/`, `/${language}/`);
  const turned = !anew && !wanted && spoken && language && spoken !== language && here !== open.name && files.includes(here);
  spoken = language;
  if (turned) [wanted, anew] = [here, true];
  const names = new Set([...files, ...(wanted ? [wanted] : []), ...(anew ? [] : [open.name])]);
  file.replaceChildren(...[...names].map((name) => element("option", { value: name }, name)));
  if (anew) await show(wanted || first);
  else file.value = open.name;
}

async function show(name) {
  if (!name) return;
  file.value = name;
  const told = await get("text", { name });
  if (told.error) return say(told.error, true);
  open = told;
  showBack();
  const draft = drafts.get(name);
  text.lang = name.split("/").length > 2 ? name.split("/")[1] : "en";
  text.value = draft?.text ?? told.text;
  if (draft) open.digest = draft.digest;
  buttons();
  say(draft ? "Not saved yet." : "");
}

function typed() {
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
  const before = pages;
  const told = await send("save", { name, text: written, digest });
  if (!told.ok) return told.changed ? conflict(told.error) : say(told.error, true);
  drafts.delete(name);
  if (open.name !== name) return;
  open = told;
  if (text.value !== written) drafts.set(name, { text: text.value, digest: told.digest });
  buttons();
  say("Saved.");
  undescribed.delete(name);
  ask();
  if (name.includes("/news/")) awaited = { address: pageOf(name), pages: before };
  leadOnce();
}

function leadOnce() {
  if (!awaited || pages <= awaited.pages) return;
  lead(awaited.address);
  awaited = null;
}

function lead(address) {
  leading = address;
  frame.contentWindow.location.href = address;
}

function pageOf(name) {
  const [campaign, language, ...rest] = name.split("/");
  if (!rest.length) return "";
  const part = rest.length > 1 ? `news/#${rest[1].replace(/\.md$/, "")}` : (PAGES[rest[0]] ?? "");
  return `/${campaign}/${language}/${part}`;
}

// What was typed since the last save goes, and a picture that was laid for it.
async function drop(name) {
  drafts.delete(name);
  for (const laid of (pictures.get(name) ?? []).filter((laid) => !open.text.includes(laid))) {
    await send("undo", { name: `${name.replace(/[^/]*$/, "")}${laid}` });
  }
  pictures.delete(name);
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

async function takeBack(name) {
  const told = await send("undo", { name });
  if (!told.ok) return say(told.error, true);
  if (name === open.name) {
    drafts.delete(name);
    await show(name);
  }
  say("Taken back.");
}

// A file begun, renamed or taken away; the name is one below content/, beside the file that is open.
by("begin").addEventListener("click", async () => {
  const name = wished();
  if (!name) return;
  await turnTo(name, 1);
  if (open.name === name && !text.value) {
    text.value = "# The heading\n\nWhat there is to say.\n";
    typed();
  }
  say(open.digest ? "This file is there already." : "Write it, then Save.");
});
by("today").addEventListener("click", () => {
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => `${part}`.padStart(2, "0")).join("-");
  by("name").value = `news/${day}-what-happened.md`;
  by("begin").click();
});
by("rename").addEventListener("click", () => change("move", { to: wished() }, "Renamed."));
by("remove").addEventListener("click", () => {
  if (confirm(`Take ${open.name} away? Undo brings it back as long as the preview runs.`)) change("remove", {}, "Taken away.");
});

function wished() {
  const typedName = by("name").value.trim();
  if (!typedName) return say("Write the file's name first, such as news/2026-12-01-moved.md", true);
  if (typedName.split("/").length > 2) return typedName;
  const [campaign, ...rest] = open.name.split("/");
  const language = rest.length > 1 ? rest[0] : spoken; // campaign.toml lies in no language: the page has one
  return language ? `${campaign}/${language}/${typedName}` : say("Choose a text of the language first, such as story.md.", true);
}

async function change(route, values, words) {
  if (Object.values(values).some((value) => !value)) return;
  if (drafts.has(open.name)) return say("Save it first, or undo what you typed.", true);
  const told = await send(route, { name: open.name, digest: open.digest, ...values });
  if (!told.ok) return say(told.error, true);
  await list(told.name, true); // `open` stays what it was until then: the page's reload lists, too, and shows nothing
  say(words);
}

// After each save, here or elsewhere: show what the file holds now, unless something is typed that is not saved.
async function refresh(news) {
  pages = news.pages;
  leadOnce();
  if (!open || drafts.has(open.name)) return;
  const { name } = open;
  const told = await get("text", { name });
  if (told.error || open.name !== name || drafts.has(name)) return;
  if (told.text !== text.value) text.value = told.text;
  open = told;
  buttons();
}

async function find({ near = "", block = "", page: at, counted = "", picture = "" }) {
  const { file: name, line } = await get("source", { page: at, near, block, counted, picture });
  if (name) {
    await turnTo(name, line);
    return counted && say("The count and its day, signatures_as_of, are changed together.");
  }
  say("This stands in none of the files: a button or label, which translators change in site/translations/.");
}

async function turnTo(name, line) {
  if (name !== open?.name) {
    await list(name);
    await show(name);
  }
  select(line);
}

function select(line) {
  const lines = text.value.split("\n");
  const begin = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(begin, begin); // scrolls to the place
  text.setSelectionRange(begin, begin + (lines[line - 1] ?? "").length);
  const style = getComputedStyle(text);
  text.scrollTop = (begin / Math.max(1, text.value.length)) * text.scrollHeight - parseFloat(style.height) / 2;
}

for (const type of ["dragover", "dragleave", "drop"]) {
  text.addEventListener(type, (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    text.classList.toggle("over", type === "dragover");
    if (type === "drop" && event.dataTransfer.files.length) lay(event.dataTransfer.files[0]);
  });
}
by("beside").addEventListener("change", ({ target }) => target.files.length && lay(target.files[0]));
by("illustration").addEventListener("change", ({ target }) => target.files.length && replaceIt(target.files[0]));
by("which").addEventListener("change", showBack);
by("back").addEventListener("click", async () => {
  const which = by("which").value;
  await takeBack(`${open.name.split("/")[0]}/${which}`);
  open.replaced = open.replaced.filter((name) => name !== which);
  showBack();
});

function showBack() {
  by("back").disabled = !open?.replaced.includes(by("which").value);
}

async function lay(picture) {
  if (!open.name.endsWith(".md")) return say("Choose a text first, such as story.md: the picture lies beside it.", true);
  const told = await upload(picture, { beside: open.name });
  if (!told.ok) return say(told.error, true);
  pictures.set(open.name, [...(pictures.get(open.name) ?? []), told.name]);
  const sign = `![](${told.name})`;
  const at = apart(sign);
  const inside = text.value.indexOf(sign, at) + 2;
  text.focus();
  text.setSelectionRange(inside, inside);
  typed();
  say("Write between [ and ] what the picture shows, then Save.");
}

// Put a line behind the paragraph in which the cursor stands, between empty lines: else it would become part of it.
function apart(line) {
  const { value, selectionStart } = text;
  const begin = selectionStart ? value.lastIndexOf("\n", selectionStart - 1) + 1 : 0;
  const empty = value.slice(begin).search(/^[ \t]*$/m);
  const place = empty < 0 ? value.length : begin + empty;
  const before = value.slice(0, place).trimEnd().length;
  const blank = place + value.slice(place).match(/^(?:[ \t]*\n)*/)[0].length;
  const more = value.slice(blank).trim() !== "";
  const words = `${before ? "\n\n" : ""}${line}\n${more ? "\n" : ""}`;
  text.setRangeText(words, before, more ? blank : value.length, "end");
  return before;
}

const NEW = {
  illustration: "The illustration is the new one, on the page, and on the card if that has none of its own.",
  card: "The card has this picture now; the page keeps its own.",
  icon: "This picture stands in the browser's tab now.",
};

async function replaceIt(picture) {
  const which = by("which").value;
  const told = await upload(picture, { campaign: open.name.split("/")[0], which });
  by("illustration").value = ""; // so that the same file can be chosen again
  if (!told.ok) return say(told.error, true);
  open.replaced.push(which);
  showBack();
  say(NEW[which]);
  Object.entries(told.describe ?? {}).forEach(([code, name]) => undescribed.set(name, code));
  ask();
}

// Each language still tells what the old picture showed, until its file is saved.
function ask() {
  const links = [...undescribed].flatMap(([name, code]) => {
    const link = element("a", { href: editing(page, { file: name }) }, code);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      turnTo(name, 1);
    });
    return [" ", link];
  });
  by("next").hidden = !links.length;
  by("next").replaceChildren("Now write what it shows, in each language:", ...links);
}

async function upload(picture, place) {
  const where = new URLSearchParams({ ...place, dropped: picture.name });
  try {
    const answer = await fetch(`/.preview/picture?${where}`, { method: "POST", body: picture });
    return { ok: answer.ok, ...(await answer.json()) };
  } catch {
    return { error: "The preview does not answer: is it still running?" };
  }
}

async function get(name, values) {
  try {
    return await (await fetch(`/.preview/${name}?${new URLSearchParams(values)}`)).json();
  } catch {
    return { error: "The preview does not answer: is it still running?", files: [], first: "" };
  }
}

async function send(name, values) {
  return post(name, values).catch(() => ({ ok: false, error: "The preview does not answer: is it still running?" }));
}

function say(words, wrong = false) {
  said.textContent = words;
  said.classList.toggle("wrong", wrong);
}
