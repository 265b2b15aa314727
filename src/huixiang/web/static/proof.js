/* The sum that keeps programs away, for the challenge that stands in the page. */
(() => {
  "use strict";
  /* ALTCHA: find the number whose PBKDF2 key begins as asked. Without a secure context there is none, and no harm. */
  globalThis.solveChallenge = async () => {
    try {
      const challenge = JSON.parse(document.getElementById("challenge").textContent), asked = challenge.parameters;
      const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
      const nonce = bytes(asked.nonce), salt = bytes(asked.salt), password = new Uint8Array(nonce.length + 4);
      password.set(nonce);
      for (let counter = 0; counter < 5000; counter += 1) {
        new DataView(password.buffer).setUint32(nonce.length, counter);
        const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
        const rule = { name: "PBKDF2", salt, iterations: asked.cost, hash: "SHA-256" };
        const found = new Uint8Array(await crypto.subtle.deriveBits(rule, key, 8 * asked.keyLength));
        const hex = [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
        if (hex.startsWith(asked.keyPrefix)) return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey: hex } }));
      }
    } catch { /* then fewer messages an hour come from this address */ }
    return "";
  };
})();
