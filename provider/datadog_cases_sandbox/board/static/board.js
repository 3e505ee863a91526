// What a page gains where scripts run: it keeps itself up to date, its forms stay on it, and cards
// can be dragged. All of it works through the same pages and forms that are there without a script.
"use strict";

const PAUSE = 1000; // milliseconds between two looks at the version
const byId = (id) => document.getElementById(id);

// --- keeping up to date ------------------------------------------------------------------------

// Changes `old` in place until it is as `fresh`: focus, open details, scroll positions and what
// somebody is typing stay, because what is the same is left alone. Children are told by their ids.
function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
    old.replaceWith(fresh);
  } else if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
  } else {
    morphAttributes(old, fresh);
    morphChildren(old, fresh);
  }
}

function morphAttributes(old, fresh) {
  for (const name of new Set([...old.getAttributeNames(), ...fresh.getAttributeNames()])) {
    if (name === "open") continue; // details are opened by people
    if (fresh.hasAttribute(name)) old.setAttribute(name, fresh.getAttribute(name));
    else old.removeAttribute(name);
  }
}

function morphChildren(old, fresh) {
  const known = new Map([...old.children].filter((one) => one.id).map((one) => [one.id, one]));
  let here = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const same = child.id ? known.get(child.id) : here && !here.id && here;
    if (!same) {
      old.insertBefore(child, here);
      continue;
    }
    if (same !== here) old.insertBefore(same, here);
    here = same.nextSibling;
    morph(same, child);
  }
  while (here) {
    const next = here.nextSibling;
    here.remove();
    here = next;
  }
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const focused = document.activeElement?.id;
  document.title = fresh.title;
  document.documentElement.dataset.version = fresh.documentElement.dataset.version;
  morph(byId("main"), fresh.getElementById("main"));
  // A card that has moved to another column is a new one there; of what is deleted nothing is left.
  if (focused && document.activeElement === document.body) (byId(focused) ?? byId("main")).focus();
}

async function keepUp() {
  try {
    const version = await (await fetch("/board/version")).text();
    const busy = document.hidden || document.querySelector(".dragged");
    if (!busy && version !== document.documentElement.dataset.version) {
      show(await (await fetch(location.href)).text());
    }
    byId("live").textContent = "Live";
  } catch {
    byId("live").textContent = "No connection";
  }
  setTimeout(keepUp, PAUSE);
}

// --- forms -------------------------------------------------------------------------------------

function say(done, refused) {
  byId("done").textContent = done;
  byId("refused").textContent = refused;
}

async function send(form) {
  const body = new URLSearchParams(new FormData(form));
  let html;
  try {
    const response = await fetch(form.action, { method: "POST", body });
    html = await response.text();
    if (response.ok) {
      show(html); // the page that a browser would have gone back to
      say(form.dataset.done, "");
      form.closest("details")?.removeAttribute("open");
      form.reset(); // to what the page says now
      return;
    }
  } catch {
    html = "<p data-refused>No answer came: the connection was closed</p>";
  }
  const page = new DOMParser().parseFromString(html, "text/html");
  say("", page.querySelector("[data-refused]")?.textContent ?? "Not done");
  if (form.querySelector("select")) form.reset(); // but what somebody has written stays
}

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.done) return;
  event.preventDefault();
  send(event.target);
});

// --- dragging ----------------------------------------------------------------------------------

// The column under the pointer, if what is dragged can have its status.
function target(event) {
  const card = document.querySelector(".dragged");
  const column = event.target.closest?.("[data-status]");
  const choices = card && [...card.querySelector("select").options].map((one) => one.value);
  return choices?.includes(column?.dataset.status) ? column : null;
}

document.addEventListener("dragstart", (event) => event.target.classList?.add("dragged"));

document.addEventListener("dragend", (event) => {
  event.target.classList?.remove("dragged");
  document.querySelector(".over")?.classList.remove("over");
});

document.addEventListener("dragover", (event) => {
  const column = target(event);
  document.querySelectorAll(".over").forEach((one) => one !== column && one.classList.remove("over"));
  column?.classList.add("over");
  if (column) event.preventDefault(); // which is how a page says that something can be dropped
});

document.addEventListener("drop", (event) => {
  const column = target(event);
  if (!column) return;
  event.preventDefault();
  const card = document.querySelector(".dragged");
  card.classList.remove("dragged");
  card.querySelector("select").value = column.dataset.status;
  card.querySelector("form").requestSubmit();
});

byId("live").hidden = false;
keepUp();
