import { useEffect } from 'react';

const pauseLimit = 1_500;

/** Whether a key belongs to a text field, or to a dialog that is open. */
export function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('[role=dialog], [role=alertdialog]') !== null) return true;
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Calls `go` with the key that follows a `g`, outside of text fields and dialogs. */
export function useGoKeys(go: (key: string) => void): void {
  useEffect(() => {
    let startedAt = Number.NEGATIVE_INFINITY;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === 'g') startedAt = event.timeStamp;
      else if (event.timeStamp - startedAt < pauseLimit) {
        startedAt = Number.NEGATIVE_INFINITY;
        go(event.key);
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [go]);
}
