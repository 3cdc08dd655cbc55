// Comfort only: everything works without this file.
// «/» and Ctrl-K lead to the search; what fits is shown below it while somebody types; «?» shows the keys.
(function () {
  "use strict";
  var form = document.querySelector("form[data-go]");
  var keys = document.querySelector("a[data-keys]");
  var input = form && form.querySelector("input[type=search]");
  var shown = document.getElementById("palette");
  var timer = 0;
  var asked = 0;
  function typing(target) { return target.closest("input, textarea, select, [contenteditable]") !== null; }
  function away() {
    asked += 1;
    clearTimeout(timer);
    shown.hidden = true;
    shown.textContent = "";
  }
  function show(html) {
    shown.innerHTML = html;  // our own page, escaped by the server
    shown.hidden = false;
  }
  function ask() {
    var mine = asked += 1;
    var words = new URLSearchParams(new FormData(form));
    if (!input.value.trim()) { away(); return; }
    fetch(form.dataset.go + "?" + words, { redirect: "manual", headers: { "X-Part": "1" } }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      if (mine === asked && html) { show(html); }
    }, function () { /* the search itself still works */ });
  }
  function step(by) {
    var links = Array.prototype.slice.call(shown.querySelectorAll("a"));
    var at = links.indexOf(document.activeElement) + by;
    if (!links.length) { return; }
    if (at < 0) { input.focus(); } else { links[Math.min(at, links.length - 1)].focus(); }
  }
  document.addEventListener("keydown", function (event) {
    var control = event.ctrlKey || event.metaKey;
    if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      if (input) { input.focus(); input.select(); event.preventDefault(); }
    } else if (control || event.altKey || typing(event.target)) {
      return;
    } else if (event.key === "/" && input) {
      input.focus();
      event.preventDefault();
    } else if (event.key === "?" && keys) {
      window.location.href = keys.href;
    }
  });
  if (!form || !window.fetch || !window.URLSearchParams) { return; }
  input.setAttribute("aria-controls", "palette");
  input.addEventListener("input", function (event) {
    clearTimeout(timer);
    if (!event.isComposing) { timer = setTimeout(ask, 200); }  // not half a word of an input method
  });
  input.addEventListener("compositionend", function () { clearTimeout(timer); timer = setTimeout(ask, 200); });
  form.addEventListener("keydown", function (event) {
    if (event.isComposing || shown.hidden) { return; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      step(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Escape") {
      away();
      input.focus();
      event.preventDefault();
    }
  });
  form.addEventListener("focusout", function (event) {
    if (!form.contains(event.relatedTarget)) { away(); }
  });
}());
