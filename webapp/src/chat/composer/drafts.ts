import { useEffect, useState } from 'react';
import { chatState } from '../state/index.ts';

const draftKey = (channelId: string, rootId: string) => `holdfast-draft/${chatState().myId}/${channelId}/${rootId}`;

function read(channelId: string, rootId: string): string {
  return localStorage.getItem(draftKey(channelId, rootId)) ?? '';
}

function write(channelId: string, rootId: string, draft: string): void {
  const key = draftKey(channelId, rootId);
  try {
    if (draft === '') localStorage.removeItem(key);
    else localStorage.setItem(key, draft);
  } catch {
    // A full storage loses the draft at a reload and nothing else.
  }
}

/** What is being written in one place, kept on this device with every letter. */
export function useDraft(channelId: string, rootId: string): [string, (draft: string) => void] {
  const [draft, setDraft] = useState(() => read(channelId, rootId));
  useEffect(() => setDraft(read(channelId, rootId)), [channelId, rootId]);
  const keep = (next: string) => {
    setDraft(next);
    write(channelId, rootId, next);
  };
  return [draft, keep];
}
