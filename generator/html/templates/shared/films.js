// Films stand in the page as inert text, so that the page opens at once; a film becomes a Blob when it is wanted.

// Whether the browser has a decoder for our films. Some have none, such as a Firefox without libavcodec.
const playsFilms = document.createElement("video").canPlayType('video/mp4; codecs="avc1.640020"') !== "";

function filmAddress(id) {
  const text = document.getElementById(id).textContent;
  const bytes = Uint8Array.fromBase64
    ? Uint8Array.fromBase64(text)
    : Uint8Array.from(atob(text), character => character.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
}

function loadFilm(video, id) {
  if (video.src) return;
  video.src = filmAddress(id);
  video.hidden = false;
}
