// What the editor asks of the preview and sends to it: each answer says `error` where nothing came of it.

import { post } from "/.preview/findings.js";

const SILENT = "The preview does not answer: is it still running?";

export async function get(name, values) {
  try {
    return await (await fetch(`/.preview/${name}?${new URLSearchParams(values)}`)).json();
  } catch {
    return { error: SILENT, files: [], first: "" };
  }
}

export async function send(name, values) {
  return post(name, values).catch(() => ({ ok: false, error: SILENT }));
}

export async function upload(picture, place) {
  const where = new URLSearchParams({ ...place, dropped: picture.name });
  try {
    const answer = await fetch(`/.preview/picture?${where}`, { method: "POST", body: picture });
    return { ok: answer.ok, ...(await answer.json()) };
  } catch {
    return { error: SILENT };
  }
}
