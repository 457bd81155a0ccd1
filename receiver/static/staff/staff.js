// The desk by keys, with the next message at hand. Everything works without this file.
const HURRY = 700; // milliseconds after a decision in which a press is a second press, not a second decision
const GLANCE = 300; // milliseconds before anybody has seen a message
let shownAt = Infinity; // when the message that stands here was painted
let next = null; // the next message, fetched before it is asked for
let sending = Promise.resolve(); // decisions go one after the other, so that the list to undo is whole
let onTheirWay = 0; // decisions without an answer: who leaves now is asked

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const desk = (root = document) => root.querySelector(".desk");
const queue = desk()?.dataset.queue; // the one that was opened: what is skipped to may come from another
const skip = (root = document) => root.querySelector("a.skip");
const opensHere = (event) => !event.ctrlKey && !event.metaKey && !event.shiftKey;
const refused = (root) => root.querySelector(".notices > p.fault");

// Where the browser may keep nothing, it is kept until this page is left.
const storage = (name) => {
  try {
    return window[name] ?? {};
  } catch {
    return {};
  }
};
const kept = storage("sessionStorage");
const settings = storage("localStorage");
const tooSoon = () =>
  Date.now() - (kept.decided ?? 0) < HURRY || performance.now() - shownAt < GLANCE || shownAt === Infinity;

const aloud = document.createElement("p");
aloud.className = "unseen";
aloud.setAttribute("role", "status");
if (desk()) document.body.append(aloud);

// Keys.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (event.key === "Escape") return leave(event.target);
  if (typing(event.target) || leaving || asking() || settings.deskKeys === "off") return;
  const control = document.querySelector(`[data-key="${CSS.escape(sign(event))}"]`);
  if (!control) return;
  event.preventDefault();
  if (control.matches("input, [tabindex]")) control.focus(); // why a key does nothing is read where it stands
  else control.click();
});

// A panel or a fold that asks for words has the keys: a letter that misses its field decides nothing.

// So does a page that is on its way to ask for them.

const asking = () => document.querySelector(".cutting, details[data-asks][open]");
let leaving = false;
addEventListener("pageshow", () => (leaving = false));

function leave(target) {
  const panel = asking();
  leaving = false;
  target.blur?.();
  if (!panel || (typing(target) && !panel.contains(target))) return;
  if (panel.matches("details")) {
    panel.open = false;
    panel.querySelector("summary").focus();
  } else panel.querySelector("a").click(); // keep all
}

document.addEventListener("click", ({ target }) => {
  const fold = target.closest("summary")?.parentElement;
  const field = fold && !fold.open && fold.querySelector("textarea");
  if (!field) return;
  fold.dataset.asks = "words";
  fold.addEventListener("toggle", () => fold.open && field.focus(), { once: true });
});

// One that stood open already, as where a translation is asked for, has them once somebody writes in it.
document.addEventListener("focusin", ({ target }) => {
  const fold = target.matches("textarea") && target.closest("details");
  if (fold) fold.dataset.asks = "words";
});

document.querySelector("#cut-why")?.focus();
document.querySelector("#cut-why")?.select();

// On a keyboard of another script, or with an input method, which names all "Process", the key that stands in the letter's
// place: ф is a. The arrows of a number pad are none.
function sign({ key, code }) {
  const named = (key.length > 1 && key !== "Process") || /^[a-z1-9?]$/i.test(key);
  return (named ? key : code.replace(/^(?:Key|Digit|Numpad)/, "")).toLowerCase();
}

const keys = document.querySelector(".keys");
if (keys) {
  keys.hidden = false;
  keys.addEventListener("toggle", () => keys.open && keys.scrollIntoView({ block: "nearest" }));
  const box = keys.querySelector("input");
  box.checked = settings.deskKeys !== "off";
  box.addEventListener("change", () => (settings.deskKeys = box.checked ? "on" : "off"));
}

// Words that are selected are ticked to be cut out; the address tells their place, counted in code points.

document.addEventListener("click", (event) => {
  if (opensHere(event) && event.target.closest("a.cut, a.cut-words")) leaving = true;
  const link = event.target.closest("a.cut-words");
  const found = link && selected();
  if (!found) return;
  const url = new URL(link.href);
  for (const [name, value] of Object.entries(found)) url.searchParams.set(name, value);
  link.href = url.href;
});

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  for (const [name, part] of [["message", ".text"], ["first_name", ".name"]]) {
    const within = desk().querySelector(`.words ${part}`);
    if (!range.intersectsNode(within)) continue;
    const before = document.createRange();
    before.selectNodeContents(within);
    const whole = [...before.toString()].length;
    const to = (node, offset) => {
      if (before.comparePoint(node, offset) !== 0) return before.comparePoint(node, offset) < 0 ? 0 : whole;
      const upTo = before.cloneRange();
      upTo.setEnd(node, offset);
      return [...upTo.toString()].length;
    };
    return { cut: name, start: to(range.startContainer, range.startOffset), end: to(range.endContainer, range.endOffset) };
  }
  return null;
}

// Decisions: on what was seen, once, and the next message at once.

// Back leads to a form that may be sent again; pictures that come late do not.
addEventListener("pageshow", ({ persisted }) => {
  for (const form of persisted ? document.forms : []) delete form.dataset.sent;
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent || (form.matches("[data-one-press]") && tooSoon())) return event.preventDefault();
  if (desk()?.contains(form) && held(event, () => form.requestSubmit(event.submitter))) return;
  kept.decided = Date.now();
  if (next && form.closest(".bar, #reject")) {
    event.preventDefault();
    decide(form, event.submitter);
  } else {
    form.dataset.sent = "yes";
    if (desk()?.contains(form)) kept.sent = settledBy(form);
    if (form.closest(".top")) forgetTyped(); // to log out
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest(".desk a");
  if (link && opensHere(event)) held(event, () => link.isConnected && link.click());
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.skip");
  if (!link || event.defaultPrevented || !opensHere(event)) return;
  if (tooSoon()) return event.preventDefault();
  kept.decided = Date.now();
  if (!next) return;
  event.preventDefault();
  show();
  fetchNext();
});

// What comes before the answer to a decision waits for it: to leave the page now could lose it. A no is read first.
function held(event, again) {
  if (!onTheirWay) return false;
  event.preventDefault();
  sending.then((done) => (done ? again() : (leaving = false)));
  return true;
}

function decide(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  body.set("after", new URL(skip(next).href).searchParams.get("after")); // what comes behind the one shown now
  if (!queue.includes("flood=1")) body.delete("flood");
  const [message, settled] = [desk().dataset.id, settledBy(form)];
  show();
  document.querySelector(".notices").replaceChildren();
  onTheirWay += 1;
  sending = sending
    .then(() => read(fetch(form.action, { method: "POST", body })))
    .finally(() => (onTheirWay -= 1))
    .then((page) => {
      const done = !refused(page);
      if (done) forgetTyped(settled);
      receive(page);
      return done;
    })
    .catch(() => complain(message));
}

addEventListener("beforeunload", (event) => {
  if (onTheirWay) event.preventDefault();
});

function show() {
  desk().replaceWith(next);
  next = null;
  history.replaceState(null, "", queue);
  light();
  scrollTo(0, 0);
  desk().querySelector("h1").focus({ preventScroll: true });
  putBackTyped();
  notePainting();
}

// The tab of the message that stands here: what an answer lights is that of the one behind it.
function light() {
  const { tab } = desk()?.dataset ?? {};
  for (const link of tab ? document.querySelectorAll(".top nav a") : []) {
    if (link.dataset.tab === tab) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const tabs = document.querySelector(".top nav");
  const lit = tabs?.querySelector("[aria-current]");
  if (lit) tabs.scrollLeft = lit.offsetLeft - tabs.offsetLeft - 16; // where they slide
}

function notePainting() {
  shownAt = Infinity;
  requestAnimationFrame(() => requestAnimationFrame(() => (shownAt = performance.now())));
}

// What is typed on a message stays in this tab until its answer has come: a refusal, a reload or a new login loses nothing.

const member = document.querySelector(".top a[title]")?.textContent ?? "";
const typed = (field) => `typed ${member} ${desk().dataset.id} ${field.id}`;
const typedFields = () => desk()?.querySelectorAll("#translation, #note, #why") ?? [];

document.addEventListener("input", ({ target }) => {
  if ([...typedFields()].includes(target)) kept[typed(target)] = target.value;
});

function putBackTyped() {
  for (const field of typedFields()) {
    const words = kept[typed(field)];
    if (words === undefined) continue;
    if (words.trim() === field.defaultValue.trim()) delete kept[typed(field)];
    else {
      const fold = field.closest("details");
      field.value = words;
      if (fold) Object.assign(fold, { open: true }).dataset.asks = "words";
    }
  }
}

// What an answer settles: a decision all that was typed on its message, a note or a translation itself.
function settledBy(form) {
  const own = form.querySelector("#translation, #note");
  if (own) return typed(own);
  return form.closest(".bar, #reject") ? `typed ${member} ${desk().dataset.id} ` : "";
}

function forgetTyped(settled = `typed ${member} `) {
  for (const key of Object.keys(kept)) if (settled && key.startsWith(settled)) delete kept[key];
}

// It is no other member's, not kept after a login, nor once the message is gone or its answer has come. A page that
// says what went wrong is no answer, and knows no member.
function forgetTypedBefore() {
  for (const key of Object.keys(kept)) {
    if (member && key.startsWith("typed ") && !key.startsWith(`typed ${member} `)) delete kept[key];
  }
  const gone = document.querySelector("[data-gone]")?.dataset.gone;
  if (gone) forgetTyped(`typed ${member} ${gone} `);
  if (kept.sent && document.querySelector(".notices") && !refused(document)) forgetTyped(kept.sent);
  delete kept.sent;
}

// What comes next.

function fetchNext() {
  if (desk()?.dataset.state !== "waiting") return;
  sending = sending.then(() => read(fetch(skip().href))).then(keep, () => {});
}

async function read(asked) {
  const answer = await asked;
  if (answer.status >= 429) throw new Error(`answered ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.querySelector(".notices")) return page;
  document.body.replaceWith(document.importNode(page.body, true)); // the login has ended: it says so
  document.title = page.title;
  onTheirWay = 0;
  return new Promise(() => {}); // nothing of the desk goes on
}

function receive(page) {
  for (const part of [".notices", ".top nav"]) document.querySelector(part).replaceWith(page.querySelector(part));
  light();
  say(document.querySelector(".notices [role=status]"), ...(desk()?.querySelectorAll(".words, .flags b") ?? []));
  keep(page);
}

// A screen reader says nothing of parts put in the place of others: what was decided, then what stands here now.
function say(...parts) {
  aloud.textContent = parts.map((part) => part?.textContent.trim().replace(/\s+/g, " ")).filter(Boolean).join(" – ");
}

function keep(page) {
  const found = desk(page);
  const another = found?.dataset.state === "waiting" && found.dataset.id !== desk()?.dataset.id;
  next = another ? document.importNode(found, true) : null; // its card's picture begins to load
}

function complain(message) {
  const notice = document.querySelector("#unsent").content.cloneNode(true);
  notice.querySelector("a").href = `${location.pathname}?message=${message}`;
  document.querySelector(".notices").append(notice);
  fetchNext();
}

// A run of the press: how far it is, without a page load that takes the focus off Stop; once it has ended, the page anew.

const run = (root = document) => root.querySelector(".run.going-on");

async function follow() {
  try {
    const answer = await fetch(location.href);
    const now = run(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (!now && answer.status < 500) return location.reload();
    for (const part of now ? ["h2", "progress"] : []) run().querySelector(part).replaceWith(now.querySelector(part));
    if (now) run().querySelector("[role]").textContent = now.querySelector("[role]").textContent;
  } catch {} // no answer came: the next one tells
  setTimeout(follow, 2000);
}

addEventListener("pageshow", notePainting);
light();
forgetTypedBefore();
putBackTyped();
if (desk()) fetchNext();
if (run()) setTimeout(follow, 2000);
