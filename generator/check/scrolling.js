// The drawings that are wider than their frames, so that a reader has to scroll them sideways, with all that is folded
// unfolded: the number of each among the drawings of the page. Of a film the steps stand below it, each of them whole.
async () => {
  const folded = [...document.querySelectorAll("details:not([open])")], drawings = [...document.querySelectorAll("svg.drawing")];
  for (const details of folded) details.open = true;
  for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame); // until the page has cut what it can
  const wide = [...document.querySelectorAll(":not(.film) > .frame:has(> .still)")].filter(frame => frame.scrollWidth > frame.clientWidth + 1);
  const found = wide.map(frame => drawings.indexOf(frame.querySelector(".still")));
  for (const details of folded) details.open = false;
  return found;
}
