// What the page needs before the first keystroke, and no more: somebody on a slow line waits for this file.
// Everything here is an addition. Without it the form posts as it is, and the receiver shows the card first.
//
// What is needed later has a file of its own, fetched when the need comes: `load("writing")`. To add one, write
// site/static/NAME.js, name it in the <template id="later"> of templates/script_words.html as data-NAME, and call
// `load("NAME")` from writing.js, which is given this page's parts. What cannot wait until somebody writes is named
// in the <template id="words"> of templates/story.html, which script_words.html fills with what the scripts say.

const { lang } = document.documentElement;
// "en" alone is American: December 24. Chromium knows no Belarusian, and would be American too.
// The calendar and the digits are those of the page's own text, in Persian and Thai too.
const known = Intl.DateTimeFormat.supportedLocalesOf(`${lang === "en" ? "en-001" : lang}-u-ca-gregory-nu-latn`)[0];
const locale = known ?? "ru"; // 12 000, 24.12.2026: read so in most languages that are left
const aloud = element("p", { className: "aloud", role: "status" });
document.body.append(aloud);
const said = document.getElementById("words"); // also once the thanks stand in its place
const form = document.querySelector(".message-form");
if (form) {
  const { message, first_name } = form.elements;
  const card = form.querySelector(".card-preview");
  const offered = [...document.querySelectorAll(".suggestions li p")];
  const draft = givenBack();
  const { saveData, effectiveType } = navigator.connection ?? {};
  // The press's own, for the card: twice what all else weighs, so a slow line goes without.
  const letters = saveData || /2g/.test(effectiveType) ? null : near(form).then(() => addStyles(said.dataset.letters));
  let begun = null; // the promise of what writing.js can do

  // The receiver's words say what is wrong, in the page's language, so its answer is the only check.
  form.noValidate = true;
  // To Firefox what is required and empty is invalid: a screen reader said so before anybody had written.
  for (const field of form.querySelectorAll("[required]")) {
    field.required = false;
    field.setAttribute("aria-required", "true");
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    wait(form.querySelector("[type=submit]"), begin().then(({ send }) => send(), plainly));
  });
  for (const part of [form, document.querySelector(".suggestions")]) {
    for (const sign of ["focusin", "pointerdown", "input"]) part.addEventListener(sign, start, { once: true });
  }
  addButtons();
  addOthers();
  card.hidden = false;
  if (message.value || first_name.value || draft.receipt) start();

  function begin() {
    const parts = { form, card, letters, draft, offered, aloud, locale, element, words, load };
    begun ??= Promise.all([load("writing"), fetchWords()]).then(([writing]) => writing.begin(parts));
    begun.catch(() => (begun = null));
    return begun;
  }

  // Where that file does not come: the road without JavaScript. What it would have locked stays here.
  function plainly() {
    const details = [...form.querySelectorAll(".details :not([type=checkbox])")];
    for (const field of details) field.disabled = true;
    form.submit();
    for (const field of details) field.disabled = false;
  }

  // Also while the script is on its way: on a slow line that takes seconds.
  function wait(button, work) {
    const name = "aria-disabled"; // Firefox before 119 knows no property of it
    if (button.hasAttribute(name)) return;
    button.setAttribute(name, "true");
    work.then(() => button.removeAttribute(name));
  }

  function start() {
    begin().catch(() => {}); // the next sign tries again
  }

  // Message and first name, or the receipt code, as this tab remembers them: see writing.js.
  function givenBack() {
    try {
      if (location.hash === "#sent") {
        sessionStorage.removeItem(form.action); // the receiver's thanks lead here
        history.replaceState(null, "", location.pathname);
      }
      const kept = JSON.parse(sessionStorage.getItem(form.action)) ?? {};
      message.value ||= kept.message ?? "";
      first_name.value ||= kept.first_name ?? "";
      return kept;
    } catch {
      return {}; // a browser may keep nothing
    }
  }

  function addButtons() {
    const { use, same } = document.querySelector(".suggestions ul").dataset;
    for (const [place, suggestion] of offered.entries()) {
      const text = suggestion.textContent;
      const add = (label, act) => {
        const button = element("button", { type: "button", ariaLabel: `${label}: ${text}` }, label);
        button.addEventListener("click", () => {
          wait(button, begin().then(act, () => (message.value ||= text)));
        });
        suggestion.parentElement.append(button);
      };
      add(use, ({ borrow }) => borrow(text));
      if (same) add(same, ({ borrowSame }) => borrowSame(place));
    }
  }

  // A card holds the words of several people. These stand for the others, too blurred to read; as they are
  // drawn by the stylesheet, no search finds them and no screen reader reads them.
  function addOthers() {
    const others = card.querySelector(".card-others");
    for (let place = 0; others && place < 9; place += 1) {
      const other = element("p", {});
      other.dataset.empty = offered[place % offered.length].textContent;
      others.append(other);
    }
  }
}

// The first view needs none of it; Safari knows no idle time, and a busy phone may have none.
const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 200));
addEventListener("load", () => idle(() => {
  const count = document.querySelector("[data-count]");
  if (count) near(count).then(() => refreshCount(count)); // on a phone the top alone asks the receiver nothing
  offerLanguage(document.querySelector("nav.languages")).catch(() => {}); // the languages stand there without it
}, { timeout: 2000 }));

// Whoever comes from elsewhere may read another of the page's languages better; its words are fetched then alone.
async function offerLanguage(nav) {
  const links = [...(nav?.children ?? [])];
  const root = (code) => code.split("-")[0].toLowerCase();
  const called = (code, part) => links.find(({ hreflang }) => part(hreflang) === part(code));
  // The first language that is here at all; of its kinds (pt, pt-BR) the one that is asked for.
  const link = navigator.languages.map((code) => called(code, String) ?? called(code, root)).find(Boolean);
  if (!link || link.hasAttribute("aria-current") || document.referrer.startsWith(location.origin)) return;
  const answer = await fetch(`${link.href}parts.txt`);
  if (!answer.ok) return;
  const { content } = element("template", { innerHTML: await answer.text() });
  const told = content.querySelector("[data-of=here]").textContent;
  nav.append(element("p", { className: "offer", lang: link.lang, dir: "auto" }, `${told} `, link.cloneNode(true)));
}

async function refreshCount(count) {
  const time = count.parentElement.querySelector("time");
  const answer = await fetch(count.dataset.count).catch(() => null);
  if (!answer?.ok) return;
  const { signatures, signatures_as_of, ...letters } = await answer.json();
  const told = count.parentElement.querySelector("[data-messages]");
  told.dataset.messages = letters.messages || ""; // with none yet nothing is said
  for (const place of told.children) place.textContent = letters[place.dataset.n]?.toLocaleString(locale);
  const asOf = new Date(signatures_as_of);
  if (asOf < new Date(time.dateTime)) return;
  const step = signatures < 1000 ? 10 : 100; // as campaign.language.locales.rounded
  count.textContent = (Math.floor(signatures / step) * step).toLocaleString(locale);
  time.dateTime = signatures_as_of;
  const day = asOf.toLocaleDateString(locale, { dateStyle: known ? "long" : "short" });
  time.textContent = day.replace(" ", "\u00A0"); // no line's end parts it from its month
}

// Settled once a part is at most half a screen away.
function near(part) {
  return new Promise((come) => {
    const seen = (times, watch) => times.some((time) => time.isIntersecting) && (watch.disconnect(), come());
    new IntersectionObserver(seen, { rootMargin: "50%" }).observe(part);
  });
}

function addStyles(href) {
  return new Promise((done) => {
    document.head.append(element("link", { rel: "stylesheet", href, onload: done, onerror: done }));
  });
}

function load(name) {
  return import(said.dataset[name] ?? said.content.getElementById("later").dataset[name]);
}

async function fetchWords() {
  const answer = await fetch(said.dataset.parts);
  if (!answer.ok) throw answer;
  said.innerHTML = await answer.text();
}

function words(name) {
  return said.content.querySelector(`[data-of="${name}"]`)?.textContent ?? "";
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
