// A number says at a tap what its title says to a pointer. Escape, or a tap elsewhere, closes it.

function tell(value) {
  for (const told of document.querySelectorAll(".value.told")) told.classList.remove("told");
  value?.classList.add("told");
}

addEventListener("pointerup", event => {
  if (event.pointerType === "mouse") return;
  const value = event.target.closest("data.value[title]");
  tell(value?.classList.contains("told") ? null : value);
});
addEventListener("keydown", event => event.key === "Escape" && tell(null));
