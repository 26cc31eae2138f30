import { keepDatabaseMode } from './database-mode.ts';
import { createChannelsClient } from './channels.ts';
import { createHttp } from './http.ts';
import { createLive } from './live.ts';
import { createOperationsClient } from './operations.ts';
import { createPostsClient } from './posts.ts';
import { signedOut, useSession } from './session.ts';
import { createSystemClient } from './system.ts';
import { createTeamsClient } from './teams.ts';
import { causalToken, csrfToken } from './tokens.ts';
import { createUsersClient } from './users.ts';

export { AppError, errorText, isTransient, noAnswer, timedOut } from './app-error.ts';
export { useDatabaseMode } from './database-mode.ts';
export { emojiDataAddress, loadEmojiNames } from './emoji-data.ts';
export { type Live, type LiveState, useLiveState } from './live.ts';
export {
  currentUser,
  isSystemAdmin,
  loadSession,
  type Session,
  signedOut,
  signIn,
  useCurrentUser,
  useSession,
} from './session.ts';

/** For a resource that this folder does not know yet; addresses stay in `client/` all the same. */
const http = createHttp({
  fetch: (input, init) => fetch(input, init),
  csrf: csrfToken,
  token: causalToken,
  onSignedOut: () => {
    if (useSession.getState().state === 'signed-in') signedOut('expired');
  },
});

/** Every request of the webapp. Each method throws `AppError` only. */
export const api = {
  users: createUsersClient(http),
  teams: createTeamsClient(http),
  channels: createChannelsClient(http),
  posts: createPostsClient(http),
  operations: createOperationsClient(http),
  system: createSystemClient(http),
};

/** The page's one socket. */
export const live = createLive({
  keepToken: causalToken.keep,
  onRefused: () => void api.users.me().catch(() => undefined),
});
live.on('database_mode', keepDatabaseMode);
