import type { Virtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useState } from 'react';
import type { Row } from './rows.ts';

const isMessage = (row: Row | undefined) => row?.kind === 'post' || row?.kind === 'pending';

function neighbour(rows: readonly Row[], from: number, step: 1 | -1): number | undefined {
  for (let index = from + step; index >= 0 && index < rows.length; index += step) {
    if (isMessage(rows[index])) return index;
  }
  return undefined;
}

/**
 * One message of the list takes part in the tab order; up and down move to its neighbours, whether they are on the
 * screen or not.
 */
export function useListFocus(rows: readonly Row[], virtualizer: Virtualizer<HTMLDivElement, HTMLDivElement>) {
  const [focusKey, setFocusKey] = useState<string>();
  const focused = focusKey === undefined ? -1 : rows.findIndex((row) => row.key === focusKey);
  const fallback = neighbour(rows, rows.length, -1);
  const current = focused >= 0 ? focused : fallback;

  const moveTo = (index: number, list: HTMLElement) => {
    const row = rows[index];
    if (!row) return;
    setFocusKey(row.key);
    virtualizer.scrollToIndex(index, { align: 'auto' });
    // The row may have to be made first.
    requestAnimationFrame(() => list.querySelector<HTMLElement>(`[data-index="${index}"] article`)?.focus());
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
    if (step === undefined || !(event.target instanceof HTMLElement) || event.target.tagName !== 'ARTICLE') return;
    const from = Number(event.target.closest<HTMLElement>('[data-index]')?.dataset.index);
    const next = neighbour(rows, from, step);
    if (next === undefined) return;
    event.preventDefault();
    moveTo(next, event.currentTarget);
  };

  return { onKeyDown, isTabbable: (index: number) => index === current };
}
