// The drawings of a page whose smallest text is shown smaller than `least` pixels, with all that is folded unfolded: the
// number of each drawing, and the size in pixels of its text.
least => {
  const folded = [...document.querySelectorAll("details:not([open])")];
  for (const details of folded) details.open = true;
  const drawings = [...document.querySelectorAll("svg.drawing")];
  const wholeOf = piece => piece.closest(".frame").querySelector(".still");   // a piece shows a part of it
  const small = [...drawings, ...document.querySelectorAll("svg.piece")].flatMap(drawing => {
    const number = drawings.indexOf(drawing.matches(".piece") ? wholeOf(drawing) : drawing);
    const sizes = drawing.dataset.smallest ? [Number(drawing.dataset.smallest)].filter(Boolean) : [...drawing.querySelectorAll("text, .letters")].map(text => parseFloat(getComputedStyle(text).fontSize)).filter(size => size > 0);
    const text = Math.min(...sizes) * drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
    return sizes.length && text && text < least - 0.05 ? [{ drawing: number, text }] : [];
  });
  for (const details of folded) details.open = false;
  return small;
}
