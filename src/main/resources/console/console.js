// Everything works without this: it makes "/" go to the search, keeps pages fresh, shows what
// mappings make of what is typed, and a form is sent once (but one that brings a file).
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

// What is marked as live is fetched anew and put in place, or all of the page. The hub is told that nobody clicked.
async function refresh() {
  const live = [...document.querySelectorAll("[data-live]")];
  const parts = live.length ? live : [document.getElementById("main")];
  const busy = document.activeElement && document.activeElement !== document.body;
  const selecting = !document.getSelection().isCollapsed;
  // who stands somewhere by keyboard, selects or writes is not disturbed
  const disturbs = live.length ? live.some((part) => part.contains(document.activeElement)) : busy;
  if (document.hidden || disturbs || selecting) {
    return;
  }
  const answer = await fetch(location.href, { headers: { Accept: "text/html", "Serai-Refresh": "1" } });
  if (answer.redirected || !answer.ok) {
    return;
  }
  const page = await parsed(answer);
  for (const part of parts) {
    const fresh = page.getElementById(part.id);
    if (fresh && fresh.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) {
      part.innerHTML = fresh.innerHTML;
    }
  }
  document.title = page.title;
  document.body.dataset.refresh = page.body.dataset.refresh || "";
}

async function parsed(answer) {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function again() {
  const seconds = Number(document.body.dataset.refresh || 0);
  if (seconds > 0) {
    // while the hub is away the page stays as it was
    setTimeout(() => refresh().catch(() => {}).finally(again), seconds * 1000);
  }
}
again();

// What the button beside it shows, half a second after the last key.
let typed = 0;
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-preview]")) {
    clearTimeout(typed);
    typed = setTimeout(() => preview(event.target).catch(() => {}), 500);
  }
});

async function preview(field) {
  const text = field.value;
  const form = new URLSearchParams(new FormData(field.form));
  form.set("deed", "preview");
  const answer = await fetch(field.form.action, { method: "POST", body: form });
  const page = await parsed(answer);
  const made = page.getElementById("preview");
  if (field.value !== text || answer.redirected || !made) {
    return;
  }
  const problem = page.querySelector(".problem");
  document.getElementById("preview").replaceChildren(...(problem ? [problem] : made.childNodes));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "post" && form.dataset.sent && form.dataset.again === undefined) {
    event.preventDefault();
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));
