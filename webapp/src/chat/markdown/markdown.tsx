import { memo, useMemo } from 'react';
import { create } from 'zustand';
import classes from './markdown.module.css';
import type { MarkdownNode } from './nodes.ts';
import { Nodes } from './render.tsx';

type Parse = (message: string) => MarkdownNode[];

const useParser = create<{ parse: Parse | undefined }>()(() => ({ parse: undefined }));

let loading: Promise<void> | undefined;

/** Starts to load the parser: called as soon as the chat opens, so that it is there before the first posts are. */
export function loadMarkdown(): Promise<void> {
  loading ??= import('./parse.ts').then(
    ({ parseMarkdown }) => useParser.setState({ parse: parseMarkdown }),
    () => {
      loading = undefined;
    },
  );
  return loading;
}

/** A message's text. Until the parser is there it shows as it was written. */
export const Markdown = memo(function Markdown({ message }: { message: string }) {
  const parse = useParser((state) => state.parse);
  const nodes = useMemo(() => parse?.(message), [parse, message]);
  return (
    <div className={classes.markdown}>{nodes ? <Nodes nodes={nodes} /> : <p className={classes.raw}>{message}</p>}</div>
  );
});
