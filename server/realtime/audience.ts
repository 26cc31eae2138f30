import type { OutgoingEvent } from '../services/index.ts';
import type { Connection } from './connection.ts';
import type { MembershipChange } from './membership-changes.ts';

/** The teams and channels of a user; `teamId` is empty for direct channels. */
export interface Memberships {
  readonly teamIds: readonly string[];
  readonly channels: readonly { readonly id: string; readonly teamId: string }[];
}

/** A user with at least one connection. */
interface Member {
  readonly userId: string;
  readonly connections: Set<Connection>;
  readonly teams: Set<string>;
  /** Channel id -> team id. */
  readonly channels: Map<string, string>;
  loaded: boolean;
  /** They were known, and are being read anew. */
  refreshing: boolean;
  /** Changes that passed while the memberships were being read; the reading may or may not have seen them. */
  early: MembershipChange[];
}

/**
 * Who receives what: an index from users, channels and teams to connections. Memberships are read once per user and
 * then follow the events that pass through the hub.
 */
export class Audience {
  readonly #members = new Map<string, Member>();
  readonly #channels = new Map<string, Set<Member>>();
  readonly #teams = new Map<string, Set<Member>>();
  readonly #connections = new Map<string, Connection>();

  get size(): number {
    return this.#connections.size;
  }

  connections(): Iterable<Connection> {
    return this.#connections.values();
  }

  connection(id: string): Connection | undefined {
    return this.#connections.get(id);
  }

  connectionsOf(userId: string): Iterable<Connection> {
    return this.#members.get(userId)?.connections ?? [];
  }

  /** Whether the memberships of the user are known. */
  isLoaded(userId: string): boolean {
    return this.#members.get(userId)?.loaded ?? false;
  }

  isInChannel(userId: string, channelId: string): boolean {
    return this.#members.get(userId)?.channels.has(channelId) ?? false;
  }

  add(connection: Connection): void {
    this.#connections.set(connection.id, connection);
    const known = this.#members.get(connection.userId);
    if (known) known.connections.add(connection);
    else this.#members.set(connection.userId, newMember(connection));
  }

  /** Forgets the connection, and the user's memberships with the last one. */
  remove(connection: Connection): void {
    this.#connections.delete(connection.id);
    const member = this.#members.get(connection.userId);
    if (!member?.connections.delete(connection) || member.connections.size > 0) return;
    this.#members.delete(member.userId);
    this.#unindex(member);
  }

  /** The users with a connection; what is known of them goes on counting until it is read anew. */
  expire(): string[] {
    const known = [...this.#members.values()].filter(({ loaded }) => loaded);
    for (const member of known) {
      member.loaded = false;
      member.refreshing = true;
    }
    return known.map(({ userId }) => userId);
  }

  /**
   * Takes the memberships that were read, and on top the changes that passed meanwhile.
   *
   * @returns whether they are those that were known: nobody has missed anything then.
   */
  load(userId: string, memberships: Memberships): boolean {
    const member = this.#members.get(userId);
    if (!member) return false;
    const before = member.refreshing ? placesOf(member) : undefined;
    this.#unindex(member);
    for (const teamId of memberships.teamIds) this.#joinTeam(member, teamId);
    for (const { id, teamId } of memberships.channels) this.#joinChannel(member, id, teamId);
    member.loaded = true;
    const { early } = member;
    member.early = [];
    for (const change of early) this.apply(change);
    member.refreshing = false;
    return before === placesOf(member);
  }

  /** Follows one change of membership. Doing it twice does no harm. */
  apply(change: MembershipChange): void {
    const member = this.#members.get(change.userId);
    if (!member) return;
    if (!member.loaded) member.early.push(change);
    if (change.kind === 'channel-joined') this.#joinChannel(member, change.channelId, change.teamId);
    else if (change.kind === 'channel-left') this.#leaveChannel(member, change.channelId);
    else if (change.kind === 'team-joined') this.#joinTeam(member, change.teamId);
    else this.#leaveTeam(member, change.teamId);
  }

  /** Calls `visit` for each receiver. The order of the scopes is Mattermost's: the narrowest one that is given counts. */
  visit(
    { to, adminsOnly = false, exceptAdmins = false }: OutgoingEvent,
    visit: (connection: Connection) => void,
  ): void {
    const send = (connection: Connection): void => {
      if (connection.isAdmin ? exceptAdmins : adminsOnly) return;
      if (to.omit_connection_id === connection.id) return;
      visit(connection);
    };
    if (to.connection_id) {
      const only = this.#connections.get(to.connection_id);
      if (only) send(only);
    } else if (to.user_id) {
      for (const connection of this.connectionsOf(to.user_id)) send(connection);
    } else {
      const omitted = to.omit_users ?? {};
      for (const member of this.#membersOf(to.channel_id, to.team_id)) {
        if (omitted[member.userId] === undefined) for (const connection of member.connections) send(connection);
      }
    }
  }

  #membersOf(channelId: string | undefined, teamId: string | undefined): Iterable<Member> {
    if (channelId) return this.#channels.get(channelId) ?? [];
    if (teamId) return this.#teams.get(teamId) ?? [];
    return this.#members.values();
  }

  #joinChannel(member: Member, channelId: string, teamId: string): void {
    member.channels.set(channelId, teamId);
    addTo(this.#channels, channelId, member);
  }

  #leaveChannel(member: Member, channelId: string): void {
    member.channels.delete(channelId);
    removeFrom(this.#channels, channelId, member);
  }

  #joinTeam(member: Member, teamId: string): void {
    member.teams.add(teamId);
    addTo(this.#teams, teamId, member);
  }

  // Who leaves a team leaves its channels.
  #leaveTeam(member: Member, teamId: string): void {
    member.teams.delete(teamId);
    removeFrom(this.#teams, teamId, member);
    for (const [channelId, ofTeam] of member.channels) {
      if (ofTeam === teamId) this.#leaveChannel(member, channelId);
    }
  }

  #unindex(member: Member): void {
    for (const channelId of member.channels.keys()) removeFrom(this.#channels, channelId, member);
    for (const teamId of member.teams) removeFrom(this.#teams, teamId, member);
    member.channels.clear();
    member.teams.clear();
  }
}

function newMember(connection: Connection): Member {
  return {
    userId: connection.userId,
    connections: new Set([connection]),
    teams: new Set(),
    channels: new Map(),
    loaded: false,
    refreshing: false,
    early: [],
  };
}

/** Where somebody is, as a text to compare. */
function placesOf({ teams, channels }: Member): string {
  return JSON.stringify([[...teams].toSorted(), [...channels].toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

function addTo(index: Map<string, Set<Member>>, key: string, member: Member): void {
  const members = index.get(key);
  if (members) members.add(member);
  else index.set(key, new Set([member]));
}

function removeFrom(index: Map<string, Set<Member>>, key: string, member: Member): void {
  const members = index.get(key);
  if (members?.delete(member) && members.size === 0) index.delete(key);
}
