// Adds live updates, forms without page loads, and drag and drop to the pages. All of this uses the
// pages and forms that also work without scripts.
"use strict";

const POLL_INTERVAL = 1000; // milliseconds between two requests for `/board/version`
const byId = (id) => document.getElementById(id);

// --- live updates ------------------------------------------------------------------------------

// Changes `old` until it equals `fresh`. Equal nodes are not touched, so that focus, open details,
// scroll positions and unsaved input are kept. Children are matched by their ids.
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
    if (name === "open") continue; // only the user opens and closes `details` elements
    if (fresh.hasAttribute(name)) old.setAttribute(name, fresh.getAttribute(name));
    else old.removeAttribute(name);
  }
}

function morphChildren(old, fresh) {
  const known = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
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
    if (!here.matches?.("form > [data-error]")) here.remove(); // `showError` adds and removes errors
    here = next;
  }
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const focused = document.activeElement?.id;
  document.title = fresh.title;
  document.documentElement.dataset.version = fresh.documentElement.dataset.version;
  morph(byId("main"), fresh.getElementById("main"));
  // The focus is lost if the focused element was deleted. It is also lost if the focused element is
  // in a card that moved to another column, because the card is then a new element.
  if (focused && document.activeElement === document.body) (byId(focused) ?? byId("main")).focus();
}

async function poll() {
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
  setTimeout(poll, POLL_INTERVAL);
}

// --- forms -------------------------------------------------------------------------------------

// Shows the error of the last request next to its form. Without a text, removes the error.
function showError(form, text) {
  form.querySelector("[data-error]")?.remove();
  byId("done").textContent = "";
  if (!text) return;
  const error = document.createElement("p");
  error.role = "alert";
  error.dataset.error = "";
  error.textContent = text;
  form.append(error);
}

async function send(form) {
  showError(form, "");
  const body = new URLSearchParams(new FormData(form));
  let html;
  try {
    const response = await fetch(form.action, { method: "POST", body });
    html = await response.text();
    if (response.ok) {
      show(html); // `fetch` has followed the redirect, so this is the page of the form
      byId("done").textContent = form.dataset.message;
      form.closest("details")?.removeAttribute("open");
      form.reset(); // sets the fields to the values of the new page
      return;
    }
  } catch {
    html = "<p data-error>No response: the connection was closed</p>";
  }
  const page = new DOMParser().parseFromString(html, "text/html");
  showError(form, page.querySelector("[data-error]")?.textContent ?? "The request failed");
  // A form with only a `select` shows the stored value again. Other forms keep the user's input.
  if (!form.querySelector("input:not([type=hidden]), textarea")) form.reset();
}

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.message) return;
  event.preventDefault();
  send(event.target);
});

// --- drag and drop ----------------------------------------------------------------------------------

// The column under the pointer, if the dragged case can have the column's status.
function target(event) {
  const card = document.querySelector(".dragged");
  const column = event.target.closest?.("[data-status]");
  const choices = card && [...card.querySelector("select").options].map((option) => option.value);
  return choices?.includes(column?.dataset.status) ? column : null;
}

document.addEventListener("dragstart", (event) => event.target.classList?.add("dragged"));

document.addEventListener("dragend", (event) => {
  event.target.classList?.remove("dragged");
  document.querySelector(".over")?.classList.remove("over");
});

document.addEventListener("dragover", (event) => {
  const column = target(event);
  document.querySelectorAll(".over").forEach((each) => each !== column && each.classList.remove("over"));
  column?.classList.add("over");
  if (column) event.preventDefault(); // by default, elements do not accept drops
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
poll();
