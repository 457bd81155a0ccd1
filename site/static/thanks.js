// What the thanks offer where there is a script: copying, and the system's own share sheet.

export function offer(thanks, title, aloud) {
  for (const button of thanks.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button, thanks.querySelector(`.${button.dataset.copies}`), aloud));
  }
  const share = thanks.querySelector(".share button");
  const url = thanks.querySelector(".address").textContent;
  share.hidden = !navigator.share;
  share.addEventListener("click", () => navigator.share({ title, url }).catch(() => {})); // closed without sharing
}

// The card as the receiver drew it: shapes of letters, and where they stand. Others' words are lines below. See
// templates/_card.html, which draws the same.
export function showDrawn(figure, { width, height, shapes, places, others }) {
  const plain = figure.querySelector(".card");
  const words = [...plain.querySelectorAll(".card-text, .card-name")].map((part) => part.textContent.trim()).join(" ");
  const drawn = svg("svg", { class: "card", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words });
  const defs = svg("defs", {});
  defs.append(...shapes.map((d, number) => svg("path", { id: `s${number}`, d })));
  drawn.append(defs, ...places.map(([number, x, y]) => svg("use", { href: `#s${number}`, x, y })));
  drawn.append(...others.map(([x, y, long]) => svg("rect", { x, y, width: long, height: 230, rx: 115 })));
  plain.replaceWith(drawn);
  figure.querySelector(".device")?.remove();
}

function svg(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

export async function showPosted(line, address, locale) {
  const answer = await fetch(address).catch(() => null);
  const { posted } = answer?.ok ? await answer.json() : {};
  if (!posted) return;
  line.querySelector("strong").textContent = posted.toLocaleString(locale);
  line.hidden = false;
}

async function copy(button, output, aloud) {
  getSelection().selectAllChildren(output);
  try {
    await navigator.clipboard.writeText(output.textContent);
  } catch {
    document.execCommand("copy"); // an onion is no secure context everywhere
  }
  button.textContent = button.dataset.done;
  aloud.textContent = button.dataset.done;
}
