// The card beside the form, set as the press sets it: the same letters on the same lines, as campaign/cards/type does.
// What the press's letters here do not cover is shown in those of the device, and the page says so.

const POINT = 72 / 25.4; // in a millimetre
const BODY = [11, 13]; // size and leading, in points
const ALONE = [[15, 19], [13, 16], BODY]; // for a message that has a card for itself: the first that fits
const WIDE = 40000; // of the body size's thousandths: longer lines are set in these sizes too
const [MARGIN, FOOT, ABOVE] = [10, 13, 0.42];
const [BEFORE_NAME, TURNED_OVER] = [1200, 1500]; // lengths on a line are in 1/1000 of the size
const NARROWER = [1, 0.96, 0.92, 0.88, 0.83, 0.78, 0.72];
const [RAGGED, SHORT_LAST] = [0.012, 0.3];
const SLAVIC = /^(be|bg|cs|hr|mk|pl|ru|sk|sl|sr|uk)\b/;
const HANGING = /^[авикоусяiіуўзйжбoaiouwzyksvAIOUWZKSVАВИКОУСЯІЎЗЙ]$/;
const OPENING = /[\p{Ps}\p{Pi}№§]$/u;
const BEFORE_MORE = /^([^\p{L}\p{N}]?\p{Nd}+([.,:/-]\p{Nd}+)*|\p{Nd}{1,2}\.|h|\p{L}\.|[B-DF-HJ-NP-TV-Z][b-df-hj-np-tv-z]{1,2}\.)$/u;
const CLOSING = /^([\p{Pe}\p{Pf}!?.,:;…/]|[—–-]$)/u;
const QUOTE = /^[“„«‘‚"「『《〈（【](?=.)/;
const PICTURE = "(?:\\p{Emoji_Presentation}|\\p{Extended_Pictographic}\\uFE0F)";
const MAY_END = new RegExp(
  [
    "(?<=[\\p{L}\\p{N}]{3,}[-‐])(?=\\p{L}[\\p{L}\\p{N}]{2})",
    "(?<=[—…!?])(?=[\\p{L}\\p{N}])|(?<=[/–])(?=\\p{L})",
    "(?<=[\\p{L}\\p{N}.,!?…»”])(?=—)",
    `(?<![\\p{Ps}\\p{Pi}\\u200D"'])(?=${PICTURE})(?!\\p{Emoji_Modifier})`,
    `(?<=${PICTURE}\\p{Emoji_Modifier}?)(?=[\\p{L}\\p{N}])`,
  ].join("|"),
  "u",
);
const RANGE = /U\+([0-9A-F]+)(?:-([0-9A-F]+))?/gi;
const JOINER = /[\n\u200D\uFE0F\u2640\u2642\u{1F3FB}-\u{1F3FF}]/u; // in every file of emoji

const slavic = SLAVIC.test(document.documentElement.lang);
const canvas = document.createElement("canvas").getContext("2d");
const widths = new Map();
let font = "Card";
let families = null; // of the press's letters, each with the ranges of its characters
let latest = 0;

// Show the words on a card; `letters` is a promise of the press's letters, `told` is said where they are not enough.
export async function showCard(figure, text, name, letters, told) {
  const turn = (latest += 1);
  if (!families) showPlain(figure, text, name);
  await letters;
  families ??= readFamilies();
  const found = new Set(Array.from(text + name).filter((one) => !JOINER.test(one)).map(familyOf));
  let covered = !found.has(undefined);
  font = [...new Set(["Card", ...found])].filter(Boolean).map((family) => `"${family}"`).join();
  figure.querySelector(".card").style.fontFamily = `${font},var(--serif)`;
  const styles = ["", "italic "].map((style) => `${style}1em ${font}`);
  if (covered && !styles.every((style) => document.fonts.check(style, text + name))) {
    showPlain(figure, text, name);
    covered = await Promise.all(styles.map((style) => document.fonts.load(style, text + name))).then(() => true, () => false);
  }
  if (turn !== latest) return;
  const shown = name || parts(figure).nameLine.firstElementChild.dataset.empty;
  const set = covered && text && setText(figure.querySelector(".card").dataset, text, shown);
  if (set) showSet(figure, set, name);
  else showPlain(figure, text, name);
  const device = figure.querySelector(".device") ?? addDevice(figure);
  device.textContent = covered ? "" : ` ${told}`;
}

function addDevice(figure) {
  const device = document.createElement("span");
  device.className = "device";
  figure.querySelector("figcaption").append(device);
  return device;
}

function readFamilies() {
  return [...document.fonts].map(({ family, unicodeRange }) => ({
    family: family.replace(/["']/g, ""),
    ranges: [...unicodeRange.matchAll(RANGE)].map(([, low, high = low]) => [parseInt(low, 16), parseInt(high, 16)]),
  }));
}

function familyOf(character) {
  const point = character.codePointAt(0);
  return families.find(({ ranges }) => ranges.some(([low, high]) => low <= point && point <= high))?.family;
}

function showPlain(figure, text, name) {
  const { lines, nameLine } = parts(figure);
  lines.textContent = text;
  nameLine.firstElementChild.textContent = name;
  nameLine.classList.remove("same-line");
  figure.querySelector(".card").classList.remove("set");
}

function showSet(figure, { size, leading, top, lines, beside }, name) {
  const card = figure.querySelector(".card");
  const place = parts(figure);
  for (const [property, value] of Object.entries({ size, leading, top })) card.style.setProperty(`--${property}`, value);
  card.classList.add("set");
  place.lines.replaceChildren(...lines.map(({ text, hang, gap }) => {
    const line = document.createElement("span");
    line.textContent = text;
    if (hang) line.style.textIndent = `${-hang / 1000}em`;
    if (gap) line.className = "gap";
    return line;
  }));
  place.nameLine.firstElementChild.textContent = name;
  place.nameLine.classList.toggle("same-line", beside);
}

function parts(figure) {
  return { lines: figure.querySelector(".card-text"), nameLine: figure.querySelector(".card-name") };
}

// Choose the size, and break the text into lines; null where a word is wider than a line of any. The largest that fits
// is taken, but of a poem one that turns over half as many of its lines, or fewer.
function setText({ width: across, height, alone }, text, name) {
  const room = (height - MARGIN - FOOT) * POINT;
  const measure = (across - 2 * MARGIN) * POINT * 1000;
  const sizes = alone === undefined && measure <= WIDE * BODY[0] ? [BODY] : ALONE;
  if (width(name, "italic ") > measure / sizes[0][0]) return null;
  let best = null;
  for (const [size, leading] of sizes) {
    const set = broken(text, name, measure / size);
    if (!set) continue;
    const taken = Math.ceil(set.height * 2 - 1e-6) * leading / 2;
    if ((taken > room && size > BODY[0]) || 2 * set.turned > best?.turned) continue;
    const half = BODY[1] / 2;
    const spare = (Math.floor(room / half) - Math.floor(taken / half)) * half;
    best = { ...set, size, leading, top: MARGIN * POINT + (alone === undefined ? 0 : spare * ABOVE) };
    if (!set.turned) break;
  }
  return best;
}

function broken(text, name, measure) {
  const nameWidth = width(name, "italic ");
  const paragraphs = text.replace(/^\n+|\n+$/g, "").split("\n");
  const lines = [];
  let [gap, height, last] = [false, 0, 0];
  for (const [at, paragraph] of paragraphs.entries()) {
    if (!paragraph.trim()) {
      gap = true;
      continue;
    }
    const pieces = split(paragraph);
    const room = at === paragraphs.length - 1 ? BEFORE_NAME + nameWidth : 0;
    const ends = evened(pieces, measure, room);
    if (!ends) return null;
    for (const [number, end] of ends.entries()) {
      const line = pieces.slice(ends[number - 1] ?? 0, end);
      const hang = QUOTE.test(line[0].text) ? width(line[0].text[0]) / 2 : 0;
      const own = line.map((piece) => piece.text).join("");
      last = length(line);
      const text = number < ends.length - 1 ? own : `${own.trimEnd()}\n`;
      lines.push({ text, hang, gap: gap && !number, over: number, free: measure - last });
    }
    height += ends.length + (gap ? 0.5 : 0);
    gap = false;
  }
  lines.at(-1).text = lines.at(-1).text.trimEnd();
  const beside = last + BEFORE_NAME + nameWidth <= measure;
  if (beside) lines.at(-1).free -= BEFORE_NAME + nameWidth;
  const turned = isPoem(lines) ? lines.filter(({ over }) => over) : [];
  for (const line of turned) line.hang = -Math.max(0, Math.min(TURNED_OVER, line.free));
  return { lines, beside, height: height + (beside ? 0 : 1), turned: turned.length };
}

// What a line of a poem turns over is indented: four lines or more, most of them close, none over more than two.
function isPoem(lines) {
  const whole = lines.filter(({ over }) => !over).length;
  const apart = lines.filter(({ gap }) => gap).length;
  return whole > 3 && 2 * apart <= whole && lines.every(({ over }) => over < 2);
}

// Words, each with the space behind it, and parts of words where a line may end.
function split(paragraph) {
  const kept = paragraph.replace(/(?<=[.!?…:;»”"'])  (?! )/g, " ").replace(/^ +|  +/g, (spaces, start) =>
    start ? ` ${"\u00A0".repeat(spaces.length - 1)}` : "\u00A0".repeat(spaces.length));
  const space = Math.min(width(" "), 280);
  return kept.split(" ").filter(Boolean).flatMap((word) => {
    const found = word.split(MAY_END).map((text) => ({ text, width: width(text), space: 0 }));
    const end = found.at(-1);
    end.text += " ";
    end.space = space;
    return found;
  });
}

function length(line) {
  return line.reduce((total, piece) => total + piece.width + piece.space, 0) - line.at(-1).space;
}

// As few lines as there can be, evenly; `room` should stay free on the last one, where that costs no line.
function evened(pieces, measure, room) {
  let [best, least, limit] = [null, Infinity, 0];
  for (const share of NARROWER) {
    const ends = greedy(pieces, measure * share);
    if (!ends) break;
    const lines = ends.map((end, at) => length(pieces.slice(ends[at - 1] ?? 0, end)));
    if (!best) limit = lines.at(-1) > measure - room ? measure : measure - room;
    else if (ends.length !== best.length || lines.at(-1) > limit) break;
    const bad = badness(lines, measure);
    if (bad < least) [best, least] = [ends, bad];
    if (share === 1 && (ends.length === 1 || bad < RAGGED)) break;
  }
  return best;
}

function greedy(pieces, measure) {
  const ends = [];
  let start = 0;
  while (start < pieces.length) {
    let [end, taken] = [start, 0];
    while (end < pieces.length && taken + pieces[end].width <= measure) {
      taken += pieces[end].width + pieces[end].space;
      end += 1;
    }
    if (end === start) return null;
    if (end < pieces.length) end = allowed(pieces, start, end);
    ends.push(end);
    start = end;
  }
  return ends;
}

function allowed(pieces, start, end) {
  for (let better = end; better > start; better -= 1) {
    if (!opens(pieces[better - 1].text.trimEnd()) && !CLOSING.test(pieces[better].text.trimEnd())) return better;
  }
  return end;
}

function opens(word) {
  return OPENING.test(word) || BEFORE_MORE.test(word) || (slavic && HANGING.test(word));
}

function badness(lines, measure) {
  const white = 1 - Math.min(measure, ...lines.slice(0, -1)) / measure;
  const last = Math.max(0, SHORT_LAST - lines.at(-1) / measure);
  return white * white + last * last;
}

function width(word, style = "") {
  const key = style + word;
  if (!widths.has(key)) {
    canvas.font = `${style}1000px ${font}`;
    widths.set(key, canvas.measureText(word).width);
  }
  return widths.get(key);
}
