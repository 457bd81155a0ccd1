// Locks the details in the browser, so that no receiver can read them. Fetched with the first letter of a detail.

const SIZE = 1024; // bytes, as campaign.keys.sealing.BUCKET: one size for all, so that it tells nothing
const LONGEST = { last_name: 80, email: 254 }; // as campaign.content.form_fields
const EMAIL = /^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$/u; // as receiver.supporters.form
const WORD = /[\p{L}\p{N}\p{M}_]+/gu;
const UNSPACED = /[\p{sc=Hani}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]/u;
const PARTICLES = new Set("van von der den del des dos las los zum zur bin ibn the".split(" "));
const ENDING = /[аеиоуыэюяіь]{1,2}$/u;

// Take over the details. `seal` gives the field that stands in their place, or throws { errors }.
export async function begin({ form, element, words, load, recipients, fold, place, visible, length }) {
  const { Encrypter, forceWebCryptoOff } = await load("age");
  forceWebCryptoOff(!globalThis.crypto?.subtle);
  const { message, last_name } = form.elements;
  const warning = element("p", { className: "risk", role: "status" });
  if (last_name) last_name.after(warning);
  form.addEventListener("input", look);
  look();
  return { seal };

  function look() {
    const told = last_name && names(fold(message.value), fold(last_name.value), place) ? words("own-surname") : "";
    if (warning.textContent !== told) warning.textContent = told;
  }

  async function seal(typed) {
    const entries = Object.entries(typed).map(([name, value]) => [name, visible(value)]);
    const details = Object.fromEntries(entries.filter(([, value]) => value));
    if (details.email && !EMAIL.test(details.email)) throw { errors: { email: [words("email-shape")] } };
    const plain = new TextEncoder().encode(JSON.stringify(details));
    const long = Object.keys(LONGEST).find((name) => length(details[name] ?? "") > LONGEST[name]);
    if (long || plain.length > SIZE) throw { errors: { [long ?? "last_name"]: [words("too-long")] } };
    const padded = new Uint8Array(SIZE).fill(32); // spaces, which a reader of JSON passes over
    padded.set(plain);
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    return base64(await encrypter.encrypt(padded));
  }
}

// As campaign.text.matching: the surname's words, whatever their case, dress or Slavic ending. Both are folded.
export function names(text, surname, place) {
  const written = text.match(WORD) ?? [];
  return (surname.match(WORD) ?? []).some((word) => {
    if (UNSPACED.test(word[0])) return text.includes(word);
    if ([...word].length < 2 || PARTICLES.has(word)) return false;
    const forms = [word, word.replace(/^ال/, "لل")];
    const ended = /...[ةه]$/.test(word) ? forms.flatMap((form) => [..."ةهت"].map((end) => form.slice(0, -1) + end)) : forms;
    return ended.some((form) => {
      const cut = form.replace(ENDING, "");
      const stem = cut.length < 3 ? form : cut;
      const longest = stem.length + (stem.length < 3 ? 0 : 3);
      return written.some((own) => place(own, stem) >= 0 && own.length - place(own, stem) <= longest);
    });
  });
}

function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
