import { type ErrorId, errorCatalogue } from '../../../contract/index.ts';

export interface AppErrorOptions {
  /** Fill the `{name}` places of the catalogue's text. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** For the log and, in developer mode, `detailed_error`. No secret. */
  readonly detail?: string;
  readonly cause?: unknown;
  /** Seconds for `Retry-After`; for 429 and 503. */
  readonly retryAfter?: number;
}

/** A refusal that the client may see: id, status and text come from the contract's catalogue. */
export class AppError extends Error {
  readonly id: ErrorId;
  readonly status: number;
  readonly detail: string;
  readonly retryAfter: number | undefined;

  constructor(id: ErrorId, options: AppErrorOptions = {}) {
    const [status, template] = errorCatalogue[id];
    super(
      template.replace(/\{(\w+)\}/g, (place, name: string) => String(options.params?.[name] ?? place)),
      { cause: options.cause },
    );
    this.name = 'AppError';
    this.id = id;
    this.status = status;
    this.detail = options.detail ?? '';
    this.retryAfter = options.retryAfter;
  }
}
