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
  var same = before === form.elements.draft.value;
  var newer = same && memory.getItem("newer");  // words were kept since this page was made, and it is loaded anew
  if (newer || ("blank" in words && before && !same)) {
    memory.removeItem("newer");
    resume(before);
    return;
  }
  if (!("blank" in words) && !("forget" in words)) { memory.setItem("draft", form.elements.draft.value); }
  var status = document.getElementById("kept");
  document.getElementById("keeps").textContent = words.keeps;
  var changed = false;
  var busy = false;
  var timer = 0;
  var thrown = null;  // the button that deletes the draft, while words of it are still on their way

  function resume(key) {
    [["resume", key], ["action", "resume"]].forEach(function (field) {
      var input = document.createElement("input");
      input.type = "hidden";
      input.name = field[0];
      input.value = field[1];
      form.prepend(input);
    });
    HTMLFormElement.prototype.submit.call(form);
  }
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
    memory.setItem("newer", "1");
    window.fetch(words.keep, { method: "POST", body: body, credentials: "omit", keepalive: true }).then(function (answer) {
      busy = false;
      if (thrown) { thrown.click(); return; }
      if (answer.status === 204) {
        memory.setItem("draft", form.elements.draft.value);
        status.textContent = words.kept;
        if (changed) { later(1000); }
      } else if (answer.status === 422) {  // too long to be kept: said, and tried again once something changes
        answer.json().then(function (told) { status.textContent = told.said; });
      } else if (answer.status === 400) {
        status.textContent = words.lapsed;
      } else if (answer.status === 429 || answer.status >= 500) {
        changed = true;
        later(60000);
      }
    }).catch(function () {
      busy = false;
      if (thrown) { thrown.click(); return; }
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
  function forget() {  // else the browser's «back» would show the words to the next person
    memory.removeItem("draft");
    memory.removeItem("newer");
    Array.prototype.forEach.call(form.elements, function (field) {
      if (/^(textarea|select-one|text|file)$/.test(field.type)) { field.value = ""; }
      if (/^(radio|checkbox)$/.test(field.type)) { field.checked = false; }
    });
  }
  form.addEventListener("submit", function (event) {
    window.clearTimeout(timer);
    changed = false;
    memory.removeItem("newer");
    if (!event.submitter || event.submitter.value !== "discard") { return; }
    if (busy) { event.preventDefault(); thrown = event.submitter; return; }
    forget();
  });
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
  var stopped = false;  // the draft is thrown away: what is still to come is not sent
  var status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "hint";
  input.after(status);
  var refused = document.getElementById("refused");

  function list() {
    var found = document.getElementById("taken");
    if (!found) {
      found = document.createElement("ul");
      found.id = "taken";
      found.className = "files bare";
      input.closest(".field").before(found);
    }
    return found;
  }
  function plain(name, value, text, title) {  // a small button of a row, as the server draws it
    var button = document.createElement("button");
    var heard = document.createElement("span");
    button.className = "plain";
    button.name = name;
    button.value = value;
    button.textContent = text;
    button.setAttribute("formaction", form.getAttribute("action") + "#material");
    heard.className = "hidden";
    heard.textContent = " " + title;
    button.append(heard);
    return button;
  }
  function named(title) {  // the row of a refused file
    return Array.prototype.filter.call(refused.querySelectorAll("button"), function (button) {
      return button.value === title;
    }).map(function (button) { return button.closest("li"); })[0];
  }
  function unlist(title) {
    var row = named(title);
    if (row) { row.remove(); }
    refused.hidden = !refused.querySelector("li");
  }
  function refuse(title, why) {  // stands there until the person takes it off, whatever the next file brings
    var row = document.createElement("li");
    var words = document.createElement("span");
    words.textContent = why;
    row.append(words, plain("unlist", title, form.dataset.unlist, title));
    unlist(title);
    refused.querySelector("ul").append(row);
    refused.hidden = false;
  }
  function show(answer) {
    unlist(answer.title);
    if (form.querySelector('button[name=remove][value="' + answer.stored + '"]')) { return; }  // the same file once more
    var row = document.createElement("li");
    var words = document.createElement("span");
    var meta = document.createElement("span");
    meta.className = "meta";
    meta.textContent = answer.about;
    words.append(answer.title, document.createElement("br"), meta);
    row.append(words, plain("remove", answer.stored, form.dataset.remove, answer.title));
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
      if (answer.status === 400) { return { refused: file.name + words.colon + words.old }; }
      return answer.json();
    });
  }
  function upload(file, offset, tries) {
    if (stopped) { return Promise.resolve(); }
    status.textContent = file.name + " " + Math.floor(100 * offset / Math.max(1, file.size)) + " %";
    return send(file, offset).then(function (answer) {
      if (answer.refused) { refuse(answer.title || file.name, answer.refused); status.textContent = ""; return; }
      if (answer.stored) { show(answer); status.textContent = file.name + " 100 %"; return; }
      if (answer.got === offset || answer.got === undefined) { throw new Error("try again"); }
      return upload(file, answer.got, 0);
    }).catch(function () {
      if (stopped) { return; }
      if (tries > 60) { refuse(file.name, file.name + words.colon + words.broken); status.textContent = ""; return; }
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
    if (event.submitter && event.submitter.value === "discard") { stopped = true; }
    if (running) { event.preventDefault(); status.textContent = words.wait; pressed = event.submitter; }
  });
}());

(function () {  // a text that grows too long is told so while it is typed; nothing of it is cut
  "use strict";
  Array.prototype.forEach.call(document.querySelectorAll("textarea[data-most]"), function (area) {
    var words = area.form.dataset.most;
    if (!words) { return; }
    var note = document.createElement("p");
    note.setAttribute("role", "status");
    note.className = "error";
    area.after(note);
    area.addEventListener("input", function () {
      var over = Array.from(area.value).length - Number(area.dataset.most);
      note.textContent = over > 0 ? words.replace("{n}", over) : "";
    });
  });
}());
