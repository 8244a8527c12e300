/** The thread that looks through copies of catalogs (`check-copy.ts`). An entry point of its own in the build. */
import {parentPort, workerData} from 'node:worker_threads';
import {lookThrough} from './look-through.ts';

parentPort?.postMessage(await lookThrough(String(workerData)));
