import type { Job } from '../../../contract/index.ts';
import type { Causality } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { JobStore, StoredJob } from '../../stores/jobs/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { Progress } from './integrity-check.ts';

/** The work of a job; what it answers stands in the job's `data`. */
export type Worker = (progress: Progress) => Promise<Record<string, string>>;

export interface JobServiceDeps {
  readonly store: JobStore;
  /** By the type of the job. */
  readonly workers: Readonly<Record<string, Worker>>;
  readonly detached: () => Causality;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Types of Mattermost that clients ask for and whose work is not done here: of these there are never any. */
const absentTypes: ReadonlySet<string> = new Set([
  ...['data_retention', 'message_export', 'elasticsearch_post_indexing', 'elasticsearch_post_aggregation'],
  ...['bleve_post_indexing', 'ldap_sync', 'migrations', 'plugins', 'expiry_notify', 'product_notices', 'active_users'],
  ...['import_process', 'import_delete', 'export_process', 'export_delete', 'cloud', 'extract_content'],
  ...['access_control_sync', 'export_users_to_csv', 'cleanup_desktop_tokens', 'delete_orphan_drafts_migration'],
]);

const POLL_MS = 15_000;
/** A job that nobody has touched for as long is another server's no more. */
const ABANDONED_AFTER_MS = 10 * 60_000;
type JobStatus = StoredJob['status'];
const running: readonly JobStatus[] = ['in_progress', 'cancel_requested'];

/** Work that is asked for by an administrator and done by one of the servers, one job after the other. */
export class JobService {
  readonly #deps: JobServiceDeps;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  /** The look that has not begun. */
  #next: Promise<void> | undefined;
  #stopping = false;

  constructor(deps: JobServiceDeps) {
    this.#deps = deps;
  }

  /** @throws AppError 400 for a type that is none, 501 for one whose work is not done here. */
  async create(caller: Caller, type: string, data: Readonly<Record<string, string>>): Promise<Job> {
    if (!Object.hasOwn(this.#deps.workers, type)) {
      if (absentTypes.has(type)) throw new AppError('api.job.not_available.app_error', { params: { type } });
      throw new AppError('api.job.unable_to_create_job.incorrect_job_type.app_error');
    }
    const now = this.#deps.now();
    const job: StoredJob = {
      ...{ id: newId(), type, priority: 0, create_at: now, start_at: 0, last_activity_at: now },
      ...{ status: 'pending', progress: 0, data },
    };
    await this.#deps.store.insert(caller.causality, job);
    void this.work();
    return { ...job, data: { ...job.data } };
  }

  async find(caller: Caller, id: string): Promise<Job> {
    const job = await this.#deps.store.find(caller.causality, id);
    if (job === undefined) throw new AppError('app.job.get.app_error');
    return shown(job);
  }

  /** Newest first; without `type` of all types. */
  async list(caller: Caller, page: { limit: number; offset: number }, type?: string): Promise<Job[]> {
    if (type !== undefined && !Object.hasOwn(this.#deps.workers, type) && !absentTypes.has(type))
      throw new AppError('api.job.retrieve.nopermissions');
    return (await this.#deps.store.list(caller.causality, page, type)).map(shown);
  }

  /** A job that waits is over at once, one that is being done at its next step. */
  async cancel(caller: Caller, id: string): Promise<void> {
    const job = await this.find(caller, id);
    const { store } = this.#deps;
    const at = this.#deps.now();
    const { progress, data } = job;
    const ended = await store.change(caller.causality, id, ['pending'], { status: 'canceled', at, progress, data });
    if (ended) return;
    const asked = { status: 'cancel_requested', at, progress, data } as const;
    if (!(await store.change(caller.causality, id, ['in_progress'], asked)))
      throw new AppError('app.job.request_cancellation.app_error');
  }

  /** Lets an administrator put a job back or end it. */
  async setStatus(caller: Caller, id: string, status: JobStatus, force: boolean): Promise<void> {
    if (status !== 'pending' && status !== 'cancel_requested' && status !== 'canceled')
      throw new AppError('api.context.invalid_body_param.app_error', { params: { name: 'status' } });
    if (status !== 'pending' && !force) return this.cancel(caller, id);
    const job = await this.find(caller, id);
    const from: readonly JobStatus[] = force
      ? ['pending', ...running, 'error', 'canceled', 'success']
      : ['error', 'canceled', 'in_progress'];
    const change = { status, at: this.#deps.now(), progress: 0, data: job.data };
    if (!(await this.#deps.store.change(caller.causality, id, from, change)))
      throw new AppError('app.job.request_cancellation.app_error');
    if (status === 'pending') void this.work();
  }

  start(): void {
    this.#timer = setInterval(() => void this.work(), POLL_MS).unref();
  }

  /** Lets the job at hand come to its next step, and no further. */
  stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    return this.#working;
  }

  /** Does what is open, oldest first. Never fails: a database that is away is asked again later. */
  work(): Promise<void> {
    // However many ask while a long job is done, one look after it sees all that has come.
    this.#next ??= this.#working.then(async () => {
      this.#next = undefined;
      try {
        await this.#workOnce();
      } catch (error) {
        this.#deps.logger.debug('jobs.work_failed', { error });
      }
    });
    this.#working = this.#next;
    return this.#next;
  }

  async #workOnce(): Promise<void> {
    if (this.#stopping) return;
    for (const job of await this.#deps.store.open(this.#deps.now() - ABANDONED_AFTER_MS)) {
      const worker = this.#deps.workers[job.type];
      if (worker !== undefined && !this.#stopping) await this.#begin(job, worker);
    }
  }

  async #begin(job: StoredJob, worker: Worker): Promise<void> {
    const change = this.#changer(job);
    // What another server has left is begun anew; one that was to be cancelled is over.
    if (job.status === 'cancel_requested') await change(['cancel_requested'], 'canceled');
    else if (await change([job.status], 'in_progress')) await this.#run(job, worker);
  }

  async #run(job: StoredJob, worker: Worker): Promise<void> {
    const change = this.#changer(job);
    let goesOn = true;
    const progress: Progress = async (percent) => {
      goesOn = !this.#stopping && (await change(['in_progress'], 'in_progress', percent));
      return goesOn;
    };
    try {
      const result = await worker(progress);
      const isDone = goesOn && (await change(['in_progress'], 'success', 100, result));
      if (isDone) return;
      if (this.#stopping) await change(['in_progress'], 'pending');
      else await change(['cancel_requested'], 'canceled');
    } catch (error) {
      this.#deps.logger.warn('jobs.failed', { job_id: job.id, type: job.type, error });
      const message = error instanceof Error ? error.message : String(error);
      await change(running, 'error', 0, { error: message });
    }
  }

  #changer(job: StoredJob) {
    const { store, detached, now } = this.#deps;
    return (from: readonly JobStatus[], status: JobStatus, progress = 0, result: Record<string, string> = {}) =>
      store.change(detached(), job.id, from, { status, at: now(), progress, data: { ...job.data, ...result } });
  }
}

const shown = (job: StoredJob): Job => ({ ...job, data: { ...job.data } });
