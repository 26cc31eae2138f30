import type { StoredPost } from '../../stores/posts/index.ts';

type Props = Readonly<Record<string, unknown>>;

/** By this property clients know the posts of bots; nobody else may claim it. */
export function propsOfAuthor(props: Props, isBot: boolean): Props {
  if (isBot) return { ...props, from_bot: 'true' };
  return props['from_bot'] === undefined ? props : withoutClaim(props);
}

/** Who edits a post changes nothing in what its author is. */
export function editedProps({ json }: StoredPost, props: Props): Props {
  const { from_bot: mark } = (JSON.parse(json) as { props: Props }).props;
  return mark === undefined ? withoutClaim(props) : { ...props, from_bot: mark };
}

function withoutClaim({ from_bot: _claimed, ...props }: Props): Props {
  return props;
}
