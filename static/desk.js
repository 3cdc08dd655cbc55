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
    if (event.key === "/") {
      var search = document.querySelector("input[type=search]");
      if (search) { search.focus(); event.preventDefault(); }
    } else if ((event.key === "j" || event.key === "k") && rows.length) {
      at = Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)));
      rows[at].querySelector("a").focus();
    } else if (event.key === "o" && at >= 0) {
      window.location.href = rows[at].dataset.href;
    }
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
