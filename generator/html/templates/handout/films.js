// A still gives way to its film when the reader asks for it; until then the film is text in the page, and the page light.

function showFilm(video, button) {
  loadFilm(video, video.dataset.film);
  video.addEventListener("error", () => giveUp(video, button), { once: true });
  video.closest(".frame").classList.add("filmed");
  button.hidden = true;
  video.focus();
  video.play();
}

// Where the browser cannot play the film, the still stays, and nothing is said of it.
function giveUp(video, button) {
  video.closest(".frame").classList.remove("filmed");
  video.hidden = button.hidden = true;
}

for (const card of playsFilms ? document.querySelectorAll(".film") : []) {
  const button = card.querySelector(".play"), video = card.querySelector("video");
  button.hidden = false;
  button.addEventListener("click", () => showFilm(video, button));
}
