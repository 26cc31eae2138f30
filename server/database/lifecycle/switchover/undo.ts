/** Why something could not be undone, for the summary: ends with what to do. */
export class NotUndone extends Error {}

/** What must be done to leave everything as it was, newest first. */
export class Undo {
  #steps: (() => Promise<void> | void)[] = [];

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** There is no way back from here. */
  forget(): void {
    this.#steps = [];
  }

  /**
   * Undoes all, once; a step that fails does not keep the earlier ones from being undone.
   *
   * @returns what could not be undone.
   */
  async run(): Promise<readonly string[]> {
    const left: string[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        left.push(error instanceof Error ? error.message : String(error));
      }
    }
    return left;
  }
}
