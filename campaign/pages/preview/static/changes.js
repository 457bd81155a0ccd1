// Hear what is new. One of all open pages asks the server, and tells the others: a browser keeps few connections.

const channel = new BroadcastChannel("candle-preview");
let last = null;

// Call `told` with each state, and `changed` once the pages are others than when this one was loaded,
// which was at the number `shown`.
export function listen(told, changed, shown = null) {
  let pages = shown;
  const hear = (news) => {
    if (last && news.number < last.number) return;
    last = news;
    if (pages !== null && news.pages !== pages) changed();
    pages = news.pages;
    told(news);
  };
  channel.addEventListener("message", ({ data }) => (data === "?" ? last && channel.postMessage(last) : hear(data)));
  channel.postMessage("?");
  navigator.locks.request("candle-preview", () => ask(hear)).catch(() => ask(hear)); // refused if nothing may be kept
}

async function ask(hear) {
  for (;;) {
    try {
      const answer = await fetch(`/.preview/news?after=${last?.number ?? 0}`);
      if (!answer.ok) throw answer;
      const news = await answer.json();
      channel.postMessage(news);
      hear(news);
    } catch {
      await new Promise((again) => setTimeout(again, 500)); // the preview was stopped, or starts anew
    }
  }
}
