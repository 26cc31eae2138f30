import { Box, Loader } from '@mantine/core';
import { type ErrorComponentProps, Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { useEffect } from 'react';
import { errorText, isTransient, useSession } from '../client/index.ts';
import { AnchorLink, EmptyState, ErrorState } from '../ui/index.ts';
import { guestPages } from './session/follow-session.ts';
import { Unreachable } from './session/guards.ts';
import { useText } from './texts.ts';

/** Around every page. Between the end of a session and the sign-in page nothing of the user's is shown. */
export function RootPage() {
  const signedOut = useSession((session) => session.state === 'anonymous');
  // The page that is shown, which lags behind the address while the next one is on its way.
  const shown = useRouterState({ select: (router) => router.resolvedLocation?.pathname ?? '' });
  return signedOut && shown !== '' && !guestPages.includes(shown) ? <PendingPage /> : <Outlet />;
}

/** While a page's code or data is on its way. */
export function PendingPage() {
  const text = useText();
  return (
    <Box component="main" p="xl" role="status" aria-label={text('app.loading')} style={{ textAlign: 'center' }}>
      <Loader size="sm" />
    </Box>
  );
}

const retryAfter = 2_000;

/** A page that could not be shown; what may pass by itself is tried again. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  const text = useText();
  const router = useRouter();
  const unreachable = error instanceof Unreachable || isTransient(error);
  const retry = () => {
    reset();
    void router.invalidate();
  };
  useEffect(() => {
    if (!unreachable) return;
    const timer = setTimeout(retry, retryAfter);
    return () => clearTimeout(timer);
  });
  return (
    <main>
      <ErrorState level={1} title={text(unreachable ? 'app.unreachable.title' : 'app.failed.title')} onRetry={retry}>
        {unreachable ? text('app.unreachable.text') : errorText(error)}
      </ErrorState>
    </main>
  );
}

/** An address that leads nowhere. */
export function NotFoundPage() {
  const text = useText();
  return (
    <main>
      <EmptyState level={1} title={text('app.not_found.title')} icon={Compass}>
        <AnchorLink to="/" underline="always">
          {text('app.not_found.back')}
        </AnchorLink>
      </EmptyState>
    </main>
  );
}
