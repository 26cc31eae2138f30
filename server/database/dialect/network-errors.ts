import type { FailureKind, Outcome } from '../errors.ts';

/** What an error means. */
export interface Rule {
  readonly kind: FailureKind;
  readonly outcome: Outcome;
  readonly connectionLost?: boolean;
}

/** Errors of the operating system and the resolver while connecting: nothing was sent. */
const whileConnecting = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
/** Errors of a socket that may have carried a statement already. */
const whileConnected = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** Our own certificate files, and what TLS says of the server's: nothing was sent, and somebody must mend it. */
const whileSecuring =
  /^(ENOENT|EACCES|EISDIR|ERR_(TLS|SSL|OSSL)_?.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|HOSTNAME_MISMATCH)$/;

/** What an error of the network means, the same for every engine; undefined for any other error. */
export function networkRule(code: string): Rule | undefined {
  if (whileConnecting.has(code)) return { kind: 'unreachable', outcome: 'not-executed', connectionLost: true };
  if (whileConnected.has(code)) return { kind: 'unreachable', outcome: 'unknown', connectionLost: true };
  if (whileSecuring.test(code)) return { kind: 'misconfigured', outcome: 'not-executed', connectionLost: true };
  return undefined;
}

/** The message of an error. Node says nothing itself when none of several addresses of a host answered. */
export function messageOf(error: { readonly message?: unknown; readonly errors?: unknown }): string {
  const { message, errors } = error;
  if (typeof message === 'string' && message !== '') return message;
  return Array.isArray(errors) ? errors.map((each: unknown) => messageOf(each ?? {})).join(', ') : '';
}
