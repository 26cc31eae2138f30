import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { live, useDatabaseMode, useLiveState } from '../../client/index.ts';
import { Banner, formatClock } from '../../ui/index.ts';
import { type Outbox, useOutboxView } from '../outbox/index.ts';
import { useChat } from '../state/index.ts';
import { type ChatText, useText } from '../texts.ts';
import { type BannerState, type BannerView, type LinkFacts, nextBanner, quiet, viewBanner } from './banner-state.ts';
import classes from './connection-banner.module.css';

const tick = 250;

function useFacts(): Omit<LinkFacts, 'now'> {
  const connected = useLiveState((state) => state.connected);
  const mode = useDatabaseMode((state) => state.mode);
  const canRead = useChat((state) => Object.keys(state.windows).length > 0);
  const { items, sent } = useOutboxView();
  const waiting = items.filter((item) => item.phase !== 'refused').length;
  const stalled = items.some((item) => item.phase === 'waiting');
  return useMemo(
    () => ({ connected, mode, canRead, waiting, stalled, sent }),
    [connected, mode, canRead, waiting, stalled, sent],
  );
}

function useBannerView(facts: Omit<LinkFacts, 'now'>): BannerView | undefined {
  const [state, setState] = useState<BannerState>(quiet);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const step = () => {
      const at = Date.now();
      setState((before) => nextBanner(before, { ...facts, now: at }));
      setNow(at);
    };
    step();
    if (state.phase === 'quiet') return;
    const timer = setInterval(step, tick);
    return () => clearInterval(timer);
  }, [facts, state.phase]);
  return viewBanner(state, { ...facts, now });
}

/** The reason of a read-only mode names hosts and is for admins: the System Console has it. */
function wordsOf(view: BannerView, text: ChatText): string {
  const { say, count, since } = view;
  if (say === 'back') return text('connection.back', { count });
  if (say === 'recovering') return text('connection.recovering', { count });
  const parts = [text(`connection.${say}`)];
  if (since !== undefined) parts.push(text('connection.since', { time: formatClock(since) }));
  if (count > 0) parts.push(text('connection.waiting', { count }));
  return parts.join(' ');
}

/** Tells what keeps messages from going out, in the words of the people who write them. It overlays: nothing moves. */
export function ConnectionBanner({ outbox }: { outbox: Outbox }) {
  const text = useText();
  const facts = useFacts();
  const view = useBannerView(facts);
  const clipboard = useClipboard();
  const retry = () => {
    live.retryNow();
    outbox.retryNow();
  };
  const copy = () =>
    clipboard.copy(
      outbox
        .items()
        .map((item) => item.entry.message)
        .join('\n\n'),
    );
  return (
    // The region stays while its words come and go: only so are they read out.
    <div className={classes.slot} role="status" aria-label={text('connection.label')}>
      {view ? (
        <Banner
          tone={view.say === 'back' ? 'good' : 'warning'}
          actions={
            <>
              {view.canCopy ? (
                <Button size="compact-sm" variant="default" onClick={copy}>
                  {text(clipboard.copied ? 'code.copied' : 'connection.copy_all')}
                </Button>
              ) : null}
              {view.canRetry ? (
                <Button size="compact-sm" variant="default" onClick={retry}>
                  {text('connection.retry')}
                </Button>
              ) : null}
            </>
          }
        >
          {wordsOf(view, text)}
        </Banner>
      ) : null}
    </div>
  );
}
