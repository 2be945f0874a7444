// Escape closes what a verdict tells, until the pointer or the keyboard comes back to it (WCAG 2.2, 1.4.13).

function closeVerdicts(event) {
  const open = document.querySelectorAll(".verdict:is(:hover, :focus):not(.closed)");
  if (event.key !== "Escape" || !open.length) return;
  event.stopImmediatePropagation(); // in a deck, Escape would open the overview
  for (const verdict of open) {
    verdict.classList.add("closed");
    for (const end of ["pointerleave", "blur"]) {
      verdict.addEventListener(end, () => verdict.classList.remove("closed"), { once: true });
    }
  }
}

addEventListener("keydown", closeVerdicts, { capture: true });
