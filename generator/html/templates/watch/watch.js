"use strict";
(() => {
  const scroll = `lectern ${location.pathname}`;
  const place = sessionStorage.getItem(scroll);
  if (place) addEventListener("load", () => scrollTo(0, Number(place)));

  let version;
  const note = document.createElement("pre");
  note.setAttribute("role", "alert");
  note.hidden = true;
  note.style.cssText =
    "position:fixed;inset:auto 0 0 0;z-index:99;margin:0;padding:16px 24px;max-height:50vh;overflow:auto;" +
    "white-space:pre-wrap;font:16px/1.5 monospace;color:#fff;background:#8c1d18";
  document.body.append(note);

  const look = async () => {
    try {
      const state = await (await fetch("/state.json")).json();
      note.textContent = state.errors;
      note.hidden = !state.errors;
      if (version !== undefined && state.version !== version && !state.errors) {
        sessionStorage.setItem(scroll, String(scrollY));
        location.reload();
        return;
      }
      version = state.errors ? version ?? -1 : state.version;
    } catch {
      // The server was stopped: the page stays as it is, and is looked after again when it is back.
    }
    setTimeout(look, 200);
  };
  look();
})();
