// Pictures: one laid beside a text, and those that a campaign has of its own.

import { editing, element } from "/.preview/findings.js";
import { send, upload } from "/.preview/server.js";
import { page, turnTo } from "/.preview/side_by_side.js";
import { by, happened, open, say, takeBack, text, typed } from "/.preview/text_field.js";

const laid = new Map(); // those that were laid beside a text, by its name
const undescribed = new Map(); // files that still say what another picture showed, with their languages
const NEW = {
  illustration: "The illustration is the new one, on the page, and on the card if that has none of its own.",
  card: "The card has this picture now; the page keeps its own.",
  icon: "This picture stands in the browser's tab now.",
};

for (const type of ["dragover", "dragleave", "drop"]) {
  text.addEventListener(type, (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    text.classList.toggle("over", type === "dragover");
    if (type === "drop") layEach(event.dataTransfer.files);
  });
}
// Beside the text it would be opened in the editor's place.
for (const type of ["dragover", "drop"]) {
  addEventListener(type, (event) => {
    if (event.target === text || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    if (type === "drop") say("Drop it on the text, or choose it below Pictures.", true);
  });
}
by("beside").addEventListener("change", async ({ target }) => {
  await layEach(target.files);
  target.value = ""; // so that the same file can be chosen again
});
by("illustration").addEventListener("change", ({ target }) => target.files.length && replaceIt(target.files[0]));
by("which").addEventListener("change", showBack);
by("back").addEventListener("click", async () => {
  const which = by("which").value;
  await takeBack(`${open.name.split("/")[0]}/${which}`);
  open.replaced = open.replaced.filter((name) => name !== which);
  showBack();
});
happened.addEventListener("shown", showBack);
happened.addEventListener("saved", ({ file: name }) => {
  undescribed.delete(name);
  ask();
});
happened.addEventListener("dropped", ({ file: name, waits }) => waits.push(takeLaidBack(name)));

async function takeLaidBack(name) {
  for (const picture of (laid.get(name) ?? []).filter((picture) => !open.text.includes(picture))) {
    await send("undo", { name: `${name.replace(/[^/]*$/, "")}${picture}` });
  }
  laid.delete(name);
}

function showBack() {
  by("back").disabled = !open?.replaced.includes(by("which").value);
}

// What was refused is still said when the next one was laid; the sign of one that took long goes into no other file.
async function layEach(pictures) {
  const { name } = open;
  if (!name.endsWith(".md")) return say("Choose a text first, such as story.md: the picture lies beside it.", true);
  const refused = [];
  let asked = "";
  for (const picture of [...pictures]) {
    const told = open.name === name ? await upload(picture, { beside: name }) : { ok: true };
    if (!told.ok) refused.push(told.error);
    else if (open.name === name) asked = lay(told.name);
    else refused.push(`${picture.name}: another file was opened meanwhile; choose it for ${name} again`);
  }
  say([...refused, asked].join("\n").trim(), refused.length > 0);
}

function lay(picture) {
  laid.set(open.name, [...(laid.get(open.name) ?? []), picture]);
  const sign = `![](${picture})`;
  const at = apart(sign);
  const inside = text.value.indexOf(sign, at) + 2;
  text.focus();
  text.setSelectionRange(inside, inside);
  typed();
  return "Write between [ and ] what the picture shows, then Save.";
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
