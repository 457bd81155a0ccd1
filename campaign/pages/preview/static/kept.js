// What this tab remembers by a name. A browser may keep nothing: then it is remembered as long as the page stands.

const here = new Map();

export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return here.get(name) ?? null;
  }
}

// Tells whether it outlives the page. More than a browser keeps does not: who closes a page is asked then, as ever.
export function keep(name, value) {
  here.set(name, value);
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
