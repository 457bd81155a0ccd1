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
