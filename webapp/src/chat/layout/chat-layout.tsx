import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { errorText, useCurrentUser } from '../../client/index.ts';
import { AnchorLink, ErrorState, LoadingLines, WaitingState } from '../../ui/index.ts';
import { ConnectionBanner } from '../connection/connection-banner.tsx';
import { followEvents, resync } from '../data/follow.ts';
import { isKeptWaiting, untilItComes } from '../data/patience.ts';
import { openTeam } from '../data/team.ts';
import { ChatDialogs } from '../dialogs/chat-dialogs.tsx';
import { loadMarkdown } from '../markdown/markdown.tsx';
import { userOutbox } from '../outbox/index.ts';
import { Sidebar } from '../sidebar/sidebar.tsx';
import { chatState, sidebarSections, useChat } from '../state/index.ts';
import { TextProvider, useText } from '../texts.ts';
import classes from './chat-layout.module.css';
import { TopBar } from './top-bar.tsx';
import { useChatKeys } from './use-chat-keys.ts';
import { useUnreadTitle } from './use-unread-title.ts';

async function enterTeam(name: string): Promise<string> {
  followEvents();
  const known = chatState().team?.name === name;
  await openTeam(name);
  // Coming back from elsewhere: what was on the screen then may have missed something.
  if (known) void resync();
  return name;
}

function useTeam(name: string) {
  const user = useCurrentUser();
  return useQuery({
    queryKey: ['enter-team', user.id, name],
    queryFn: () => enterTeam(name),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    ...untilItComes,
  });
}

function Body({ name }: { name: string }) {
  const text = useText();
  const team = useTeam(name);
  const loaded = useChat((state) => state.team?.name === name);
  if (loaded) return <Outlet />;
  if (team.isError) {
    return (
      <main>
        <ErrorState level={1} title={text('team.failed')} onRetry={() => void team.refetch()}>
          {errorText(team.error)}{' '}
          <AnchorLink to="/select_team" underline="always">
            {text('team.other')}
          </AnchorLink>
        </ErrorState>
      </main>
    );
  }
  return (
    <main className={classes.main}>
      {isKeptWaiting(team) ? (
        <WaitingState level={1} title={text('team.waiting')}>
          {text('waiting.by_itself')}
        </WaitingState>
      ) : (
        <LoadingLines lines={8} label={text('team.loading')} />
      )}
    </main>
  );
}

/** On a narrow page the sidebar lies above the rest: it closes with Esc and when it has led somewhere. */
function useSidebar(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  useEffect(() => setOpen(false), [pathname]);
  useEffect(() => {
    if (!open) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setOpen(false);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [open]);
  return [open, setOpen];
}

function Frame({ name }: { name: string }) {
  const text = useText();
  const user = useCurrentUser();
  const outbox = userOutbox(user.id);
  const [sidebarOpen, setSidebarOpen] = useSidebar();
  useChatKeys();
  useUnreadTitle();
  return (
    <div className={classes.frame} data-sidebar={sidebarOpen ? 'open' : 'closed'}>
      <TopBar outbox={outbox} sidebarOpen={sidebarOpen} onToggleSidebar={() => setSidebarOpen(!sidebarOpen)} />
      <div className={classes.sidebar}>
        <Sidebar onOpen={() => setSidebarOpen(false)} />
      </div>
      {sidebarOpen ? (
        <button
          type="button"
          className={classes.shade}
          aria-label={text('sidebar.close')}
          onClick={() => setSidebarOpen(false)}
        />
      ) : null}
      <Body name={name} />
      <ConnectionBanner outbox={outbox} />
      <ChatDialogs outbox={outbox} />
    </div>
  );
}

/** The chat of one team: top bar, sidebar, and what the address names. */
export function ChatLayout() {
  const { team } = useParams({ from: '/$team' });
  useEffect(() => void loadMarkdown(), []);
  return (
    <TextProvider>
      <Frame name={team} />
    </TextProvider>
  );
}

const lastChannelKey = 'holdfast-last-channel';

/** Opens the channel that was open last, else the first. */
export function ChatStart() {
  const { team } = useParams({ from: '/$team' });
  const channels = useChat((state) => state.channels);
  const members = useChat((state) => state.members);
  const rooms = sidebarSections({ channels, members })[0]?.channels ?? [];
  const last = localStorage.getItem(`${lastChannelKey}/${team}`);
  const room =
    rooms.find((each) => each.name === last) ?? rooms.find((each) => each.name === 'town-square') ?? rooms[0];
  return room ? <Navigate to="/$team/channels/$name" params={{ team, name: room.name }} replace /> : <main />;
}

/** Remembers the channel for the next start. */
export function rememberChannel(team: string, name: string): void {
  localStorage.setItem(`${lastChannelKey}/${team}`, name);
}
