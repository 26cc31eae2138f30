import type { Locator } from '@playwright/test';

/** One message as it is read out. */
export interface Said {
  readonly author: string;
  readonly words: string;
}

// What of the browser's own types is needed: the stories are compiled without them.
interface BrowserElement {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
  getAttribute(name: string): string | null;
  querySelector(selector: string): BrowserElement | null;
  querySelectorAll(selector: string): Iterable<BrowserElement>;
}
declare function requestAnimationFrame(callback: () => void): number;

type Row = readonly [index: number, name: string | null];

/**
 * Scrolls a virtual list from where it stands to its end and returns its messages. Rows are told apart by their places, so that a message
 * shown twice is returned twice.
 */
export async function readRows(list: Locator): Promise<Said[]> {
  const rows = await list.evaluate(scrollThrough);
  const places = rows.map(([index]) => index);
  const [first = 0] = places;
  const gap = places.find((place, at) => place !== first + at);
  if (gap !== undefined) throw new Error(`The list showed no row ${gap - 1} on the way down.`);
  return rows.flatMap(([, name]) => (name === null ? [] : [parseName(name)]));
}

async function scrollThrough(list: BrowserElement): Promise<Row[]> {
  const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));
  const rows = new Map<number, string | null>();
  for (;;) {
    await frame();
    await frame();
    for (const row of list.querySelectorAll('[data-index]')) {
      rows.set(
        Number(row.getAttribute('data-index')),
        row.querySelector('article')?.getAttribute('aria-label') ?? null,
      );
    }
    if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) break;
    list.scrollTop += list.clientHeight / 2;
  }
  return [...rows].toSorted(([a], [b]) => a - b);
}

// "ann, 02:02 PM, what was said"
function parseName(name: string): Said {
  const [, author = '', words = ''] = /^([^,]*), [^,]*, (.*)$/s.exec(name) ?? [];
  return { author, words };
}
