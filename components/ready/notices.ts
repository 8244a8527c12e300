import {noticeText} from '../../src/core/notice-words.ts';
import type {SessionState} from '../../src/core/session/session-state.ts';
import type {Symbols} from '../theme.ts';
import {POINTER_CELLS} from './pointer.tsx';
import {layOutSentences, type SentencesProps} from './sentences.tsx';

/** @returns the newest notices, with as many lines as they may take. */
export function gatherNotices(
  {notices, overlay}: SessionState,
  {low, width, symbols}: {readonly low: boolean; readonly width: number; readonly symbols: Symbols},
): SentencesProps {
  const newest = notices.slice(low ? -1 : -NEWEST);
  const most = low || overlay !== null ? 2 : NOTICE_LINES;
  const shown: SentencesProps = {
    sentences: newest.map((cause) => ({words: noticeText(cause, 'anew'), warns: true})),
    width: width - POINTER_CELLS,
    room: most,
    symbols,
  };
  // Of more than have room the oldest are left out, but for the last one.
  let {sentences} = shown;
  while (sentences.length > 1 && measureSentences({...shown, sentences}) > most) {
    sentences = sentences.slice(1);
  }
  return {...shown, sentences};
}

const NEWEST = 3;
const NOTICE_LINES = 4;

const measureSentences = (props: SentencesProps): number =>
  layOutSentences({...props, room: Number.POSITIVE_INFINITY}).length;
