// What this tab remembers by a name. A browser may keep nothing: then it is remembered as long as the page stands.

const here = new Map();

export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return here.get(name) ?? null;
  }
}

export function keep(name, value) {
  here.set(name, value);
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {} // also more than it keeps: who closes a page that holds what is not saved is asked, as ever
}
