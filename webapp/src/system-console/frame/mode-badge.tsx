import type { DatabaseMode } from '../../../../contract/index.ts';
import { StatusBadge, type Tone } from '../../ui/index.ts';
import { useText } from '../texts.ts';

const tones: Record<DatabaseMode['mode'], Tone> = { normal: 'good', switching: 'info', 'read-only': 'bad' };

/** What users may do at the moment, with its reason as the title. */
export function ModeBadge({ mode }: { mode: DatabaseMode }) {
  const text = useText();
  return (
    <StatusBadge tone={tones[mode.mode]} title={mode.reason}>
      {text(`console.mode.${mode.mode}`)}
    </StatusBadge>
  );
}
