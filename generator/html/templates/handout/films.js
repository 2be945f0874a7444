// A still gives way to its film when the reader asks for it; until then the film is text in the page, and the page light.

function showFilm(video, button) {
  loadFilm(video, video.dataset.film);
  video.closest(".frame").classList.add("filmed");
  button.hidden = true;
  video.focus();
  video.play();
}

for (const card of document.querySelectorAll(".film")) {
  const button = card.querySelector(".play"), video = card.querySelector("video");
  button.hidden = false;
  button.addEventListener("click", () => showFilm(video, button));
}
