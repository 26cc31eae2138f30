import { Check } from 'lucide-react';
import { useText } from '../../texts.ts';
import { openSteps, shownStep, type WizardFacts, type WizardStep, wizardSteps } from './steps.ts';
import classes from './wizard-steps.module.css';

interface WizardStepsProps {
  readonly facts: WizardFacts;
  readonly onShow: (step: WizardStep) => void;
}

/** Where the wizard stands; the steps that can be looked at are buttons. */
export function WizardSteps({ facts, onShow }: WizardStepsProps) {
  const text = useText();
  const shown = shownStep(facts);
  const open = openSteps(facts);
  return (
    <ol className={classes.steps} aria-label={text('switch.steps')}>
      {wizardSteps.map((step, index) => {
        const isPast = index < wizardSteps.indexOf(shown);
        const words = (
          <>
            <span className={classes.number} aria-hidden="true">
              {isPast ? <Check size={15} /> : index + 1}
            </span>
            <span className={classes.name}>{text(`switch.step.${step}`)}</span>
          </>
        );
        return (
          <li key={step} aria-current={step === shown ? 'step' : undefined} data-past={isPast}>
            {open.includes(step) && step !== shown ? (
              <button type="button" onClick={() => onShow(step)}>
                {words}
              </button>
            ) : (
              <span>{words}</span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
