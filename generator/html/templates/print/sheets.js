// Lays out a sheet for each state of each slide, before the page counts as loaded: none of its fragments shown, then
// one more on each sheet. A film's frames are fragments too, of which the last one shown is kept; so are the tables that
// follow a figure which varies.

function showFirst(sheet, count) {
  sheet.querySelectorAll(".fragment").forEach((fragment, at) => fragment.classList.toggle("visible", at < count));
  for (const figure of sheet.querySelectorAll("figure")) {
    const frames = [...figure.querySelectorAll(".frame, .varied > .stage")];
    const last = frames.filter(frame => !frame.matches(".fragment:not(.visible)")).pop();
    for (const frame of frames) if (frame !== last) frame.remove();
  }
  followLines(sheet);
  return sheet;
}

// A slide is a place to go to, and an entry in the document's outline, once.
function makeSecond(sheet) {
  for (const element of [sheet, ...sheet.querySelectorAll("[id]")]) element.removeAttribute("id");
  for (const heading of sheet.querySelectorAll("h1, h2")) heading.setAttribute("role", "presentation");
  return sheet;
}

for (const slide of document.querySelectorAll(".slides > section")) {
  const fragments = slide.querySelectorAll(".fragment").length;
  const copies = Array.from({ length: fragments + 1 }, () => slide.cloneNode(true));
  slide.replaceWith(...copies.map((sheet, count) => showFirst(count ? makeSecond(sheet) : sheet, count)));
}
for (const link of document.querySelectorAll('a[href^="#/"]')) link.hash = link.hash.slice(2);
growTexts();
