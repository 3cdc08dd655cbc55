// «Leave quickly»: the harmless page takes the place of this one, so that «back» does not lead here, and the server drops the
// pages of every walk that this tab was on: «back» would open the earlier ones. Without this file the link leads there too.
(function () {
  "use strict";
  var MOST = 50;
  var link = document.getElementById("exit");
  if (!link) { return; }
  function tokens() {  // one for each walk; they open nothing
    try { return (window.sessionStorage.getItem("walks") || "").split(" ").filter(Boolean); } catch (e) { return []; }
  }
  function walk(token) { return token.split(".")[0]; }
  function note(token) {
    var others = tokens().filter(function (other) { return walk(other) !== walk(token); });
    try { window.sessionStorage.setItem("walks", others.concat(token).slice(-MOST).join(" ")); } catch (e) { return; }
  }
  var here = Array.prototype.map.call(document.querySelectorAll("input[name=token]"), function (input) { return input.value; });
  here.forEach(note);

  link.addEventListener("click", function (event) {
    event.preventDefault();
    document.documentElement.hidden = true;  // nothing is to be read while the other page comes
    var all = tokens().concat(here);
    try { window.sessionStorage.clear(); } catch (e) { /* nothing is kept there */ }
    if (all.length && navigator.sendBeacon) {
      navigator.sendBeacon(link.dataset.leave, new URLSearchParams(all.map(function (token) { return ["token", token]; })));
    }
    window.history.replaceState(null, "", "/");
    window.location.replace(link.href);
  });

  Array.prototype.forEach.call(document.querySelectorAll("form[data-leave]"), function (form) {
    form.addEventListener("submit", function () {
      tokens().forEach(function (token) {
        var input = document.createElement("input");
        input.type = "hidden";
        input.name = "token";
        input.value = token;
        form.append(input);
      });
      try { window.sessionStorage.removeItem("walks"); } catch (e) { /* nothing is kept there */ }
    });
  });
}());
