// What axe-core finds against WCAG 2.2 A and AA: on the slide that is shown, or on the whole page.
async isWhole => {
  const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const scope = isWhole ? document : { include: [[".slides section.present"]] };
  const settings = { runOnly: { type: "tag", values: levels }, resultTypes: ["violations"], iframes: false, elementRef: true };
  const { violations } = await axe.run(scope, settings);
  const places = [...document.querySelectorAll("[data-line]")];
  const placeOf = element => places.indexOf(element?.closest("[data-line]"));
  return violations.map(({ id, help, nodes }) => ({
    rule: id, help, count: nodes.length, html: nodes[0].html.slice(0, 100), place: placeOf(nodes[0].element),
  }));
}
