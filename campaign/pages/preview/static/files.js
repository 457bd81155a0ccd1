// A file begun, renamed or taken away; the name is one below content/, beside the file that is open.

import { send } from "/.preview/server.js";
import { lead, list, page, spoken, turnTo } from "/.preview/side_by_side.js";
import { by, isDraft, open, say, text, typed } from "/.preview/text_field.js";

by("begin").addEventListener("click", async () => {
  const name = wished();
  if (!name) return;
  await turnTo(name, 1);
  if (open?.name !== name) return; // why, was said
  if (!text.value) {
    text.value = "# The heading\n\nWhat there is to say.\n"; // while it stands so, `check` asks for its words
    typed();
  }
  say(open.digest ? "This file is there already." : "Write it, then Save.");
});
by("today").addEventListener("click", () => {
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => `${part}`.padStart(2, "0")).join("-");
  by("name").value = `news/${day}-what-happened.md`;
  by("begin").click();
});
by("rename").addEventListener("click", () => change("move", { to: wished() }, "Renamed."));
by("remove").addEventListener("click", async () => {
  if (!confirm(`Take ${open.name} away? Undo brings it back as long as the preview runs.`)) return;
  const gone = await change("remove", {}, "Taken away. Undo brings it back.");
  const [, campaign, language, part] = page.split("/");
  if (gone && part === "news") lead(`/${campaign}/${language}/`); // its page may be gone with it
});

function wished() {
  const typedName = by("name").value.trim();
  if (!typedName) return say("Write the file's name first, such as news/2026-12-01-moved.md", true);
  if (typedName.split("/").length > 2) return typedName;
  const [campaign, ...rest] = open.name.split("/");
  const language = rest.length > 1 ? rest[0] : spoken; // campaign.toml lies in no language: the page has one
  return language ? `${campaign}/${language}/${typedName}` : say("Choose a text of the language first, such as story.md.", true);
}

async function change(route, values, words) {
  if (Object.values(values).some((value) => !value)) return;
  if (isDraft(open.name)) return say("Save it first, or undo what you typed.", true);
  const told = await send(route, { name: open.name, digest: open.digest, ...values });
  if (!told.ok) return say(told.error, true);
  await list(told.name, true); // `open` stays what it was until then: the page's reload lists, too, and shows nothing
  say(words);
  return true;
}
