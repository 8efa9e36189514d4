// Times in the reader's own zone, the search by its key, light and dark. Everything else is the server's.
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const steps = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600], [2592000, "day", 86400], [31536000, "month", 2592000]];

class Time extends HTMLElement {
  connectedCallback() {
    this.tell();
    this.timer = setInterval(() => this.tell(), 30000);
  }
  disconnectedCallback() {
    clearInterval(this.timer);
  }
  tell() {
    const at = new Date(this.getAttribute("datetime"));
    if (isNaN(at)) return;
    const seconds = (at - Date.now()) / 1000;
    const [, unit, length] = steps.find(([below]) => Math.abs(seconds) < below) ?? [0, "year", 31536000];
    this.textContent = relative.format(Math.round(seconds / length), unit);
    this.title = exact.format(at);
  }
}
customElements.define("lg-time", Time);

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.querySelector("header input[type=search]")?.focus();
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-act]");
  if (!button) return;
  button.disabled = true;
  setTimeout(() => (button.disabled = false), 3000);
  emitEvent("act", { ...button.dataset });
});
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-theme]")) return;
  const dark = !document.body.classList.contains("body--dark");
  document.cookie = `theme=${dark ? "dark" : "light"}; path=/; max-age=31536000; samesite=strict`;
  Quasar.Dark.set(dark);
});
// Where there is no picture, the drawn sheet below it is seen.
document.addEventListener("error", (event) => event.target.matches?.(".thumb img") && event.target.classList.add("none"), true);
// A piece that is drawn anew keeps the focus where it was, and what was unfolded stays unfolded.
const alike = (one, other) => ["id", "href", "name", "aria-label"].every((name) => one.getAttribute(name) === other.getAttribute(name));
const again = (within, one) => [...within.querySelectorAll(one.tagName)].find((other) => alike(one, other) && one.textContent === other.textContent);
let focused = null;
document.addEventListener("focusin", (event) => (focused = event.target));
new MutationObserver((changes) => {
  for (const { target, removedNodes } of changes) {
    for (const removed of removedNodes) {
      if (removed.nodeType !== Node.ELEMENT_NODE || !target.isConnected) continue;
      for (const one of removed.querySelectorAll("details[open] > summary")) again(target, one)?.parentElement.setAttribute("open", "");
      if (focused && removed.contains(focused) && document.activeElement === document.body) again(target, focused)?.focus({ preventScroll: true });
    }
  }
}).observe(document, { childList: true, subtree: true });
