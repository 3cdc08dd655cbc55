// While very many reports come in: this browser works for a second, so that its person need not wait.
// Without scripts, or where the browser offers no digest, the person waits and presses the button.
(function () {
  "use strict";
  var form = document.getElementById("wait");
  if (!form || !window.crypto || !window.crypto.subtle) { return; }
  var puzzle = JSON.parse(form.dataset.challenge);
  var encoder = new TextEncoder();
  function hex(buffer) {
    return Array.prototype.map.call(new Uint8Array(buffer), function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
  }
  function done(number) {
    document.getElementById("work").value = btoa(JSON.stringify({
      algorithm: puzzle.algorithm, challenge: puzzle.challenge, number: number, salt: puzzle.salt, signature: puzzle.signature
    }));
    document.getElementById("how").textContent = form.dataset.ready;
  }
  function attempt(number) {
    if (number > puzzle.max) { return; }
    window.crypto.subtle.digest(puzzle.algorithm, encoder.encode(puzzle.salt + number)).then(function (digest) {
      if (hex(digest) === puzzle.challenge) { done(number); } else { attempt(number + 1); }
    });
  }
  attempt(0);
}());
