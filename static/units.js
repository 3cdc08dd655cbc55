// Comfort only: while the name of a unit is typed, what the register has stands below it. Without this file a button does it.
(function () {
  "use strict";
  var box = document.querySelectorAll("[data-units]");
  if (!box.length || !window.fetch) { return; }
  function fill(name, unit) {  // the parts of the same row, or of the same form
    var around = name.closest("tr") || name.form;
    around.querySelectorAll("[data-unit]").forEach(function (field) {
      var value = unit[field.dataset.unit];
      if (!value) { return; }
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  function choice(name, list, unit) {
    var row = document.createElement("li");
    var button = document.createElement("button");
    var more = document.createElement("span");
    button.type = "button";
    button.className = "plain";
    button.textContent = unit.name + " ";
    more.className = "meta";
    more.textContent = unit.says;
    button.append(more);
    button.addEventListener("click", function () {
      name.dataset.chosen = unit.name;
      fill(name, unit);
      list.replaceChildren();
      name.focus();
    });
    row.append(button);
    return row;
  }
  box.forEach(function (around) {
    var name = document.getElementById(around.dataset.for);
    var list = around.querySelector("ul");
    var timer = 0;
    function look() {
      var typed = name.value.trim();
      if (typed.length < 2 || typed === name.dataset.chosen) { list.replaceChildren(); return; }
      window.fetch(around.dataset.units + "?q=" + encodeURIComponent(typed), { headers: { "X-Quiet": "1" } }).then(function (answer) {
        return answer.ok ? answer.json() : [];
      }).then(function (units) {
        if (name.value.trim() !== typed) { return; }  // a later answer comes
        list.replaceChildren.apply(list, units.map(function (unit) { return choice(name, list, unit); }));
      }, function () { list.replaceChildren(); });
    }
    name.setAttribute("autocomplete", "off");
    name.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(look, 250);
    });
    around.addEventListener("keydown", function (event) {
      if (event.key === "Escape") { list.replaceChildren(); name.focus(); }
    });
  });
}());
