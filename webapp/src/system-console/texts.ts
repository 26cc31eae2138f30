import { createTexts } from '../ui/index.ts';
import { configurationMessages } from './messages/configuration.ts';
import { databaseMessages } from './messages/database.ts';
import { diskMessages } from './messages/disk.ts';
import { frameMessages } from './messages/frame.ts';
import { overviewMessages } from './messages/overview.ts';

export const { TextProvider, useText } = createTexts({
  ...frameMessages,
  ...overviewMessages,
  ...configurationMessages,
  ...databaseMessages,
  ...diskMessages,
});

export type Text = ReturnType<typeof useText>;
