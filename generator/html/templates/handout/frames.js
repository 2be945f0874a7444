// A picture that is wider than its frame scrolls sideways, by keyboard too, and the frame says so.

function markFrame(frame) {
  const scrolls = frame.scrollWidth > frame.clientWidth + 1;
  frame.classList.toggle("scrolls", scrolls);
  frame.classList.toggle("at-end", Math.abs(frame.scrollLeft) + frame.clientWidth > frame.scrollWidth - 2);
  for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": "Picture, scrolls sideways" })) {
    if (scrolls) frame.setAttribute(name, value);
    else frame.removeAttribute(name);
  }
}

const frames = new ResizeObserver(entries => entries.forEach(entry => markFrame(entry.target)));
for (const frame of document.querySelectorAll(".frame")) {
  frames.observe(frame);
  frame.addEventListener("scroll", () => markFrame(frame), { passive: true });
}
