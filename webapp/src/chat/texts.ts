import { createTexts } from '../ui/index.ts';
import { chatMessages } from './messages.ts';

export const { TextProvider, useText } = createTexts(chatMessages);
export type ChatText = ReturnType<typeof useText>;
