import { create } from 'zustand';

/** A switch that is planned and not started: it outlives the page, so that one can look something up in between. */
export interface Draft {
  readonly name: string | undefined;
  /** Undefined until somebody decides: the state of the master does. */
  readonly emergency: boolean | undefined;
  /** The choice is made, the checks are shown. */
  readonly checked: boolean;
  /** The request is under way; `before` is the newest switchover that was known when it was sent. */
  readonly begun: { readonly before: string | undefined } | undefined;
  /** Why the request came to nothing. */
  readonly refusal: string | undefined;
  /** The operation whose steps were followed from its start. */
  readonly followed: string | undefined;
}

const empty: Draft = {
  name: undefined,
  emergency: undefined,
  checked: false,
  begun: undefined,
  refusal: undefined,
  followed: undefined,
};

export const useDraft = create<Draft>(() => empty);

export const draft = {
  choose: (name: string) => useDraft.setState({ name }),
  takePath: (emergency: boolean) => useDraft.setState({ emergency }),
  check: (name: string, emergency: boolean) =>
    useDraft.setState({ name, emergency, checked: true, refusal: undefined }),
  begin: (before: string | undefined) => useDraft.setState({ begun: { before }, refusal: undefined }),
  refuse: (refusal: string) => useDraft.setState({ begun: undefined, refusal }),
  /** What was planned has become an operation, or is out of date by somebody else's. */
  follow: (operationId: string) => useDraft.setState({ ...empty, followed: operationId }, true),
  discard: () => useDraft.setState(empty, true),
};
