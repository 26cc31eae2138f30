/** The parts of the page that F6 goes through, each with what takes the focus in it: the first that is there. */
const regions: readonly (readonly string[])[] = [
  ['header button, header a'],
  ['nav a[data-status="active"]', 'nav a, nav button'],
  ['main [role="log"] article[tabindex="0"]'],
  ['main textarea'],
  ['aside textarea', 'aside button'],
];

function findTarget(selectors: readonly string[]): HTMLElement | undefined {
  return selectors
    .flatMap((selector) => [...document.querySelectorAll<HTMLElement>(selector)])
    .find((each) => each.offsetParent !== null);
}

/** Moves the focus to the next (or former) part of the page that is on the screen. */
export function focusNextRegion(step: 1 | -1): void {
  const targets = regions.map(findTarget).filter((target) => target !== undefined);
  const owners = targets.map((target) => target.closest('header, nav, [role="log"], aside') ?? target);
  const at = owners.findIndex((owner) => owner.contains(document.activeElement));
  targets[(at + step + targets.length) % targets.length]?.focus();
}
