// Comfort only: files go up in pieces as soon as they are chosen, and go on where a connection broke. Without this file
// the form sends them whole.
(function () {
  "use strict";
  var form = document.querySelector("form[data-piece]");
  var input = document.getElementById("files");
  if (!form || !input || !window.FormData || !window.fetch || !Blob.prototype.slice) { return; }
  var words = form.dataset;
  var PIECE = 1024 * 1024;
  var running = 0;
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
    }, Promise.resolve()).then(function () { running -= 1; input.value = ""; });
  });
  form.addEventListener("submit", function (event) {
    if (running) { event.preventDefault(); status.textContent = words.wait; }
  });
}());
