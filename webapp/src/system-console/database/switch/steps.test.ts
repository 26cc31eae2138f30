import { describe, expect, test } from 'vitest';
import type { MasterConfiguration, Operation } from '../../../../../contract/index.ts';
import { nextStep, openSteps, shownStep, switchoverSince, type WizardFacts } from './steps.ts';

const configuration: MasterConfiguration = {
  written: true,
  backup: 'config.json.1',
  reason: '',
  setting: '',
  text: '',
};
const operationOf = (outcome: Operation['outcome'], changes: Partial<Operation> = {}): Operation =>
  ({ id: 'one', kind: 'switchover', outcome, ...changes }) as Operation;
const facts = (changes: Partial<WizardFacts> = {}): WizardFacts => ({
  checked: undefined,
  starting: false,
  operation: undefined,
  wanted: undefined,
  ...changes,
});

describe('the steps of the wizard', () => {
  test('begin with the choice, and lead back to it from the checks', () => {
    expect(shownStep(facts())).toBe('choose');
    expect(shownStep(facts({ wanted: 'checks' }))).toBe('choose');
    expect(shownStep(facts({ checked: 'pg-b' }))).toBe('checks');
    expect(shownStep(facts({ checked: 'pg-b', wanted: 'choose' }))).toBe('choose');
  });

  test('leave no way back once the request is sent, nor while the switch runs', () => {
    for (const wanted of ['choose', 'checks', 'report'] as const) {
      expect(shownStep(facts({ checked: 'pg-b', starting: true, wanted }))).toBe('switch');
      expect(shownStep(facts({ operation: operationOf('running'), wanted }))).toBe('switch');
    }
    expect(nextStep(facts({ operation: operationOf('running') }))).toBeUndefined();
  });

  test('stay where one looked when the switch ends, and go on from there', () => {
    const operation = operationOf('succeeded', { configuration });
    expect(shownStep(facts({ operation, wanted: 'switch' }))).toBe('switch');
    expect(nextStep(facts({ operation, wanted: 'switch' }))).toBe('configuration');
    expect(nextStep(facts({ operation, wanted: 'configuration' }))).toBe('report');
    expect(nextStep(facts({ operation, wanted: 'report' }))).toBeUndefined();
  });

  test('show the report of one that had ended before', () => {
    expect(shownStep(facts({ operation: operationOf('succeeded', { configuration }) }))).toBe('report');
  });

  test('leave out config.json when the master was not moved', () => {
    expect(openSteps(facts({ operation: operationOf('failed-nothing-changed') }))).toEqual(['switch', 'report']);
  });
});

describe('the switch that a request has begun', () => {
  const ended = operationOf('succeeded', { id: 'old' });

  test('is the one that runs, or one that was not known before', () => {
    expect(switchoverSince([ended], 'old')).toBeUndefined();
    expect(switchoverSince([], undefined)).toBeUndefined();
    expect(switchoverSince([operationOf('succeeded', { id: 'new' }), ended], 'old')?.id).toBe('new');
    expect(switchoverSince([operationOf('running', { id: 'old' })], 'old')?.id).toBe('old');
  });

  test('is no recycle', () => {
    expect(switchoverSince([operationOf('running', { kind: 'recycle' }), ended], 'old')).toBeUndefined();
  });
});
