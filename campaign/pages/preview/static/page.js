// What the preview adds to a page: it loads itself again after a save, and shows what there is to mend.

import { listen } from "/.preview/changes.js";
import { CLEARED, findings, element, editing, post } from "/.preview/findings.js";
import { keep, kept } from "/.preview/kept.js";

const KEPT = `preview ${location.pathname}`;
const ASIDE = "preview aside"; // the faults that were put aside
const [, campaign, language] = location.pathname.replace(/^\/\.preview\/as\/\w+/, "").split("/");
const alone = window === top;
const small = window.name === "overview";
const beside = window.name === "edited"; // the editor shows this page beside a file

giveBack();
const shown = Number(new URL(import.meta.url).searchParams.get("pages")); // a save may come while this is loaded
listen(small ? () => {} : show, load, shown);
if (beside) document.addEventListener("click", point, true);

// The page as it is now; what was typed, unfolded and scrolled to stays. Where a browser keeps nothing, it asks first.
function load() {
  if (keepState()) window.onbeforeunload = null; // what was typed is kept
  location.reload();
}

function keepState() {
  const fields = [...document.querySelectorAll("input:not([type=hidden]), textarea, select")];
  return keep(KEPT, {
    top: scrollY,
    values: fields.map(({ name, value, checked }) => ({ name, value, checked })),
    focus: fields.indexOf(document.activeElement),
    at: fields.includes(document.activeElement) ? document.activeElement.selectionStart : null,
    open: [...document.querySelectorAll("details")].map(({ open }) => open),
  });
}

function giveBack() {
  const state = kept(KEPT);
  if (!state) return;
  keep(KEPT, null);
  document.querySelectorAll("details").forEach((fold, n) => (fold.open ||= state.open[n] ?? false));
  const fields = [...document.querySelectorAll("input:not([type=hidden]), textarea, select")];
  for (const [n, field] of fields.entries()) {
    const before = state.values.find(({ name }, m) => name === field.name && (name || m === n));
    if (!before) continue;
    const changed = field.value !== before.value || field.checked !== before.checked;
    field.value = before.value;
    field.checked = before.checked;
    if (changed) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const focused = fields[state.focus];
  focused?.focus({ preventScroll: true });
  if (state.at !== null && focused?.setSelectionRange) focused.setSelectionRange(state.at, state.at);
  const back = () => scrollTo({ top: state.top, behavior: "instant" });
  back();
  addEventListener("load", () => requestAnimationFrame(back), { once: true }); // pictures and fonts moved it
}

// What comes on a later day is shown here already, and says so.
const now = new Date();
for (const day of document.querySelectorAll(".entry time")) {
  const [year, month, date] = day.dateTime.split("-").map(Number);
  if (new Date(year, month - 1, date) <= now) continue;
  const words = { className: "hint", lang: "en", dir: "ltr" };
  day.closest(".entry").prepend(element("p", words, `Not on the page yet: it comes on ${day.dateTime}.`));
}

// A sentence that is pointed at is looked for in the files; links and buttons go on doing what they do.
function point(event) {
  if (event.target.closest("a, button, input, textarea, select, summary, label, candle-preview")) return;
  if (event.target.closest(".hero img")) return parent.postMessage({ preview: "pointed", page: location.pathname, picture: "own" }, location.origin);
  const block = event.target.closest("p, li, h1, h2, h3, h4, td, th, figcaption, blockquote, dt, dd");
  if (!block) return;
  const caret = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const { textContent } = caret?.offsetNode ?? block;
  const at = caret?.offset ?? 0;
  const near = textContent.slice(Math.max(0, at - 30), at + 30).replace(/^\S*\s|\s\S*$/g, "") || block.textContent;
  const counted = block.closest(".count") ? "petition" : "";
  if (block.closest(".posted") || event.target.closest("[data-messages]")) return parent.postMessage({ preview: "counted" }, location.origin);
  const message = { near, block: block.textContent, page: location.pathname, counted };
  parent.postMessage({ preview: "pointed", ...message }, location.origin);
}

// Faults stand over the page until they are mended or put aside; the bar below holds all the rest.
function show(news) {
  const host = document.querySelector("candle-preview") ?? element("candle-preview", { lang: "en", dir: "ltr" });
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  if (!root.childNodes.length) {
    root.append(element("link", { rel: "stylesheet", href: "/.preview/bench.css" }));
    root.append(element("div", { className: "over" }), element("div", { className: "bar" }));
    document.documentElement.append(host);
  }
  showFaults(root.querySelector(".over"), news);
  showBar(root.querySelector(".bar"), news);
}

function showFaults(place, { faults, warnings }) {
  const open = place.querySelector("section > details")?.open ?? false;
  place.hidden = !faults.length || kept(ASIDE) === called(faults);
  if (!faults.length) return place.replaceChildren();
  const heading = element("h1", {}, faults.length === 1 ? "One thing to mend" : `${faults.length} things to mend`);
  const shown = document.querySelector("main > *")
    ? "Behind this stands the page as it last was. It is shown anew by itself once this is mended."
    : "The page comes by itself once this is mended.";
  const away = element("button", { type: "button", onclick: () => putAside(place, faults) }, "Look at the page");
  const head = element("header", {}, heading, away, element("p", {}, shown));
  const also = warnings.length ? [toLookAt(warnings, open)] : [];
  place.replaceChildren(element("section", { role: "alert" }, head, findings(faults), ...also));
}

function called(faults) {
  return faults.map(({ id }) => id).join();
}

function putAside(place, faults) {
  keep(ASIDE, called(faults));
  place.hidden = true;
  place.nextElementSibling.hidden = false;
}

function showBar(place, { faults, warnings, looked }) {
  const open = place.querySelector("details")?.open ?? false;
  const parts = [];
  if (faults.length) {
    const again = () => {
      keep(ASIDE, null);
      place.previousElementSibling.hidden = false;
      place.hidden = true;
    };
    parts.push(element("button", { type: "button", className: "wrong", onclick: again }, `${faults.length} to mend`));
  }
  if (warnings.length) {
    parts.push(toLookAt(warnings, open));
  }
  if (alone && !faults.length && !warnings.length) parts.push(element("span", {}, looked ? "Nothing to mend" : "Looking through the texts…"));
  const cleared = kept(CLEARED);
  if (cleared) parts.push(element("button", { type: "button", onclick: () => bringBack(cleared) }, `Bring ${cleared.split("/").pop()} back`));
  if (alone) parts.push(element("a", { className: "button", href: editing(location.pathname) }, "Edit"));
  if (alone) parts.push(element("a", { className: "button", href: `/.preview/overview?campaign=${campaign}` }, "Overview"));
  place.replaceChildren(...parts);
  const ask = document.querySelector(".hero-words .button"); // on a telephone it stays at the foot of the page
  if (ask && getComputedStyle(ask).position === "fixed") place.style.setProperty("--below", `${ask.offsetHeight + 16}px`);
  const over = !place.previousElementSibling.hidden;
  place.hidden = over || (!alone && !faults.length && !warnings.length && !cleared);
}

function toLookAt(warnings, open) {
  const summary = element("summary", {}, `${warnings.length} to look at`);
  return element("details", { open }, summary, element("div", { className: "sheet" }, findings(nearFirst(warnings))));
}

// What is about this campaign first, and of that what is about the language that is shown.
function nearFirst(found) {
  const near = ({ file }) => file.startsWith(`${campaign}/`) + file.startsWith(`${campaign}/${language}/`);
  return found.toSorted((one, other) => near(other) - near(one));
}

async function bringBack(name) {
  await post("undo", { name }).catch(() => null);
  keep(CLEARED, null);
}
