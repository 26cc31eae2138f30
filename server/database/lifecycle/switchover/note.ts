/**
 * What a server that starts again must know about a switchover that was under way. `fencing`: the old master may be
 * fenced, nobody was promoted; `promoting`: the new master may have been told to become one; `moved`: it is the master,
 * and the configuration may still name the old one.
 */
export interface SwitchoverNote {
  readonly phase: 'fencing' | 'promoting' | 'moved';
  /** Names of data sources. */
  readonly from: string;
  readonly to: string;
  /** The old master was lost: it was not fenced. */
  readonly emergency: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** Keeps the note where a later start of this server finds it. `write` resolves when it is safe on disk. */
export interface SwitchoverNotes {
  read(): Promise<SwitchoverNote | undefined>;
  write(note: SwitchoverNote): Promise<void>;
  clear(): Promise<void>;
}

/** For a layer whose owner keeps no notes: a crash in the middle of a switchover is then for a person to mend. */
export const noNotes: SwitchoverNotes = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
  clear: () => Promise.resolve(),
};
