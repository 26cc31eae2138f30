import { type ReactNode, useCallback } from 'react';
import { IntlProvider, useIntl } from 'react-intl';

type Values = Readonly<Record<string, string | number>>;

/**
 * Makes the provider and the hook of one area's message catalogue. Texts are ICU messages; ids are checked by the compiler.
 */
export function createTexts<M extends Readonly<Record<string, string>>>(messages: M) {
  function TextProvider({ children }: { children: ReactNode }) {
    return (
      <IntlProvider locale="en" messages={messages}>
        {children}
      </IntlProvider>
    );
  }
  function useText(): (id: keyof M & string, values?: Values) => string {
    const intl = useIntl();
    return useCallback((id, values) => intl.formatMessage({ id }, values), [intl]);
  }
  return { TextProvider, useText };
}
