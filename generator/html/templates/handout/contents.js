// The contents follow the reader: the entry of the heading that was passed last is marked, unfolded, and scrolled to.

const contents = document.querySelector(".toc");
const places = [...document.querySelectorAll(".toc a")].map(link => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))]);
let isFollowing = false;

function placeOfReader() {
  const isAtEnd = scrollY + innerHeight > document.documentElement.scrollHeight - 2;
  const passed = places.filter(([, heading]) => heading?.getBoundingClientRect().top < innerHeight / 3);
  return (isAtEnd ? places : passed).at(-1)?.[0];
}

function follow() {
  isFollowing = false;
  const link = placeOfReader();
  for (const old of contents.querySelectorAll("[aria-current]")) old.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "location");
  link?.closest("details")?.setAttribute("open", "");
  if (link && contents.scrollHeight > contents.clientHeight) contents.scrollTop = link.offsetTop - contents.clientHeight / 3;
}

function followSoon() {
  if (!isFollowing) requestAnimationFrame(follow);
  isFollowing = true;
}

if (contents) {
  addEventListener("scroll", followSoon, { passive: true });
  addEventListener("resize", followSoon);
  followSoon();
}
