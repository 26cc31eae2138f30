import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';

const LIMIT_BYTES = 8 * 1024 * 1024;

const LOST_TRACK = new RegExp(
  [
    'forked off current database system timeline',
    "is not in this server's history",
    'is ahead of the WAL flush position',
    'requested WAL segment \\w+ has already been removed',
    'can no longer access replication slot',
  ].join('|'),
);

/** The file that a node's messages go to. */
export class NodeLog {
  readonly path: string;
  #runStart = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** What comes from here on belongs to a new run of the node. Puts a file of more than 8 MB aside as `.old`. */
  beginRun(): void {
    if (this.#size() > LIMIT_BYTES) renameSync(this.path, `${this.path}.old`);
    this.#runStart = this.#size();
  }

  /**
   * Whether PostgreSQL has said in this run that the replica can never follow its master from the data it has. It goes on trying and
   * answering all the same, and even looks like streaming for a moment at each try.
   */
  tellsLostTrack(): boolean {
    return existsSync(this.path) && LOST_TRACK.test(readFileSync(this.path).subarray(this.#runStart).toString('utf8'));
  }

  /** The last lines. */
  tail(): string {
    return existsSync(this.path) ? readFileSync(this.path, 'utf8').trimEnd().split('\n').slice(-12).join('\n') : '';
  }

  #size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }
}
