import { z } from 'zod';

/** A member of the cluster as Patroni sees it. Roles and states are in the words of its version. */
export interface PatroniMember {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly host: string | null;
  readonly port: number | null;
  /** Bytes behind the leader; null when it does not tell. */
  readonly lagBytes: number | null;
}

/** What Patroni says about its cluster. */
export interface ClusterView {
  readonly members: readonly PatroniMember[];
  /** Somebody has told it to leave everything as it is: it promotes nobody then. */
  readonly paused: boolean;
}

// Whatever a version leaves out or calls otherwise costs that one fact and not the rest.
const text = z.string().catch('');
const member = z.object({
  name: z.string(),
  role: text,
  state: text,
  host: z.string().nullable().catch(null),
  port: z.coerce.number().int().positive().nullable().catch(null),
  // "unknown" while a member does not answer.
  lag: z.number().nullable().catch(null),
});
const cluster = z.object({ members: z.array(z.unknown()), pause: z.boolean().catch(false) });
const itself = z.object({
  role: text,
  state: text,
  pause: z.boolean().catch(false),
  patroni: z.object({ name: text }).catch({ name: '' }),
});

/** The answer of `GET /cluster`; undefined when it is none. Members that cannot be read are left out. */
export function readCluster(answer: unknown): ClusterView | undefined {
  const { data } = cluster.safeParse(answer);
  if (data === undefined) return undefined;
  const members = data.members.flatMap((one): PatroniMember[] => {
    const read = member.safeParse(one).data;
    if (read === undefined) return [];
    const { lag, ...rest } = read;
    return [{ ...rest, lagBytes: lag }];
  });
  return { members, paused: data.pause };
}

/** The answer of `GET /patroni`, which tells of one member alone: for versions without `/cluster`. */
export function readItself(answer: unknown, url: string): ClusterView | undefined {
  const { data } = itself.safeParse(answer);
  if (data === undefined || data.role === '') return undefined;
  const name = data.patroni.name === '' ? new URL(url).host : data.patroni.name;
  const { role, state, pause } = data;
  return { members: [{ name, role, state, host: null, port: null, lagBytes: null }], paused: pause };
}

/** The leader has had three names so far; that of a standby cluster follows another cluster and takes no writes. */
const leaderRoles = new Set(['leader', 'master', 'primary']);
const running = new Set(['running', 'streaming']);

/** The member that holds the leader's lock, whatever state it is in. */
export function leaderOf({ members }: ClusterView): PatroniMember | undefined {
  return members.find(({ role }) => leaderRoles.has(role));
}

/** One line: who leads, how many follow, what is wrong. */
export function inWords(view: ClusterView): string {
  const leader = leaderOf(view);
  const others = view.members.filter((one) => one !== leader);
  // Before version 3.0.3, a replica that streams is `running`.
  const following = others.filter(({ state }) => running.has(state));
  const astray = others.filter((one) => !following.includes(one));
  const lead = leader === undefined ? 'no leader' : `leader ${leader.name}`;
  return [
    leader === undefined || running.has(leader.state) ? lead : `${lead} (${leader.state})`,
    ...(others.length === 0 ? [] : [`${following.length} streaming`]),
    ...following.flatMap(({ name, lagBytes }) => ((lagBytes ?? 0) > 0 ? [`${name} ${lagBytes} bytes behind`] : [])),
    ...astray.map(({ name, state }) => `${name} ${state === '' ? 'in an unknown state' : state}`),
    ...(view.paused ? ['paused: it promotes nobody until it is resumed'] : []),
  ].join(', ');
}
