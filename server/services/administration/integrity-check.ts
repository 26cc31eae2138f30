import type { IntegrityAnswer } from '../../../contract/index.ts';
import { type IntegrityStore, type Relation, relations } from '../../stores/integrity/index.ts';

/** Tells how far it is, in per cent, and whether to go on. */
export type Progress = (percent: number) => Promise<boolean>;

/** Looks whether the rows of the database agree with each other. Changes nothing. */
export class IntegrityCheck {
  readonly #store: IntegrityStore;

  constructor(store: IntegrityStore) {
    this.#store = store;
  }

  /** Mattermost's answer: one entry per relation. What could not be looked at says why. */
  async relations(): Promise<IntegrityAnswer> {
    const results: IntegrityAnswer = [];
    // One after the other: it is nobody's hurry, and each of them reads a whole table.
    for (const relation of relations) results.push(await this.#ofRelation(relation));
    return results;
  }

  /** The same as a job, with the threads whose replies are counted wrongly; answers how many rows are wrong, by name. */
  async run(progress: Progress): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [at, relation] of relations.entries()) {
      if (!(await progress(Math.floor((at * 100) / (relations.length + 1))))) return found;
      const { length } = await this.#store.orphans(relation);
      if (length > 0) found[`${relation.child}.${relation.parentColumn}`] = String(length);
    }
    const miscounted = await this.#store.miscountedThreads();
    if (miscounted.length > 0) found['threads.replycount'] = String(miscounted.length);
    return { ...found, found: String(Object.keys(found).length) };
  }

  async #ofRelation(relation: Relation): Promise<IntegrityAnswer[number]> {
    const { parent, child, parentColumn, childColumn } = relation;
    const names = { parent_name: parent, child_name: child, parent_id_attr: parentColumn, child_id_attr: childColumn };
    try {
      return { data: { ...names, records: [...(await this.#store.orphans(relation))] }, err: '' };
    } catch (error) {
      return { data: { ...names, records: [] }, err: error instanceof Error ? error.message : String(error) };
    }
  }
}
