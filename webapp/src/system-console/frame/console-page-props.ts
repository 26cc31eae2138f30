/** What every page of the console gets. */
export interface ConsolePageProps {
  /** What follows the page's own name in the address. */
  readonly rest: readonly string[];
}
