import type { DatabaseMode } from '../../../../contract/index.ts';
import { Banner, formatAge, useClock } from '../../ui/index.ts';
import { useText } from '../texts.ts';

/** Why the mode is not normal, and since when; nothing while it is. */
export function ModeReason({ mode }: { mode: DatabaseMode }) {
  const text = useText();
  const now = useClock(1_000);
  return (
    <div role="status" aria-label={text(`console.mode.${mode.mode}`)}>
      {mode.mode === 'normal' ? null : (
        <Banner tone={mode.mode === 'read-only' ? 'bad' : 'info'}>
          {mode.reason.replace(/[^.!?]$/, '$&.')} {/* Read out once, not at every tick of the clock. */}
          <span aria-hidden="true">{text('database.mode_since', { age: formatAge(now - mode.since) })}</span>
        </Banner>
      )}
    </div>
  );
}
