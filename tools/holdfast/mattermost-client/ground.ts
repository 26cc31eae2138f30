import { randomBytes } from 'node:crypto';
import type { Client4 } from '@mattermost/client';
import type { ServerChannel } from '@mattermost/types/channels';
import type { Post } from '@mattermost/types/posts';
import type { Team } from '@mattermost/types/teams';
import type { UserProfile } from '@mattermost/types/users';
import { inject } from 'vitest';
import { createMariadbDatabase } from '../../cluster/mariadb/testing.ts';
import { createDatabase } from '../../cluster/testing.ts';
import { type Holdfast, startHoldfast } from '../index.ts';
import { Calls, watchedClient } from './watched-client.ts';

export const PASSWORD = 'correct horse battery';

/** Somebody signed in through the published client. */
export interface Person {
  readonly id: string;
  readonly user: UserProfile;
  readonly client: Client4;
}

/** A team with an open channel in which all of these people are. */
export interface Room {
  readonly team: Team;
  readonly channel: ServerChannel;
}

type Server = Pick<Holdfast, 'url' | 'stop'>;

/** What an operator has to switch on. */
const everythingOn = {
  FileSettings: { EnablePublicLink: true, PublicLinkSalt: 'a'.repeat(32) },
  ServiceSettings: { EnableBotAccountCreation: true, EnableUserAccessTokens: true },
};

/** A name that nobody has yet. */
export const unique = (name: string): string => `${name}-${randomBytes(5).toString('hex')}`;

/** A real server process on an empty database of one engine, and people who use it through the published client. */
export class Ground {
  readonly calls = new Calls();
  readonly url: string;
  /** The first account: the system admin. */
  admin!: Person;
  readonly #server: Server;
  readonly #drop: () => Promise<void>;

  private constructor(server: Server, drop: () => Promise<void>) {
    this.url = server.url;
    this.#server = server;
    this.#drop = drop;
  }

  static async start(engine: 'postgres' | 'mysql'): Promise<Ground> {
    const database = await (engine === 'postgres'
      ? createDatabase(inject('postgresUrl'))
      : createMariadbDatabase(inject('mysqlUrl')));
    const alone = { nodes: [{ name: 'master' }], node: () => ({ url: () => database.url }) };
    const server = await startHoldfast(alone, { settings: everythingOn });
    const ground = new Ground(server, () => database.drop());
    ground.admin = await ground.person('admin');
    return ground;
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await this.#drop();
  }

  /** A client of nobody: not signed in. */
  stranger(): Client4 {
    return watchedClient(this.url, this.calls);
  }

  async person(name = 'user'): Promise<Person> {
    const username = unique(name);
    const client = this.stranger();
    const account = { username, email: `${username}@example.com`, password: PASSWORD } as UserProfile;
    await client.createUser(account, '', '');
    const user = await client.login(username, PASSWORD);
    return { id: user.id, user, client };
  }

  people(...names: string[]): Promise<Person[]> {
    return Promise.all(names.map((name) => this.person(name)));
  }

  async team(...members: Person[]): Promise<Team> {
    const name = unique('team');
    const asked = { name, display_name: `Team ${name}`, type: 'O', allow_open_invite: true } as Team;
    const team = await this.admin.client.createTeam(asked);
    if (members.length > 0)
      await this.admin.client.addUsersToTeam(
        team.id,
        members.map(({ id }) => id),
      );
    return team;
  }

  async channel(team: Team, members: readonly Person[], type: 'O' | 'P' = 'O'): Promise<ServerChannel> {
    const name = unique('channel');
    const asked = { team_id: team.id, name, display_name: `Channel ${name}`, type } as const;
    const channel = await this.admin.client.createChannel(asked);
    for (const { id } of members) await this.admin.client.addToChannel(id, channel.id);
    return channel;
  }

  async room(...members: Person[]): Promise<Room> {
    const team = await this.team(...members);
    return { team, channel: await this.channel(team, members) };
  }
}

export const write = (who: Person, channelId: string, message: string, rootId = ''): Promise<Post> =>
  who.client.createPost({ channel_id: channelId, message, root_id: rootId });
