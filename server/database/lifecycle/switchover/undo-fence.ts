import { type Clock, pause } from '../../clock.ts';
import type { Dialect } from '../../dialect/dialect.ts';
import { type Contact, openConnection } from './contact.ts';
import { NotUndone } from './undo.ts';

const questionMs = 1_000;
const retryMs = 250;

export interface UndoFenceDeps {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly master: Contact;
  readonly candidate: Contact;
  /** A person was asked to promote the candidate, and may have done it. */
  readonly askedForPromotion: () => boolean;
}

/**
 * Lets the old master accept writes again, unless the candidate was promoted meanwhile, or may have been: two masters are
 * worse than none.
 *
 * @throws NotUndone with what to do.
 */
export async function undoFence(deps: UndoFenceDeps, limitMs: number): Promise<void> {
  const { clock, dialect, master } = deps;
  await assertNotPromoted(deps);
  const deadline = clock.now() + limitMs;
  for (;;) {
    try {
      return await onLive(deps, master, (connection) =>
        dialect.switching.unfence(connection, { clock, ms: questionMs }),
      );
    } catch (error) {
      if (clock.now() >= deadline) throw new NotUndone(leftFenced(deps, dialect.classify(error, true).text));
      await pause(clock, retryMs);
    }
  }
}

/** Works on the contact's connection, or on a new one when that is gone. */
async function onLive<T>(
  { dialect, clock }: UndoFenceDeps,
  { connection, source }: Contact,
  work: (connection: NonNullable<Contact['connection']>) => Promise<T>,
): Promise<T> {
  if (connection?.usable === true) return work(connection);
  const fresh = await openConnection({ dialect, clock, connectTimeoutMs: questionMs }, source);
  try {
    return await work(fresh);
  } finally {
    await fresh.close();
  }
}

function leftFenced({ dialect, master }: UndoFenceDeps, why: string): string {
  const commands = dialect.switching.commands.unfence.join(' ');
  return (
    `${master.name} may still refuse writes: ${why}. It is opened again as soon as it answers. ` +
    `To do it by hand: ${commands}`
  ).replace('..', '.');
}

async function assertNotPromoted(deps: UndoFenceDeps): Promise<void> {
  const { master, candidate } = deps;
  const role = await roleOf(deps);
  if (role === 'replica') return;
  if (role === undefined && !deps.askedForPromotion()) return;
  const what = role === undefined ? 'does not answer and may have been promoted' : 'has been promoted';
  throw new NotUndone(
    `${candidate.name} ${what}, so ${master.name} stays fenced. To go on with ${candidate.name}, put it first in ` +
      'DataSource, reload and recycle.',
  );
}

async function roleOf(deps: UndoFenceDeps): Promise<string | undefined> {
  try {
    const reading = await onLive(deps, deps.candidate, (connection) => deps.dialect.probe(connection, questionMs));
    return reading.role;
  } catch {
    return undefined;
  }
}

/**
 * Goes on trying to open the old master, in the background, until it succeeds or `isOver`. Never throws.
 *
 * @returns whether it is open.
 */
export async function undoFenceLater(deps: UndoFenceDeps, isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    try {
      await undoFence(deps, 0);
      return true;
    } catch {
      await pause(deps.clock, questionMs);
    }
  }
  return false;
}
