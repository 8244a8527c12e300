/** Colours of labels: Lightroom keeps the word of the language in which it was set. */

/** The words for the five colours of Lightroom Classic's default set in English, German, French, Spanish, Italian, Portuguese and Dutch. Other texts are compared as they are. */
const WORDS: Readonly<Record<string, string>> = {
  red: 'red rot rouge rojo rosso vermelho rood',
  yellow: 'yellow gelb jaune amarillo giallo amarelo geel',
  green: 'green grün vert verde groen',
  blue: 'blue blau bleu azul blu blauw',
  purple: 'purple lila violett violet pourpre morado púrpura viola roxo paars',
};

const COLOURS: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([colour, words]) =>
    words.split(' ').map((word) => [word, colour] as const),
  ),
);

/** @returns the form in which two labels are compared: `Rot`, `ROUGE` and `red` are one. */
export function labelKey(label: string): string {
  const plain = label.trim().normalize('NFC').toLowerCase();
  return COLOURS.get(plain) ?? plain;
}
