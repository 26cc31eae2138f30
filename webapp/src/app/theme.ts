import {
  ActionIcon,
  Alert,
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  Input,
  Menu,
  type MantineColorsTuple,
  Notification,
  Popover,
  Tooltip,
} from '@mantine/core';

const tide: MantineColorsTuple = [
  '#e6f6f9',
  '#cfe9ef',
  '#a3d4e0',
  '#73bed1',
  '#4fabc3',
  '#3098b3',
  '#1f879f',
  '#137a90',
  '#0b6678',
  '#075361',
];

/** Mantine's defaults fail the contrast checks in places; each deviation below is a cure for one of them. */
export const theme = createTheme({
  primaryColor: 'tide',
  primaryShade: 8,
  autoContrast: true,
  colors: { tide },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input);
    if (input.variant === 'filled' && input.color === 'red') {
      return { ...colours, background: 'var(--mantine-color-red-9)', hover: '#a82424', color: '#ffffff' };
    }
    return colours;
  },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 36 } }),
    Alert: Alert.extend({ styles: { title: { color: 'var(--mantine-color-text)' } } }),
    // The filled colour of the default hardly shows on the dark ground of a field.
    Input: Input.extend({
      styles: (_theme, { variant }) => ({
        wrapper: variant === 'unstyled' ? {} : { '--input-bd-focus': 'var(--mantine-color-anchor)' },
      }),
    }),
    // Without these the menu's own focus holder and the default pop-over role fail the aria rules.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false, shadow: 'md', radius: 'md' } }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Close this message' } },
      styles: { description: { color: 'var(--mantine-color-text)' } },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md', radius: 'md' } }),
    // Every tooltip here repeats the label of its button: it is for the eyes, and would be text outside of all landmarks.
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: true, 'aria-hidden': true } }),
  },
});

const lightTones = {
  '--hf-good-text': '#17562a',
  '--hf-good-back': '#e3f6e8',
  '--hf-good-line': '#a9dcb8',
  '--hf-warning-text': '#6b4300',
  '--hf-warning-back': '#fff3d6',
  '--hf-warning-line': '#edcf8c',
  '--hf-bad-text': '#8f1d1d',
  '--hf-bad-back': '#fde8e8',
  '--hf-bad-line': '#f2b5b5',
  '--hf-info-text': '#0b4a58',
  '--hf-info-back': '#e3f3f7',
  '--hf-info-line': '#abd5e0',
};

const darkTones = {
  '--hf-good-text': '#a6e8b9',
  '--hf-good-back': '#16301e',
  '--hf-good-line': '#2b5a39',
  '--hf-warning-text': '#ffd98a',
  '--hf-warning-back': '#37290c',
  '--hf-warning-line': '#6a501c',
  '--hf-bad-text': '#ffb8b8',
  '--hf-bad-back': '#3d1a1a',
  '--hf-bad-line': '#7a3333',
  '--hf-info-text': '#a9dcea',
  '--hf-info-back': '#0f2c34',
  '--hf-info-line': '#235562',
};

/** The colours that Mantine has no name for, and those of its own that are too pale to read. */
export const cssVariables: CSSVariablesResolver = (current) => {
  const tints = (shade: 2 | 9) =>
    Object.fromEntries(
      Object.entries(current.colors).map(([name, shades]) => [`--mantine-color-${name}-light-color`, shades[shade]]),
    );
  const { gray, dark, red } = current.colors;
  return {
    variables: {},
    light: {
      ...tints(9),
      ...lightTones,
      '--mantine-color-dimmed': gray[7],
      '--mantine-color-placeholder': gray[7],
      '--mantine-color-error': red[9],
      '--mantine-color-anchor': tide[8],
      '--hf-surface-1': '#ffffff',
      '--hf-surface-2': '#f4f6f7',
      '--hf-surface-3': '#e9edef',
      '--hf-line': '#dce2e5',
      '--hf-field-line': '#868e96',
      '--hf-hover': '#f1f4f5',
      '--hf-selected': '#d9eef3',
      '--hf-selected-text': tide[9],
      '--hf-mention-back': '#d9eef3',
      '--hf-new-line': '#c92a2a',
      '--hf-code-keyword': '#7c2d92',
      '--hf-code-string': '#1c6b2f',
      '--hf-code-number': '#a03a0b',
    },
    dark: {
      ...tints(2),
      ...darkTones,
      '--mantine-color-body': '#1a1b1e',
      '--mantine-color-dimmed': dark[1],
      '--mantine-color-placeholder': dark[1],
      '--mantine-color-error': '#ff9b9b',
      '--mantine-color-anchor': tide[2],
      '--hf-surface-1': '#1a1b1e',
      '--hf-surface-2': '#141517',
      '--hf-surface-3': '#2a2c31',
      '--hf-line': '#33363c',
      '--hf-field-line': '#7b828c',
      '--hf-hover': '#212327',
      '--hf-selected': '#12363f',
      '--hf-selected-text': '#cdeef6',
      '--hf-mention-back': '#12363f',
      '--hf-new-line': '#ff8787',
      '--hf-code-keyword': '#d9a9ee',
      '--hf-code-string': '#9fdcae',
      '--hf-code-number': '#f5b98f',
    },
  };
};
