// The editor beside the page: its parts put together, and what they hear of each save.

import { listen } from "/.preview/changes.js";
import "/.preview/files.js";
import "/.preview/pictures.js";
import { element } from "/.preview/findings.js";
import { follow, ready, turnTo } from "/.preview/side_by_side.js";
import { by, happened, open, refresh, select } from "/.preview/text_field.js";

const asked = new URLSearchParams(location.search);
const told = by("told");
let found = []; // of all files, as it was told last

await ready;
if (Number(asked.get("line"))) select(Number(asked.get("line")));
happened.addEventListener("shown", showFound);
listen(hear, () => {});

function hear(news) {
  follow(news);
  found = [...news.faults, ...news.warnings];
  showFound();
  refresh();
}

// What there is to say of the file that is open, below it: who saves looks at the text, and not at the page's strip.
function showFound() {
  const own = found.filter(({ file }) => file === open?.name);
  const links = own.map(({ fault, line }) => {
    const link = element("button", { type: "button" }, line ? `Line ${line}: ${fault}` : fault);
    link.addEventListener("click", () => turnTo(open.name, line || 1));
    return element("li", {}, link);
  });
  told.hidden = !links.length;
  told.replaceChildren(...links);
}
