import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isTransient } from '../client/index.ts';
import { colorSchemeKey } from '../ui/index.ts';
import { pageNonce } from './nonce.ts';
import { router } from './router.tsx';
import { followSession } from './session/follow-session.ts';
import { TextProvider } from './texts.ts';
import { cssVariables, theme } from './theme.ts';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays a refusal; only what may pass by itself is asked for again.
      retry: (failures, error) => isTransient(error) && failures < 5,
      retryDelay: (failures) => Math.min(5_000, 500 * 2 ** failures),
    },
    mutations: { retry: false },
  },
});

const colorSchemes = localStorageColorSchemeManager({ key: colorSchemeKey });
followSession(router);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={pageNonce}
    >
      <QueryClientProvider client={queries}>
        <TextProvider>
          <Notifications position="bottom-right" />
          <RouterProvider router={router} />
        </TextProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
