// A link to a state shows the figure in that state, and what is folded around it.

function showLinked() {
  const figure = followLink(location.hash);
  figure?.closest("details")?.setAttribute("open", "");
  figure?.scrollIntoView();
}

addEventListener("hashchange", showLinked);
showLinked();
