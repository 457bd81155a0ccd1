// What there is to mend, one entry each: where, the line with the place marked, what to do, and a button that does it.

import { keep } from "/.preview/kept.js";

export const CLEARED = "preview cleared";

export function findings(found) {
  return element("ol", { className: "findings" }, ...found.map(entry));
}

function entry(one) {
  const place = element("p", { className: "place" }, one.line ? `${one.path}, line ${one.line}` : one.path);
  const parts = [place, element("p", { className: "fault" }, sentence(one.fault))];
  if (one.before || one.place || one.after) {
    const line = element("code", {}, one.before, element("mark", {}, one.place), one.after);
    parts.push(element("pre", { tabIndex: 0, dir: "auto", ariaLabel: `line ${one.line}` }, line));
  }
  parts.push(element("p", { className: "remedy" }, sentence(one.remedy)));
  const buttons = element("div", { className: "fix" });
  if (one.becomes !== null) fixing(one, buttons);
  // The page, which comes anew, offers to bring it back.
  if (one.unused && one.file) buttons.append(...asking("Take it away", "clear", one, ({ cleared }) => keep(CLEARED, cleared)));
  if (one.file && /\.(md|toml)$/.test(one.file)) buttons.prepend(opening(one));
  if (buttons.childNodes.length) parts.push(buttons);
  return element("li", {}, ...parts);
}

// The way into the editor: from there the file is opened beside the page that is shown.
function opening(one) {
  const link = element("a", { className: "button", href: editing(location.pathname, one) }, "Edit");
  link.addEventListener("click", (event) => {
    if (window.name !== "edited") return;
    event.preventDefault();
    parent.postMessage({ preview: "open", file: one.file, line: one.line }, location.origin);
  });
  return link;
}

export function editing(page, { file = "", line = 0 } = {}) {
  return `/.preview/edit?${new URLSearchParams({ page, file, line })}`;
}

function fixing(one, buttons) {
  const becomes = element("pre", { className: "becomes", tabIndex: 0, dir: "auto", ariaLabel: "as it will be" }, one.becomes);
  const [button, said] = asking("Mend it", "fix", one);
  buttons.append(button, becomes, said);
}

function asking(words, route, { id }, done = () => {}) {
  const said = element("span", { role: "status" });
  const button = element("button", { type: "button" }, words);
  button.addEventListener("click", async () => {
    button.disabled = true;
    const answer = await post(route, { id }).catch(() => null);
    if (answer?.ok) return done(answer);
    said.textContent = answer ? answer.error : "The preview does not answer: is it still running?";
    button.disabled = false;
  });
  return [button, said];
}

// Post to the preview; gives its answer, with `ok`.
export async function post(name, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`/.preview/${name}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { ok: answer.ok, status: answer.status, ...(await answer.json()) };
}

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function sentence(words) {
  const first = /^\S+:/.test(words) ? words[0] : words[0]?.toUpperCase(); // `signatures: …` is a key as it is written
  return words && first + words.slice(1) + (/[.!?:]$/.test(words) ? "" : ".");
}
