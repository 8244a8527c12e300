import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';

/**
 * The folder of this program. Tools are started in it: the folder that the user stands in may be a card, Windows looks for a program there before anywhere else
 * (CreateProcess, "lpApplicationName"), and other tools look there for settings.
 */
export const OWN_FOLDER = dirname(fileURLToPath(import.meta.url));
