import { expect } from 'vitest';
import type { OutgoingEvent } from '../index.ts';
import { applyEvent, type ClientSelf } from './apply-event.ts';
import { type ClientState, fetchState } from './client-state.ts';

/** What the law is asserted on. */
export interface LawSubjects {
  /** The clients that look on: at least whoever acts and somebody else. */
  readonly clients: readonly ClientSelf[];
  /** Where all published events end up, in order. */
  readonly events: readonly OutgoingEvent[];
}

/**
 * Asserts the law of realtime on one action: for each client, the state before it plus the events that reach them is
 * the state after it. Returns what the action returns.
 */
export async function expectEventLaw<T>({ clients, events }: LawSubjects, act: () => Promise<T>): Promise<T> {
  const states = await Promise.all(clients.map((client) => fetchState(client.get)));
  const first = events.length;
  const result = await act();
  for (const event of events.slice(first)) {
    for (const [index, client] of clients.entries()) {
      const state = states[index];
      if (state !== undefined && reaches(event, client, state)) await applyEvent(state, event, client);
    }
  }
  for (const [index, client] of clients.entries()) {
    expect(comparable(states[index])).toEqual(comparable(await fetchState(client.get)));
  }
  return result;
}

/** The narrowest scope counts, as in Mattermost; who comes into a channel by an event hears that event. */
function reaches({ event, data, to }: OutgoingEvent, self: ClientSelf, state: ClientState): boolean {
  // Members of an archived team are its members still, and see it no more.
  if (event === 'restore_team') return [...state.channels.values()].some(({ team_id }) => team_id === to.team_id);
  if (to.user_id) return to.user_id === self.userId;
  if (to.channel_id) return state.members.has(to.channel_id) || comesIn(event, data, self);
  if (to.team_id) return state.teams.has(to.team_id);
  return true;
}

function comesIn(event: OutgoingEvent['event'], data: OutgoingEvent['data'], self: ClientSelf): boolean {
  const { user_id, creator_id, teammate_id, teammate_ids } = data as Record<string, unknown>;
  if (event === 'user_added') return user_id === self.userId;
  if (event === 'group_added') return (JSON.parse(String(teammate_ids)) as string[]).includes(self.userId);
  return event === 'direct_added' && [creator_id, teammate_id].includes(self.userId);
}

/**
 * `last_update_at` of a place only tells caches of its change and is in no event. Places in archived channels are kept
 * by the server and not shown.
 */
function comparable(state: ClientState | undefined) {
  if (state === undefined) return undefined;
  const members = [...state.members.values()].filter((member) => state.channels.has(member.channel_id));
  return {
    ...state,
    members: new Map(members.map(({ last_update_at, ...member }) => [member.channel_id, member])),
  };
}
