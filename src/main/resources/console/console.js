// Everything works without this: it makes "/" go to the search, keeps pages fresh, and a form is sent once.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.getElementById("q");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});

const seconds = Number(document.body.dataset.refresh || 0);
if (seconds > 0) {
  setInterval(() => {
    const busy = document.activeElement && document.activeElement !== document.body;
    const selecting = !document.getSelection().isCollapsed;
    // who stands somewhere by keyboard, selects or writes is not disturbed
    if (!document.hidden && !busy && !selecting) {
      location.reload();
    }
  }, seconds * 1000);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "post" && form.dataset.sent) {
    event.preventDefault();
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));
