// A still gives way to its film when the reader asks for it; until then the film is text in the page, and the page light.

function showFilm(card) {
  const video = card.querySelector("video");
  loadFilm(video, video.dataset.film);
  card.classList.add("filmed");
  video.focus();
  video.play();
}

for (const card of document.querySelectorAll(".film")) {
  const button = card.querySelector(".play");
  button.hidden = false;
  button.addEventListener("click", () => showFilm(card));
}
