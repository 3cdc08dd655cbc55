// Comfort only: a standard phrase is put into its field at once. Without this file its button does it with the page.
(function () {
  "use strict";
  document.querySelectorAll("button[name=put]").forEach(function (button) {
    var field = document.getElementById(button.closest("[data-phrases]").dataset.phrases);
    if (!field) { return; }
    button.addEventListener("click", function (event) {
      var typed = field.value.trimEnd();
      event.preventDefault();
      field.value = typed + (typed && field.tagName === "TEXTAREA" ? "\n" : "") + button.dataset.text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  });
}());
