// Shows one slide with all its fragments; done when its films stand at their mark and its pictures are decoded. A film's
// new picture reaches the screen a little later, and no event says when: `rest` is how long to wait, in milliseconds.
// With no rest nothing is waited for: a layout is there at once.
async ([number, rest]) => {
  const frame = () => new Promise(done => requestAnimationFrame(() => done()));
  Reveal.slide(number, 0, 1000);
  if (!rest) return;
  await frame();
  const slide = Reveal.getCurrentSlide();
  const films = [...slide.querySelectorAll("video")].filter(film => film.src);
  const end = performance.now() + 3000;
  while (films.some(film => film.seeking || film.readyState < 2) && performance.now() < end) await frame();
  await Promise.all([...slide.querySelectorAll("img")].map(image => image.decode().catch(() => 0)));
  if (films.length) await new Promise(done => setTimeout(done, rest));
  await frame();
  await frame();
}
