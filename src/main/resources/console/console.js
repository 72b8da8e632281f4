// Everything works without this: it makes "/" go to the search, keeps pages fresh, and a form is sent once (but one that brings a file).
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

const here = document.querySelector("nav [aria-current]");
if (here) {
  here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.clientWidth / 2;
}

const seconds = Number(document.body.dataset.refresh || 0);

// What is marked as live is fetched anew and put in place; a page without such parts is loaded again as a whole.
async function refresh() {
  const parts = [...document.querySelectorAll("[data-live]")];
  const busy = document.activeElement && document.activeElement !== document.body;
  const selecting = !document.getSelection().isCollapsed;
  // who stands somewhere by keyboard, selects or writes is not disturbed
  const disturbs = parts.length ? parts.some((part) => part.contains(document.activeElement)) : busy;
  if (document.hidden || disturbs || selecting) {
    return;
  }
  if (!parts.length) {
    location.reload();
    return;
  }
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (answer.redirected || !answer.ok) {
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts) {
    const fresh = page.getElementById(part.id);
    if (fresh && fresh.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) {
      part.innerHTML = fresh.innerHTML;
    }
  }
}
if (seconds > 0) {
  // while the hub is away the page stays as it was
  setInterval(() => refresh().catch(() => {}), seconds * 1000);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "post" && form.dataset.sent && form.dataset.again === undefined) {
    event.preventDefault();
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));
