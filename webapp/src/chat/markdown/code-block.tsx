import { ActionIcon, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../texts.ts';
import type { CodePiece } from './highlight.ts';
import classes from './markdown.module.css';

function usePieces(code: string, language: string): readonly CodePiece[] {
  const [pieces, setPieces] = useState<readonly CodePiece[]>([{ scope: '', text: code }]);
  useEffect(() => {
    let wanted = true;
    setPieces([{ scope: '', text: code }]);
    if (language !== '') {
      void import('./highlight.ts').then(({ highlight }) => wanted && setPieces(highlight(code, language)));
    }
    return () => {
      wanted = false;
    };
  }, [code, language]);
  return pieces;
}

/** Code with a copy button; colours come when the highlighter has been loaded. */
export function CodeBlock({ code, language }: { code: string; language: string }) {
  const text = useText();
  const clipboard = useClipboard();
  const pieces = usePieces(code, language);
  const label = text(clipboard.copied ? 'code.copied' : 'code.copy');
  return (
    <div className={classes.codeBlock}>
      {/* A long line scrolls: the box must be reachable by keys. */}
      <pre
        tabIndex={0}
        aria-label={language === '' ? text('code.label') : text('code.label_in', { language })}
        role="group"
      >
        <code>
          {pieces.map((piece, place) => (
            <span key={place} className={piece.scope}>
              {piece.text}
            </span>
          ))}
        </code>
      </pre>
      <Tooltip label={label}>
        <ActionIcon size={28} className={classes.copy} aria-label={label} onClick={() => clipboard.copy(code)}>
          {clipboard.copied ? <Check size={15} /> : <Copy size={15} />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
