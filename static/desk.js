// Comfort only: everything works without this file.
(function () {
  "use strict";
  var rows = Array.prototype.slice.call(document.querySelectorAll("tr[data-href]"));
  var at = -1;
  rows.forEach(function (row) {
    row.addEventListener("click", function (event) {
      if (!event.target.closest("a, button, input")) { window.location.href = row.dataset.href; }
    });
  });
  function typing(target) { return target.closest("input, textarea, select") !== null; }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    if ((event.key === "j" || event.key === "k") && rows.length) {
      at = Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)));
      rows[at].querySelector("a").focus();
    } else if (event.key === "o" && at >= 0) {
      window.location.href = rows[at].dataset.href;
    } else if (event.key === "x" && at >= 0) {
      var box = rows[at].querySelector("input[type=checkbox]");
      if (box) { box.checked = !box.checked; }
    }
  });
  var end = document.getElementById("session-end");
  var timer = 0;
  function waitForEnd(left) {
    clearTimeout(timer);
    timer = setTimeout(function () { end.hidden = false; }, Math.max(0, left - 300) * 1000);
  }
  if (end) {
    var said = end.querySelectorAll("p");
    end.querySelector("button").addEventListener("click", function () {
      fetch(end.dataset.stillHere, { redirect: "manual" }).then(function (answer) {
        if (answer.status === 204) { end.hidden = true; waitForEnd(Number(end.dataset.left)); return; }
        said[0].hidden = true; said[1].hidden = false;
      });
    });
    waitForEnd(Number(end.dataset.left));
  }
  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    var changed = false;
    form.addEventListener("input", function () { changed = true; });
    form.addEventListener("submit", function () { changed = false; });
    setInterval(function () {
      if (!changed) { return; }
      changed = false;
      var typed = new URLSearchParams();
      new FormData(form).forEach(function (value, name) { if (typeof value === "string") { typed.append(name, value); } });
      fetch(form.dataset.draft, { method: "POST", body: typed, redirect: "manual", headers: { "X-Quiet": "1" } }).then(function (answer) {
        if (answer.status !== 204) { changed = true; } else if (end) { waitForEnd(Number(end.dataset.left)); }
      }, function () { changed = true; });
    }, 15000);
  });
  document.querySelectorAll("[data-where]").forEach(function (part) {
    var choices = part.dataset.choices.split(" ");
    var form = part.closest("form");
    function show() {
      var chosen = new FormData(form).getAll(part.dataset.where);
      part.hidden = !chosen.some(function (one) { return choices.indexOf(one) >= 0; });
    }
    form.addEventListener("change", show);
    if (!part.querySelector(".wrong")) { show(); }
  });
  document.querySelectorAll("textarea[maxlength]").forEach(function (area) {
    var count = document.createElement("p");
    count.className = "meta";
    function show() { count.textContent = area.value.length + " / " + area.maxLength; }
    area.addEventListener("input", show);
    area.after(count);
    show();
  });
}());
