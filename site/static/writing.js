// What the form does once somebody writes: it counts, shows the card, warns, keeps the draft, and sends.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TOKEN_RIPENS = 4_000; // the receiver wants 3 s, and its clock counts whole seconds
const TOKEN_LASTS = 23 * HOUR;
const PATIENCE = 20_000;
const LONG = 9_000; // of what is pasted, far over any limit: nobody waits a second for each key
const INVISIBLE = /(?!\n)\p{Cc}|[\u00AD\u034F\u115F\u1160\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0]/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFE\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const DRESS = /[\p{Cf}\u0640]|(?=\p{Mn})[\p{sc=Zinh}\p{sc=Hebr}\p{sc=Arab}]/gu;

// What Arabic and Hebrew write as the beginning of a word: as campaign.text.matching.
const GLUED = /^(?:[وف]?(?:[بك]?ال|لل?|[بك])?|ו?(?:ל?כש|מש|ש)?[מבלכ]?ה?)$/;

// A day, years, a round number, a book; and a book's number behind its word.
const NO_PHONE = /^(\d{1,4}([./-])\d{1,2}\2\d{1,4}|(19|20)\d\d ?[/-] ?(19|20)\d\d|\d{1,3}([ .]?000)+|97[89]([ -]?\d){10})$/;
const BOOK = /\bIS[BS]N[-\d:\sX]{8,24}/gi;

const DETAILS = ["last_name", "email", "country"];

let segmenter = null; // made with the first letter: it takes a slow phone a moment

// Take over the form. The parts are page.js's; What it asks for is returned.
export function begin({ form, card, letters, draft, offered, aloud, locale, element, words, load }) {
  const { title } = document;
  const { message, first_name, email, updates } = form.elements;
  const summary = form.querySelector(".errors");
  const button = form.querySelector("[type=submit]");
  const idle = button.textContent;
  const endpoint = (name) => new URL(name, form.action);
  let pending = draft.pending ?? null; // the token of a post without an answer: the next try counts as the same one
  let token = pending && Promise.resolve(pending); // a promise of { value, since }
  let sending = false;
  let sealing = null; // the promise of what sealing.js can do

  const undo = Object.assign(quiet("undo"), { hidden: true });
  const counter = addCounter();
  const { content } = document.getElementById("words");
  const same = [...content.querySelectorAll("[data-of=same] li")].map((suggestion) => suggestion.textContent);
  const suggestions = [...offered.map((suggestion) => suggestion.textContent), ...same];
  const borrowSame = (place) => borrow(same[place]);
  const listed = [...content.querySelectorAll("[data-start]")];
  const recipients = content.getElementById("later").dataset.recipients?.split(" ");
  const scripts = content.querySelector("[data-scripts]")?.dataset.scripts;
  const keepDraft = addDraft();
  form.addEventListener("input", written);
  form.addEventListener("input", ({ target }) => isFilled(target) && mended(target));
  form.addEventListener("input", ({ target }) => {
    if (DETAILS.includes(target.name)) beginSealing().catch(() => {}); // sending tries again
  });
  document.addEventListener("click", ({ target }) => {
    const other = target.closest(".languages a");
    if (!other || !window.onbeforeunload) return;
    window.onbeforeunload = null; // the other language has the draft too
    other.hash = "write";
  });
  if (draft.receipt) {
    thank(draft.receipt);
    return { send, borrow, borrowSame };
  }
  requestToken().catch(() => {});
  written();
  return { send, borrow, borrowSame };

  function requestToken() {
    token ??= fetch(endpoint("token"), { signal: patience() })
      .then(async (answer) => {
        if (!answer.ok) throw answer;
        return { value: (await answer.json()).token, since: Date.now() };
      })
      .catch((fault) => {
        token = null;
        throw fault;
      });
    return token;
  }

  async function ripeToken() {
    if (token && Date.now() - (await requestToken()).since > TOKEN_LASTS) token = null;
    const { value, since } = await requestToken();
    await new Promise((done) => setTimeout(done, Math.min(TOKEN_RIPENS, since + TOKEN_RIPENS - Date.now())));
    return value;
  }

  async function send() {
    if (sending) return;
    const lacking = [...form.elements].filter((field) => field.hasAttribute("aria-required") && !isFilled(field));
    const errors = Object.fromEntries(lacking.map(({ id }) => [id, [words(`no-${id}`)]]));
    if (updates?.checked && !isFilled(email)) errors.email = [words("email")];
    if (Object.keys(errors).length) return showErrors({ ...mistyped(), ...errors });
    busy(true);
    let news = "";
    const signal = patience();
    try {
      await within(signal, posted()); // what is wrong with a detail is said at once
      const ripe = await within(signal, ripeToken());
      const body = await within(signal, posted()); // only now: who still types means the latest words
      body.set("token", ripe);
      body.set("card", "y");
      pending = await token;
      keepDraft();
      const headers = { Accept: "application/json" };
      news = await receive(await fetch(form.action, { method: "POST", headers, body, signal }));
    } catch (fault) {
      if (fault instanceof Response) news = await receive(fault);
      else if (fault?.errors) showErrors(fault.errors);
      else showErrors({ form: [words(pending ? "unanswered" : "unreached")] });
    }
    busy(false);
    aloud.textContent = news ?? "";
  }

  // What the receiver, or the seal, would refuse next: said with what is lacking, so that nobody is sent back twice.
  function mistyped() {
    const errors = {};
    if (counter.over()) errors.message = [counter.over()];
    if (email?.value && !email.validity.valid && words("email-shape")) errors.email = [words("email-shape")];
    return errors;
  }

  // The form's fields, with the details sealed: they never leave the browser for everybody to read.
  async function posted() {
    const body = new URLSearchParams(new FormData(form));
    const typed = DETAILS.map((name) => [name, body.get(name) ?? ""]);
    if (typed.every(([, value]) => !value.trim())) return body;
    const unsealed = { errors: { form: [words("unsealed")] } };
    const { seal } = await beginSealing().catch(() => Promise.reject(unsealed));
    const sealed = await seal(Object.fromEntries(typed)).catch((fault) => Promise.reject(fault.errors ? fault : unsealed));
    for (const name of DETAILS) body.delete(name);
    body.set("details", sealed);
    return body;
  }

  function beginSealing() {
    const parts = { form, element, words, load, recipients, fold, place, visible, length };
    sealing ??= load("sealing").then((script) => script.begin(parts));
    sealing.catch(() => (sealing = null));
    return sealing;
  }

  function busy(now) {
    sending = now;
    button.textContent = now ? words("sending") : idle;
    aloud.textContent = now ? words("sending") : "";
    if (now) document.title = title;
  }

  async function receive(answer) {
    const { status } = answer;
    const { receipt, card: drawn, errors = {} } = await answer.json().catch(() => ({}));
    if (status === 201 && receipt) return thank(receipt, drawn);
    if (status >= 400 && status < 500) pending = null; // refused: that much is known
    if (status === 409) token = null; // its message has arrived; these words are another one
    keepDraft();
    if (status === 403) return plainly();
    const own = words(status);
    const told = status !== 413 && Object.keys(errors).length;
    showErrors(told ? errors : { form: [own || words(pending ? "unanswered" : "unreached")] });
  }

  // The road without JavaScript, but for the details: the receiver asks once more, and carries the seal on unread.
  async function plainly() {
    const body = await posted();
    const again = element("form", { method: "post", action: form.action, acceptCharset: "utf-8", hidden: true });
    for (const [name, value] of body) again.append(element("input", { type: "hidden", name, value }));
    document.body.append(again);
    window.onbeforeunload = null;
    again.submit();
  }

  function thank(receipt, drawn) {
    const thanks = document.getElementById("words").content.getElementById("thanks").content.firstElementChild.cloneNode(true);
    const [heading] = thanks.children;
    thanks.querySelector(".receipt").textContent = receipt;
    if (receipt !== draft.receipt) heading.after(card); // not where the tab was only loaded again
    form.parentElement.replaceChildren(thanks);
    form.reset();
    keepDraft(receipt);
    document.title = heading.textContent;
    arrive(heading);
    // Here, and not with the rest: pressed before that is loaded it would lead nowhere.
    thanks.querySelector(".again").addEventListener("click", (event) => {
      event.preventDefault();
      keepDraft(); // else the page would show these thanks again
      arrive(heading); // a page that is loaded again stands where it stood
      location.hash = "write";
      location.reload();
    });
    load("thanks")
      .then(({ offer, showDrawn, showPosted }) => {
        offer(thanks, title, aloud);
        if (drawn) showDrawn(card, drawn);
        showPosted(thanks.querySelector(".posted"), endpoint("count.json"), locale);
      })
      .catch(() => {}); // the thanks stand without it
    return heading.parentElement.querySelector(":scope > p").textContent; // Orca reads no focus that a button lost
  }

  function clearErrors() {
    for (const error of form.querySelectorAll(".error")) error.remove();
    for (const field of form.querySelectorAll("[aria-invalid=true]")) sound(field);
    summary.hidden = true;
    document.title = title;
  }

  // The attribute stays: without it Chromium calls a box "invalid" that must be ticked and is not yet.
  function sound(field) {
    field.setAttribute("aria-invalid", "false");
    describe(field, document.getElementById(`${field.id}-hint`));
  }

  // The same parts, with the same names, as templates/_form.html draws.
  function showErrors(errors) {
    clearErrors();
    const order = [...form.elements].map((field) => field.id);
    const place = ([name]) => (order.includes(name) ? order.indexOf(name) : order.length);
    const inOrder = Object.entries(errors).sort((one, other) => place(one) - place(other));
    summary.querySelector("p").hidden = !inOrder.some(([name]) => order.includes(name));
    summary.querySelector("ul").replaceChildren(...inOrder.flatMap(([name, faults]) => {
      const field = document.getElementById(name);
      if (field) markInvalid(field, faults);
      return faults.map((fault) => element("li", {}, field ? element("a", { href: `#${name}` }, fault) : fault));
    }));
    summary.hidden = false;
    document.title = words("error").replace("%(title)s", title);
    arrive(summary);
  }

  // What was mended is no fault any more; whether it is right, the receiver says.
  function mended(field) {
    const error = document.getElementById(`${field.id}-error`);
    if (!error) return;
    error.remove();
    sound(field);
    for (const link of summary.querySelectorAll(`[href="#${field.id}"]`)) link.parentElement.remove();
    summary.hidden = !summary.querySelector("li");
    if (summary.hidden) document.title = title;
  }

  // What is taller than the screen does not come to its top by being focused.
  function arrive(part) {
    part.focus({ preventScroll: true });
    part.scrollIntoView({ behavior: "instant" });
  }

  function markInvalid(field, faults) {
    const error = element("p", { className: "error", id: `${field.id}-error` }, faults.join(" "));
    const hint = document.getElementById(`${field.id}-hint`);
    (hint ?? field.labels[0]).after(error);
    field.setAttribute("aria-invalid", "true");
    field.closest("details")?.setAttribute("open", "");
    describe(field, hint, error);
  }

  function describe(field, ...parts) {
    field.setAttribute("aria-describedby", parts.filter(Boolean).map((part) => part.id).join(" "));
  }

  function written() {
    const text = visible(message.value);
    message.dir = card.querySelector(".card-own").dir = direction(text.slice(0, LONG));
    load("card").then(show, () => {
      card.querySelector(".card-text").textContent = text; // an old browser, or a connection lost
      card.querySelector(".card-name bdi").textContent = visible(first_name.value);
    });
    counter.show(text);
    undo.hidden = true;
    keepDraft();
  }

  // What is written now: a browser may fetch a script for the second letter before it does for the first.
  function show({ showCard }) {
    showCard(card, visible(message.value).slice(0, LONG), visible(first_name.value), letters, words("device"));
  }

  function addCounter() {
    const { limit, left, over } = document.getElementById("message-hint").dataset;
    const line = element("p", { className: "counter" });
    const risk = element("p", { className: "risk", role: "status" });
    const foreign = element("p", { className: "risk", role: "status" });
    const found = element("p", { className: "risk", role: "status" });
    message.after(line, risk, found, foreign, undo);
    return {
      over: () => line.classList.contains("over") && line.textContent,
      show(text) {
        const rest = limit - length(text);
        if (rest < 20) line.setAttribute("role", "status"); // a screen reader hears the last ones only
        else line.removeAttribute("role");
        line.classList.toggle("over", rest < 0);
        line.textContent = `${rest < 0 ? over : left} ${Math.abs(rest).toLocaleString(locale)}`;
        if (rest < 0) message.setAttribute("aria-invalid", "true");
        else if (!document.getElementById("message-error")) message.removeAttribute("aria-invalid");
        const read = text.slice(0, LONG);
        const { comma } = content.querySelector("[data-of=quoted]").dataset;
        const stopped = risky(read).map((word) => words("quoted").replace("%(words)s", () => word)).join(comma);
        say(risk, stopped && words("risky").replace("%(words)s", () => stopped));
        say(found, isReachable(read) ? words("reachable") : "");
        say(foreign, mostlyForeign(read) ? words("foreign") : "");
      },
    };
  }

  function say(line, told) {
    if (line.textContent !== told) line.textContent = told; // else a screen reader says it again
  }

  // As campaign.text.letters.
  function mostlyForeign(text) {
    const letters = text.match(/\p{L}/gu) ?? [];
    if (!scripts || letters.length < 12) return false;
    const own = new RegExp(`^[${scripts.replace(/\w+/g, "\\p{sc=$&}")}]`, "u");
    return letters.filter((letter) => own.test(letter)).length < letters.length / 2;
  }

  // As campaign.text.matching: from a word's start on, whatever its case, dress or ending.
  function risky(text) {
    const written = text.match(/[\p{L}\p{N}\p{M}\p{Cf}]+/gu) ?? [];
    const found = listed.flatMap(({ textContent, dataset: { start, anywhere } }) => {
      if (anywhere === undefined) return written.filter((own) => place(fold(own), start) >= 0);
      return fold(text).includes(start) ? [textContent] : [];
    });
    return [...new Set(found)];
  }

  // Message and first name, never a detail, and once sent the receipt code alone; they end with the tab.
  function addDraft() {
    const erase = quiet("erase");
    const line = element("p", { hidden: true }, words("draft"), " ", erase);
    form.querySelector(".privacy").prepend(line);
    const back = quiet("back");
    const erased = element("p", { className: "hint", hidden: true }, words("erased"), " ", back);
    undo.after(erased);
    form.addEventListener("input", forget);
    erase.addEventListener("click", () => {
      const before = [...form.elements].map(({ value, checked }) => ({ value, checked }));
      const waiting = pending;
      const gone = setTimeout(forget, MINUTE);
      back.onclick = () => {
        clearTimeout(gone);
        [...form.elements].forEach((field, place) => Object.assign(field, before[place]));
        forget();
        afresh(waiting);
      };
      form.reset();
      clearErrors();
      afresh(null);
      erased.hidden = false;
    });
    function afresh(post) {
      pending = post;
      written();
      message.focus();
    }
    function forget() {
      erased.hidden = true;
      back.onclick = null; // what was written goes with it
    }
    return (receipt) => {
      const filled = [...new FormData(form)].some(([name, value]) => value && name !== "language");
      line.hidden = !filled;
      window.onbeforeunload = filled ? warn : null;
      const kept = JSON.stringify(receipt ? { receipt } : { message: message.value, first_name: first_name.value, pending });
      try {
        if (filled || receipt) sessionStorage.setItem(form.action, kept);
        else sessionStorage.removeItem(form.action);
      } catch {
        // a browser may keep nothing
      }
    };
  }

  function borrow(words) {
    const before = message.value;
    const own = before.trimEnd();
    if (!own || suggestions.includes(before.trim())) type(words, 0);
    else type(`\n${words}`, own.length);
    undo.hidden = false;
    undo.onclick = () => type(before, 0);
  }

  // As if by hand, so that Ctrl+Z takes it back.
  function type(words, start) {
    message.focus();
    message.setSelectionRange(start, message.value.length);
    if (document.execCommand(words ? "insertText" : "delete", false, words)) return;
    message.setRangeText(words, start, message.value.length, "end");
    written();
  }

  function quiet(name) {
    return element("button", { type: "button", className: "quiet" }, words(name));
  }
}

function warn(event) {
  event.preventDefault();
  event.returnValue = true;
}

// The plainest of campaign.text.contact_addresses: an e-mail address, a link, seven digits that are nothing else.
function isReachable(text) {
  const numbers = text.replace(BOOK, " ").match(/\+?\(?\d[\d ()./-]{5,22}\d/g) ?? [];
  const phone = (number) => number.replace(/\D/g, "").length > 6 && !NO_PHONE.test(number);
  return /[\w.+-]@[\w-]+\.\w|https?:\/\/|www\.\w/i.test(text) || numbers.some(phone);
}

function isFilled(field) {
  return field.type === "checkbox" ? field.checked : Boolean(visible(field.value));
}

function visible(text) {
  return text.normalize("NFC").replace(INVISIBLE, "").trim();
}

function length(text) {
  if (!text || !Intl.Segmenter || text.length > LONG) return [...text].length;
  segmenter ??= new Intl.Segmenter(document.documentElement.lang);
  return [...segmenter.segment(text)].length;
}

function fold(text) {
  return text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(DRESS, "");
}

// As campaign.cards.type.bidi.levels.base_level; without letters yet, as the page runs.
function direction(text) {
  const firsts = text.split(/\s+/).map((word) => word.match(/\p{L}/u)?.[0]).filter(Boolean);
  const turned = firsts.map((letter) => RIGHT_TO_LEFT.test(letter));
  const share = turned.filter(Boolean).length / turned.length;
  if (!turned.length) return text && "ltr";
  return (share < 0.4 || share > 0.6 ? share > 0.6 : turned[0]) ? "rtl" : "ltr";
}

// Where a start stands in a word that begins with it, or with what is glued in front of it; else -1. Both are folded.
export function place(word, start) {
  const at = word.indexOf(start);
  return at > 0 && (start.length < 3 || !GLUED.test(word.slice(0, at))) ? -1 : at;
}

function patience() {
  const giving = new AbortController();
  setTimeout(() => giving.abort(), PATIENCE);
  return giving.signal;
}

function within(signal, promise) {
  const late = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  return Promise.race([promise, late]);
}
