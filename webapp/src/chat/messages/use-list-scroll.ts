import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { loadNewer, loadOlder } from '../data/posts.ts';
import type { PostWindow } from '../state/index.ts';
import type { Row } from './rows.ts';

interface ListScrollInput {
  readonly channelId: string;
  readonly rows: readonly Row[];
  readonly window: PostWindow;
  readonly scroller: RefObject<HTMLDivElement | null>;
}

const estimates: Readonly<Record<Row['kind'], number>> = {
  post: 60,
  pending: 60,
  day: 36,
  new: 30,
  gap: 50,
  older: 44,
  newer: 44,
  beginning: 60,
};

/** So near to the end counts as at the end (px). */
const endThreshold = 60;
/** So many rows before an end the next page is asked for. */
const pageAhead = 4;

/** So many frames in the same place are a rest: the virtualizer takes two or three to be sure of a row. */
const framesAtRest = 5;

/** Where a channel was left: the first row on the screen, how far it was scrolled out (px), and how high the rows are. */
interface Place {
  readonly key: string;
  readonly offset: number;
  readonly measured: VirtualItem[];
}

const places = new Map<string, Place>();

type ListVirtualizer = ReturnType<typeof useVirtualizer<HTMLDivElement, HTMLDivElement>>;

function openAtPlace(virtualizer: ListVirtualizer, channelId: string, rows: readonly Row[]): void {
  const newLine = rows.findIndex((row) => row.kind === 'new');
  const place = places.get(channelId);
  const placeIndex = place ? rows.findIndex((row) => row.key === place.key) : -1;
  if (newLine >= 0) virtualizer.scrollToIndex(newLine, { align: 'start' });
  else if (place && placeIndex >= 0) {
    const [start] = virtualizer.getOffsetForIndex(placeIndex, 'start') ?? [0];
    virtualizer.scrollToOffset(start + place.offset);
  } else virtualizer.scrollToEnd();
}

function keepPlace(virtualizer: ListVirtualizer, channelId: string): void {
  const offset = virtualizer.scrollOffset ?? 0;
  const first = virtualizer.getVirtualItemForOffset(offset);
  if (!first || virtualizer.isAtEnd(endThreshold)) places.delete(channelId);
  else {
    const measured = virtualizer.takeSnapshot();
    places.set(channelId, { key: String(first.key), offset: offset - first.start, measured });
  }
}

/**
 * True once the list has come to rest where it was opened. Until then the virtualizer is on its way to a row by its number, and rows that a
 * page puts before it would make that another row.
 */
function useIsPlaced(scroller: RefObject<HTMLDivElement | null>): boolean {
  const [placed, setPlaced] = useState(false);
  useEffect(() => {
    let frame = 0;
    const watch = (before: string, still: number) => {
      const box = scroller.current;
      const now = `${box?.scrollTop}/${box?.scrollHeight}`;
      const frames = now === before ? still + 1 : 0;
      if (frames === framesAtRest) setPlaced(true);
      else frame = requestAnimationFrame(() => watch(now, frames));
    };
    watch('', 0);
    return () => cancelAnimationFrame(frame);
  }, [scroller]);
  return placed;
}

/** Asks for the next page before the reader gets there; one request at a time. */
function usePaging(
  { channelId, window, scroller }: ListScrollInput,
  virtualizer: ListVirtualizer,
  count: number,
): void {
  const busy = useRef(false);
  const placed = useIsPlaced(scroller);
  const [answers, setAnswers] = useState(0);
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!placed || busy.current || count === 0) return;
    const load =
      window.hasOlder && first <= pageAhead
        ? loadOlder
        : window.hasNewer && last >= count - pageAhead
          ? loadNewer
          : undefined;
    if (!load) return;
    busy.current = true;
    const end = (came: boolean) => {
      busy.current = false;
      // One page may not have been enough. One that did not come is asked for again at the next scroll.
      if (came) setAnswers((before) => before + 1);
    };
    load(channelId).then(
      () => end(true),
      () => end(false),
    );
  }, [channelId, placed, window, first, last, count, answers]);
}

/** Own messages are followed wherever the reader was. */
function useFollowOwn(rows: readonly Row[], virtualizer: ListVirtualizer): void {
  const lastRow = rows.at(-1);
  const ownKey = lastRow?.kind === 'pending' ? lastRow.key : undefined;
  useLayoutEffect(() => {
    if (ownKey !== undefined) virtualizer.scrollToEnd();
  }, [ownKey, virtualizer]);
}

/** At the end the list stays at the end, also when the composer grows or the window changes. */
function useStayAtEnd(scroller: RefObject<HTMLDivElement | null>, virtualizer: ListVirtualizer, atEnd: boolean): void {
  const stay = useRef(atEnd);
  useEffect(() => {
    stay.current = atEnd;
  }, [atEnd]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    let first = true;
    const observer = new ResizeObserver(() => {
      // The first call tells the size that the list was opened with.
      if (stay.current && !first) virtualizer.scrollToEnd();
      first = false;
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [scroller, virtualizer]);
}

/** Posts that came below the screen since the reader left the end. */
function useUnseen(rows: readonly Row[], atEnd: boolean): number {
  const posts = rows.filter((row) => row.kind === 'post');
  const lastAt = posts.at(-1)?.post.create_at ?? 0;
  const [seenUpTo, setSeenUpTo] = useState(lastAt);
  useEffect(() => {
    if (atEnd) setSeenUpTo(lastAt);
  }, [atEnd, lastAt]);
  return atEnd ? 0 : posts.filter((row) => row.post.create_at > seenUpTo).length;
}

/** The list's virtual rows and its place: opens at the first unread row, stays where the reader is, follows at the end. */
export function useListScroll(input: ListScrollInput) {
  const { channelId, rows, window, scroller } = input;
  const latest = useRef<ListVirtualizer>(undefined);
  // Stands before the virtualizer: clean-ups run in this order, and after its own it knows no place any more.
  useLayoutEffect(
    () => () => {
      if (latest.current) keepPlace(latest.current, channelId);
    },
    [channelId],
  );
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimates[rows[index]?.kind ?? 'post'],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 10,
    anchorTo: 'end',
    followOnAppend: !window.hasNewer,
    scrollEndThreshold: endThreshold,
    paddingEnd: 8,
    initialMeasurementsCache: places.get(channelId)?.measured ?? [],
  });
  const opened = useRef(false);
  useLayoutEffect(() => {
    latest.current = virtualizer;
    if (opened.current) return;
    opened.current = true;
    openAtPlace(virtualizer, channelId, rows);
  });
  usePaging(input, virtualizer, rows.length);
  useFollowOwn(rows, virtualizer);
  const atEnd = virtualizer.isAtEnd(endThreshold);
  useStayAtEnd(scroller, virtualizer, atEnd);
  const unseen = useUnseen(rows, atEnd);
  return { virtualizer, atEnd, unseen, jumpToEnd: () => virtualizer.scrollToEnd() };
}
