// No schema in this file: the webapp takes these names without taking zod.

/** Header in both directions: the causal token that the next read must have reached. */
export const tokenHeader = 'X-Holdfast-Token';

/** Where the webapp's socket.io listens. Authentication: the session cookie, or `Authorization: Bearer` by extra headers. */
export const socketPath = '/socket.io';

/** Every server event arrives under this one socket.io event name, with one argument: a `ServerEvent`. */
export const socketEventName = 'event';

/** The version of Mattermost whose API this server speaks; clients read it from `X-Version-Id`. */
export const apiVersion = '9.11.0';
