import type { SwitchoverNote, SwitchoverNotes } from '../index.ts';

/** Notes that live as long as the test, and everything that was ever written. */
export class MemoryNotes implements SwitchoverNotes {
  note: SwitchoverNote | undefined;
  readonly phases: SwitchoverNote['phase'][] = [];

  read(): Promise<SwitchoverNote | undefined> {
    return Promise.resolve(this.note);
  }

  async write(note: SwitchoverNote): Promise<void> {
    this.note = note;
    this.phases.push(note.phase);
  }

  async clear(): Promise<void> {
    this.note = undefined;
  }
}
