import type { CountedPost, Person } from '../../stores/posts/index.ts';
import { mentionedNames, mentionsOf } from './mentions.ts';

/** Those of the posts that mention the person by name, with everybody, or by being sent to them directly. */
export function postsMentioning(
  person: Person,
  isDirect: boolean,
  posts: readonly CountedPost[],
): readonly CountedPost[] {
  const byName = new Map([[person.username.toLowerCase(), person]]);
  return posts.filter((post) => {
    if (post.userid === person.id) return false;
    const { userIds, everyone } = mentionsOf({
      authorId: post.userid,
      names: mentionedNames(post.message),
      directTo: isDirect ? person.id : undefined,
      mayCallEveryone: true,
      byName,
      rootAuthor: undefined,
      participants: [],
    });
    return everyone || userIds.includes(person.id);
  });
}
