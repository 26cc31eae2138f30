import { useText } from '../texts.ts';
import classes from './composer.module.css';
import type { Completion } from './use-completion.ts';

/** The suggestions above the text box. Focus stays in the box; the active line is named to it. */
export function CompletionList({ completion }: { completion: Completion }) {
  const text = useText();
  if (!completion.opened) return null;
  return (
    <ul className={classes.suggestions} id={completion.listId} role="listbox" aria-label={text('composer.suggestions')}>
      {completion.list.map((suggestion, place) => (
        <li
          key={suggestion.insert + suggestion.label}
          id={completion.optionId(place)}
          role="option"
          aria-selected={place === completion.active}
          className={classes.suggestion}
          onMouseDown={(event) => {
            event.preventDefault();
            completion.take(suggestion);
          }}
        >
          <span>{suggestion.label}</span>
          <span className={classes.detail}>{suggestion.detail}</span>
        </li>
      ))}
    </ul>
  );
}
