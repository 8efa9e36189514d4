// Times in the reader's own zone, the search by its key, light and dark. Everything else is the server's.
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const steps = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600], [2592000, "day", 86400], [31536000, "month", 2592000]];

class Time extends HTMLElement {
  connectedCallback() {
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
