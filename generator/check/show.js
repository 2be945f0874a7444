// Shows one slide with all its fragments, or with those up to a `last` one (-1: none). With `waits`, done when its
// pictures are decoded and each film shows the picture it stands at, which comes to the screen some time after the film
// has been sent there; else at once, as a layout is there at once.
async ([number, waits, last = 1000]) => {
  const frame = () => new Promise(done => requestAnimationFrame(() => done()));
  const slide = document.querySelectorAll(".slides > section")[number];   // getSlides() leaves an appendix out
  const films = waits ? [...slide.querySelectorAll("video")] : [];
  const onScreen = new Map();
  const follow = film => film.requestVideoFrameCallback((_now, { mediaTime }) => {
    onScreen.set(film, mediaTime);
    follow(film);
  });
  films.forEach(follow);
  Reveal.slide(number, 0, last);
  if (!waits) return;
  const stands = film => !film.seeking && Math.abs(film.currentTime - onScreen.get(film)) < 0.04;
  const end = performance.now() + 3000;
  do await frame(); while (!films.every(stands) && performance.now() < end);
  await Promise.all([...slide.querySelectorAll("img")].map(image => image.decode().catch(() => 0)));
  if (films.length) await new Promise(done => setTimeout(done, 150));   // a film is drawn apart from its page, and later
  await frame();
  await frame();
}
