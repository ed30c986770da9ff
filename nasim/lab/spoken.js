// For keyboard and screen reader: sliders of the page speak their values with units and say what they mean, of which marimo
// tells the bare number, what takes a file is a button, and what has the focus has a ring that is seen, inside marimo's elements, too.
"use strict";
{
  const page = window.parent.document, AGAIN_MS = 200;
  const RING = ":focus-visible {outline: 3px solid var(--nasim-ring) !important; outline-offset: 1px} "
    + "[role=slider] {border-color: var(--nasim-ring) !important; background-color: var(--nasim-ring) !important}";
  let waiting = 0;

  function ringed(root) {
    if (!root || root.ringed) return;
    root.ringed = true;
    const style = page.createElement("style");
    style.textContent = RING;
    (root.head ?? root).appendChild(style);
  }

  function dressed(host) {
    const thumb = host.shadowRoot?.querySelector('[role="slider"]'), label = host.shadowRoot?.querySelector("[data-spoken]");
    if (!thumb || !label) return false;
    if (thumb.hasAttribute("aria-valuetext")) return true;
    const say = () => thumb.setAttribute("aria-valuetext", `${thumb.getAttribute("aria-valuenow")} ${label.dataset.spoken}`);
    thumb.setAttribute("aria-description", label.title);
    new MutationObserver(say).observe(thumb, {attributes: true, attributeFilter: ["aria-valuenow"]});
    say();
    return true;
  }

  function look() {
    waiting = 0;
    ringed(page);
    for (const host of page.querySelectorAll("#App *")) if (host.shadowRoot) ringed(host.shadowRoot);
    for (const host of page.querySelectorAll("marimo-file")) host.shadowRoot?.querySelector("button[role=presentation]")?.setAttribute("role", "button");
    const all = [...page.querySelectorAll("marimo-slider")].map(dressed);
    if (!all.length || all.includes(false)) later();
  }

  function later() {
    waiting ||= setTimeout(look, AGAIN_MS);
  }

  new MutationObserver(later).observe(page.body, {childList: true, subtree: true});
  look();
}
