import { useMantineColorScheme } from '@mantine/core';

/** Where the choice is kept; `index.html` reads it before the first paint. */
export const colorSchemeKey = 'holdfast-color-scheme';

export type ColorScheme = 'auto' | 'light' | 'dark';

/** The theme that the user chose, in the order they are offered. */
export const colorSchemes: readonly { readonly value: ColorScheme; readonly label: string }[] = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** The chosen theme and the way to choose. */
export function useColorScheme(): [ColorScheme, (scheme: ColorScheme) => void] {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return [colorScheme, setColorScheme];
}
