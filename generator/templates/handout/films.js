// A film is made ready when the reader comes near it; until then it is text in the page.

const near = new IntersectionObserver(entries => {
  for (const entry of entries.filter(entry => entry.isIntersecting)) {
    const video = entry.target.querySelector("video");
    near.unobserve(entry.target);
    loadFilm(video, video.dataset.film);
  }
}, { rootMargin: "600px" });

for (const frame of document.querySelectorAll(".film")) {
  frame.classList.add("ready");
  near.observe(frame);
}
