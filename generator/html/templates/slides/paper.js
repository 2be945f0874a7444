// On paper there is a sheet for each state of each slide, as in the PDF: none of its fragments shown, then one more on
// each sheet. The sheets stand before the deck as long as it is printed, so that drawings find their parts in them.

function sheetOf(slide, count) {
  const sheet = slide.cloneNode(true);
  for (const name of ["hidden", "aria-hidden", "style"]) sheet.removeAttribute(name);
  sheet.classList.remove("past", "present", "future");
  sheet.querySelectorAll(".fragment").forEach((step, at) => step.classList.toggle("visible", at < count));
  if (count) for (const element of [sheet, ...sheet.querySelectorAll("[id]")]) element.removeAttribute("id");
  for (const figure of sheet.querySelectorAll("[data-film]")) showMark(figure);
  const { backgroundImage, backgroundOpacity } = sheet.dataset;
  const shade = `rgb(0 0 0 / ${1 - backgroundOpacity})`;
  if (backgroundImage) sheet.style.background = `linear-gradient(${shade}, ${shade}), url("${backgroundImage}") center / cover`;
  followLines(sheet);
  return sheet;
}

// A film stands at its mark: the layers up to it, one over the other.
function showMark(figure) {
  const mark = figure.querySelectorAll(".film-step.visible").length;
  const layers = document.getElementById(`${figure.dataset.film}-marks`).textContent.trim().split(" ");
  const still = figure.querySelector(".still"), [width, height] = figure.dataset.size.split(" ");
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const name of ["viewBox", "width", "height"]) drawing.setAttribute(name, still.getAttribute(name));
  drawing.setAttribute("class", "still");
  for (const layer of layers.slice(0, mark + 1)) {
    const image = document.createElementNS(drawing.namespaceURI, "image");
    for (const [name, value] of Object.entries({ width, height, href: `data:image/webp;base64,${layer}` })) image.setAttribute(name, value);
    drawing.append(image);
  }
  figure.classList.remove("filmed");
  for (const element of figure.querySelectorAll(".still, .screen")) element.remove();
  figure.querySelector(".stage").prepend(drawing);
}

// After the sheets of its slide, those with the states of a figure that varies.
function sheetOfStates(slide, presses, at) {
  const sheet = sheetOf(slide, presses + 1), states = sheet.querySelectorAll(".states-sheet")[at];
  states.classList.add("shown");
  states.closest("figure").classList.add("tabled");
  return sheet;
}

function layOutSheets() {
  if (printed || document.querySelector(".sheets")) return;
  const sheets = root.cloneNode(false), slides = root.querySelector(".slides").cloneNode(false);
  sheets.className = `reveal sheets${root.classList.contains("narrow") ? " narrow" : ""}`;
  sheets.removeAttribute("style");
  slides.removeAttribute("style");
  for (const slide of root.querySelectorAll(".slides > section")) {
    const presses = slide.querySelectorAll(".fragment").length;
    for (let count = 0; count <= presses; count += 1) slides.append(sheetOf(slide, count));
    for (const at of slide.querySelectorAll(".states-sheet").keys()) slides.append(sheetOfStates(slide, presses, at));
  }
  sheets.append(slides);
  root.before(sheets);
}

addEventListener("beforeprint", layOutSheets);
addEventListener("afterprint", () => document.querySelector(".sheets")?.remove());
