import type { Operation } from '../../../../../contract/index.ts';

export const wizardSteps = ['choose', 'checks', 'switch', 'configuration', 'report'] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** What the wizard knows: of the plan, of the request, and of the switch itself. */
export interface WizardFacts {
  /** The name that was chosen, once it is to be checked. */
  readonly checked: string | undefined;
  /** The request is under way and no operation tells of it yet. */
  readonly starting: boolean;
  readonly operation: Operation | undefined;
  /** The step that somebody asked to see; undefined: the one that it is about. */
  readonly wanted: WizardStep | undefined;
}

/** The steps that can be looked at. A switch that began cannot be planned any more. */
export function openSteps({ checked, starting, operation }: WizardFacts): readonly WizardStep[] {
  if (operation === undefined) {
    if (starting) return ['switch'];
    return checked === undefined ? ['choose'] : ['choose', 'checks'];
  }
  if (operation.outcome === 'running') return ['switch'];
  return operation.configuration === undefined ? ['switch', 'report'] : ['switch', 'configuration', 'report'];
}

/** The step that is shown: the wanted one when it can be, otherwise the furthest. */
export function shownStep(facts: WizardFacts): WizardStep {
  const open = openSteps(facts);
  if (facts.wanted !== undefined && open.includes(facts.wanted)) return facts.wanted;
  return open.at(-1) ?? 'choose';
}

/** The one after it that can be looked at. */
export function nextStep(facts: WizardFacts): WizardStep | undefined {
  const open = openSteps(facts);
  return open[open.indexOf(shownStep(facts)) + 1];
}

/** The switchover that a request has begun or joined: it runs, or it was not known before the request. */
export function switchoverSince(operations: readonly Operation[], before: string | undefined): Operation | undefined {
  const newest = operations.find(({ kind }) => kind === 'switchover');
  return newest !== undefined && (newest.outcome === 'running' || newest.id !== before) ? newest : undefined;
}
