import { api } from '../../client/index.ts';

/** Where the chat leaves the name of the team that was open last in this browser. */
const lastTeamKey = 'holdfast-last-team';

/** The team to open first: the last one, else the first by name; `undefined` when the user is in none. */
export async function findStartTeam(): Promise<string | undefined> {
  const last = localStorage.getItem(lastTeamKey);
  try {
    const names = (await api.teams.mine()).map((team) => team.name).toSorted();
    return last !== null && names.includes(last) ? last : names[0];
  } catch (error) {
    // Without an answer the remembered team opens: its page shows what this browser keeps.
    if (last !== null) return last;
    throw error;
  }
}
