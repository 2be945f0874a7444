// What is wrong with how the slide that is shown is laid out, in pixels of a slide 1280 wide. `least` is the smallest
// size of text. A fault: { kind, axis, pixels, words, place } ; `place` counts the elements that carry a line.
least => {
  const slide = Reveal.getCurrentSlide();
  const box = slide.getBoundingClientRect();
  const scale = box.width / Reveal.getConfig().width;
  const foot = slide.matches(".divider") ? null : slide.querySelector(".foot");
  const room = { left: box.left, right: box.right, top: box.top, bottom: foot ? foot.getBoundingClientRect().top : box.bottom };
  const places = [...document.querySelectorAll("[data-line]")];
  const faults = [];
  const heading = [...slide.querySelectorAll("h1, h2")].find(element => element.checkVisibility({ visibilityProperty: true }));
  const wordsOf = element => {   // a question may take no room
    const range = document.createRange();
    range.selectNodeContents(element);
    return range;
  };
  let lowest = -Infinity;   // of what stands below the heading

  const isShown = element =>
    !element.closest(".notes, .sr-only, .foot, .badge") && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const note = (kind, axis, pixels, element) => {
    const words = (element.textContent.trim() || element.getAttribute("alt") || element.tagName.toLowerCase()).replace(/\s+/g, " ").slice(0, 50);
    faults.push({ kind, axis, pixels, words, place: places.indexOf(element.closest("[data-line]")) });
  };
  const seen = (rect, element) => {   // what clipping leaves of it
    let { left, right, top, bottom } = rect;
    for (let holder = element.parentElement; holder && holder !== slide; holder = holder.parentElement) {
      if (getComputedStyle(holder).overflow === "visible") continue;
      const edge = holder.getBoundingClientRect();
      left = Math.max(left, edge.left); right = Math.min(right, edge.right);
      top = Math.max(top, edge.top); bottom = Math.min(bottom, edge.bottom);
    }
    return { left, right, top, bottom };
  };
  const measure = (rect, element) => {
    const { left, right, top, bottom } = seen(rect, element);
    if (right - left < 1 || bottom - top < 1) return;
    const across = Math.max(room.left - left, right - room.right) / scale;
    const floor = element.closest(".slide-figure:not(.appendix) .knobs") ? box.bottom : room.bottom;   // they stand in the foot's place
    const down = Math.max(room.top - top, bottom - floor) / scale;
    if (across > 1) note("overflow", "across", across, element);
    if (down > 1) note("overflow", "down", down, element);
  };
  const reach = (bottom, element) => { if (!heading?.contains(element)) lowest = Math.max(lowest, bottom); };
  const isSolid = element => element.matches("svg, img, video, canvas") || getComputedStyle(element).backgroundColor !== "rgba(0, 0, 0, 0)";
  const look = element => {
    measure(element.getBoundingClientRect(), element);
    if (isSolid(element)) reach(element.getBoundingClientRect().bottom, element);
    const over = getComputedStyle(element).overflow === "visible" ? 0 : 2;
    const across = element.scrollWidth - element.clientWidth, down = element.scrollHeight - element.clientHeight;
    if (over && element.clientWidth && across > over) note("clipped", "across", across, element);
    if (over && element.clientHeight && down > over) note("clipped", "down", down, element);
    if (element.matches("img") && !element.naturalWidth) note("missing", "", 0, element);
    if (element.matches("video") && element.error) note("missing", "", 0, element);
  };
  const read = text => {
    const range = wordsOf(text);
    for (const line of range.getClientRects()) measure(line, text.parentElement);
    reach(Math.max(...[...range.getClientRects()].map(line => line.bottom)), text.parentElement);
    if (text.parentElement.closest("svg")) return;   // by the width that its picture is shown in, below
    const size = parseFloat(getComputedStyle(text.parentElement).fontSize);   // before the deck is scaled
    if (size < least - 0.05 && !text.parentElement.closest("math, sub, sup")) note("small", "", size, text.parentElement);
  };

  for (const element of slide.querySelectorAll(":not(math *, svg *)")) if (isShown(element)) look(element);
  const texts = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (texts.currentNode.data.trim() && isShown(texts.currentNode.parentElement)) read(texts.currentNode);
  // At most half of what is below a heading is left white; of the whole slide, if the heading stands alone or in the middle.
  const { top, bottom } = heading ? wordsOf(heading).getBoundingClientRect() : room;
  const from = lowest > bottom && top < box.top + box.height / 3 ? bottom : box.top, last = Math.max(lowest, bottom);
  const white = slide.dataset.backgroundImage ? 0 : (room.bottom - last) / (room.bottom - from);
  if (white > 0.5 && !faults.length) note("white", "", 100 * white, heading);
  const drawings = [...document.querySelectorAll("svg.drawing")];
  const pictures = [...slide.querySelectorAll("svg.drawing")].filter(isShown).map(drawing => {
    const shown = drawing.getBoundingClientRect(), box = drawing.viewBox.baseVal;
    const size = Math.min(shown.width / box.width, shown.height / box.height) / scale;   // of one of its pixels
    const texts = drawing.dataset.smallest ? [Number(drawing.dataset.smallest) || 1e6] : [...drawing.querySelectorAll("text, .letters")].map(text => parseFloat(getComputedStyle(text).fontSize));
    return { drawing: drawings.indexOf(drawing), text: Math.min(1e6, ...texts) * size };
  });
  return { faults, pictures };
}
