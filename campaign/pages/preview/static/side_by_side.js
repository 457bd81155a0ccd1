// The page and the file beside it: each goes where the other one went, and a sentence leads to its line.

import { element } from "/.preview/findings.js";
import { get } from "/.preview/server.js";
import { by, happened, open, say, select, show } from "/.preview/text_field.js";

const [frame] = document.getElementsByTagName("iframe");
const file = by("file");
const PAGES = { "privacy.md": "privacy/", "thanks.md": "thanks/", "closed.md": "closed/", "won.md": "won/" }; // the others stand on the campaign's
export let page = new URLSearchParams(location.search).get("page") || "/";
export let spoken = ""; // the language of that page
let awaited = null; // the page of what was saved, and the state that it is not in yet
let leading = ""; // the page that is on its way
let pages = 0; // the number of the state that is shown
let before = 0; // and of the one before a save
export const ready = list(new URLSearchParams(location.search).get("file"));

frame.src = page;
frame.addEventListener("load", () => {
  const last = page;
  page = frame.contentWindow.location.pathname;
  // The page before may have come anew meanwhile; another one is where somebody went from it.
  if (leading && page === last && leading.split("#")[0] !== page) return lead(leading);
  leading = "";
  by("whole").href = page;
  remember();
  if (open || page !== last) ready.then(() => list());
});
addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== frame.contentWindow) return;
  if (data.preview === "open") turnTo(data.file, data.line);
  if (data.preview === "pointed") find(data);
  if (data.preview === "counted") say("This is counted where the messages are kept; no file holds it.");
});
file.addEventListener("change", async () => {
  const address = pageOf(file.value);
  if ((await show(file.value)) && address && address !== page) lead(address);
});
happened.addEventListener("showing", ({ file: name }) => (file.value = name));
happened.addEventListener("shown", remember);
happened.addEventListener("taken back", ({ file: name, waits }) => name !== open.name && waits.push(list(name, true)));
happened.addEventListener("saving", () => (before = pages));
happened.addEventListener("saved", ({ file: name }) => {
  if (name.includes("/news/")) awaited = { address: pageOf(name), pages: before };
  leadOnce();
});

function remember() {
  history.replaceState(null, "", `?${new URLSearchParams({ page, file: file.value })}`);
}

// What belongs to the page, the file that is open with it; `anew` that is no more, and another one is shown.
export async function list(wanted, anew = !open) {
  const asked = page;
  const { files, first, language } = await get("files", { page });
  if (asked !== page) return list(wanted, anew); // somebody went on meanwhile
  const here = open?.name.replace(`/${spoken}/`, `/${language}/`);
  const turned = !anew && !wanted && spoken && language && spoken !== language && here !== open.name && files.includes(here);
  spoken = language;
  if (turned) [wanted, anew] = [here, true];
  const names = new Set([...files, ...(wanted ? [wanted] : []), ...(anew ? [] : [open.name])]);
  file.replaceChildren(...[...names].map((name) => element("option", { value: name }, name)));
  if (anew) await show(wanted || first);
  else file.value = open.name;
}

// Hear that the pages are in another state: what was saved may be on one of them now.
export function follow(news) {
  pages = news.pages;
  leadOnce();
}

function leadOnce() {
  if (!awaited || pages <= awaited.pages) return;
  lead(awaited.address);
  awaited = null;
}

export function lead(address) {
  leading = address;
  frame.contentWindow.location.href = address;
}

export function pageOf(name) {
  const [campaign, language, ...rest] = name.split("/");
  if (!rest.length) return "";
  const part = rest.length > 1 ? `news/#${rest[1].replace(/\.md$/, "")}` : (PAGES[rest[0]] ?? "");
  return `/${campaign}/${language}/${part}`;
}

async function find({ near = "", block = "", page: at, counted = "", picture = "" }) {
  const { file: name, line } = await get("source", { page: at, near, block, counted, picture });
  if (name) {
    await turnTo(name, line);
    return counted && say("The count and its day, signatures_as_of, are changed together.");
  }
  say("This stands in none of the files: a button or label, which translators change in site/translations/.");
}

export async function turnTo(name, line) {
  if (name !== open?.name) {
    await list(name);
    if (!(await show(name))) return;
  }
  select(line);
}
