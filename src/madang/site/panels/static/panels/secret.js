"use strict";
// Makes a secret of 32 random bytes and its SHA-256; only the hash is put into the form, the secret is only shown.
const place = document.querySelector("[data-secret]");
if (place && window.crypto && crypto.subtle) {
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  place.hidden = false;
  place.querySelector("button").addEventListener("click", async () => {
    const secret = hex(crypto.getRandomValues(new Uint8Array(32)));
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
    place.closest("form").querySelector("[name=commitment]").value = hex(new Uint8Array(hash));
    const shown = document.createElement("code");
    shown.className = "hash";
    shown.textContent = secret;
    place.querySelector("[data-said]").replaceChildren(place.dataset.explain, document.createElement("br"), shown);
  });
}
