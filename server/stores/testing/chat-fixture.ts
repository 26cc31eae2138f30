import type { Channel, Team } from '../../../contract/index.ts';
import { type Causality, type Database, statement, type Token } from '../../database/index.ts';
import { newId } from '../../services/index.ts';
import { createChannelStore } from '../channels/index.ts';
import type { NewPost } from '../posts/index.ts';
import { createTeamStore } from '../teams/index.ts';
import type { NewUser } from '../users/index.ts';

/** A causality that holds whatever token came last: enough for one user of one test. */
export function testCausality(): Causality {
  let held: Token | undefined;
  return {
    get token() {
      return held;
    },
    raise(token) {
      held = token ?? held;
    },
  };
}

const ADD_USER = statement(
  'testing.add_user',
  `INSERT INTO users (id, createat, updateat, username, password, email, roles, props, notifyprops, timezone)
   VALUES ($1, 1, 1, $2, '', $3, $4, '{}', $5, '{}')`,
);

export interface TestUser {
  readonly id: string;
  readonly username: string;
}

/** A team with two users and its default channels, straight from the stores. */
export interface ChatFixture {
  readonly team: Team;
  readonly townSquare: Channel;
  readonly ada: TestUser;
  readonly bob: TestUser;
  user(name: string, options?: { roles?: string; notifyProps?: Record<string, string> }): Promise<TestUser>;
  /** A channel of the team with these members. */
  channel(members: readonly TestUser[], type?: 'O' | 'P' | 'D'): Promise<Channel>;
}

export async function createChatFixture(database: Database): Promise<ChatFixture> {
  const causality = testCausality();
  const channels = createChannelStore(database);
  const user: ChatFixture['user'] = async (name, options = {}) => {
    const id = newId();
    const username = `${name}_${id.slice(0, 6)}`;
    const { roles = 'system_user', notifyProps = {} } = options;
    await database.write(causality, {
      statement: ADD_USER,
      values: [id, username, `${username}@example.com`, roles, JSON.stringify(notifyProps)],
    });
    return { id, username };
  };
  const [ada, bob] = [await user('ada'), await user('bob')];
  const teams = createTeamStore(database);
  const team = await teams.create(causality, {
    id: newId(),
    createAt: 1_000,
    name: `team-${newId()}`,
    displayName: 'Team',
    description: '',
    type: 'O',
    inviteId: newId(),
    allowOpenInvite: true,
    email: '',
    creatorId: ada.id,
    defaultChannels: [
      { id: newId(), name: 'town-square', displayName: 'Town Square' },
      { id: newId(), name: 'off-topic', displayName: 'Off-Topic' },
    ],
  });
  await teams.addMember(causality, { teamId: team.id, userId: bob.id, at: 1_001 });
  return {
    team,
    townSquare: (await channels.byName(causality, team.id, 'town-square')) as Channel,
    ada,
    bob,
    user,
    channel: (members, type = 'O') =>
      channels.create(causality, {
        id: newId(),
        createAt: 1_000,
        teamId: type === 'D' ? '' : team.id,
        type,
        name:
          type === 'D'
            ? members
                .map((member) => member.id)
                .sort()
                .join('__')
            : newId(),
        displayName: type === 'D' ? '' : 'Channel',
        header: '',
        purpose: '',
        creatorId: members[0]?.id ?? '',
        memberIds: members.map((member) => member.id),
      }),
  };
}

/** An account with everything that the test does not care about. */
export function newAccount(username: string, more: Partial<NewUser> = {}): NewUser {
  return {
    id: newId(),
    createAt: 1_000,
    username,
    email: `${username}@example.com`,
    password: `hash of ${username}`,
    nickname: '',
    firstName: '',
    lastName: '',
    locale: 'en',
    notifyProps: {},
    ...more,
  };
}

/** A post with everything that the test does not care about. */
export function newPost(post: Pick<NewPost, 'userId' | 'channelId'> & Partial<NewPost>): NewPost {
  return {
    id: newId(),
    rootId: '',
    pendingPostId: '',
    type: '',
    message: 'hello',
    props: '{}',
    hashtags: '',
    fileIds: [],
    files: '',
    marksRead: true,
    membersOnly: true,
    mentions: [],
    mentionsEveryone: false,
    follows: [],
    ...post,
  };
}
