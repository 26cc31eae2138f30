import { EmojiPicker as Picker } from 'frimousse';
import { useEffect } from 'react';
import { emojiDataAddress } from '../../client/index.ts';
import { useText } from '../texts.ts';
import { needEmojiNames, useEmojiNames } from './emoji-names.ts';
import classes from './emoji-picker.module.css';

export interface EmojiPickerProps {
  /** The emoji and its name in messages and reactions. */
  readonly onPick: (emoji: string, name: string) => void;
}

/** All emoji, searched and chosen with pointer or keys. */
export function EmojiPicker({ onPick }: EmojiPickerProps) {
  const text = useText();
  useEffect(needEmojiNames, []);
  const pick = ({ emoji }: { emoji: string }) => {
    const { byEmoji } = useEmojiNames.getState();
    const name = byEmoji.get(emoji) ?? byEmoji.get(emoji.replace('\ufe0f', ''));
    if (name) onPick(emoji, name);
  };
  return (
    <Picker.Root
      className={classes.picker}
      emojibaseUrl={emojiDataAddress}
      locale="en"
      columns={8}
      onEmojiSelect={pick}
    >
      <Picker.Search
        className={classes.search}
        autoFocus
        aria-label={text('emoji.search')}
        placeholder={text('emoji.search')}
      />
      <Picker.Viewport className={classes.viewport} tabIndex={0}>
        <Picker.Loading className={classes.note}>{text('emoji.loading')}</Picker.Loading>
        <Picker.Empty className={classes.note}>{text('emoji.none')}</Picker.Empty>
        <Picker.List
          components={{
            CategoryHeader: ({ category, ...props }) => (
              <div {...props} className={classes.category}>
                {category.label}
              </div>
            ),
            // The library counts rows and columns from 0, aria from 1.
            Row: ({ children, ...props }) => (
              <div {...props} aria-rowindex={Number(props['aria-rowindex']) + 1} className={classes.row}>
                {children}
              </div>
            ),
            Emoji: ({ emoji, ...props }) => (
              <button
                {...props}
                role="gridcell"
                aria-colindex={Number(props['aria-colindex']) + 1}
                type="button"
                className={classes.emoji}
                data-active={emoji.isActive || undefined}
              >
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </Picker.Viewport>
    </Picker.Root>
  );
}
