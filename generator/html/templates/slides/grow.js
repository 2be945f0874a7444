// Text that would leave its slide white is set larger: all that a slide of text holds grows alike, until its room is
// full, a line of code or of a table would break, or its largest text is nearly as large as a title's. What is left below it then is shared
// with the room above. It is measured once the fonts are there; a slide with a picture fills its room by that.

const MOST = 1.6, LARGEST_TEXT = 36, STEP = 0.04;
const SPARE = 0.2;   // of the room: with so much left, the text moves down
const FILLS = ".picture, .plot, .embed, .findings, .block img";

function largestText(content) {
  const texts = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  let largest = 1;
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (data.trim() && !parentElement.closest(".sr-only, math")) largest = Math.max(largest, parseFloat(getComputedStyle(parentElement).fontSize));
  }
  return largest;
}

const heightOf = element => element.getBoundingClientRect().height;
const isInside = content => content.scrollHeight <= content.clientHeight + 1 && content.scrollWidth <= content.clientWidth + 1;

function grow(content) {
  const unbroken = [...content.querySelectorAll("pre, table")].map(element => [element, heightOf(element)]);
  const most = Math.min(MOST, LARGEST_TEXT / largestText(content));
  for (let times = most; times > 1; times -= STEP) {
    content.style.setProperty("--grow", times.toFixed(3));
    if (isInside(content) && unbroken.every(([element, height]) => heightOf(element) < 1.03 * times * height)) break;
    content.style.removeProperty("--grow");
  }
  const room = content.getBoundingClientRect(), last = content.lastElementChild.getBoundingClientRect();
  content.classList.toggle("placed", room.bottom - last.bottom > SPARE * room.height);
}

async function growTexts() {
  await Promise.all([...document.fonts].map(font => font.load().catch(() => font)));
  const deck = document.querySelector(".reveal");
  deck.classList.add("measuring");
  for (const content of deck.querySelectorAll(".slide-text > .content")) {
    if (content.lastElementChild && !content.querySelector(FILLS)) grow(content);
  }
  deck.classList.remove("measuring");
}
