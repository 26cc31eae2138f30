import { createTexts } from '../ui/index.ts';
import { appMessages } from './messages.ts';

export const { TextProvider, useText } = createTexts(appMessages);
