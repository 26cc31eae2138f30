import type { Outcome } from '../errors.ts';
import type { Failure } from './dialect.ts';
import { messageOf, networkRule, type Rule } from './network-errors.ts';

const notExecuted: Outcome = 'not-executed';

/** SQLSTATE -> meaning. What is not here falls to its class (first two characters), then to `statement`. */
const bySqlState: Readonly<Record<string, Rule>> = {
  '57P01': { kind: 'unreachable', outcome: 'unknown', connectionLost: true },
  '57P02': { kind: 'unreachable', outcome: 'unknown', connectionLost: true },
  '57P03': { kind: 'unreachable', outcome: notExecuted, connectionLost: true },
  '57P04': { kind: 'misconfigured', outcome: notExecuted, connectionLost: true },
  '57P05': { kind: 'unreachable', outcome: notExecuted, connectionLost: true },
  '25P03': { kind: 'timeout', outcome: notExecuted, connectionLost: true },
  '25006': { kind: 'not-writable', outcome: notExecuted, connectionLost: true },
  '53300': { kind: 'overload', outcome: notExecuted },
  '53100': { kind: 'disk', outcome: 'final' },
  '58030': { kind: 'disk', outcome: 'final' },
  '40003': { kind: 'unreachable', outcome: 'unknown', connectionLost: true },
  '40001': { kind: 'conflict', outcome: notExecuted },
  '40P01': { kind: 'conflict', outcome: notExecuted },
  '57014': { kind: 'timeout', outcome: 'final' },
  '55P03': { kind: 'timeout', outcome: notExecuted },
  '23505': { kind: 'unique', outcome: 'final' },
  '28P01': { kind: 'misconfigured', outcome: notExecuted },
  '28000': { kind: 'misconfigured', outcome: notExecuted },
  '3D000': { kind: 'misconfigured', outcome: notExecuted },
  '42501': { kind: 'statement', outcome: 'final' },
};

const byClass: Readonly<Record<string, Rule>> = {
  '08': { kind: 'unreachable', outcome: 'unknown', connectionLost: true },
  '28': { kind: 'misconfigured', outcome: notExecuted },
  '53': { kind: 'overload', outcome: notExecuted },
  XX: { kind: 'disk', outcome: 'final' },
};

/**
 * Messages of errors that node-postgres throws without a code (research/clusters.md 11.2). Matched at the start, since
 * that is where the driver puts them.
 */
const byMessage: readonly (readonly [text: string, rule: Rule])[] = [
  ['Query read timeout', { kind: 'unreachable', outcome: 'unknown', connectionLost: true }],
  ['Connection terminated due to connection timeout', { kind: 'unreachable', outcome: notExecuted }],
  ['timeout expired', { kind: 'unreachable', outcome: notExecuted }],
  ['Connection terminated', { kind: 'unreachable', outcome: 'unknown', connectionLost: true }],
  ['Client has encountered a connection error', { kind: 'unreachable', outcome: notExecuted, connectionLost: true }],
  ['Client was closed and is not queryable', { kind: 'unreachable', outcome: notExecuted, connectionLost: true }],
  ['The server does not support SSL', { kind: 'misconfigured', outcome: notExecuted }],
  ['SASL', { kind: 'misconfigured', outcome: notExecuted }],
];

/** Codes that mean something else only with this text. */
const byCodeAndText: readonly { readonly code: string; readonly text: string; readonly rule: Rule }[] = [
  // A migration has changed what a prepared statement gives: on a new connection it is prepared anew.
  {
    code: '0A000',
    text: 'cached plan must not change result type',
    rule: { kind: 'conflict', outcome: notExecuted, connectionLost: true },
  },
  // Asked for the position of a master, and is one no more.
  {
    code: '55000',
    text: 'recovery is in progress',
    rule: { kind: 'not-writable', outcome: notExecuted, connectionLost: true },
  },
];

interface DriverError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly constraint?: unknown;
  readonly severity?: unknown;
  /** Of an AggregateError: one for each address that a host name has. */
  readonly errors?: unknown;
}

function ruleOf(code: string, message: string): Rule {
  const ofNetwork = networkRule(code);
  if (ofNetwork !== undefined) return ofNetwork;
  const exact = byCodeAndText.find((each) => each.code === code && message.startsWith(each.text));
  if (exact !== undefined) return exact.rule;
  if (code === '' || !/^[0-9A-Z]{5}$/.test(code)) {
    const found = byMessage.find(([text]) => message.startsWith(text));
    return found?.[1] ?? { kind: 'statement', outcome: 'final' };
  }
  return bySqlState[code] ?? byClass[code.slice(0, 2)] ?? { kind: 'statement', outcome: 'final' };
}

/** The first line of the server's message, without the value that refusals of data (class 22) quote. */
function headline(message: string, code: string): string {
  const [first = ''] = message.split('\n', 1);
  return code.startsWith('22') ? first.replace(/:? ".*"/, '') : first;
}

/**
 * What an error of node-postgres means (research/database-layer.md 3.9).
 *
 * @param writing the statement may have changed something: an unknown outcome stays unknown; for a read it is safe.
 */
export function classifyPostgresError(error: unknown, writing: boolean): Failure {
  const thrown: DriverError = error ?? {};
  const { code, constraint, severity } = thrown;
  const message = messageOf(thrown);
  const codeText = typeof code === 'string' ? code : '';
  const text = message === '' ? String(error) : headline(message, codeText);
  const rule = ruleOf(codeText, text);
  const outcome = rule.outcome === 'unknown' && !writing ? 'read-safe' : rule.outcome;
  return {
    kind: rule.kind,
    outcome,
    text,
    connectionLost: rule.connectionLost === true || severity === 'FATAL' || severity === 'PANIC',
    ...(codeText === '' ? {} : { code: codeText }),
    ...(typeof constraint === 'string' ? { constraint } : {}),
  };
}
