// Comfort only: what is typed is kept on the server, so that a page loaded anew or a lost connection costs nothing; files go
// up in pieces as soon as they are chosen, and go on where a connection broke. Without this file buttons do both.
(function () {
  "use strict";
  var memory = null;
  try { memory = window.sessionStorage; } catch (e) { return; }  // of this tab, gone with it: the key alone, not a word
  if (document.querySelector("[data-forget]")) { memory.removeItem("draft"); }
  var form = document.querySelector("form[data-keep]");
  if (!form || !window.FormData || !window.fetch) { return; }
  var anew = document.querySelector("[data-anew]");
  if (anew) { anew.addEventListener("click", function () { memory.removeItem("draft"); }); }
  var words = form.dataset;
  var before = memory.getItem("draft");
  if ("blank" in words && before && before !== form.elements.draft.value) {
    form.elements.resume.value = before;
    form.querySelector("button[value=resume]").click();
    return;
  }
  if (!("blank" in words) && !("forget" in words)) { memory.setItem("draft", form.elements.draft.value); }
  var status = document.getElementById("kept");
  document.getElementById("keeps").textContent = words.keeps;
  var changed = false;
  var busy = false;
  var timer = 0;

  function later(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, wait);
  }
  function keep() {
    if (!changed || busy) { return; }
    var body = new FormData(form);
    ["files", "resume", "identity", "name", "contact"].forEach(function (name) { body.delete(name); });
    changed = false;
    busy = true;
    window.fetch(words.keep, { method: "POST", body: body, credentials: "omit", keepalive: true }).then(function (answer) {
      busy = false;
      if (answer.status === 204) {
        memory.setItem("draft", form.elements.draft.value);
        status.textContent = words.kept;
        if (changed) { later(1000); }
      } else if (answer.status === 429 || answer.status >= 500) {
        changed = true;
        later(60000);
      }
    }).catch(function () {
      busy = false;
      changed = true;
      status.textContent = words.unkept;
      later(3000);
    });
  }
  form.addEventListener("input", function (event) {
    if (event.target.name === "files" || event.target.name === "resume") { return; }
    changed = true;
    later(1000);
  });
  form.addEventListener("submit", function () { window.clearTimeout(timer); changed = false; });
  window.addEventListener("online", keep);
  document.addEventListener("visibilitychange", keep);
  window.addEventListener("pagehide", keep);
}());

(function () {
  "use strict";
  var form = document.querySelector("form[data-piece]");
  var input = document.getElementById("files");
  if (!form || !input || !window.FormData || !window.fetch || !Blob.prototype.slice) { return; }
  var words = form.dataset;
  var PIECE = 1024 * 1024;
  var running = 0;
  var pressed = null;  // a button that waits for the files
  var status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "hint";
  input.after(status);

  function list() {
    var found = form.querySelector("ul.files");
    if (!found) {
      found = document.createElement("ul");
      found.className = "files bare";
      input.closest(".field").before(found);
    }
    return found;
  }
  function show(file, answer) {
    if (form.querySelector('button[name=remove][value="' + answer.stored + '"]')) { return; }  // the same file once more
    var row = document.createElement("li");
    var name = document.createElement("span");
    name.textContent = answer.title + " · " + (file.size / 1048576).toFixed(1) + " MB · " + words.uploaded;
    var button = document.createElement("button");
    button.className = "plain";
    button.name = "remove";
    button.value = answer.stored;
    button.textContent = words.remove;
    row.append(name, button);
    list().append(row);
  }
  function send(file, offset) {
    var body = new FormData();
    body.append("token", form.elements.token.value);
    body.append("draft", form.elements.draft.value);
    body.append("name", file.name);
    body.append("size", file.size);
    body.append("offset", offset);
    body.append("piece", file.slice(offset, offset + PIECE), "piece");
    return window.fetch(words.piece, { method: "POST", body: body, credentials: "omit" }).then(function (answer) {
      if (answer.status >= 500) { throw new Error("try again"); }
      return answer.json();
    });
  }
  function upload(file, offset, tries) {
    status.textContent = file.name + " " + Math.floor(100 * offset / Math.max(1, file.size)) + " %";
    return send(file, offset).then(function (answer) {
      if (answer.refused) { status.textContent = answer.refused; return; }
      if (answer.stored) { show(file, answer); status.textContent = file.name + " 100 %"; return; }
      if (answer.got === offset || answer.got === undefined) { throw new Error("try again"); }
      return upload(file, answer.got, 0);
    }).catch(function () {
      if (tries > 60) { status.textContent = words.broken; return; }
      status.textContent = words.again;
      return new Promise(function (go) { window.setTimeout(go, 1000); }).then(function () { return upload(file, offset, tries + 1); });
    });
  }
  input.addEventListener("change", function () {
    var files = Array.prototype.slice.call(input.files);
    running += 1;
    files.reduce(function (before, file) {
      return before.then(function () { return upload(file, 0, 0); });
    }, Promise.resolve()).then(function () {
      running -= 1;
      input.value = "";
      if (!running && pressed) { pressed.click(); }
    });
  });
  form.addEventListener("submit", function (event) {
    if (running) { event.preventDefault(); status.textContent = words.wait; pressed = event.submitter; }
  });
}());
