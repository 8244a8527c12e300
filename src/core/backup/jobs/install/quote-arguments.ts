/** One argument as each system's file of a service writes it. Nothing of it ever meets a shell. */

/**
 * systemd.service(5), "Command lines" and "Specifiers": C escapes within double quotes, `%` and `$` doubled.
 * @returns the argument in quotes.
 */
export const quoteForSystemd = (argument: string): string =>
  `"${escapeForSystemd(argument).replaceAll('$', '$$$$')}"`;

/** The same for a value in `Environment=`, where `$` means nothing (systemd.exec(5)). */
export const quoteSetting = (text: string): string => `"${escapeForSystemd(text)}"`;

const escapeForSystemd = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replace(/[\u0000-\u001f\u007f]/g, (sign) => {
      return `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;
    });

/** In single quotes or backticks Node takes a text of `--env-file` as it is. @returns undefined for one with both in it, or a new line. */
export function quoteForEnvFile(text: string): string | undefined {
  const quote = ["'", '`'].find((one) => !text.includes(one));
  return quote === undefined || /[\n\r]/.test(text) ? undefined : `${quote}${text}${quote}`;
}

/** XML 1.0, 2.4. Controls have no place in it at all, and no path of a program has any. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');

/**
 * "Parsing C Command-Line Arguments" (Microsoft Learn): backslashes count only before a quote, where each is doubled.
 * @returns the argument, in quotes where it needs them.
 */
export function quoteForWindows(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  const inside = argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1');
  return `"${inside}"`;
}
