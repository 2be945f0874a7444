// Shows one slide with all its fragments; done when its films stand at their mark and its pictures are decoded.
async number => {
  const patience = milliseconds => new Promise(done => setTimeout(done, milliseconds));
  const frame = () => new Promise(done => requestAnimationFrame(() => done()));
  Reveal.slide(number, 0, 1000);
  await frame();
  const slide = Reveal.getCurrentSlide();
  const films = [...slide.querySelectorAll("video")].filter(film => film.src && (film.seeking || film.readyState < 2));
  const stands = film => new Promise(done => film.addEventListener("seeked", done, { once: true }));
  await Promise.race([Promise.all(films.map(stands)), patience(films.length ? 3000 : 0)]);
  await Promise.all([...slide.querySelectorAll("img")].map(image => image.decode().catch(() => 0)));
  await frame();
  await frame();
  return [...document.querySelectorAll("[data-line]")].indexOf(slide);
}
