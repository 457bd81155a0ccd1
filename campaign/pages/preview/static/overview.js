// Everything that readers may meet of a campaign, in small frames that follow each save by themselves.

import { listen } from "/.preview/changes.js";
import { editing, element } from "/.preview/findings.js";

const [select] = document.getElementsByTagName("select");
const [main] = document.getElementsByTagName("main");
// Pixels on this page for so many of the window: a telephone shows a desktop no wider than itself.
const WIDE = { 390: 210, 1280: Math.min(480, main.clientWidth || 480) };
let shown = "";
let version = 0;

select.addEventListener("change", show);
listen(() => shown || show(), renew);

async function show() {
  const wanted = select.value || new URLSearchParams(location.search).get("campaign") || "";
  const answer = await fetch(`/.preview/scenes?${new URLSearchParams({ campaign: wanted })}`);
  const { campaign, campaigns, scenes } = await answer.json();
  const told = JSON.stringify([campaigns, scenes]);
  if (told === shown) return;
  shown = told;
  select.replaceChildren(...campaigns.map((slug) => element("option", { value: slug }, slug)));
  select.value = campaign;
  const page = campaign ? `/${campaign}/` : "/"; // none while each has a fault
  document.getElementById("whole").href = page;
  document.getElementById("edit").href = editing(page);
  const groups = new Set(scenes.map(({ group }) => group));
  main.replaceChildren(...[...groups].map((name) => section(name, scenes.filter(({ group }) => group === name))));
  if (!scenes.length) main.append(element("p", {}, "There is nothing to see yet: something is to mend first."));
}

function section(name, scenes) {
  const row = element("div", { className: "scenes" }, ...scenes.map(figure));
  return element("section", {}, element("h2", {}, name), row);
}

function figure(scene) {
  const inside = scene.width ? frame(scene) : picture(scene);
  const link = element("a", { href: scene.address, ariaLabel: scene.title }, ...inside);
  if (scene.width) {
    link.style.inlineSize = `${WIDE[scene.width]}px`;
    link.style.blockSize = `${(scene.height * WIDE[scene.width]) / scene.width}px`;
  }
  const caption = element("figcaption", {}, scene.title);
  return element("figure", { className: scene.heading ? "shared" : "" }, caption, link);
}

function frame({ title, address, width, height }) {
  const made = element("iframe", { name: "overview", title, width, height, loading: "lazy", inert: true });
  const { pathname, hash } = new URL(address, location.href);
  made.style.transform = `scale(${WIDE[width] / width})`;
  made.addEventListener("load", () => hash && showPart(made.contentWindow, hash));
  made.src = pathname; // a part that is named in the address would be scrolled to here, too
  return [made];
}

function showPart(shown, hash) {
  const part = shown.document.querySelector(hash);
  if (part) shown.scrollTo({ top: shown.scrollY + part.getBoundingClientRect().top, behavior: "instant" });
}

function picture({ title, address, heading, words }) {
  const image = element("img", { alt: title, loading: "lazy", src: address });
  return heading ? [image, element("p", {}, element("strong", {}, heading), words)] : [image];
}

// The frames of pages load themselves; pictures are asked for again.
async function renew() {
  await show();
  version += 1;
  for (const image of document.images) {
    const address = new URL(image.src);
    address.search = version;
    image.src = address;
  }
}
