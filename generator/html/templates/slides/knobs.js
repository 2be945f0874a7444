// A link to a state leads to its slide. reveal.js, which listens after this, reads the address that stands there then.
function openLinked() {
  const slide = followLink(location.hash)?.closest("section");
  if (slide) history.replaceState(null, "", `#/${slide.id}`);
}

addEventListener("hashchange", openLinked);
openLinked();
