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
  const draft = document.createElement("p");
  draft.setAttribute("role", "status");
  draft.hidden = true;
  draft.style.cssText =
    "position:fixed;inset:0 auto auto 0;z-index:98;margin:0;padding:4px 14px;font:600 16px/1.5 sans-serif;" +
    "color:#fff;background:#8c3a00";
  document.body.append(note, draft);

  const look = async () => {
    try {
      const state = await (await fetch("/state.json")).json();
      note.textContent = state.errors;
      note.hidden = !state.errors;
      draft.hidden = !state.drafts; // the page is loaded anew when there are none any more
      if (!draft.hidden && !draft.textContent) draft.textContent = "draft: some of it is still being made";
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
