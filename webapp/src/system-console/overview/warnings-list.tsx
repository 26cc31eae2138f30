import { Banner } from '../../ui/index.ts';
import { ConsoleLink } from '../frame/console-link.tsx';
import { useText } from '../texts.ts';
import classes from './overview.module.css';
import type { Warning } from './warnings.ts';

/** The warnings, each with the way to the page where something can be done about it. */
export function WarningsList({ warnings }: { warnings: readonly Warning[] }) {
  const text = useText();
  if (warnings.length === 0) return null;
  return (
    <ul className={classes.warnings} aria-label={text('overview.warnings')}>
      {warnings.map(({ key, tone, message, values, text: words, link }) => (
        <li key={key}>
          <Banner
            tone={tone}
            actions={link ? <ConsoleLink to={link}>{text(`overview.warning.link.${link}`)}</ConsoleLink> : null}
          >
            {message ? text(message, values) : words}
          </Banner>
        </li>
      ))}
    </ul>
  );
}
