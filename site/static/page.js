// Everything here is an addition. Without it the form posts as it is, and the receiver shows the card first.

const HOUR = 3_600_000;
const TOKEN_RIPENS = 4_000; // the receiver wants 3 s, and its clock counts whole seconds
const TOKEN_LASTS = 23 * HOUR;
const PATIENCE = 60_000; // Tor can be slow
const INVISIBLE = /(?!\n)\p{Cc}|[\u00AD\u034F\u115F\u1160\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0]/gu;

const { lang } = document.documentElement;
const locale = lang === "en" ? "en-001" : lang; // "en" alone is American: December 24
const form = document.querySelector(".message-form");
let segmenter = null; // made with the first letter: it takes a slow phone a moment
if (form) {
  const { message, first_name } = form.elements;
  const card = form.querySelector(".card-preview");
  const summary = form.querySelector(".errors");
  const button = form.querySelector("button");
  const endpoint = (name) => new URL(name, form.action);
  let token = null; // a promise of { value, since }
  let sending = false;

  // The receiver's words say what is wrong, in the page's language, so its answer is the only check.
  form.noValidate = true;
  form.addEventListener("focusin", () => requestToken().catch(() => {}), { once: true });
  form.addEventListener("submit", send);
  form.addEventListener("input", showCard);
  const counter = addCounter();
  const suggestions = [...document.querySelectorAll(".suggestions li p")];
  const offered = suggestions.map((suggestion) => suggestion.textContent);
  addButtons();
  addOthers();
  card.hidden = false;
  if (message.value || first_name.value) showCard(); // kept by the browser, over a reload

  function requestToken() {
    token ??= fetch(endpoint("token"), { signal: AbortSignal.timeout(PATIENCE) })
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
    await new Promise((done) => setTimeout(done, since + TOKEN_RIPENS - Date.now()));
    return value;
  }

  async function send(event) {
    event.preventDefault();
    if (sending) return;
    sending = true;
    button.setAttribute("aria-disabled", "true");
    try {
      const ripe = await ripeToken();
      const body = new URLSearchParams(new FormData(form)); // only now: who still types means the latest words
      body.set("token", ripe);
      const headers = { Accept: "application/json" };
      const signal = AbortSignal.timeout(PATIENCE);
      await receive(await fetch(form.action, { method: "POST", headers, body, signal }));
    } catch (fault) {
      if (fault instanceof Response) await receive(fault);
      else showErrors({ "": [failure(0)] });
    }
    sending = false;
    button.removeAttribute("aria-disabled");
  }

  async function receive(answer) {
    if (answer.status === 403) return form.submit(); // the road without JavaScript: the receiver asks once more
    const { receipt, errors = {} } = await answer.json().catch(() => ({}));
    if (answer.status === 201) return thank(receipt);
    if (answer.status === 409) token = null; // its message has arrived; these words are another one
    showErrors(Object.keys(errors).length ? errors : { "": [failure(answer.status)] });
  }

  function failure(status) {
    const words = document.getElementById("failures").content;
    return (words.querySelector(`[data-of="${status}"]`) ?? words.querySelector("[data-of='0']")).textContent;
  }

  function thank(receipt) {
    const thanks = document.getElementById("thanks").content.firstElementChild.cloneNode(true);
    thanks.querySelector(".receipt").textContent = receipt;
    thanks.append(card);
    form.parentElement.replaceChildren(thanks);
    thanks.focus();
  }

  // The same parts, with the same names, as templates/_form.html draws.
  function showErrors(errors) {
    for (const error of form.querySelectorAll(".error")) error.remove();
    for (const field of form.querySelectorAll("[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      describe(field, document.getElementById(`${field.id}-hint`));
    }
    summary.querySelector("ul").replaceChildren(...Object.entries(errors).flatMap(([name, faults]) => {
      const field = document.getElementById(name);
      if (field) markInvalid(field, faults);
      return faults.map((fault) => element("li", {}, field ? element("a", { href: `#${name}` }, fault) : fault));
    }));
    summary.hidden = false;
    summary.focus();
  }

  function markInvalid(field, faults) {
    const error = element("p", { className: "error", id: `${field.id}-error` }, faults.join(" "));
    const hint = document.getElementById(`${field.id}-hint`);
    (hint ?? field.labels[0]).after(error);
    field.setAttribute("aria-invalid", "true");
    describe(field, hint, error);
  }

  function describe(field, ...parts) {
    field.setAttribute("aria-describedby", parts.filter(Boolean).map((part) => part.id).join(" "));
  }

  function showCard() {
    const words = visible(message.value);
    card.querySelector(".card-text").textContent = words;
    card.querySelector(".card-name").textContent = visible(first_name.value);
    counter.show(length(words));
  }

  function addCounter() {
    const { limit, left, over } = document.getElementById("message-hint").dataset;
    const line = element("p", { className: "counter" });
    message.after(line);
    return {
      show(used) {
        const rest = limit - used;
        if (rest < 20) line.setAttribute("role", "status"); // a screen reader hears the last ones only
        else line.removeAttribute("role");
        line.classList.toggle("over", rest < 0);
        line.textContent = `${rest < 0 ? over : left} ${Math.abs(rest).toLocaleString(locale)}`;
      },
    };
  }

  function addButtons() {
    const { use } = document.querySelector(".suggestions ul").dataset;
    for (const suggestion of suggestions) {
      const button = element("button", { type: "button" }, use);
      button.addEventListener("click", () => borrow(suggestion.textContent));
      suggestion.after(button);
    }
  }

  function borrow(words) {
    const own = message.value.trim();
    message.value = !own || offered.includes(own) ? words : `${own}\n${words}`;
    message.focus();
    showCard();
  }

  // A card holds the words of several people. These stand for the others, too blurred to read; as they are
  // drawn by the stylesheet, no search finds them and no screen reader reads them.
  function addOthers() {
    const others = card.querySelector(".card-others");
    for (let place = 0; others && place < 9; place += 1) {
      const other = element("p", {});
      other.dataset.empty = offered[place % offered.length];
      others.append(other);
    }
  }
}

refreshCount(document.querySelector("[data-count]"));

async function refreshCount(count) {
  const time = count?.parentElement.querySelector("time");
  const answer = count && (await fetch(count.dataset.count).catch(() => null));
  if (!answer?.ok) return;
  const { signatures, signatures_as_of } = await answer.json();
  const asOf = new Date(signatures_as_of);
  if (asOf < new Date(time.dateTime)) return;
  const step = signatures < 1000 ? 10 : 100; // as campaign.pages.rounded
  count.textContent = (Math.floor(signatures / step) * step).toLocaleString(locale);
  time.dateTime = signatures_as_of;
  time.textContent = asOf.toLocaleDateString(locale, { dateStyle: "long" });
}

function visible(text) {
  return text.normalize("NFC").replace(INVISIBLE, "").trim();
}

function length(text) {
  if (!text || !Intl.Segmenter) return [...text].length;
  segmenter ??= new Intl.Segmenter(lang);
  return [...segmenter.segment(text)].length;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
