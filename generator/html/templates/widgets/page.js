// What every widget needs of the page. A widget is a figure with the class `widget`: `.widget-live` is what works, and
// `.widget-still` the picture that stands there until it does, on paper, and where no script runs.

// Starts each widget of a kind. What cannot be started stays a picture, and says why.
export async function startWidgets(kind, start) {
  for (const figure of document.querySelectorAll(`.widget[data-widget="${kind}"]`)) {
    try {
      await start(figure);
      figure.querySelector(".widget-live").hidden = false;
      figure.classList.add("live");
    } catch (fault) {
      figure.classList.remove("live");
      figure.querySelector(".widget-live").hidden = true;
      figure.querySelector(".widget-fault").textContent = `This cannot be tried here: ${fault.message}`;
      console.error(fault);
    }
  }
}

// What the build has put into the page under a name: a value, and bytes.
export const readValue = name => JSON.parse(document.getElementById(name).textContent);

export function readBytes(name) {
  const letters = atob(document.getElementById(`${name}-bytes`).textContent.trim());
  return Uint8Array.from(letters, letter => letter.charCodeAt(0));
}

// A worker of a directive, from the program that the build has put into the page.
export function startWorker(kind) {
  const program = document.getElementById(`worker-${kind}`).textContent;
  return new Worker(URL.createObjectURL(new Blob([program], { type: "text/javascript" })));
}

// Whether what surrounds an element is dark: its color of paper, as the style sheet has it, in either theme.
export function isDark(element) {
  const paper = getComputedStyle(element).getPropertyValue("--paper").trim();
  return parseInt(paper.slice(1, 3), 16) < 128;
}
