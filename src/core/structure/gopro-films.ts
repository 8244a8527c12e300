import type {Warning} from '../verdict.ts';
import {ABSENT, type CardCheck} from './card-check.ts';
import {type FileParts, groupBy, highestOf, missingNumbers, partsOf} from './file-parts.ts';

/**
 * GoPro, "Camera File Naming Convention": `GX020001.MP4` is chapter 2 of film 0001 (H AVC, X HEVC, S 360°), `GL020001.LRV` its proxy and `GX020001.THM` its still. Up to
 * the HERO5 the first chapter is `GOPR0001.MP4` and the second `GP010001.MP4`.
 */
const CHAPTER = /^G([HXSL])(\d\d)(\d{4})$/;
const OLD_FIRST = /^GOPR(\d{4})$/;
const OLD_CHAPTER = /^GP(\d\d)(\d{4})$/;
const FILMS = new Set(['MP4', '360']);
const COMPANIONS = new Set(['LRV', 'THM']);

interface Chapter {
  readonly file: FileParts;
  readonly film: string;
  readonly number: number;
  readonly isFilm: boolean;
}

/** `chapter-missing`: a film lacks its first chapter or one in between. `clip-missing`: of a film only proxy or still are there. */
export const findMissingChapters: CardCheck = (files) => {
  const chapters = files.flatMap((file) => readChapter(partsOf(file)));
  return [...groupBy(chapters, ({film}) => film).values()].flatMap(checkFilm);
};

function readChapter(file: FileParts): Chapter[] {
  const {folder, stem, ext} = file;
  const isFilm = FILMS.has(ext);
  if (!isFilm && !COMPANIONS.has(ext)) return [];
  const [, letter, chapter, number] = CHAPTER.exec(stem) ?? [];
  if (letter !== undefined) {
    // The MAX writes some proxies as .MP4.
    const isOwn = isFilm && letter !== 'L';
    return [{file, film: `${folder}${number}`, number: Number(chapter), isFilm: isOwn}];
  }
  // An old camera's pictures are GOPR0001.JPG, and their stills could be the picture's.
  if (ext === 'THM') return [];
  const first = OLD_FIRST.exec(stem)?.[1];
  if (first !== undefined) return [{file, film: `${folder}GP${first}`, number: 1, isFilm}];
  const [, old, film] = OLD_CHAPTER.exec(stem) ?? [];
  if (old === undefined) return [];
  return [{file, film: `${folder}GP${film}`, number: Number(old) + 1, isFilm}];
}

function checkFilm(chapters: readonly Chapter[]): readonly Warning[] {
  const films = chapters.filter(({isFilm}) => isFilm);
  const sorted = (films.length > 0 ? films : chapters).toSorted((a, b) => a.number - b.number);
  const [about] = sorted;
  if (about === undefined) return [];
  if (films.length === 0) {
    const message = `belongs to a film that is not on the card. ${ABSENT}`;
    return [{code: 'clip-missing', path: about.file.path, message}];
  }
  const present = new Set(films.map(({number}) => number));
  const highest = highestOf(chapters);
  const missing = missingNumbers(present, 1, highest);
  if (missing.length === 0) return [];
  const what =
    missing.length === 1 ? `chapter ${missing[0]} of` : `chapters ${missing.join(', ')} of`;
  const message = `belongs to a film in chapters: ${what} 1 to ${highest} ${missing.length === 1 ? 'is' : 'are'} missing. ${ABSENT}`;
  return [{code: 'chapter-missing', path: about.file.path, message}];
}
