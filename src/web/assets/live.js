// Keeps the moving part of a page fresh. Everything works without it: reload by hand.
"use strict";

// Times in the reader's own time zone; the server writes them in UTC.
function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const text = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    time.title = text;
    if ("local" in time.dataset) time.textContent = text;
  }
}

// A part that somebody is using is left alone until they are done; what the page itself opens is marked with data-open.
function busy(part) {
  return part.contains(document.activeElement) || part.querySelector("details[open]:not([data-open])") !== null || document.hidden;
}

function watch(part) {
  let shown = null, wanted = true, fetching = false;

  async function refresh() {
    if (!wanted || fetching || busy(part)) return;
    wanted = false;
    fetching = true;
    try {
      // A page that answers a form stands at an address that cannot be asked again: its part names where it is found.
      const address = new URL(part.dataset.live || location.href, location.href);
      address.searchParams.delete("done");
      address.searchParams.set("part", "live");
      const answer = await fetch(address, { redirect: "error", cache: "no-store" });
      if (answer.ok) show(await answer.text());
    } catch {
      wanted = true; // The server is away or the session is over; the next notice tries again.
    } finally {
      fetching = false;
    }
  }

  function show(html) {
    if (html === shown || busy(part)) { wanted = html !== shown; return; }
    const before = part.querySelector("[data-announce]")?.dataset.announce;
    part.innerHTML = html; // Our own page, escaped by the server, under a policy that runs no inline code.
    shown = html;
    localise(part);
    const now = part.querySelector("[data-announce]")?.dataset.announce;
    if (now !== undefined && now !== before) document.getElementById("announce").textContent = now;
  }

  const events = new EventSource("/events");
  events.addEventListener("changed", () => { wanted = true; refresh(); });
  events.addEventListener("open", () => { wanted = true; refresh(); });
  setInterval(() => { wanted = true; refresh(); }, 30_000); // "2 minutes ago" goes stale by itself.
  for (const done of ["focusout", "toggle", "visibilitychange"]) {
    document.addEventListener(done, () => setTimeout(refresh, 0), true);
  }
}

localise(document);
const part = document.querySelector("[data-live]");
if (part) watch(part);
