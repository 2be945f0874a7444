// Stepping through the lines of a listing: the last step that is shown says which lines stand out.

function followLines(slide) {
  for (const code of slide ? slide.querySelectorAll("code[data-first]") : []) {
    const block = code.closest(".block-code");
    const shown = [...block.querySelectorAll(".line-step.visible")].pop();
    const wanted = (shown ? shown.dataset.lines : code.dataset.first).split(" ").map(Number);
    code.classList.add("stepping");
    code.querySelectorAll(".line").forEach((line, at) => line.classList.toggle("lit", wanted.includes(at + 1)));
  }
}
