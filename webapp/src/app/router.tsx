import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { FailedPage, NotFoundPage, PendingPage, RootPage } from './pages.tsx';
import { requireGuest, requireUser, sessionReady, Unreachable } from './session/guards.ts';
import { LoginPage } from './session/login-page.tsx';
import { findStartTeam } from './teams/start-team.ts';

const rootRoute = createRootRoute({ component: RootPage, notFoundComponent: NotFoundPage });

interface LoginSearch {
  redirect?: string;
  expired?: boolean;
}

const loginSearch = (search: Record<string, unknown>): LoginSearch => ({
  ...(typeof search.redirect === 'string' ? { redirect: search.redirect } : {}),
  ...(search.expired === true ? { expired: true } : {}),
});

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async (context) => {
    await requireUser(context);
    const team = await findStartTeam();
    throw team === undefined ? redirect({ to: '/select_team' }) : redirect({ to: '/$team', params: { team } });
  },
});
const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: loginSearch,
  beforeLoad: requireGuest,
  component: LoginPage,
});
const signupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signup',
  validateSearch: loginSearch,
  beforeLoad: requireGuest,
  component: lazyRouteComponent(() => import('./session/signup-page.tsx'), 'SignupPage'),
});
const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  beforeLoad: async () => {
    const session = await sessionReady();
    if (session.state === 'unreachable') throw new Unreachable();
    if (session.state === 'anonymous') throw redirect({ to: '/login' });
  },
  component: lazyRouteComponent(() => import('./session/setup-page.tsx'), 'SetupPage'),
});
const selectTeamRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/select_team',
  beforeLoad: requireUser,
  component: lazyRouteComponent(() => import('./teams/select-team-page.tsx'), 'SelectTeamPage'),
});
const createTeamRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/create_team',
  beforeLoad: requireUser,
  component: lazyRouteComponent(() => import('./teams/create-team-page.tsx'), 'CreateTeamPage'),
});

interface ChatSearch {
  /** The thread in the right panel, by its first post. */
  thread?: string;
}

const chatSearch = (search: Record<string, unknown>): ChatSearch =>
  typeof search.thread === 'string' ? { thread: search.thread } : {};

const chatRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/$team',
  beforeLoad: requireUser,
  component: lazyRouteComponent(() => import('../chat/index.ts'), 'ChatLayout'),
});
const chatIndexRoute = createRoute({
  getParentRoute: () => chatRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../chat/index.ts'), 'ChatStart'),
});
const channelRoute = createRoute({
  getParentRoute: () => chatRoute,
  path: '/channels/$name',
  validateSearch: chatSearch,
  component: lazyRouteComponent(() => import('../chat/index.ts'), 'ChannelPage'),
});
const directRoute = createRoute({
  getParentRoute: () => chatRoute,
  path: '/messages/$user',
  validateSearch: chatSearch,
  component: lazyRouteComponent(() => import('../chat/index.ts'), 'DirectPage'),
});

const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin_console/$',
  // Matches the bare address, too.
  beforeLoad: async (context) => {
    if (!context.params._splat)
      throw redirect({ to: '/admin_console/$', params: { _splat: 'overview' }, replace: true });
    await requireUser(context);
  },
  component: lazyRouteComponent(() => import('../system-console/index.tsx'), 'SystemConsole'),
});

/** Every address of the webapp; chat and console arrive when they are first opened. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    loginRoute,
    signupRoute,
    setupRoute,
    selectTeamRoute,
    createTeamRoute,
    consoleRoute,
    chatRoute.addChildren([chatIndexRoute, channelRoute, directRoute]),
  ]),
  defaultPendingComponent: PendingPage,
  defaultErrorComponent: FailedPage,
  defaultPendingMs: 300,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
