import type { Account } from '../../tools/holdfast/index.ts';
import { Author } from './author.ts';
import type { OpenVisitor } from './fixtures.ts';
import { ChatPage } from './pages/chat-page.ts';
import { Witness } from './pages/witness.ts';

/** Somebody at a browser with a channel open: what they see, what they write, and what they must never see. */
export interface Person {
  readonly chat: ChatPage;
  readonly author: Author;
  readonly witness: Witness;
}

export interface Place {
  readonly url: string;
  /** Address of the team. */
  readonly team: string;
  /** Address and display name of the channel: the stories give both the same. */
  readonly channel: string;
}

/** Signs in and opens the channel. */
export async function seat(openVisitor: OpenVisitor, account: Account, { url, team, channel }: Place): Promise<Person> {
  const page = await openVisitor(url, account);
  const witness = await Witness.watch(page);
  const chat = new ChatPage(page, channel);
  await chat.open(team, channel);
  return { chat, witness, author: new Author(chat, account.username) };
}
