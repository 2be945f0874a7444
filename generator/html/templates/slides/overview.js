// In the overview each part is a column, with its slides below its divider, and the slide at which the deck stands is in
// the middle. The order stays that of the lecture: reveal.js moves all slides by the number of the one in the middle,
// and the style sheet takes that back.

function placeInOverview() {
  let column = 0, row = -1;
  for (const slide of root.querySelectorAll(".slides > section")) {
    if (slide.matches(".divider")) [column, row] = [column + 1, -1];
    row += 1;
    slide.style.setProperty("--column", column);
    slide.style.setProperty("--row", row);
  }
}

const placeOf = slide => ["--column", "--row"].map(name => Number(slide.style.getPropertyValue(name)));

function centerOverview(slide) {
  const [column, row] = placeOf(slide);
  for (const [name, value] of Object.entries({ at: Reveal.getIndices(slide).h, "at-column": column, "at-row": row })) {
    root.style.setProperty(`--${name}`, value);
  }
}

// Up and down lead through a part, left and right to the part beside it; returns whether the key was one of these.
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
function moveInOverview(key) {
  if (!STEPS[key] || !Reveal.isOverview()) return false;
  const [column, row] = placeOf(Reveal.getCurrentSlide());
  const [across, down] = STEPS[key];
  const wanted = column + (document.documentElement.dir === "rtl" ? -across : across);
  const beside = Reveal.getSlides().filter(slide => placeOf(slide)[0] === wanted);
  const found = beside.filter(slide => placeOf(slide)[1] <= row + down).pop();
  if (found && row + down >= 0 && (across || placeOf(found)[1] === row + down)) Reveal.slide(Reveal.getIndices(found).h);
  return true;
}
